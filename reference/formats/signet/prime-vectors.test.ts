import { describe, expect, it } from 'vitest';
import { ArmorError, armorLabelOf, encodeArmor } from '../armor.js';
import {
  decryptKeys,
  encryptionKeyOf,
  encryptKeys,
  fingerprintOf,
  parseKeys,
  parseSignet,
  SignetError,
  serializeKeys,
  serializeSignet,
  signingKeyOf,
  splitSignet,
  validateSignet,
} from './index.js';
import { fromBase64, fromHex, hex, inputOctets, named, primeVectors } from './vectors.test-support.js';

const { cases, signets } = primeVectors;

/** What PRIME takes and we refuse: the requirement. */
const refused: Readonly<Record<number, string>> = {
  30: 'SIG-012', // order is not checked there (OQ-37, SIG-092)
  31: 'SIG-012', // a second field 1 at the end: two objects with different octets would read as equal (OQ-37)
  33: 'SIG-020', // a zero octet ends the list there, so that unsigned octets can follow (row 30 of section 12)
  35: 'SIG-089', // group order added to the scalar half: RFC 8032 refuses it (section 5.1)
};
/** What PRIME cannot read and we can. */
const taken: readonly number[] = [
  15, // its parser demands the custody signature in every signing request (OQ-36, SIG-091)
];
/** PRIME drops fields that it does not know when it writes; we keep them, so that writing undoes reading. */
const dropped: readonly number[] = [32, 34];

const types: Readonly<Record<string, string>> = { org: 'organization', user: 'user', ssr: 'signing-request' };

function refusal(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof SignetError || error instanceof ArmorError) return error.requirement;
    throw error;
  }
  throw new Error('it was taken');
}

const of = (operation: string): typeof cases => cases.filter((vector) => vector.operation === operation);

describe('what PRIME was seen to do with key objects', () => {
  it.each(of('key'))('tcId $tcId: $comment', (vector) => {
    const { expected } = vector;
    if (expected.parse === 'error') {
      expect(refusal(() => parseKeys('prime', inputOctets(vector)))).toMatch(/^SIG-0\d\d$/);
      return;
    }
    const octets = inputOctets(vector);
    const { profile, type, ...parts } = parseKeys('prime', octets);
    expect([profile, type]).toEqual(['prime', types[expected.type ?? '']]);
    for (const [name, part] of Object.entries(parts)) expect(hex(part)).toBe(expected[name as keyof typeof parts]);
    expect(serializeKeys({ profile, type, ...parts })).toEqual(octets);
    expect(encodeArmor(armorLabelOf(octets) ?? '', octets)).toBe(expected.armored);
  });
});

describe('what PRIME was seen to do with encrypted keys', () => {
  it.each(of('encrypted-key'))('tcId $tcId: $comment', (vector) => {
    const octets = inputOctets(vector);
    const realmKey = fromHex(vector.context?.realmKey ?? '');
    if (vector.expected.decrypt === 'error') {
      expect(refusal(() => decryptKeys(octets, realmKey))).toBe('SIG-094');
      return;
    }
    const keys = decryptKeys(octets, realmKey);
    expect(keys.type).toBe(vector.expected.type);
    expect(hex(keys.signingPrivate)).toBe(vector.expected.signingPrivate);
    expect(hex(keys.encryptionPrivate)).toBe(vector.expected.encryptionPrivate);
    // With the same random vector (octets 6 to 21) the same object comes out.
    expect(encryptKeys(keys, realmKey, () => octets.subarray(6, 22))).toEqual(octets);
  });
});

describe('what PRIME was seen to do with signets and requests', () => {
  it.each(of('signet'))('tcId $tcId: $comment', (vector) => {
    const { tcId, expected } = vector;
    const other = refused[tcId];
    if (other !== undefined || (expected.parse === 'error' && !taken.includes(tcId))) {
      const requirement = refusal(() => parseSignet('prime', inputOctets(vector)));
      expect(requirement).toMatch(/^SIG-0\d\d$/);
      if (other !== undefined) expect(requirement).toBe(other);
      return;
    }
    const octets = inputOctets(vector);
    const signet = parseSignet('prime', octets);
    expect(serializeSignet(signet)).toEqual(octets);
    const fields = [...signet.fields].filter(({ id }) => id !== 251).map(({ id, data }) => ({ id, data: hex(data) }));
    expect(fields).toEqual(expected.fields);
    if (taken.includes(tcId)) return;
    expect(signet.type).toBe(types[expected.type ?? '']);
    expect(hex(signingKeyOf(signet) ?? new Uint8Array())).toBe(expected.signingKey);
    expect(hex(encryptionKeyOf(signet) ?? new Uint8Array())).toBe(expected.encryptionKey);
    if (expected.fingerprint !== undefined) {
      expect(hex(fingerprintOf(signet, 'cryptographic'))).toBe(expected.fingerprint);
    }
    if (typeof expected.serialized === 'string') {
      const written = (dropped.includes(tcId) ? splitSignet(signet, 'cryptographic') : signet).octets;
      expect(written).toEqual(fromBase64(expected.serialized));
      expect(encodeArmor(armorLabelOf(written) ?? '', written)).toBe(expected.armored);
    }
    const validator = vector.context?.validator;
    if (validator === undefined) {
      expect(validateSignet(signet).state).toMatch(/^(cryptographic|signing-request)$/);
    } else {
      const given = parseSignet('prime', fromBase64(named(signets, validator)));
      const context = given.type === 'organization' ? { organization: given } : { previous: given };
      const good = signet.type === 'user' ? 'cryptographic' : 'signing-request';
      const bad = given.type === 'organization' ? 'invalid' : 'broken-chain';
      expect(validateSignet(signet, context).state).toBe(expected.validValidator === true ? good : bad);
    }
  });

  it('has a vector for every listed difference, of the kind that is claimed', () => {
    const parse = (id: number): string | undefined => cases.find(({ tcId }) => tcId === id)?.expected.parse;
    expect([...Object.keys(refused).map(Number), ...dropped].map(parse)).toEqual(Array(6).fill('ok'));
    expect(taken.map(parse)).toEqual(['error']);
  });
});
