import { describe, expect, it } from 'vitest';
import {
  decodeBase64url,
  decrypt,
  decryptBySerial,
  deriveNow,
  encrypt,
  ephemeralLoginToken,
  isLoginToken,
  masterKey,
  realmKeys,
  rotateShard,
  rounds,
  StacieError,
  verificationToken,
} from './index.js';
import { type InvalidVector, named, octets, vectors } from './vectors.test-support.js';

type Inputs = InvalidVector['inputs'];

const string = (value: string | number | undefined): string => (typeof value === 'string' ? value : '');
const number = (value: string | number | undefined): number => (typeof value === 'number' ? value : Number.NaN);
const binary = (value: string | number | undefined): Uint8Array => octets(string(value));
const absent = (value: string | number | undefined): Uint8Array | undefined =>
  value === undefined ? undefined : binary(value);
const keysOf = ({ vector_key, tag_key, cipher_key }: Inputs) => ({
  vectorKey: binary(vector_key),
  tagKey: binary(tag_key),
  cipherKey: binary(cipher_key),
});

/** Each does what its vectors say and throws. */
const operations: Record<string, (inputs: Inputs) => unknown> = {
  derive: ({ username, password, salt, nonce, bonus }) =>
    deriveNow({
      username: string(username),
      password: string(password),
      salt: absent(salt),
      nonce: absent(nonce),
      bonus: number(bonus),
    }),
  rounds: ({ password_octets, bonus }) => rounds(binary(password_octets), number(bonus)),
  key_stage: ({ base, rounds: asked, username, password, salt }) =>
    masterKey({
      seed: binary(base),
      rounds: number(asked),
      username: string(username),
      password: string(password),
      salt: absent(salt),
    }),
  token_stage: ({ base, username, salt, nonce }) =>
    ephemeralLoginToken({
      verificationToken: binary(base),
      username: string(username),
      salt: absent(salt),
      nonce: binary(nonce),
    }),
  realm_stage: ({ master_key, label, shard, salt }) =>
    realmKeys('03', {
      masterKey: binary(master_key),
      realm: string(label),
      shard: binary(shard),
      salt: absent(salt),
    }),
  shard_rotation: ({ new_master_key, new_salt, realm_key, label }) =>
    rotateShard({
      newMasterKey: binary(new_master_key),
      newSalt: absent(new_salt),
      realmKey: binary(realm_key),
      realm: string(label),
    }),
  realm_encrypt: ({ serial, vector_shard, buffer, buffer_zero_octets, ...keys }) =>
    encrypt({
      ...keysOf(keys),
      serial: number(serial),
      vectorShard: binary(vector_shard),
      data: buffer_zero_octets === undefined ? binary(buffer) : new Uint8Array(number(buffer_zero_octets)),
    }),
  realm_decrypt: ({ encrypted_data, ...keys }) => decrypt({ ...keysOf(keys), envelope: binary(encrypted_data) }),
  base64url: ({ text }) => decodeBase64url(string(text), 'salt'),
};

const notAuthenticated = (vector: InvalidVector): boolean => (vector.flags ?? []).includes('SerialNotAuthenticated');
const thrown = vectors.invalid.filter((vector) => vector.operation in operations && !notAuthenticated(vector));

describe('invalid vectors', () => {
  it.each(named(thrown))('%s', (_, { operation, requirement, interpretation = [], inputs }) => {
    const act = () => operations[operation]?.(inputs);
    expect(act).toThrow(StacieError);
    const named = [...requirement, ...interpretation];
    const error = errorOf(act);
    expect(error.message).toMatch(/^STACIE [a-zA-Z]+ .+; right is .+ \(section 1\.\d+/);
    // What is wrong from the tag on must not be told apart (STACIE-I-48).
    if (error.code !== 'undecryptable') expect(sameRule(named, error.requirement), error.message).toBe(true);
  });

  it('tells all that is wrong from the tag on with one error', () => {
    const messages = thrown
      .filter(({ operation }) => operation === 'realm_decrypt')
      .map(({ inputs }) => errorOf(() => operations.realm_decrypt?.(inputs)))
      .filter(({ code }) => code === 'undecryptable')
      .map(({ message }) => message);
    expect(messages.length).toBeGreaterThan(15);
    expect(new Set(messages).size).toBe(1);
  });

  it.each(named(vectors.invalid.filter(notAuthenticated)))('%s', (_, { inputs }) => {
    const { encrypted_data, ...keys } = inputs;
    const envelope = binary(encrypted_data);
    // The ring has the keys under the serial that the envelope had before it was changed.
    const ring = new Map([[7, keysOf(keys)]]);
    expect(() => decryptBySerial(envelope, (serial) => ring.get(serial))).toThrow(/does not open/);
  });

  it.each(named(vectors.invalid.filter(({ operation }) => operation === 'authenticate')))('%s', (_, { inputs }) => {
    const account = {
      username: string(inputs.username),
      salt: absent(inputs.salt),
      nonce: binary(inputs.nonce),
      verificationToken: binary(inputs.verification_token),
    };
    expect(isLoginToken(binary(inputs.token), account)).toBe(false);
    expect(isLoginToken(ephemeralLoginToken(account), account)).toBe(true);
  });

  it('uses every vector', () => {
    expect(
      vectors.invalid.filter(({ operation }) => operation !== 'authenticate' && !(operation in operations)),
    ).toEqual([]);
  });

  it('refuses a password key of another length as it refuses a verification token', () => {
    for (const { tcId, inputs } of vectors.invalid.filter(({ operation }) => operation === 'token_stage')) {
      const act = () => verificationToken({ username: string(inputs.username), passwordKey: binary(inputs.base) });
      expect(errorOf(act).requirement, `${tcId}`).toBe('STACIE-079');
    }
  });
});

function errorOf(act: () => unknown): StacieError {
  try {
    act();
  } catch (error) {
    if (error instanceof StacieError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/**
 * Whether the error names one of the vector's rules, or a rule that says the same: stages share their checks, and a
 * vector of base64url names the rule of the character that comes first.
 */
function sameRule(named: readonly string[], got: string | undefined): boolean {
  const alike: Record<string, readonly string[]> = {
    'STACIE-079': ['STACIE-068', 'STACIE-081'],
    'STACIE-068': ['STACIE-079'],
    'STACIE-130': ['STACIE-129'],
    'STACIE-129': ['STACIE-130'],
  };
  return got !== undefined && named.some((rule) => rule === got || (alike[rule] ?? []).includes(got));
}
