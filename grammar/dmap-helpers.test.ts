import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrammarCoverage } from './coverage.js';
import { secondsOf, utcDateTime } from './dmap-dates.js';
import { dmapLeaves, dmapResponseLeaves } from './dmap-leaves.js';
import { holds, resolveSet, setOf } from './dmap-sets.js';
import { arbitraryOf, type Leaves, textsOf } from './generate.js';
import { fitsRule } from './parse.js';
import { syntaxTree } from './tree.js';

describe('texts made from dmap.peggy', () => {
  it.each([
    ['Command', 2_000],
    ['Response', 3_000],
    ['Greeting', 1_000],
    ['SaslLine', 300],
  ])('go through every rule and alternative of %s', (rule, numRuns) => {
    const coverage = new GrammarCoverage('dmap', [rule]);
    for (const text of fc.sample(arbitraryOf('dmap', rule), { numRuns, seed: 1 })) coverage.record(rule, text);
    // Every month in one item of many takes more texts than all else.
    const dates = fc.sample(arbitraryOf('dmap', 'DateTime'), { numRuns: 100, seed: 1 });
    if (rule === 'Response') for (const date of dates) coverage.record(rule, `* 1 FETCH (INTERNALDATE ${date})\r\n`);
    expect(coverage.summary().missed).toEqual([]);
  });

  it.each(['Command', 'Response'])('of %s are seldom refused by the last filter', (rule) => {
    const made = fc.sample(textsOf(syntaxTree('dmap'), rule), { numRuns: 300, seed: 1 });
    expect(made.filter((text) => !fitsRule('dmap', rule, text)).length).toBeLessThan(0.2 * made.length);
  });

  it.each<[string, Leaves]>([
    ['commands', dmapLeaves],
    ['responses', dmapResponseLeaves],
  ])('leaves of %s fit the rules that they stand for', (_, leaves) => {
    for (const [rule, texts] of Object.entries(leaves)) {
      for (const text of fc.sample(texts, 30)) expect(fitsRule('dmap', rule, text), `${rule} ${text}`).toBe(true);
    }
  });
});

describe('sets', () => {
  const set = (...ends: (number | '*')[][]) => ends.map(([first = 1, last = first]) => ({ first, last }));
  it.each([
    [set([3]), 9, ['3']],
    [set([5, 2], [4, 7], [8]), 9, ['2-8']],
    [set(['*']), 9, ['9']],
    // At least the last message, unless the mailbox is empty (section 3.3).
    [set([12, '*']), 9, ['9-12']],
    [set([1, '*'], ['*'], [4]), 0, ['4']],
    [set([9], [1], [5, 5]), 4, ['1', '5', '9']],
  ])('%j up to %i is %j', (given, highest, ranges) => {
    const found = resolveSet(given, highest);
    expect(found.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))).toEqual(ranges);
  });
  it('hold the numbers that any of their ranges has', () => {
    const numbers = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 1 }), numbers, (pairs, number) => {
        const within = pairs.some(([a, b]) => number >= Math.min(a, b) && number <= Math.max(a, b));
        expect(holds(resolveSet(set(...pairs), 30), number)).toBe(within);
      }),
      { numRuns: 300 },
    );
  });
  it('are short for neighbours, and keep the order', () => {
    expect(setOf([4, 5, 6, 2, 3, 9])).toEqual([
      { first: 4, last: 6 },
      { first: 2, last: 3 },
      { first: 9, last: 9 },
    ]);
    expect(setOf([])).toEqual([]);
  });
});

describe('dates', () => {
  it.each([
    ['2015-10-18T00:00:00Z', { year: 2015, month: 10, day: 18, hour: 2, minute: 0, second: 0, zone: '+0200' }],
    ['2000-02-29T23:30:00Z', { year: 2000, month: 2, day: 29, hour: 20, minute: 0, second: 0, zone: '-0330' }],
    ['1969-12-31T23:59:59Z', { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: -1, zone: '-0000' }],
    ['2017-01-01T00:00:00Z', { year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 60, zone: '+0000' }],
    ['0099-03-01T00:00:00Z', { year: 99, month: 3, day: 1, hour: 0, minute: 0, second: 0, zone: '+0000' }],
  ])('%s in seconds', (iso, date) => {
    expect(secondsOf(date)).toBe(Date.parse(iso) / 1_000);
  });
  it('in UTC come back', () => {
    expect(utcDateTime(1_445_126_400.9)).toEqual({
      year: 2015,
      month: 10,
      day: 18,
      hour: 0,
      minute: 0,
      second: 0,
      zone: '+0000',
    });
    expect(secondsOf(utcDateTime(1_445_126_461))).toBe(1_445_126_461);
  });
});
