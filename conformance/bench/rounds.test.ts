import { expect, it } from 'vitest';
import { asDurations, compare, type Measure, median } from './rounds.js';

it('lets the sides take turns, every second round backwards, after a round that does not count', async () => {
  const turns: string[] = [];
  const side =
    (name: string, rates: number[]): Measure =>
    async () => {
      turns.push(name);
      return rates.shift() ?? Number.NaN;
    };
  const ours = side('ours', [1, 100, 30, 50]);
  const figures = await compare(
    [
      { name: 'a', unit: '/s', goal: null, ours, other: side('other', [1, 200, 10, 25]) },
      { name: 'b', unit: '/s', goal: null, ours, other: side('third', [1, 100, 10, 10]) },
    ],
    3,
    1,
  );
  const forth = ['ours', 'other', 'third'];
  expect(turns).toEqual([...forth.toReversed(), ...forth, ...forth.toReversed(), ...forth]);
  // Ratios of the rounds: 0.5, 3, 2 and 1, 3, 5.
  expect(figures).toMatchObject([
    { name: 'a', ours: 50, other: 25, ratio: 2 },
    { name: 'b', ours: 50, other: 10, ratio: 3 },
  ]);
});

it('turns rates to durations: twice the rate is half the time', () => {
  const rates = { name: 'a', unit: 'ms', goal: null, ours: 500, other: 250, ratio: 2 };
  expect(asDurations(rates)).toMatchObject({ ours: 2, other: 4, ratio: 0.5 });
});

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});
