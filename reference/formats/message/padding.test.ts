import { describe, expect, it } from 'vitest';
import { isPadding, paddingFor } from './index.js';
import { mostData } from './padding.js';

describe('primary padding (section 4.5)', () => {
  it.each([
    // octets of data, random octet, octets of padding, padding octet
    [1, 0, 186, 186], // 70 octets are filled up to 256
    [1, 4, 250, 250], // floor(70 / 16) + 1 = 5 sizes: 4 more blocks
    [1, 5, 186, 186],
    [186, 0, 1, 1], // 255 octets
    [187, 0, 16, 16], // 256 octets: a block is added
    [187, 15, 256, 0], // 256 octets of padding have the octet 0 (OQ-52)
    [188, 255, 255, 255],
  ])('%i octets with random octet %i get %i', (data, random, length, octet) => {
    expect(paddingFor('primary', data, random)).toEqual({ length, octet });
    expect(isPadding('primary', data, { length, octet })).toBe(true);
  });

  it('refuses no padding, too much, and another octet (MSG-027)', () => {
    expect(isPadding('primary', 187, { length: 0, octet: 0 })).toBe(false);
    expect(isPadding('primary', 187, { length: 272, octet: 16 })).toBe(false);
    expect(isPadding('primary', 187, { length: 16, octet: 15 })).toBe(false);
  });
});

describe('alternate padding', () => {
  it.each([
    [1, 0, 10, 0],
    [1, 255, 10 + 4080, 255],
    [11, 3, 16 + 48, 3], // 80 octets are whole blocks already
  ])('%i octets with random octet %i get %i', (data, random, length, octet) => {
    expect(paddingFor('alternate', data, random)).toEqual({ length, octet });
    expect(isPadding('alternate', data, { length, octet })).toBe(true);
  });

  it('is checked by its length, not by 256 (MSG-029, OQ-51)', () => {
    expect(isPadding('alternate', 11, { length: 64, octet: 64 })).toBe(false);
  });
});

describe('padding of PRIME (section 12.4)', () => {
  it.each([
    [1, 186],
    [187, 0], // 256 octets need none
    [188, 15],
    [203, 0],
  ])('%i octets get %i', (data, length) => {
    expect(paddingFor('prime', data, 7)).toEqual({ length, octet: length });
  });

  it('has one right length only (MSG-087)', () => {
    expect(isPadding('prime', 187, { length: 16, octet: 16 })).toBe(false);
  });
});

it('the most data fits whatever the random octet is (MSG-023)', () => {
  for (const algorithm of ['primary', 'alternate'] as const) {
    const data = mostData(algorithm);
    const longest = Math.max(...Array.from({ length: 256 }, (_, random) => paddingFor(algorithm, data, random).length));
    expect(69 + data + longest).toBeLessThanOrEqual(16_777_200);
    expect((69 + data + longest) % 16).toBe(0);
  }
});
