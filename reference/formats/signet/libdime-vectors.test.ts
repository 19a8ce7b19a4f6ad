import { describe, expect, it } from 'vitest';
import { ArmorError, decodeArmor, encodeArmor } from '../armor.js';
import {
  encryptionKeyOf,
  type FingerprintKind,
  fingerprintOf,
  fingerprintText,
  parseKeys,
  parseSignet,
  purposes,
  SignetError,
  serializeKeys,
  serializeSignet,
  signingKeyOf,
  signingKeysFor,
  structureOf,
  validateOctets,
} from './index.js';
import {
  fromBase64,
  fromHex,
  hex,
  inputOctets,
  type LibdimeVector,
  libdimeVectors,
  named,
} from './vectors.test-support.js';

const { cases, keys, signets } = libdimeVectors;

/** Where the digest has another reading than what libdime does: what we do, and why. */
const otherReadings: Readonly<Record<number, { refused?: string; state?: string; encryptionKeyUsable?: false }>> = {
  18: { encryptionKeyUsable: false }, // uncompressed points are refused (SIG-037, OQ-25); the signet stays as it is (4.4)
  19: { state: 'invalid' }, // RFC 8032 demands a scalar half below the group order (section 5.1)
  20: { refused: 'SIG-020' }, // octets behind field 255 (OQ-32)
  23: { state: 'signing-request' }, // field 4 is the custody signature, not field 5 (OQ-27, SIG-060)
  24: { refused: 'SIG-013' }, // a second field 5 does not load, which as a state is malformed too (OQ-32)
  29: { state: 'invalid' }, // the self-signature of a user signet is verified (OQ-28, SIG-056)
  33: { refused: 'SIG-020' }, // as 20
};

const types: Readonly<Record<string, string>> = { org: 'organization', user: 'user', ssr: 'signing-request' };
const states: Readonly<Record<string, string>> = {
  'broken-coc': 'broken-chain',
  ssr: 'signing-request',
  crypto: 'cryptographic',
  full: 'full',
  id: 'identifiable',
};
const kinds = { ssr: 'signing-request', crypto: 'cryptographic', full: 'full', id: 'identifiable' } as const;

function refusal(vector: LibdimeVector): SignetError | ArmorError {
  try {
    parseSignet('dime-2015', inputOctets(vector));
  } catch (error) {
    if (error instanceof SignetError || error instanceof ArmorError) return error;
    throw error;
  }
  throw new Error(`tcId ${vector.tcId} was read`);
}

function validated(vector: LibdimeVector): string {
  const { organisation, previous, recordKeys } = vector.context;
  return validateOctets('dime-2015', inputOctets(vector), {
    ...(organisation === undefined ? {} : { organization: fromBase64(named(signets, organisation)) }),
    ...(previous === undefined ? {} : { previous: fromBase64(named(signets, previous)) }),
    ...(recordKeys === undefined ? {} : { primaryKeys: recordKeys.map(fromHex) }),
  }).state;
}

describe('what libdime was seen to do', () => {
  it.each(cases)('tcId $tcId: $comment', (vector) => {
    const { tcId, expected } = vector;
    const other = otherReadings[tcId] ?? {};
    if (expected.parse === 'error') {
      expect(refusal(vector).requirement).toMatch(/^SIG-0\d\d$/);
      return;
    }
    if (other.refused !== undefined) {
      expect(refusal(vector).requirement).toBe(other.refused);
      expect(validated(vector)).toBe('malformed');
      return;
    }
    const octets = inputOctets(vector);
    const signet = parseSignet('dime-2015', octets);
    expect(serializeSignet(signet)).toEqual(octets);
    expect(signet.type).toBe(types[expected.type]);
    expect(
      [...signet.fields].map(({ id, name, data }) => ({ id, data: hex(data), ...(name && { name: text(name) }) })),
    ).toEqual(expected.fields);
    expect(text(signet.fields.first(254)?.data)).toBe(expected.signetId);
    expect(fingerprints(signet)).toEqual(expected.fingerprints);
    expect(hexOrNull(signingKeyOf(signet))).toBe(expected.signingKey);
    expect(encryptionKeyOf(signet) !== null).toBe(other.encryptionKeyUsable ?? expected.encryptionKeyUsable);
    for (const purpose of purposes) {
      expect(signingKeysFor(signet, purpose).map(hex)).toEqual(expected.signingKeysByPurpose?.[purpose] ?? []);
    }
    expect(structureOf(signet)).toBe(states[expected.structure] ?? expected.structure);
    expect(validated(vector)).toBe(other.state ?? states[expected.state] ?? expected.state);
    if (expected.binary !== undefined) expect(octets).toEqual(fromBase64(expected.binary));
  });

  it('has a vector for every listed difference, and one that libdime takes', () => {
    for (const id of Object.keys(otherReadings)) {
      expect(cases.find(({ tcId }) => tcId === Number(id))?.expected.parse).toBe('ok');
    }
  });

  it.each(Object.entries(keys))('key file of %s', (_, key) => {
    const octets = decodeArmor(key.armoredKey).data;
    const parsed = parseKeys('dime-2015', octets);
    expect(parsed).toEqual({
      profile: 'dime-2015',
      type: types[key.type],
      signingPrivate: fromHex(key.signingPrivate),
      signingPublic: fromHex(key.signingPublic),
      encryptionPrivate: fromHex(key.encryptionPrivate),
      encryptionPublic: fromHex(key.encryptionPublic),
    });
    expect(serializeKeys(parsed)).toEqual(octets);
    const label = key.type === 'org' ? 'ORGANIZATIONAL KEY' : 'USER KEY';
    expect(encodeArmor(label, octets)).toBe(key.armoredKey);
  });
});

function fingerprints(signet: Parameters<typeof fingerprintOf>[0]): Record<string, string | null> {
  const one = (kind: FingerprintKind): string | null => {
    try {
      return fingerprintText(fingerprintOf(signet, kind));
    } catch (error) {
      if (error instanceof SignetError) return null;
      throw error;
    }
  };
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, one(kind)]));
}

function text(octets: Uint8Array | undefined): string | null {
  return octets === undefined ? null : Buffer.from(octets).toString();
}

function hexOrNull(octets: Uint8Array | null): string | null {
  return octets === null ? null : hex(octets);
}
