/** What is wrong with a message: one error class for reading, opening and writing. */

export type MessageErrorCode =
  | 'too-short'
  | 'too-large'
  | 'wrong-magic'
  | 'wrong-length'
  | 'bad-tracing'
  | 'past-end'
  | 'unknown-type'
  | 'reserved-type'
  | 'wrong-order'
  | 'repeated-chunk'
  | 'missing-chunk'
  | 'bad-size'
  | 'bad-key'
  | 'no-slot'
  | 'cannot-decrypt'
  | 'bad-padding'
  | 'bad-data-length'
  | 'empty-data'
  | 'unsupported-flag'
  | 'bad-compression'
  | 'bad-spanning'
  | 'bad-text'
  | 'bad-signature'
  | 'wrong-fingerprint'
  | 'missing-signet'
  | 'not-in-profile';

export interface MessageFault {
  readonly code: MessageErrorCode;
  /** The row of the catalogue or of the open questions that is broken; undefined for a bound that no row states. */
  readonly requirement?: string;
  /**
   * Where, in octets from the start of the input, tracing and header included; for what is inside a decrypted chunk, the
   * place of that chunk; 0 for what is wrong with the whole.
   */
  readonly offset: number;
  /** What and why. */
  readonly what: string;
  /** The section of the messages digest that says so. */
  readonly section: string;
}

/** A message that cannot be read or opened, or must not be written. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
  readonly code: MessageErrorCode;
  readonly requirement: string | undefined;
  readonly offset: number;

  constructor({ code, requirement, offset, what, section }: MessageFault) {
    const source = requirement === undefined ? `section ${section}` : `section ${section}, ${requirement}`;
    super(`message, offset ${offset}: ${what} (${source} of the messages digest)`);
    this.code = code;
    this.requirement = requirement;
    this.offset = offset;
  }
}
