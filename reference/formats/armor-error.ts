/** What is wrong with an armored text. */

export type ArmorErrorCode =
  | 'too-long'
  | 'no-block'
  | 'syntax'
  | 'no-checksum'
  | 'bad-base64'
  | 'bad-checksum'
  | 'wrong-label';

/** A text that holds no right armored object, or something that cannot be armored. */
export class ArmorError extends Error {
  override readonly name = 'ArmorError';
  constructor(
    readonly code: ArmorErrorCode,
    /** The row of the catalogue; undefined for a bound that no row states. */
    readonly requirement: string | undefined,
    /** Where, in characters from the start of the text. */
    readonly offset: number,
    what: string,
  ) {
    const source = requirement === undefined ? 'section 10' : `section 10, ${requirement}`;
    super(`armor, offset ${offset}: ${what} (${source} of the signets digest)`);
  }
}
