/** What is written rightly and still cannot be (section 6.6 of the DMAP digest). */
export class DmapValueError extends Error {
  override readonly name = 'DmapValueError';
  constructor(
    /** Names the item, what is wrong with it, and what is right. */
    readonly what: string,
    /** The interpretation of the DMAP digest that says so, `DMAP-I-14` for example. */
    readonly requirement: string,
    /** Where the item stands, in characters from the start of the text; null when it is found by counting. */
    readonly offset: number | null,
    /** What a server says to a command with it. */
    readonly answer: 'BAD' | 'NO' = 'BAD',
  ) {
    super(offset === null ? what : `at offset ${offset}: ${what}`);
  }

  /** The same for a text in which the item stands elsewhere. */
  movedTo(offset: number): DmapValueError {
    return new DmapValueError(this.what, this.requirement, offset, this.answer);
  }
}
