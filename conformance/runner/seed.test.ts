import { describe, expect, it } from 'vitest';
import { caseSeed } from './seed.js';

describe('the seed of a case', () => {
  it('is the same for the same run and case, whichever other cases run', () => {
    expect(caseSeed(7, 'dmtp/noop/changes-nothing')).toBe(caseSeed(7, 'dmtp/noop/changes-nothing'));
  });

  it('differs from case to case and from run to run', () => {
    const seeds = [1, 2, 3].flatMap((run) => ['a/b', 'a/c', 'd/e'].map((id) => caseSeed(run, id)));
    expect(new Set(seeds).size).toBe(9);
  });

  it('fits into the 31 bits that a seed may have', () => {
    for (let run = 0; run < 200; run++) {
      const seed = caseSeed(run, 'a/b');
      expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31).toBe(true);
    }
  });
});
