/** A STACIE message that is refused: where, what, why, and by which row of the digest. */

export interface StacieMessageFault {
  /** The row of the digest's catalogue that is broken; undefined where only an interpretation says so. */
  readonly requirement?: string;
  readonly interpretation?: string;
  /** JSON pointer (RFC 6901) of the member; empty for the whole text. */
  readonly member: string;
  /** Octets from the start of the text. */
  readonly offset: number;
  /** What stands there. */
  readonly what: string;
  /** What would have been right. */
  readonly bound: string;
}

export class StacieMessageError extends Error {
  override readonly name = 'StacieMessageError';
  readonly requirement: string | undefined;
  readonly interpretation: string | undefined;
  readonly member: string;
  readonly offset: number;
  readonly what: string;
  readonly bound: string;

  constructor(fault: StacieMessageFault) {
    const { member, offset, what, bound, requirement, interpretation } = fault;
    const rows = [requirement, interpretation].filter((row) => row !== undefined);
    const source = rows.length === 0 ? 'section 3 of the STACIE digest' : rows.join(', ');
    super(`${member === '' ? 'the message' : quote(member)}, offset ${offset}: ${what}; expected ${bound} (${source})`);
    this.requirement = requirement;
    this.interpretation = interpretation;
    this.member = member;
    this.offset = offset;
    this.what = what;
    this.bound = bound;
  }
}

const longestQuote = 60;

/** A peer's text in a message: cut, and with nothing but visible ASCII. */
export function quote(text: string): string {
  const cut = [...text.slice(0, 2 * longestQuote)].slice(0, longestQuote).join('');
  const shown = JSON.stringify(cut).replace(/[^ -~]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return cut.length < text.length ? `${shown}... (${text.length} characters)` : shown;
}
