/** Numbers of DMAP within their ranges (DMAP-I-14). */
import { DmapValueError } from './dmap-error.js';
import type { SequenceSet, UidSet } from './dmap-values.js';

/** What the grammar gives of a number. */
export interface RawNumber {
  readonly digits: string;
  readonly offset: number;
}

export interface RawRange {
  readonly first: RawNumber | '*';
  readonly last: RawNumber | '*';
}

export const largestNumber = 4_294_967_295;
/** 63 bits. */
export const largestModseq = 9_223_372_036_854_775_807n;

/** @throws DmapValueError above 32 bits; `what` names it */
export function numberOf({ digits, offset }: RawNumber, what: string): number {
  const value = significant(digits).length > 10 ? Number.POSITIVE_INFINITY : Number(digits);
  if (value <= largestNumber) return value;
  throw new DmapValueError(`${what} ${shown(digits)} is above ${largestNumber}`, 'DMAP-I-14', offset);
}

/** @throws DmapValueError above 63 bits; `what` names it */
export function modseqOf({ digits, offset }: RawNumber, what: string): bigint {
  const plain = significant(digits);
  const value = plain.length > 19 ? null : BigInt(plain);
  if (value !== null && value <= largestModseq) return value;
  throw new DmapValueError(`${what} ${shown(digits)} is above ${largestModseq}`, 'DMAP-I-40', offset);
}

/** @throws DmapValueError */
export function chunkTypeOf({ digits, offset }: RawNumber): number {
  const value = digits.length > 3 ? Number.POSITIVE_INFINITY : Number(digits);
  if (value <= 255) return value;
  throw new DmapValueError(`chunk type ${shown(digits)} is above 255`, 'DMAP-I-65', offset);
}

/** @throws DmapValueError */
export function sequenceSetOf(raw: readonly RawRange[]): SequenceSet {
  const end = (of: RawNumber | '*'): number | '*' => (of === '*' ? of : numberOf(of, 'number of a sequence set'));
  return raw.map(({ first, last }) => ({ first: end(first), last: end(last) }));
}

/** @throws DmapValueError */
export function uidSetOf(raw: readonly { readonly first: RawNumber; readonly last: RawNumber }[]): UidSet {
  return raw.map(({ first, last }) => ({ first: numberOf(first, 'UID'), last: numberOf(last, 'UID') }));
}

function significant(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '');
}

/** Cut short, since a peer may write as many digits as a line holds. */
function shown(digits: string): string {
  return digits.length <= 24 ? digits : `${digits.slice(0, 24)}... (${digits.length} digits)`;
}
