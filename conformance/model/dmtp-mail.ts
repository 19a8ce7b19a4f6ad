/**
 * What a right destination says of a message that has come whole: "After the message" in section 12.4 of the DMTP digest,
 * and 12.5 for the reading `numbered-codes`. Written from the digest, without the server's code.
 */

export type Fate =
  | 'stored'
  /** An octet is another one, somewhere: the layout breaks, or the origin's signature does not hold. */
  | 'damaged'
  /** The origin's signature is not there at all. */
  | 'unsigned'
  | 'wrong signature'
  | 'wrong length'
  /** Nothing in it opens with the keys of the destination. */
  | 'not for this destination'
  /** MAIL named another domain, which is known. */
  | 'not of this origin'
  /** MAIL named a domain that nobody knows. */
  | 'unknown origin'
  | 'unknown recipient'
  | 'locked recipient'
  | 'recipient elsewhere';

export interface ExpectedFate {
  /** The requirement that another answer breaks. */
  readonly requirement: string;
  readonly codes: readonly number[];
}

interface Row {
  readonly requirement: string;
  readonly canonical: readonly number[];
  /** Where it is not told which of several checks comes first, the codes of all of them. */
  readonly numbered: readonly number[];
}

const fates: Readonly<Record<Fate, Row>> = {
  stored: { requirement: 'DMTP-055', canonical: [250], numbered: [254, 255] },
  damaged: { requirement: 'DMTP-101', canonical: [554], numbered: [451, 578] },
  unsigned: { requirement: 'DMTP-101', canonical: [554], numbered: [451, 578] },
  'wrong signature': { requirement: 'DMTP-101', canonical: [554], numbered: [578] },
  'wrong length': { requirement: 'DMTP-101', canonical: [554], numbered: [451] },
  'not for this destination': { requirement: 'DMTP-101', canonical: [554], numbered: [451, 578] },
  'not of this origin': { requirement: 'DMTP-101', canonical: [554], numbered: [451, 575, 578] },
  'unknown origin': { requirement: 'DMTP-020', canonical: [451, 554], numbered: [470, 570] },
  'unknown recipient': { requirement: 'DMTP-102', canonical: [554], numbered: [510] },
  'locked recipient': { requirement: 'DMTP-102', canonical: [550], numbered: [550] },
  'recipient elsewhere': { requirement: 'DMTP-102', canonical: [551], numbered: [510] },
};

export function expectFate(fate: Fate, { numberedCodes }: { readonly numberedCodes: boolean }): ExpectedFate {
  const { requirement, canonical, numbered } = fates[fate];
  return { requirement, codes: numberedCodes ? numbered : canonical };
}
