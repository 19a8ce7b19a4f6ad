import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { armorOperations } from './armor-operations.js';
import { keysOperations } from './keys-operations.js';
import { shapeError } from './schemas.js';
import { type ImmediateOperation, OperationRefusal, OperationUnsupported } from './serve.js';
import { signetOperations } from './signet-operations.js';

const operations: Readonly<Record<string, ImmediateOperation>> = {
  ...armorOperations,
  ...signetOperations,
  ...keysOperations,
};

/** Calls an operation as the protocol does: input and result have the shapes that their schemas ask for. */
function call(name: string, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  expect(shapeError(`${name}.input`, input)).toBeNull();
  const result = operations[name]?.(input) ?? {};
  expect(shapeError(`${name}.result`, result)).toBeNull();
  return result;
}

function refusalOf(name: string, input: Readonly<Record<string, unknown>>): OperationRefusal {
  expect(shapeError(`${name}.input`, input)).toBeNull();
  try {
    return expect.fail(`not refused: ${JSON.stringify(operations[name]?.(input))}`);
  } catch (error) {
    if (error instanceof OperationRefusal) return error;
    throw error;
  }
}

interface Sample {
  readonly data: string;
  readonly checksum: string;
  readonly fields: readonly (readonly [number, number, number])[];
  readonly fingerprints: Readonly<Record<string, string>>;
}
const { objects } = JSON.parse(
  readFileSync(new URL('../../../fixtures/signets-magma.json', import.meta.url), 'utf8'),
) as { readonly objects: readonly [Sample, Sample, Sample] };
const magma = 'dime-2015-magma';
const url = (base64: string): string => Buffer.from(base64, 'base64').toString('base64url');
const [request, user, organization] = objects;
const publicKey = (sample: Sample): string => Buffer.from(sample.data, 'base64').subarray(8, 40).toString('base64url');
const hexKey = (digit: string): string => Buffer.from(digit.repeat(64), 'hex').toString('base64url');

describe('signet.parse', () => {
  it.each([
    ['signing-request', request],
    ['user', user],
    ['organization', organization],
  ])('gives type and fields of the sample %s', (type, { data, fields }) => {
    const result = call('signet.parse', { profile: magma, data: url(data) });
    expect(result.type).toBe(type);
    const seen = result.fields as { readonly id: number; readonly data: string }[];
    expect(seen.map(({ id, data: octets }) => [id, Buffer.from(octets, 'base64url').length])).toEqual(
      fields.map(([id, , size]) => [id, size]),
    );
  });

  it('reads armor, and refuses what it refuses with the requirement', () => {
    const { text } = call('armor.encode', { label: 'USER SIGNET', data: url(user.data) });
    expect(call('signet.parse', { profile: magma, armored: text })).toMatchObject({ type: 'user' });
    const wrong = String(text).replace(`=${user.checksum}`, '=AAAA');
    expect(refusalOf('signet.parse', { profile: magma, armored: wrong })).toMatchObject({ requirement: 'SIG-076' });
  });

  it('refuses a truncated object with requirement and offset', () => {
    const data = Buffer.from(user.data, 'base64').subarray(0, -1).toString('base64url');
    expect(refusalOf('signet.parse', { profile: magma, data })).toMatchObject({ requirement: 'SIG-005', offset: 2 });
  });
});

describe('signet.validate', () => {
  it('gives the states of the samples', () => {
    const primaryKeys = [publicKey(organization)];
    expect(call('signet.validate', { profile: magma, data: url(organization.data), primaryKeys })).toEqual({
      state: 'identifiable',
    });
    expect(
      call('signet.validate', { profile: magma, data: url(user.data), organization: url(organization.data) }),
    ).toEqual({ state: 'identifiable' });
    expect(call('signet.validate', { profile: magma, data: url(request.data) })).toEqual({ state: 'signing-request' });
  });

  it('says why a state is no better', () => {
    const result = call('signet.validate', { profile: magma, data: url(user.data) });
    expect(result).toMatchObject({ state: 'unknown', reason: expect.stringContaining('organizational signet') });
  });
});

describe('signet.fingerprint', () => {
  it.each(
    objects.flatMap(({ data, fingerprints }) =>
      Object.entries(fingerprints).map(([kind, text]) => ({ kind, text, data: url(data) })),
    ),
  )('gives the published $kind one: $text', ({ kind, text, data }) => {
    expect(call('signet.fingerprint', { profile: magma, data, kind })).toEqual({ fingerprint: url(text) });
  });
});

describe('signet.generate and signet.sign', () => {
  it.each(['dime-2015', magma, 'prime'])('make a user signet of profile %s that is valid', (profile) => {
    const made = call('signet.generate', { profile, type: 'organization' });
    const asked = call('signet.generate', { profile, type: 'user' });
    const { signet } = call('signet.sign', {
      profile,
      signingRequest: asked.signingRequest,
      organizationKeys: made.keys,
      as: 'cryptographic',
    });
    const against = { organization: made.signet };
    expect(call('signet.validate', { profile, data: signet, ...against })).toEqual({ state: 'cryptographic' });
  });

  it('rotate a key when the previous signet is given to both', () => {
    const profile = 'dime-2015';
    const { keys: organizationKeys, signet: byOrganization } = call('signet.generate', {
      profile,
      type: 'organization',
      fields: [{ id: 2, data: Buffer.concat([Buffer.from([1, 0x40]), Buffer.alloc(32, 5)]).toString('base64url') }],
    });
    const before = call('signet.generate', { profile, type: 'user' });
    const as = 'identifiable';
    const sign = { profile, organizationKeys, as, identifier: 'alice@example.com' };
    const { signet: previous } = call('signet.sign', { ...sign, signingRequest: before.signingRequest });
    const next = call('signet.generate', { profile, type: 'user', previous: { signet: previous, keys: before.keys } });
    const wish = { ...sign, signingRequest: next.signingRequest };
    expect(refusalOf('signet.sign', wish)).toMatchObject({ requirement: 'SIG-059' });
    const { signet: data } = call('signet.sign', { ...wish, previous });
    expect(call('signet.validate', { profile, data, organization: byOrganization, previous })).toEqual({ state: as });
  });

  it('refuse fields that have no place there', () => {
    const user16 = { profile: magma, type: 'user', fields: [{ id: 16, data: 'QQ' }] };
    expect(refusalOf('signet.generate', user16)).toMatchObject({ requirement: 'SIG-017' });
    const bits = { profile: magma, type: 'organization', fields: [{ id: 2, data: hexKey('1') }] };
    expect(refusalOf('signet.generate', bits)).toMatchObject({ requirement: 'SIG-031' });
    const swapped = { profile: magma, signet: url(request.data), organizationKeys: { signingPrivate: hexKey('1') } };
    expect(refusalOf('signet.sign', { ...swapped, as: 'full' })).toMatchObject({ requirement: 'SIG-001' });
  });

  it('take an undefined field with a name that is no UTF-8', () => {
    const { keys, signet } = call('signet.generate', { profile: magma, type: 'organization' });
    const fields = [{ id: 251, name: 'größe', data: 'QQ' }];
    const made = call('signet.sign', { profile: magma, signet, organizationKeys: keys, as: 'full', fields });
    const seen = call('signet.parse', { profile: magma, data: made.signet }).fields;
    expect(seen).toContainEqual({ id: 251, name: 'größe', data: 'QQ' });
  });
});

describe('keys', () => {
  const realmKey = Buffer.alloc(64, 7).toString('base64url');

  it('are encrypted and decrypted in profile prime', () => {
    const object = Buffer.concat([
      Buffer.from('07dd0000440120', 'hex'),
      Buffer.alloc(32, 1),
      Buffer.from('0220', 'hex'),
      Buffer.alloc(32, 2),
    ]).toString('base64url');
    const { armored } = call('keys.encrypt', { profile: 'prime', data: object, realmKey });
    expect(armored).toMatch(/^-----BEGIN ENCRYPTED USER KEY-----\n/);
    const opened = call('keys.decrypt', { profile: 'prime', armored, realmKey });
    expect(opened).toEqual(call('keys.parse', { profile: 'prime', data: object }));
    const other = { profile: 'prime', armored, realmKey: Buffer.alloc(64, 8).toString('base64url') };
    expect(refusalOf('keys.decrypt', other)).toMatchObject({ requirement: 'SIG-094' });
  });

  it('are not encrypted in the other profiles', () => {
    const input = { profile: magma, data: '', realmKey };
    expect(() => operations['keys.encrypt']?.(input)).toThrow(OperationUnsupported);
    expect(() => operations['keys.decrypt']?.(input)).toThrow(OperationUnsupported);
  });

  it('may be given to signet.sign as armor', () => {
    const { keys, signet } = call('signet.generate', { profile: magma, type: 'organization' });
    const seed = (keys as { readonly signingPrivate: string }).signingPrivate;
    const scalar = (keys as { readonly encryptionPrivate: string }).encryptionPrivate;
    const object = Buffer.concat([
      Buffer.from('07a00000440120', 'hex'),
      Buffer.from(seed, 'base64url'),
      Buffer.from('0320', 'hex'),
      Buffer.from(scalar, 'base64url'),
    ]);
    const { text } = call('armor.encode', { label: 'ORGANIZATIONAL KEY', data: object.toString('base64url') });
    const wish = { profile: magma, signet, as: 'full' };
    expect(call('signet.sign', { ...wish, organizationKeys: { armored: text } })).toEqual(
      call('signet.sign', { ...wish, organizationKeys: keys as Record<string, unknown> }),
    );
  });
});

describe('armor', () => {
  it.each(objects)('of an object has the published checksum $checksum', ({ data, checksum }) => {
    const { text } = call('armor.encode', { label: 'USER SIGNET', data: url(data) });
    expect(String(text).split('\n').at(-3)).toBe(`=${checksum}`);
    expect(call('armor.decode', { text })).toEqual({ label: 'USER SIGNET', data: url(data) });
  });

  it('refuses a label that is none of DIME', () => {
    expect(refusalOf('armor.encode', { label: 'CERTIFICATE', data: 'QQ' })).toMatchObject({ requirement: 'SIG-073' });
  });
});
