import { describe, expect, it } from 'vitest';
import { AttentiveClock } from './attentive-clock.js';

describe('a clock that knows when nobody attended', () => {
  it('goes like the real one while ticks come in time', () => {
    let real = 1000;
    const clock = new AttentiveClock(() => real, 100);
    for (let count = 0; count < 50; count++) {
      real += 100;
      expect(clock.tick()).toBe(real);
    }
  });

  it('leaves out the time in which no tick came, but for what may be chance', () => {
    let real = 0;
    const clock = new AttentiveClock(() => real, 100);
    real = 10_000;
    expect(clock.tick()).toBe(200);
    real += 100;
    expect(clock.tick()).toBe(300);
  });

  it('never goes back from tick to tick', () => {
    let real = 0;
    const clock = new AttentiveClock(() => real, 100);
    let before = clock.now();
    for (const step of [50, 5000, 0, 210, 90, 100_000]) {
      real += step;
      const now = clock.tick();
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  });
});
