import { describe, expect, it } from 'vitest';
import { chanceOfMore, telling } from './timing.js';

/** Times that a test makes up: `base` and a little more, now and then a lot. */
function times(base: number): () => Promise<number> {
  let count = 0;
  return () => Promise.resolve(base + ((count++ * 7) % 10) / 100 + (count % 25 === 0 ? 40 : 0));
}

describe('telling two requests apart by their time', () => {
  it('does so when the one takes longer every time', async () => {
    expect((await telling(times(2), times(1))).told).toBe(true);
    expect((await telling(times(1), times(2))).told).toBe(true);
  });

  it('does not for equal times, nor for a difference that nobody could see', async () => {
    expect((await telling(times(1), times(1))).told).toBe(false);
    expect((await telling(times(1.12), times(1))).told).toBe(false);
  });

  it('wants the difference in every batch', async () => {
    let asked = 0;
    const slowAtFirst = async (): Promise<number> => (asked++ < 100 ? 3 : 1);
    expect((await telling(slowAtFirst, async () => 1)).told).toBe(false);
  });
});

it('counts ties half', () => {
  expect(chanceOfMore([1, 2], [1, 2])).toBe(0.5);
  expect(chanceOfMore([3, 4], [1, 2])).toBe(1);
});
