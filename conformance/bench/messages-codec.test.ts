import { expect, it } from 'vitest';
import { messageCodec } from './messages-codec.js';

const tiny = { rounds: 1, sliceMs: 1, shortSliceMs: 1, messageOctets: 2 * 1024 * 1024 };

it('writes and opens a message, and measures the memory of two in processes of their own', {
  timeout: 60_000,
}, async () => {
  const figures = await messageCodec(tiny);
  expect(figures.map(({ name, unit }) => `${name} (${unit})`)).toEqual([
    'write a message of 1 MiB : AES-256-CBC (MiB/s)',
    'write a message of 1 MiB : AES, signatures, key agreement (MiB/s)',
    'open a message of 1 MiB : AES, signatures, key agreement (MiB/s)',
    'memory: a message of 2 MiB : of a quarter (MiB)',
  ]);
  for (const { ours, other } of figures) {
    expect(ours).toBeGreaterThan(0);
    expect(other).toBeGreaterThan(0);
  }
});
