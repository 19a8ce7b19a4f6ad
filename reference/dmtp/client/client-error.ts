/** Why a DMTP client stops: each thing that DNS, a delivery host or somebody in its place can do wrong has its own code. */

export type DmtpClientErrorCode =
  /** A name, fingerprint or message of the caller's own that no command can carry. */
  | 'bad-input'
  /** DNS gives no usable management record. */
  | 'no-record'
  /** The DNSSEC proof of the record or of the mail exchangers failed. */
  | 'bogus'
  /** No delivery host could be used; the message names each attempt. */
  | 'unreachable'
  /** The certificate of the delivery host is not the domain's. */
  | 'untrusted'
  | 'timeout'
  | 'aborted'
  /** The peer closed the connection, or it broke. */
  | 'closed'
  | 'bad-greeting'
  /** STARTTLS was refused, or the handshake failed. */
  | 'no-tls'
  /** Another mode than DMTPv1 after the handshake. */
  | 'wrong-mode'
  | 'malformed-reply'
  | 'mixed-codes'
  | 'reply-too-long'
  /** A reply to nothing that was asked. */
  | 'unsolicited'
  /** The server answers a command with a refusal; `reply` has it. */
  | 'refused'
  /** A signet that does not load, or is not in the state that is needed. */
  | 'bad-signet'
  | 'wrong-name'
  | 'wrong-fingerprint'
  | 'broken-chain';

/** One whole reply. */
export interface ClientReply {
  readonly code: number;
  /** The texts of its lines, one character an octet, without code and line end. */
  readonly lines: readonly string[];
}

interface Details {
  /** The row of the catalogue that is broken, where there is one. */
  readonly requirement?: string | undefined;
  readonly reply?: ClientReply;
  readonly cause?: unknown;
  readonly outcome?: 'not-delivered' | 'unknown';
}

export class DmtpClientError extends Error {
  override readonly name = 'DmtpClientError';
  readonly requirement: string | undefined;
  readonly reply: ClientReply | undefined;
  /** Of a delivery: `unknown` when the whole message was sent and no answer came, so that it must not be sent again. */
  readonly outcome: 'not-delivered' | 'unknown';

  constructor(
    readonly code: DmtpClientErrorCode,
    readonly what: string,
    { requirement, reply, cause, outcome = 'not-delivered' }: Details = {},
  ) {
    super(`DMTP: ${what}${requirement === undefined ? '' : ` (${requirement})`}`, cause === undefined ? {} : { cause });
    this.requirement = requirement;
    this.reply = reply;
    this.outcome = outcome;
  }

  /** The same failure, after the message was sent. */
  withUnknownOutcome(): DmtpClientError {
    const { code, what, requirement, reply, cause } = this;
    return new DmtpClientError(code, `${what}; whether the message was stored is not known`, {
      requirement,
      ...(reply === undefined ? {} : { reply }),
      cause,
      outcome: 'unknown',
    });
  }
}

const mostShown = 160;

/** A peer's text in visible ASCII: quoted, escaped and cut. */
export function shown(text: string): string {
  return JSON.stringify(text.slice(0, mostShown)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A reply in a message. */
export function shownReply({ code, lines }: ClientReply): string {
  return `${code} ${shown(lines.at(-1) ?? '')}`;
}

/** Why a signal ended the work: the client's own reason, or the caller. */
export function abortError(signal: AbortSignal): DmtpClientError {
  const reason: unknown = signal.reason;
  return reason instanceof DmtpClientError ? reason : new DmtpClientError('aborted', 'ended by the caller');
}
