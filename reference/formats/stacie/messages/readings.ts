/** Where a receiver may be stricter or laxer: each reading has a name. */

export interface StacieReadings {
  /** `json`: strict JSON. `as-printed`: also the malformed examples of the drafts (STACIE-I-56). */
  readonly spelling: 'json' | 'as-printed';
  /** A name that stands twice in an object: refused, or the last one counts (STACIE-I-64). */
  readonly repeatedNames: 'refused' | 'last';
  /** Padding behind base64url: refused, or taken off (STACIE-011, STACIE-I-59). */
  readonly padding: 'refused' | 'ignored';
  /** `url`: only `-` and `_`. `either`: also `+` and `/` (STACIE-010, STACIE-I-58). */
  readonly alphabet: 'url' | 'either';
  /** The bits of the last base64url character that belong to no octet: must be zero, or are dropped (STACIE-I-59). */
  readonly spareBits: 'zero' | 'dropped';
}

/** The readings of the STACIE digest, and of this project. */
export const strictReadings: StacieReadings = {
  spelling: 'json',
  repeatedNames: 'refused',
  padding: 'refused',
  alphabet: 'url',
  spareBits: 'zero',
};

/** Takes whatever any of the readings takes. */
export const laxReadings: StacieReadings = {
  spelling: 'as-printed',
  repeatedNames: 'last',
  padding: 'ignored',
  alphabet: 'either',
  spareBits: 'dropped',
};
