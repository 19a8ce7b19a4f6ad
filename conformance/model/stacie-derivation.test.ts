/** The model against the published vectors: it must be right before it may judge. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { derive, keyOf, type Octets, realmKeys, rotatedShard, roundsOf, seedOf, tokenOf } from './stacie-derivation.js';
import { padded, payloadOctets, seal, unseal } from './stacie-envelope.js';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly result: string;
  readonly flags?: readonly string[];
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly outputs: Readonly<Record<string, string | number | Readonly<Record<string, string>>>>;
}
type RoundsVector = Omit<Vector, 'inputs' | 'outputs'> & {
  readonly password: string;
  readonly bonus: number;
  readonly rounds: number;
};
type Section =
  | 'derivation'
  | 'seed_stage'
  | 'key_stage'
  | 'token_stage'
  | 'realm_stage'
  | 'shard_rotation'
  | 'encryption';

const vectors = JSON.parse(readFileSync(new URL('../../fixtures/stacie.json', import.meta.url), 'utf8')) as Readonly<
  Record<Section, readonly Vector[]>
> & { readonly rounds: readonly RoundsVector[] };

/** More rounds than this say no more about the formulas and cost seconds. */
const mostRounds = 10_000;
/** The counter reaches its third octet here. */
const mostRoundsOfAKey = 70_000;

const octets = (value: unknown): Octets => Buffer.from(String(value), 'base64url');
const octetsOrNull = (value: unknown): Octets | null => (value === undefined ? null : octets(value));
const written = (value: Octets | null): string | undefined =>
  value === null ? undefined : Buffer.from(value).toString('base64url');
const right = (section: Section): readonly Vector[] => vectors[section].filter(({ result }) => result !== 'invalid');
const account = ({ inputs }: Vector) => ({
  username: String(inputs.username),
  password: String(inputs.password),
  salt: octetsOrNull(inputs.salt),
  nonce: octetsOrNull(inputs.nonce),
  bonus: Number(inputs.bonus ?? 0),
});
const realm = ({ inputs }: Vector) => ({
  masterKey: octets(inputs.master_key),
  realm: String(inputs.label ?? inputs.realm),
  shard: octets(inputs.shard),
  salt: octetsOrNull(inputs.salt),
});

describe('the derivation', () => {
  const cheap = right('derivation').filter(({ outputs }) => Number(outputs.rounds) <= mostRounds);

  test.each(cheap)('of vector $tcId, $comment', (vector) => {
    const { outputs } = vector;
    const { rounds, ...values } = derive(account(vector));
    expect({
      rounds,
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)])),
    }).toEqual({
      rounds: outputs.rounds,
      seed: outputs.seed,
      masterKey: outputs.master_key,
      passwordKey: outputs.password_key,
      verificationToken: outputs.verification_token,
      ephemeralLoginToken: outputs.ephemeral_login_token,
    });
    const keys = { ...realm(vector), masterKey: octets(outputs.master_key) };
    const old = realmKeys('00', keys);
    expect({
      realm_key: written(old.realmKey),
      realm_vector_key: written(old.vectorKey),
      realm_cipher_key: written(old.cipherKey),
    }).toEqual(outputs.draft_00);
    expect(written(realmKeys('03', keys).realmKey)).toBe((outputs.draft_03 as Record<string, string>).realm_key);
  });

  test.each(vectors.rounds)('runs the rounds of vector $tcId, $comment', ({ password, bonus, rounds }) => {
    expect(roundsOf(password, bonus)).toBe(rounds);
  });
});

describe('a stage', () => {
  test.each(right('seed_stage'))('of vector $tcId gives the seed: $comment', (vector) => {
    expect(written(seedOf(account(vector), Number(vector.inputs.rounds)))).toBe(vector.outputs.seed);
  });

  const keyStages = right('key_stage').filter(({ inputs }) => Number(inputs.rounds) <= mostRoundsOfAKey);
  test.each(keyStages)('of vector $tcId gives the key: $comment', (vector) => {
    const { base, rounds } = vector.inputs;
    expect(written(keyOf(octets(base), Number(rounds), account(vector)))).toBe(vector.outputs.key);
  });

  test.each(right('token_stage'))('of vector $tcId gives the token: $comment', (vector) => {
    expect(written(tokenOf(octets(vector.inputs.base), account(vector)))).toBe(vector.outputs.token);
  });
});

test.each(right('realm_stage'))('the realm keys of vector $tcId: $comment', (vector) => {
  const { realmKey, vectorKey, tagKey, cipherKey } = realmKeys('03', realm(vector));
  expect({
    realm_key: written(realmKey),
    vector_key: written(vectorKey),
    tag_key: written(tagKey),
    cipher_key: written(cipherKey),
  }).toEqual(vector.outputs.draft_03);
});

test.each(right('shard_rotation'))('the rotated shard of vector $tcId: $comment', ({ inputs, outputs }) => {
  const old = {
    masterKey: octets(inputs.old_master_key),
    realm: String(inputs.label),
    shard: octets(inputs.old_realm_shard),
    salt: octetsOrNull(inputs.old_salt),
  };
  const next = { masterKey: octets(inputs.new_master_key), salt: octetsOrNull(inputs.new_salt) };
  expect(written(rotatedShard(old, next))).toBe(outputs.realm_shard);
  expect(written(realmKeys('03', old).realmKey)).toBe(outputs.realm_key);
});

describe('an envelope', () => {
  test.each(right('encryption'))('of vector $tcId, sealed and opened: $comment', ({ inputs, outputs }) => {
    const keys = {
      vectorKey: octets(inputs.vector_key),
      tagKey: octets(inputs.tag_key),
      cipherKey: octets(inputs.cipher_key),
    };
    const text = octets(inputs.buffer);
    const pad = Number(outputs.pad);
    const payload = padded(text, pad);
    const envelope = seal(keys, Number(inputs.serial), octets(inputs.vector_shard), payloadOctets(payload));
    expect(written(envelope)).toBe(outputs.encrypted_data);
    const opened = unseal(keys, envelope);
    expect(opened.tagHolds).toBe(true);
    expect(opened.payload.size).toBe(text.length);
    expect(Buffer.from(opened.payload.rest).equals(Buffer.from(payload.rest))).toBe(true);
  });
});
