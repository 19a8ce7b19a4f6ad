import { expect, it } from 'vitest';
import { bench } from './bench.js';

/** Enough to see every step of a part once. */
const tiny = { rounds: 1, sliceMs: 20, shortSliceMs: 2, octets: 200_000, connections: 5, messages: 100 };

it('takes its figures with servers in processes of their own', { timeout: 60_000 }, async () => {
  const figures = await bench(['session', 'dns'], tiny);
  expect(figures.map(({ name, unit }) => `${name} (${unit})`)).toEqual([
    'session, NOOP (/s)',
    'session, 12 mixed commands (/s)',
    'session, a wrong line (/s)',
    'DNS queries over UDP : dns2, empty (/s)',
  ]);
  for (const { ours, other } of figures) {
    expect(ours).toBeGreaterThan(0);
    if (other !== null) expect(other).toBeGreaterThan(0);
  }
});

it('names a part that there is not', async () => {
  await expect(bench(['speed'], tiny)).rejects.toThrow('no part "speed"; there are commands, messages, session');
});
