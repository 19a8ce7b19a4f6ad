/** The model of published signets against objects that libdime made. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { custodyOf, fingerprintsOf, formOf, readSignet } from './dmtp-signets.js';
import { fieldsOctets, magics, type Octets, objectOf } from './signet-builder.js';

interface Vectors {
  /** In base64. */
  readonly signets: Readonly<Record<'org' | 'otherOrg' | 'previousUser' | 'unrelatedUser', string>>;
  readonly cases: readonly {
    readonly tcId: number;
    readonly input: { readonly data: string };
    readonly expected: {
      readonly fingerprints?: { readonly crypto: string; readonly full: string; readonly id: string };
    };
  }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../fixtures/signets-libdime.json', import.meta.url), 'utf8'),
);
const known = (name: keyof Vectors['signets']): Octets => new Uint8Array(Buffer.from(vectors.signets[name], 'base64'));
const identified = (tcId: number): Octets =>
  new Uint8Array(Buffer.from(vectors.cases.find((each) => each.tcId === tcId)?.input.data ?? '', 'base64'));

/** The same signet through field 253. */
function fullOf(octets: Octets): Octets {
  const { kind, fields } = readSignet(octets);
  const kept = fields.filter(({ id }) => id <= 253);
  return objectOf(magics[kind], fieldsOctets('dime-2015', kind, kept));
}

/** Of an organization, with an undefined field; of a user, bound to the one before. */
const samples = [2, 30];

describe('the fingerprints of a signet', () => {
  it.each(samples)('of vector %i are those that libdime computes', (tcId) => {
    const whole = identified(tcId);
    const { crypto, full, id } = vectors.cases.find((each) => each.tcId === tcId)?.expected.fingerprints ?? {};
    expect(Object.fromEntries(fingerprintsOf(fullOf(whole), whole).map(({ form, text }) => [form, text]))).toEqual({
      cryptographic: crypto,
      full,
      identifiable: id,
    });
    expect(fingerprintsOf(fullOf(whole), null).map(({ form }) => form)).toEqual(['full', 'cryptographic']);
  });
});

describe('the form of a signet that is given', () => {
  it.each(samples)('of vector %i is full or identifiable, and that of another signet neither', (tcId) => {
    const whole = identified(tcId);
    const full = fullOf(whole);
    expect(formOf(full, full, whole)).toBe('full');
    expect(formOf(whole, full, whole)).toBe('identifiable');
    expect(formOf(whole, full, null)).toBe('identifiable');
    const other = whole.map((octet, at) => (at === 10 ? octet ^ 1 : octet));
    expect(formOf(other, full, whole)).toBeNull();
    expect(formOf(other, full, null)).toBeNull();
    expect(formOf(full.subarray(0, -1), full, null)).toBeNull();
  });
});

describe('custody', () => {
  it('binds the signet of a user to the one before, and both to the organization', () => {
    const bound = identified(30);
    expect(custodyOf([known('previousUser'), bound], known('org'))).toBeNull();
    expect(custodyOf([known('unrelatedUser'), bound], known('org'))).toBe(
      'signet 2 is not signed with the key before it',
    );
    expect(custodyOf([bound, known('previousUser')], known('org'))).toBe(
      'signet 2 is not signed with the key before it',
    );
    expect(custodyOf([bound], known('otherOrg'))).toBe('signature 6 of signet 1 is not that of the organization');
  });

  it('is none where a signet is no whole one', () => {
    expect(() => custodyOf([identified(30).subarray(0, -3)], known('org'))).toThrow(RangeError);
  });
});
