import { describe, expect, it } from 'vitest';
import { compressedPoint, isCompressedPoint, isScalar } from './secp256k1.js';
import { fromHex, hex } from './vectors.test-support.js';

const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
const generatorX = '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798';
const generatorY = '483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8';

// Section 13 of the signets digest: the range checks of magma's self-tests.
describe('a private key', () => {
  it.each([
    ['1', '1'.padStart(64, '0'), true],
    ['the order less 1', order.replace(/41$/, '40'), true],
    ['0', '0'.repeat(64), false],
    ['the order', order, false],
    ['the order and 1', order.replace(/41$/, '42'), false],
    ['all ones', 'f'.repeat(64), false],
    ['33 octets', `00${'1'.padStart(64, '0')}`, false],
  ])('%s: %s, %s', (_, scalar, good) => {
    expect(isScalar(fromHex(scalar))).toBe(good);
    if (!good) expect(() => compressedPoint(fromHex(scalar))).toThrow(RangeError);
  });
});

describe('a public key', () => {
  it.each([
    ['the compressed generator', `02${generatorX}`, true],
    ['its negative', `03${generatorX}`, true],
    ['all zero', '00'.repeat(33), false],
    ['02 with x = 0', `02${'00'.repeat(32)}`, false],
    ['03 with x = 0', `03${'00'.repeat(32)}`, false],
    ['02 with all ones', `02${'ff'.repeat(32)}`, false],
    ['03 with all ones', `03${'ff'.repeat(32)}`, false],
    ['34 octets', `02${generatorX}00`, false],
    ['an uncompressed point (SIG-037)', `04${generatorX}${generatorY}`, false],
    ['a format octet 04 (OQ-25)', `04${generatorX}`, false],
  ])('%s: %s, %s', (_, point, good) => {
    expect(isCompressedPoint(fromHex(point))).toBe(good);
  });

  it('of the scalar 1 is the generator', () => {
    expect(hex(compressedPoint(fromHex('1'.padStart(64, '0'))))).toBe(`02${generatorX}`);
  });
});
