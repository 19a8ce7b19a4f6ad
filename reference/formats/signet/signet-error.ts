/** What is wrong with a signet, a signing request or a key object: one error class for reading and writing. */

export type SignetErrorCode =
  | 'too-short'
  | 'too-large'
  | 'wrong-magic'
  | 'wrong-length'
  | 'past-end'
  | 'wrong-order'
  | 'repeated-field'
  | 'forbidden-field'
  | 'unnamed-field'
  | 'trailing-octets'
  | 'bad-size'
  | 'empty-name'
  | 'missing-field'
  | 'bad-key'
  | 'bad-signature'
  | 'bad-text'
  | 'broken-chain'
  | 'wrong-type'
  | 'not-in-profile'
  | 'cannot-decrypt';

export interface SignetFault {
  readonly code: SignetErrorCode;
  /** The row of the catalogue or of the open questions that is broken; undefined for a bound that no row states. */
  readonly requirement?: string;
  /** Where, in octets from the start of the object, header included; 0 for what is wrong with the whole. */
  readonly offset: number;
  /** What and why. */
  readonly what: string;
  /** The section of the signets digest that says so. */
  readonly section: string;
}

/** A signet or key object that cannot be read, or must not be written. */
export class SignetError extends Error {
  override readonly name = 'SignetError';
  readonly code: SignetErrorCode;
  readonly requirement: string | undefined;
  readonly offset: number;

  constructor({ code, requirement, offset, what, section }: SignetFault) {
    const source = requirement === undefined ? `section ${section}` : `section ${section}, ${requirement}`;
    super(`signet, offset ${offset}: ${what} (${source} of the signets digest)`);
    this.code = code;
    this.requirement = requirement;
    this.offset = offset;
  }
}
