import { expect, it } from 'vitest';
import { stacieBenchmarks } from './stacie-speed.js';

it('compares the kernel with loops that compute the same key', { timeout: 60_000 }, async () => {
  const figures = await stacieBenchmarks({ rounds: 1, sliceMs: 1, shortSliceMs: 1 });
  expect(figures.map(({ name }) => name)).toEqual([
    'STACIE rounds : node:crypto a call a round',
    'STACIE rounds : OpenSSL in C, EVP',
    'STACIE rounds : OpenSSL in C, SHA512_Update',
  ]);
  for (const { ours, other, ratio, goal, remark } of figures) {
    expect(ours).toBeGreaterThan(0);
    if (remark === undefined) expect([typeof other, typeof ratio, goal?.of]).toEqual(['number', 'number', 'ratio']);
    else expect({ other, goal }, remark).toEqual({ other: null, goal: null });
  }
});
