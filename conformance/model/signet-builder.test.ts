/** The builder against objects that other implementations made: libdime, magma's self-tests, and PRIME. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  encryptionKey,
  fingerprint,
  type Identity,
  organizationFields,
  type Profile,
  requestFields,
  secondaryKeyField,
  signetOctets,
  signingKey,
  userFields,
  utf8,
  verifies,
  withGroupOrderAdded,
} from './signet-builder.js';
import { armored, checksum, crc24, decryptedPlain, keyPlain, keysOctets, primeKeyFields } from './signet-keys.js';

interface Keys {
  readonly signingPrivate: string;
  readonly signingPublic: string;
  readonly encryptionPrivate: string;
  readonly encryptionPublic: string;
  readonly type: 'org' | 'user';
  readonly armoredKey: string;
}

interface Vectors {
  readonly keys: Readonly<Record<string, Keys>>;
  readonly signets: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly tcId: number;
    readonly input: { readonly data: string };
    readonly context?: { readonly realmKey?: string };
    readonly expected: Readonly<Record<string, unknown>>;
  }[];
}

const read = <Content>(name: string): Content =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8')) as Content;
const libdime = read<Vectors>('signets-libdime');
const primeVectors = read<Vectors>('signets-prime');
const magma = read<{
  readonly objects: readonly { readonly data: string; readonly checksum: string }[];
  readonly keys: { readonly organization: { readonly data: string; readonly seed: string; readonly scalar: string } };
}>('signets-magma');

const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const identity = (seed: string, scalar: string): Identity => ({
  signing: signingKey(fromHex(seed)),
  encryption: encryptionKey(fromHex(scalar)),
});

function keysIn(vectors: Vectors, name: string): Identity {
  const keys = vectors.keys[name];
  if (keys === undefined) throw new Error(`the vectors have keys ${name}`);
  return identity(keys.signingPrivate, keys.encryptionPrivate);
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');

describe.each<readonly [Profile, Vectors]>([
  ['dime-2015', libdime],
  ['prime', primeVectors],
])('%s', (profile, vectors) => {
  test.each(Object.entries(vectors.keys))('keys %s have their public halves and their armored object', (name, keys) => {
    const { signing, encryption } = keysIn(vectors, name);
    expect(Buffer.from(signing.publicKey).toString('hex')).toBe(keys.signingPublic);
    expect(Buffer.from(encryption.point).toString('hex')).toBe(keys.encryptionPublic);
    const type = keys.type === 'org' ? 'organization' : 'user';
    const object = keysOctets(profile, type, { signing, encryption });
    expect(armored(type === 'user' ? 'USER KEY' : 'ORGANIZATIONAL KEY', object)).toBe(keys.armoredKey);
  });
});

describe('signets of libdime come out octet by octet', () => {
  const details = [{ id: 16, data: utf8('Lavabit LLC') }];
  const organization = keysIn(libdime, 'org');

  test('cryptographic', () => {
    const fields = organizationFields('dime-2015', organization);
    expect(base64(signetOctets('dime-2015', 'organization', fields))).toBe(libdime.cases[0]?.input.data);
    const text = base64(fingerprint('dime-2015', 'organization', fields, 4)).replace(/=+$/, '');
    expect(libdime.cases[0]?.expected.fingerprints).toMatchObject({ crypto: text });
  });

  test('identifiable, with an undefined field', () => {
    const fields = organizationFields('dime-2015', organization, {
      form: 'identifiable',
      details: [...details, { id: 251, name: utf8('ab'), data: utf8('cde') }],
      identifier: 'darkmail.info',
    });
    expect(base64(signetOctets('dime-2015', 'organization', fields))).toBe(libdime.signets.org);
  });

  test('with secondary keys', () => {
    const secondary = [
      secondaryKeyField(1, keysIn(libdime, 'sok-signet').signing),
      secondaryKeyField(2, keysIn(libdime, 'sok-message').signing),
    ];
    const parts = { secondary, details, form: 'identifiable', identifier: 'darkmail.info' } as const;
    const fields = organizationFields('dime-2015', organization, parts);
    expect(base64(signetOctets('dime-2015', 'organization', fields))).toBe(libdime.signets.orgWithSecondaryKeys);
  });
});

describe('signets of PRIME come out octet by octet', () => {
  const organization = keysIn(primeVectors, 'org');
  const user = keysIn(primeVectors, 'user');

  test('of an organization and of a user', () => {
    const ours = organizationFields('prime', organization);
    expect(base64(signetOctets('prime', 'organization', ours))).toBe(primeVectors.signets.organisation);
    const theirs = userFields('prime', user, { signer: organization.signing });
    expect(base64(signetOctets('prime', 'user', theirs))).toBe(primeVectors.signets.user);
  });

  test('a request with custody, as PRIME reads it', () => {
    const previous = user.signing;
    const fields = requestFields('prime', keysIn(primeVectors, 'userNew'), { previous });
    const made = base64(signetOctets('prime', 'signing-request', fields));
    expect(primeVectors.cases.map(({ input }) => input.data)).toContain(made);
  });
});

describe('the objects of magma', () => {
  test.each(magma.objects)('have the checksum $checksum', ({ data, checksum: known }) => {
    expect(checksum(new Uint8Array(Buffer.from(data, 'base64')))).toBe(known);
  });

  test('have the keys of an organization among them', () => {
    const { data, seed, scalar } = magma.keys.organization;
    expect(base64(keysOctets('dime-2015-magma', 'organization', identity(seed, scalar)))).toBe(data);
  });
});

test('encrypted keys of PRIME decrypt to the key fields and their padding', () => {
  const vector = primeVectors.cases.find(({ tcId }) => tcId === 7);
  const realmKey = fromHex(vector?.context?.realmKey ?? '');
  const lines = (vector?.input.data ?? '').split('\n').filter((line) => /^[A-Za-z0-9+/]+=*$/.test(line));
  const opened = decryptedPlain(new Uint8Array(Buffer.from(lines.join(''), 'base64')), realmKey);
  expect(opened).toEqual({ magic: 1976, plain: keyPlain(primeKeyFields('user', keysIn(primeVectors, 'user'))) });
});

test('CRC-24 is that of RFC 4880', () => {
  // The check value of CRC-24/OPENPGP.
  expect(crc24(utf8('123456789'))).toBe(0x21cf02);
});

test('a signature with the group order added is another one, which does not hold', () => {
  const { signing } = keysIn(libdime, 'org');
  const fields = organizationFields('dime-2015', { signing, encryption: keysIn(libdime, 'org').encryption });
  const signature = fields.at(-1)?.data ?? new Uint8Array(64);
  const covered = signetOctets('dime-2015', 'organization', fields.slice(0, -1)).subarray(5);
  expect(verifies(signing.publicKey, covered, signature)).toBe(true);
  expect(verifies(signing.publicKey, covered, withGroupOrderAdded(signature))).toBe(false);
});
