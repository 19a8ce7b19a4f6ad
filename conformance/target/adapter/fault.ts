/** The ways in which an adapter breaks its own protocol. They are findings about the adapter, never verdicts. */

export type AdapterFaultKind =
  /** A line that is no JSON, or no UTF-8. */
  | 'no-json'
  /** JSON that is no response: response.schema.json refuses it. */
  | 'not-an-answer'
  /** An answer to a request that was never made. */
  | 'unknown-id'
  /** An answer to a request that had been answered. */
  | 'second-answer'
  /** No answer within the limit. */
  | 'silence'
  /** The program ended, or closed its output, while the session was open. */
  | 'crash'
  /** A line over 16 MiB. */
  | 'too-long'
  /** A result without the members, or with other types than, the operation's result schema asks for. */
  | 'bad-result'
  /** The program could not be started. */
  | 'not-started'
  /** At the end of its input it went on, or ended with another status than 0. */
  | 'bad-exit';

export class AdapterFault extends Error {
  override readonly name = 'AdapterFault';
  constructor(
    readonly fault: AdapterFaultKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A text from the adapter as a message may show it: quoted, escaped and cut. */
export function quote(text: string, most = 200): string {
  return text.length <= most
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, most))}... (${text.length} characters)`;
}
