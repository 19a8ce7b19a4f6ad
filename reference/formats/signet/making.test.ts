import { describe, expect, it } from 'vitest';
import {
  createOrganizationSignet,
  createSigningRequest,
  detectProfiles,
  type FieldValue,
  keysOf,
  type PrivateKeys,
  type Profile,
  parseSignet,
  purposes,
  SignetError,
  type SigningOptions,
  secondaryKeysOf,
  signingKeysFor,
  signSignet,
  splitSignet,
  validateSignet,
} from './index.js';
import { fromBase64, fromHex, inputOctets, libdimeVectors, named, primeVectors } from './vectors.test-support.js';

const libdimeKeys = (name: string): PrivateKeys => keysFrom('dime-2015', libdimeVectors.keys, name);
const primeKeys = (name: string): PrivateKeys => keysFrom('prime', primeVectors.keys, name);
const libdimeSignet = (name: string) => parseSignet('dime-2015', fromBase64(named(libdimeVectors.signets, name)));
const vector = (file: { readonly cases: readonly (typeof primeVectors.cases)[number][] }, tcId: number): Uint8Array => {
  const found = file.cases.find((one) => one.tcId === tcId);
  if (found === undefined) throw new Error(`no tcId ${tcId}`);
  return inputOctets(found);
};
const libdimeVector = (tcId: number): Uint8Array => vector(libdimeVectors as never, tcId);
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

function keysFrom(profile: Profile, keys: typeof primeVectors.keys, name: string): PrivateKeys {
  const { type, signingPrivate, encryptionPrivate } = named(keys, name);
  return keysOf(profile, type === 'org' ? 'organization' : 'user', fromHex(signingPrivate), fromHex(encryptionPrivate));
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof SignetError) return `${error.code} ${error.requirement}`;
    throw error;
  }
  throw new Error('it was made');
}

describe('with its keys, what libdime made comes out octet by octet', () => {
  const organization = libdimeKeys('org');
  const user = libdimeKeys('user');
  const { signingPrivate } = organization;
  const fields: FieldValue[] = [
    { id: 251, name: utf8('ab'), data: utf8('cde') },
    { id: 16, data: utf8('Lavabit LLC') },
  ];

  it('an organizational signet (tcId 1, 2)', () => {
    expect(createOrganizationSignet(organization).octets).toEqual(libdimeVector(1));
    const made = createOrganizationSignet(organization, { as: 'identifiable', fields, identifier: 'darkmail.info' });
    expect(made.octets).toEqual(libdimeVector(2));
    expect(splitSignet(made, 'cryptographic').octets).toEqual(libdimeVector(1));
  });

  it('an organizational signet with secondary keys (tcId 3)', () => {
    const secondaryKeys = (['signet', 'message'] as const).map((purpose) => ({
      key: libdimeKeys(`sok-${purpose}`).signingPublic,
      purposes: [purpose],
    }));
    const details = { fields: fields.slice(1), identifier: 'darkmail.info' };
    const made = createOrganizationSignet(organization, { as: 'identifiable', secondaryKeys, ...details });
    expect(made.octets).toEqual(libdimeVector(3));
    expect(secondaryKeysOf(made)).toEqual(secondaryKeys);
  });

  it('a signing request (tcId 22) and the user signets of it (tcId 25, 26)', () => {
    const request = createSigningRequest(user);
    expect(request.octets).toEqual(libdimeVector(22));
    const cryptographic = signSignet(request, { signingPrivate, as: 'cryptographic' });
    expect(cryptographic.octets).toEqual(libdimeVector(25));
    for (const from of [request, cryptographic]) {
      const made = signSignet(from, { signingPrivate, as: 'identifiable', identifier: 'ivan@darkmail.info' });
      expect(made.octets).toEqual(libdimeVector(26));
    }
  });

  it('a request and a signet after a key rotation (tcId 23, 30)', () => {
    const previous = libdimeSignet('previousUser');
    const request = createSigningRequest(libdimeKeys('userNew'), {
      previous: { signingPrivate: user.signingPrivate, signet: previous },
    });
    expect(request.octets).toEqual(libdimeVector(23));
    const options = { signingPrivate, as: 'identifiable', identifier: 'ivan@darkmail.info' } as const;
    expect(signSignet(request, { ...options, previous }).octets).toEqual(libdimeVector(30));
    expect(signSignet(request, { ...options, trustCustody: true }).octets).toEqual(libdimeVector(30));
    expect(refusal(() => signSignet(request, options))).toBe('broken-chain SIG-059');
    expect(refusal(() => signSignet(request, { ...options, previous: libdimeSignet('unrelatedUser') }))).toBe(
      'broken-chain SIG-058',
    );
  });
});

describe('with its keys, what PRIME made comes out octet by octet', () => {
  const { signingPrivate } = primeKeys('org');
  const user = primeKeys('user');

  it('an organizational signet (tcId 10), a request (15) and a user signet (12)', () => {
    expect(createOrganizationSignet(primeKeys('org')).octets).toEqual(vector(primeVectors, 10));
    const request = createSigningRequest(user);
    expect(request.octets).toEqual(vector(primeVectors, 15));
    expect(signSignet(request, { signingPrivate, as: 'cryptographic' }).octets).toEqual(vector(primeVectors, 12));
  });

  it('a request and a signet after a key rotation (tcId 16, 19)', () => {
    const previous = parseSignet('prime', vector(primeVectors, 12));
    const before = { signingPrivate: user.signingPrivate, signet: previous };
    const request = createSigningRequest(primeKeys('userNew'), { previous: before });
    expect(request.octets).toEqual(vector(primeVectors, 16));
    const made = signSignet(request, { signingPrivate, as: 'cryptographic', previous });
    expect(made.octets).toEqual(vector(primeVectors, 19));
  });

  it('has cryptographic signets only (section 11.4)', () => {
    const request = createSigningRequest(user);
    expect(refusal(() => signSignet(request, { signingPrivate, as: 'full' }))).toBe('not-in-profile undefined');
    const secondaryKeys = [{ key: user.signingPublic, purposes: [] }];
    expect(refusal(() => createOrganizationSignet(primeKeys('org'), { secondaryKeys }))).toBe('not-in-profile SIG-031');
  });
});

describe('signing again', () => {
  const { signingPrivate } = libdimeKeys('org');
  const primaryKeys = [libdimeKeys('org').signingPublic];
  const signet = libdimeSignet('org');

  it('as it was changes nothing', () => {
    expect(signSignet(signet, { signingPrivate, as: 'identifiable' }).octets).toEqual(signet.octets);
  });

  it('with a new field drops the signatures above and makes them anew (OQ-40)', () => {
    const fields = [{ id: 16, data: utf8('another name') }];
    const full = signSignet(signet, { signingPrivate, as: 'full', fields });
    expect([...full.fields].map(({ id }) => id)).toEqual([1, 3, 4, 16, 251, 253]);
    expect(validateSignet(full, { primaryKeys }).state).toBe('full');
    const whole = signSignet(signet, { signingPrivate, as: 'identifiable', fields });
    expect(validateSignet(whole, { primaryKeys }).state).toBe('identifiable');
    expect(Buffer.from(whole.fields.first(16)?.data ?? []).toString()).toBe('another name');
    expect(Buffer.from(whole.fields.first(254)?.data ?? []).toString()).toBe('darkmail.info');
  });

  it('lets each signature come from another qualified key (SIG-055)', () => {
    const organization = libdimeSignet('orgWithSecondaryKeys');
    const second = libdimeKeys('sok-signet').signingPrivate;
    const request = createSigningRequest(libdimeKeys('user'));
    const lower = signSignet(request, { signingPrivate, as: 'cryptographic', organization });
    const higher = signSignet(lower, { signingPrivate: second, as: 'full', organization });
    expect(validateSignet(higher, { organization }).state).toBe('full');
    expect(validateSignet(higher, { organization: signet }).state).toBe('invalid');
  });
});

describe('nothing is signed that a verifier would refuse', () => {
  const organization = libdimeSignet('orgWithSecondaryKeys');
  const { signingPrivate } = libdimeKeys('org');
  const signet = libdimeSignet('org');
  const request = createSigningRequest(libdimeKeys('user'));
  const another = libdimeKeys('org2').signingPrivate;
  const field = (id: number, data = utf8('x')): Partial<SigningOptions> => ({ fields: [{ id, data }] });
  it.each<[string, string, typeof signet, Partial<SigningOptions>]>([
    ['an organizational signet with another key', 'bad-key SIG-042', signet, { signingPrivate: another }],
    [
      'a user signet with a key of another organization',
      'bad-key SIG-043',
      request,
      { signingPrivate: another, organization },
    ],
    [
      'a user signet with a key for messages',
      'bad-key SIG-043',
      request,
      { signingPrivate: libdimeKeys('sok-message').signingPrivate, organization },
    ],
    ['an identifiable signet without identifier', 'missing-field SIG-045', request, { as: 'identifiable' }],
    ['a text that is no UTF-8', 'bad-text SIG-085', signet, field(16, Uint8Array.of(0xff))],
    [
      'an identifier with half a surrogate pair',
      'bad-text SIG-085',
      signet,
      { as: 'identifiable', identifier: '\ud800' },
    ],
    ['a field without a meaning', 'unnamed-field SIG-018', signet, field(30)],
    ['a key among the informational fields', 'forbidden-field SIG-015', signet, field(2)],
    ['a field of the other kind of signet', 'unnamed-field SIG-018', signet, field(93)],
    [
      'a unique field twice',
      'repeated-field SIG-013',
      signet,
      { fields: [16, 16].map((id) => ({ id, data: utf8('x') })) },
    ],
    [
      'a text longer than its length octet can say',
      'bad-size SIG-007',
      signet,
      field(16, new Uint8Array(256).fill(0x61)),
    ],
    ['an undefined field without a name', 'empty-name SIG-009', signet, field(251)],
    [
      'a name for a field that has one',
      'forbidden-field SIG-009',
      signet,
      { fields: [{ id: 16, name: utf8('x'), data: utf8('x') }] },
    ],
    ['fields in the cryptographic form', 'forbidden-field SIG-047', signet, { as: 'cryptographic', ...field(16) }],
  ])('%s: %s', (_, expected, from, options) => {
    expect(refusal(() => signSignet(from, { signingPrivate, as: 'full', ...options }))).toBe(expected);
  });

  it('a request whose self-signature or encryption key is wrong (SIG-046)', () => {
    const changed = new Uint8Array(request.octets);
    changed[changed.length - 40] = (changed.at(-40) ?? 0) ^ 1;
    const sign = (octets: Uint8Array) => signSignet(parseSignet('dime-2015', octets), { signingPrivate, as: 'full' });
    expect(refusal(() => sign(changed))).toBe('bad-signature SIG-039');
    const { signingPrivate: seed, ...rest } = libdimeKeys('user');
    const bad = createSigningRequest({
      ...rest,
      signingPrivate: seed,
      encryptionPublic: new Uint8Array(33).fill(0xff).fill(2, 0, 1),
    });
    expect(refusal(() => sign(bad.octets))).toBe('bad-key SIG-036');
  });

  it('an alternate key in dime-2015, whose two tables disagree (OQ-21); the others take it', () => {
    const alternateKeys = [libdimeKeys('org').encryptionPublic];
    expect(refusal(() => createSigningRequest(libdimeKeys('user'), { alternateKeys }))).toBe('not-in-profile OQ-21');
    const keys: PrivateKeys = { ...libdimeKeys('user'), profile: 'dime-2015-magma' };
    const made = signSignet(createSigningRequest(keys, { alternateKeys }), { signingPrivate, as: 'full' });
    expect(made.fields.all(3).map(({ data }) => data)).toEqual(alternateKeys);
    expect(detectProfiles(made.octets)).toEqual(['dime-2015-magma']);
  });

  it('custody by a key that is not the one of the previous signet (SIG-040)', () => {
    const previous = { signingPrivate: another, signet: libdimeSignet('previousUser') };
    expect(refusal(() => createSigningRequest(libdimeKeys('userNew'), { previous }))).toBe('broken-chain SIG-040');
  });
});

describe('keys by purpose', () => {
  const keys: PrivateKeys = { ...libdimeKeys('org'), profile: 'dime-2015-magma' };
  const other = libdimeKeys('org2').signingPublic;

  it('has the primary key for everything and first, a secondary key for what all its bits allow (SIG-033, SIG-034)', () => {
    const organization = createOrganizationSignet(keys, {
      secondaryKeys: [{ key: other, purposes: ['tls', 'software'] }],
    });
    for (const purpose of purposes) expect(signingKeysFor(organization, purpose)[0]).toEqual(keys.signingPublic);
    expect(signingKeysFor(organization, 'tls', 'software')).toEqual([keys.signingPublic, other]);
    expect(signingKeysFor(organization, 'tls', 'signet')).toEqual([keys.signingPublic]);
  });

  it('ignores the bits that mean nothing (section 4.2)', () => {
    const organization = createOrganizationSignet(keys, { secondaryKeys: [{ key: other, purposes: ['tls'] }] });
    const changed = new Uint8Array(organization.octets);
    const offset = (organization.fields.first(2)?.offset ?? 0) + 2;
    changed[offset] = (changed[offset] ?? 0) | 0xf0;
    expect(secondaryKeysOf(parseSignet('dime-2015-magma', changed))).toEqual([{ key: other, purposes: ['tls'] }]);
  });
});
