import { describe, expect, it } from 'vitest';
import { checksumText } from '../armor.js';
import {
  detectProfiles,
  type FingerprintKind,
  fingerprintOf,
  fingerprintText,
  keysOf,
  parseKeys,
  parseSignet,
  serializeKeys,
  serializeSignet,
  signedOctets,
  signingKeyOf,
  validateSignet,
} from './index.js';
import { fromBase64, fromHex, hex, magmaSamples } from './vectors.test-support.js';

const { objects, keys } = magmaSamples;
const sample = (name: string) => {
  const found = objects.find((object) => object.name === name);
  if (found === undefined) throw new Error(`no sample ${name}`);
  return parseSignet(found.profile, fromBase64(found.data));
};

// Section 13 of the signets digest: SIG-096.
describe.each(objects)("magma's sample $name", ({ profile, data, checksum, fields, fingerprints }) => {
  const octets = fromBase64(data);
  const signet = parseSignet(profile, octets);

  it('is told apart, read and written again', () => {
    expect(detectProfiles(octets)).toEqual([profile]);
    expect(serializeSignet(signet)).toEqual(octets);
    expect(checksumText(octets)).toBe(checksum);
  });

  it('has its fields where the table of the digest has them', () => {
    const places = [...signet.fields].map(({ id, offset, data: { length } }) => [id, offset - 5, length]);
    expect(places).toEqual(fields);
  });

  it('has the fingerprints of the table', () => {
    for (const [kind, text] of Object.entries(fingerprints)) {
      expect(fingerprintText(fingerprintOf(signet, kind as FingerprintKind))).toBe(text);
    }
  });
});

describe("magma's samples together", () => {
  const organization = sample('organizational signet');
  const user = sample('user signet');

  it('validate', () => {
    const primaryKeys = [fromHex(keys.organization?.public ?? '')];
    expect(validateSignet(organization, { primaryKeys }).state).toBe('identifiable');
    expect(validateSignet(user, { organization }).state).toBe('identifiable');
    expect(validateSignet(sample('SSR')).state).toBe('signing-request');
  });

  it('are signed over the octets that the digest counts', () => {
    const covered = (signet: typeof user, ids: number[]) => ids.map((id) => signedOctets(signet, id).length);
    expect(covered(sample('SSR'), [5])).toEqual([70]);
    expect(covered(user, [6, 253, 255])).toEqual([135, 218, 301]);
    expect(covered(organization, [4, 253, 255])).toEqual([70, 212, 290]);
  });

  it('belong to the key file of the organization', () => {
    expect(hex(signingKeyOf(organization) ?? new Uint8Array())).toBe(keys.organization?.public);
  });
});

describe("magma's sample keys", () => {
  it.each(Object.entries(keys))('%s', (type, { data, checksum, seed, scalar, public: publicKey }) => {
    for (const profile of ['dime-2015-magma', 'prime'] as const) {
      const made = keysOf(profile, type === 'user' ? type : 'organization', fromHex(seed), fromHex(scalar));
      expect(hex(made.signingPublic)).toBe(publicKey);
      const octets = serializeKeys(made);
      expect(checksumText(octets)).toBe(checksum);
      if (data !== undefined) expect(octets).toEqual(fromBase64(data));
      expect(parseKeys(profile, octets)).toEqual(made);
      expect(detectProfiles(octets)).toEqual(['dime-2015-magma', 'prime']);
    }
  });
});
