import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawPublicKey, signWith } from '../signet/ed25519.js';
import { signPieces, verifyPieces } from './index.js';
import { fromHex, hex } from './vectors.test-support.js';

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const pieces = fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 4 });
/** Never joins, so that the arithmetic here is what is tested. */
const streamed = -1;

describe('Ed25519 in pieces', () => {
  it('gives the signature of RFC 8032 section 7.1, test 3', () => {
    const seed = fromHex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
    expect(hex(signPieces(seed, [fromHex('af'), fromHex('82')], streamed))).toBe(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    );
  });

  it('signs as node:crypto does, and takes what node:crypto signs', () => {
    fc.assert(
      fc.property(seeds, pieces, (seed, each) => {
        const whole = signWith(seed, Buffer.concat(each));
        expect(hex(signPieces(seed, each, streamed))).toBe(hex(whole));
        expect(verifyPieces(rawPublicKey(seed), each, whole, streamed)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('refuses any single changed bit, as node:crypto does', () => {
    fc.assert(
      fc.property(seeds, pieces, fc.nat(511), (seed, each, bit) => {
        const changed = signWith(seed, Buffer.concat(each)).map((octet, at) =>
          at === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet,
        );
        const key = rawPublicKey(seed);
        expect([verifyPieces(key, each, changed, streamed), verifyPieces(key, each, changed)]).toEqual([false, false]);
      }),
      { numRuns: 15 },
    );
  });

  it('refuses a scalar half with the group order added (section 6)', () => {
    const seed = new Uint8Array(32).fill(7);
    const signature = signWith(seed, fromHex('00'));
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const scalar = BigInt(`0x${hex(Uint8Array.from(signature.subarray(32)).reverse())}`) + order;
    const raised = fromHex(
      hex(signature.subarray(0, 32)) + hex(fromHex(scalar.toString(16).padStart(64, '0')).reverse()),
    );
    for (const most of [streamed, 1000])
      expect(verifyPieces(rawPublicKey(seed), [fromHex('00')], raised, most)).toBe(false);
  });

  it('refuses a key that is no point of the curve', () => {
    const key = fromHex(`02${'00'.repeat(31)}`);
    for (const most of [streamed, 1000])
      expect(verifyPieces(key, [fromHex('00')], new Uint8Array(64), most)).toBe(false);
  });
});
