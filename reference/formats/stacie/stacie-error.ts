/** What is wrong with an input of STACIE: one error class for derivation, realms and envelopes. */

export type StacieErrorCode =
  | 'empty'
  | 'too-short'
  | 'too-long'
  | 'wrong-length'
  | 'misaligned'
  | 'ill-formed'
  | 'not-base64url'
  | 'not-a-whole-number'
  | 'out-of-range'
  | 'too-costly'
  | 'undecryptable'
  | 'unknown-revision'
  | 'unfit-realms';

export interface StacieFault {
  readonly code: StacieErrorCode;
  /** The row of the digest that is broken: a requirement or an interpretation; undefined for a bound of our own. */
  readonly requirement?: string;
  /** The name of the input, as the adapter protocol writes it. */
  readonly field: string;
  /** The length in octets, or the number itself. Never the content: most inputs are secrets. */
  readonly value?: number;
  /** What would have been right, as a phrase: "at least 64 octets". */
  readonly bound: string;
  /** What is wrong, as a phrase: "has 63 octets". */
  readonly what: string;
  /** The section of the STACIE digest that says so. */
  readonly section: string;
}

/** An input that STACIE refuses. */
export class StacieError extends Error {
  override readonly name = 'StacieError';
  readonly code: StacieErrorCode;
  readonly requirement: string | undefined;
  readonly field: string;
  readonly value: number | undefined;
  readonly bound: string;
  readonly section: string;

  constructor({ code, requirement, field, value, bound, what, section }: StacieFault) {
    const source = requirement === undefined ? `section ${section}` : `section ${section}, ${requirement}`;
    super(`STACIE ${field} ${what}; right is ${bound} (${source})`);
    this.code = code;
    this.requirement = requirement;
    this.field = field;
    this.value = value;
    this.bound = bound;
    this.section = section;
  }
}
