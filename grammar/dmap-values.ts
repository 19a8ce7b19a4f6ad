/** Values that DMAP commands and responses share (sections 3 and 6.3 of the DMAP digest). Octets are as they came. */

/** A sequence number or UID, or the highest there is. */
export type SequenceNumber = number | '*';

/** Ends in the order in which they were written; a single number has it at both. */
export interface SequenceRange {
  readonly first: SequenceNumber;
  readonly last: SequenceNumber;
}

/** At least one range; they may overlap (section 3.3). */
export type SequenceSet = readonly SequenceRange[];

/** As SequenceRange, without `*` (in responses). */
export interface UidRange {
  readonly first: number;
  readonly last: number;
}

export type UidSet = readonly UidRange[];

/** A calendar day; the month is 1 to 12. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A moment in the zone in which it was written. */
export interface DateTime extends CalendarDate {
  readonly hour: number;
  readonly minute: number;
  /** 0 to 60. */
  readonly second: number;
  /** Sign, two digits of hours, two of minutes, as written: `-0000` is not `+0000`. */
  readonly zone: string;
}

/** The chunk number `index` (from 1) among those of the type; null stands for the whole message. */
export interface Section {
  readonly type: number;
  readonly index: number;
}

/** A value whose meaning the grammar does not know: of X commands, extended items, delivery options. */
export type Value =
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'string'; readonly octets: Uint8Array }
  /** Without quotes; may hold `\`, `%`, `*` and `]`. */
  | { readonly kind: 'atom'; readonly text: string };

export type KeyPart = 'PUBLIC' | 'PRIVATE';

/** A count of a STATUS response. HIGHESTMODSEQ may have 63 bits. The name is in upper case. */
export interface StatusValue {
  readonly name: string;
  readonly value: bigint;
}
