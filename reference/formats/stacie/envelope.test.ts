import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt, decryptBySerial, encrypt, envelopeSerial, splitRealmKey } from './index.js';

const keys = splitRealmKey(Uint8Array.from({ length: 64 }, (_, at) => at));
const vectorShard = new Uint8Array(16).fill(9);
const seal = (data: Uint8Array, serial = 0, extraPadding = 0) =>
  encrypt({ ...keys, serial, data, vectorShard, extraPadding });

describe('an envelope', () => {
  it('gives back what was sealed, with any padding', () => {
    const padding = fc.integer({ min: 0, max: 14 }).map((blocks) => 16 * blocks);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(65_535), padding, (data, serial, extra) => {
        const envelope = seal(data, serial, extra);
        expect(envelopeSerial(envelope)).toBe(serial);
        expect(decrypt({ ...keys, envelope })).toEqual({ serial, data });
      }),
    );
  });

  it('has the sizes of the digest: 50 octets up to 11 of data, then 66, then 82', () => {
    expect([1, 11, 12, 27, 28, 43].map((length) => seal(new Uint8Array(length)).length)).toEqual([
      50, 50, 66, 66, 82, 82,
    ]);
  });

  it('fails for every bit that is changed behind the serial', () => {
    const envelope = seal(Uint8Array.of(1, 2, 3));
    for (let bit = 16; bit < envelope.length * 8; bit++) {
      const changed = envelope.map((octet, at) => (at === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
      expect(() => decrypt({ ...keys, envelope: changed })).toThrow(/does not open with these keys/);
    }
  });

  it('opens with the keys of its serial only', () => {
    const ring = new Map([[1, keys]]);
    const open = (serial: number) => decryptBySerial(seal(Uint8Array.of(5), serial), (wanted) => ring.get(wanted));
    expect(open(1).data).toEqual(Uint8Array.of(5));
    expect(() => open(2)).toThrow(/STACIE-I-48/);
  });

  it('holds the most data and no more', () => {
    const data = new Uint8Array(16_777_215).fill(3);
    const opened = decrypt({ ...keys, envelope: seal(data, 65_535) });
    expect(Buffer.compare(opened.data, data)).toBe(0);
    expect(() => seal(new Uint8Array(16_777_216))).toThrow(
      'STACIE data has 16,777,216 octets; right is 1 to 16,777,215 octets (section 1.8, STACIE-128)',
    );
    expect(() => decrypt({ ...keys, envelope: new Uint8Array(34 + 16_777_488) })).toThrow(
      /STACIE envelope has 16,777,522 octets/,
    );
  });

  it('refuses padding that does not align or does not fit', () => {
    expect(() => seal(Uint8Array.of(1), 0, 15)).toThrow(/extraPadding is 15; right is a multiple of 16 .*STACIE-120/);
    expect(() => seal(new Uint8Array(12), 0, 240)).toThrow(/which makes 256 with the 16 of alignment; .*STACIE-122/);
    expect(() => seal(Uint8Array.of(1), 1.5)).toThrow(/serial is 1.5; .*STACIE-123/);
  });
});
