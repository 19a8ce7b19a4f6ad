/** Why a DMAP client stops, or does not begin: each thing that a caller or a server can do wrong has its own code. */

export type DmapClientErrorCode =
  /** An argument of the caller's own that no command can carry. */
  | 'bad-input'
  /** The command is not valid in the present state (section 1.5). */
  | 'wrong-state'
  /** The command could be sent, and a right client does not send it. */
  | 'declined'
  | 'unreachable'
  /** The certificate does not lead to a trusted authority, or is for another name. */
  | 'untrusted'
  /** The TLS handshake failed otherwise: the server speaks plain text, or an old version. */
  | 'no-tls'
  | 'timeout'
  | 'aborted'
  /** The server closed the connection, or it broke. */
  | 'closed'
  /** The server said BYE. */
  | 'turned-away'
  | 'bad-greeting'
  /** The capabilities do not hold `DMAP`. */
  | 'not-dmap'
  /** What came cannot be cut into responses, or the completion of a command cannot be read. */
  | 'malformed-response'
  /** More octets or responses than the client takes. */
  | 'too-much'
  /** The exchange of AUTHENTICATE is not what STACIE says, or not to be believed. */
  | 'bad-login';

/** Nothing was sent for these, and the connection goes on. */
const local: readonly DmapClientErrorCode[] = ['bad-input', 'wrong-state', 'declined'];

interface Details {
  /** The row of the catalogue that would be, or is, broken. */
  readonly requirement?: string | undefined;
  readonly cause?: unknown;
}

export class DmapClientError extends Error {
  override readonly name = 'DmapClientError';
  readonly requirement: string | undefined;

  constructor(
    readonly code: DmapClientErrorCode,
    readonly what: string,
    { requirement, cause }: Details = {},
  ) {
    super(`DMAP: ${what}${requirement === undefined ? '' : ` (${requirement})`}`, cause === undefined ? {} : { cause });
    this.requirement = requirement;
  }

  /** Whether the client refused by itself, before it sent anything: then the connection can be used on. */
  get isLocal(): boolean {
    return local.includes(this.code);
  }
}

const mostShown = 160;

/** A text of a peer's or a caller's in visible ASCII: quoted, escaped and cut. */
export function shown(text: string): string {
  return JSON.stringify(text.slice(0, mostShown)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Why a signal ended the work: a reason of the client's own, or the caller. */
export function abortError(signal: AbortSignal): DmapClientError {
  const reason: unknown = signal.reason;
  return reason instanceof DmapClientError ? reason : new DmapClientError('aborted', 'ended by the caller');
}
