/** Sets of sequence numbers and UIDs (section 3.3 of the DMAP digest, DMAP-I-77). */
import type { SequenceNumber, SequenceSet, UidSet } from '../../grammar/dmap.js';
import type { UidList } from './uid-list.js';

/** Both ends are in it. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The numbers of a set as ranges that ascend and do not touch. Ends stand in any order, and `*` is the highest number
 * there is: a range with it always holds that one (DMAP-377, DMAP-378).
 */
export function rangesOf(set: SequenceSet, highest: number): Range[] {
  const value = (number: SequenceNumber): number => (number === '*' ? highest : number);
  const ranges = set
    .map(({ first, last }) => ({
      from: Math.min(value(first), value(last)),
      to: Math.max(value(first), value(last)),
    }))
    .sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before !== undefined && range.from <= before.to + 1) before.to = Math.max(before.to, range.to);
    else merged.push({ ...range });
  }
  return merged;
}

/** Whether a number is in ranges as `rangesOf` gives them. */
export function isIn(ranges: readonly Range[], number: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range === undefined || number < range.from) high = middle;
    else if (number > range.to) low = middle + 1;
    else return true;
  }
  return false;
}

/** The UIDs that sequence numbers stand for; null when one is above the count, or `*` and there is no message. */
export function uidsOfNumbers(set: SequenceSet, uids: UidList): number[] | null {
  const ranges = rangesOf(set, uids.length);
  const last = ranges.at(-1);
  const first = ranges[0];
  if (last === undefined || first === undefined || first.from < 1 || last.to > uids.length) return null;
  const found: number[] = [];
  for (const { from, to } of ranges) for (let number = from; number <= to; number++) found.push(uids.at(number - 1));
  return found;
}

/** The UIDs of a set that there are. */
export function uidsOfSet(set: SequenceSet, uids: UidList): number[] {
  const found: number[] = [];
  if (uids.length === 0) return found;
  for (const { from, to } of rangesOf(set, uids.highest)) {
    for (let place = uids.lowerBound(from); place < uids.length; place++) {
      const uid = uids.at(place);
      if (uid > to) break;
      found.push(uid);
    }
  }
  return found;
}

/** Ascending numbers as a set for a response code. */
export function compactSet(numbers: readonly number[]): UidSet {
  const set: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const before = set.at(-1);
    if (before !== undefined && number === before.last + 1) before.last = number;
    else set.push({ first: number, last: number });
  }
  return set;
}
