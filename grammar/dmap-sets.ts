/** Sets of message numbers and UIDs: which numbers a set means, and the shortest set for some numbers. */
import type { SequenceSet, UidRange, UidSet } from './dmap-values.js';

/**
 * The ranges that `set` means when `*` stands for `highest`, in ascending order, no two touching. Ends may stand in any
 * order; `n:*` takes in `highest` even where n is above it (section 3.3). With `highest` 0 (an empty mailbox) `*` means
 * nothing.
 */
export function resolveSet(set: SequenceSet, highest: number): UidRange[] {
  const ranges = set.flatMap(({ first, last }) => {
    if (highest === 0 && (first === '*' || last === '*')) return [];
    const [one, other] = [first === '*' ? highest : first, last === '*' ? highest : last];
    return [{ first: Math.min(one, other), last: Math.max(one, other) }];
  });
  return merged(ranges.sort((a, b) => a.first - b.first));
}

/** Whether `ranges` of resolveSet hold `number`. Costs the logarithm of their count. */
export function holds(ranges: readonly UidRange[], number: number): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range === undefined || number < range.first) high = middle;
    else if (number > range.last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Neighbours put together, in the order given, so that the n-th number stays the n-th (COPYUID). */
export function setOf(numbers: readonly number[]): UidSet {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range !== undefined && number === range.last + 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}

/** In ascending order of their beginnings. */
function merged(ranges: readonly UidRange[]): UidRange[] {
  const result: { first: number; last: number }[] = [];
  for (const { first, last } of ranges) {
    const before = result.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last);
    else result.push({ first, last });
  }
  return result;
}
