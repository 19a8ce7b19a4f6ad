import { expect, it } from 'vitest';
import { SearchModel } from './dmap-search.js';

const day = { year: 2024, month: 2, day: 29 };
const model = new SearchModel([
  { number: 1, uid: 4, seen: true, deleted: false, size: 100, day },
  { number: 2, uid: 9, seen: false, deleted: true, size: 200, day: { ...day, month: 3, day: 1 } },
]);

it('writes keys as a command has them, and finds what they match', () => {
  const key = { key: 'OR', one: { key: 'SEEN' }, other: { key: 'UID', places: [[3, 0]] } } as const;
  expect(model.text(key)).toBe('OR SEEN UID 10:*');
  // The asterisk is the last message, also when the other end is higher.
  expect(model.found([key]).map(({ uid }) => uid)).toEqual([4, 9]);
  expect(model.found([{ key: 'NOT', of: key }])).toEqual([]);
});

it('compares days and sizes, which themselves are neither before nor larger', () => {
  const before = { key: 'BEFORE', place: 2, days: 0, quoted: true } as const;
  expect(model.text(before)).toBe('BEFORE "1-Mar-2024"');
  expect(model.found([before]).map(({ number }) => number)).toEqual([1]);
  expect(model.text({ key: 'ON', place: 1, days: 1, quoted: false })).toBe('ON 1-Mar-2024');
  expect(model.found([{ key: 'LARGER', place: 1, more: 0 }]).map(({ number }) => number)).toEqual([2]);
});

it('wants all of several keys', () => {
  expect(model.found([{ key: 'ALL' }, { key: 'SEQUENCE', places: [[2, 2]] }, { key: 'SEEN' }])).toEqual([]);
});
