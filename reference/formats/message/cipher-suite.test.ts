import { describe, expect, it } from 'vitest';
import { cipherSuites, sharedX } from './index.js';
import { fromHex, hex } from './vectors.test-support.js';

/** Section 5.4: scalars, keys and X are those of magma's self-test of secp256k1. */
const scalar1 = fromHex('45'.padStart(64, '0'));
const point1 = fromHex('025edd5cc23c51e87a497ca815d5dce0f8ab52554f849ed8995de64c5f34ce7143');
const scalar2 = fromHex('0000000c562e65f1e2603616804cec8dc4bf8bc5c183bffa66acc6148edbecc3');
const point2 = fromHex('03a7f953b0fa3f407bbf37cec394800cceeadd0670c3f344524c347312f2c1da96');
const x = fromHex('97495184dc4de0a3dc614d15f699df6a8cb65a752434368fb7f1d2702c53ab19');

const counting = (from: number, octets: number): Uint8Array =>
  Uint8Array.from({ length: octets }, (_, at) => from + at);

describe('dime-2015, the worked example of section 5.4 (MSG-079)', () => {
  const suite = cipherSuites['dime-2015'];
  const kek = suite.kekOf(x);
  const secret = { vector: counting(0x10, 16), key: counting(0x20, 32) };
  const slot = fromHex(
    '4c5ae33a6b66ee11086da3bcea0ada6f8657c170c600a55643f59a61d8fff1f1b34c26c9a0af0f91f8bae2f34e03eba530f355a996af67e972f768726a6a70d8',
  );

  it('has one shared x, from either side', () => {
    expect(hex(sharedX(scalar1, point2) ?? new Uint8Array())).toBe(hex(x));
    expect(hex(sharedX(scalar2, point1) ?? new Uint8Array())).toBe(hex(x));
  });

  it('derives vector and key of the slots (MSG-034)', () => {
    expect(hex(kek.subarray(0, 16))).toBe('260794110f2213d3ff40373de5d9ab9b');
    expect(hex(kek.subarray(16))).toBe('2cf854290b891acfa4c0a9a57d73b2cfffacbd3af995510d849bb11b748cda70');
  });

  it('writes and reads the slot (MSG-038)', () => {
    expect(hex(suite.writeSlot(kek, secret, counting(0, 16)))).toBe(hex(slot));
    expect(suite.readSlot(kek, slot)).toEqual(secret);
  });

  it('keeps the leading zeros of x (MSG-035)', () => {
    const shared = sharedX(fromHex('5c'.padStart(64, '0')), point2);
    expect(hex(shared ?? new Uint8Array())).toBe('0018a42b7028c93f359b4008d1d02c1d7fa00cd7c85cf54b9020ea370ac4be46');
  });

  it('refuses a point that is not on the curve', () => {
    expect(sharedX(scalar1, fromHex(`02${'ff'.repeat(32)}`))).toBeNull();
  });
});

describe('prime, the example of section 12.4', () => {
  const suite = cipherSuites.prime;
  const secret = { key: counting(0x20, 32), vector: counting(0, 16) };

  it('has the key XOR the shared x as slot (MSG-085)', () => {
    const slot = suite.writeSlot(suite.kekOf(x), secret, new Uint8Array(16));
    expect(hex(slot)).toBe('b76873a7f868c684f448673edab4f145bc876846100100b88fc8e84b106e9526');
    expect(hex(suite.readSlot(suite.kekOf(x), slot).key)).toBe(hex(secret.key));
  });

  it('masks a signature with SHA512 of the key (MSG-091)', () => {
    // Of zero octets that is S itself.
    expect(hex(suite.encryptSignature(secret, new Uint8Array(64)))).toBe(
      '887af58a36202e05c4c1cfec5bf6c61fad66bca851536004074b31f1b56e4ac93d9c9fc20dc59e01fecab23063ef341b2d2d75c4e8e4fa1e9ba958658260e336',
    );
  });

  it('refuses a changed ciphertext, tag or vector (MSG-084)', () => {
    const payload = suite.encrypt(secret, counting(0, 32));
    expect(hex(suite.decrypt(secret, payload) ?? new Uint8Array())).toBe(hex(counting(0, 32)));
    for (const at of [0, 16, 32]) {
      const changed = payload.map((octet, place) => (place === at ? octet ^ 1 : octet));
      expect(suite.decrypt(secret, changed)).toBeNull();
    }
  });
});
