import { expect, it } from 'vitest';
import { isMet } from './figures.js';
import { signetBenchmarks } from './signets.js';

it('validates and parses signets, and verifies the same signatures without the codec', async () => {
  const figures = await signetBenchmarks({ rounds: 1, sliceMs: 1, shortSliceMs: 1 });
  expect(figures.map(({ name, unit }) => `${name} (${unit})`)).toEqual([
    'validate an identifiable signet : its verifications (/s)',
    'validate an identifiable signet : with ready keys (/s)',
    'parse a signet of 200 fields (/s)',
  ]);
  for (const { ours, other } of figures) {
    expect(ours).toBeGreaterThan(0);
    if (other !== null) expect(other).toBeGreaterThan(0);
  }
  expect(figures.map(isMet)).toEqual([expect.any(Boolean), null, expect.any(Boolean)]);
});
