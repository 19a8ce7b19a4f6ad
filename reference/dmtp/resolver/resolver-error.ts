/** Why a lookup gives nothing. */

export type ResolverErrorCode =
  /** The name is none that DNS can hold. */
  | 'bad-name'
  /** No answer within the limits: lost, refused by the network, never whole. */
  | 'no-answer'
  /** The server answers with a failure, or, for a record, that the name is not there (REC-077). */
  | 'response-code'
  /** The name is there and has no TXT record (REC-077). */
  | 'no-record'
  /** What stands there is no management record, or several are (REC-004, REC-015...). */
  | 'bad-record'
  /** Aliases in a ring, or more of them than are followed. */
  | 'aliases'
  /** More questions than one lookup may cost. */
  | 'too-costly';

/** A lookup that failed; the message says what was asked, and why it failed, in visible ASCII. */
export class ResolverError extends Error {
  override readonly name = 'ResolverError';

  constructor(
    readonly code: ResolverErrorCode,
    message: string,
    /** The row of the catalogue that says so, where there is one. */
    readonly requirement?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
