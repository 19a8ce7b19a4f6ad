import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  decodeBase64url,
  decrypt,
  derive,
  deriveNow,
  encrypt,
  ephemeralLoginToken,
  masterKey,
  type RealmKeys,
  realmHash,
  realmKeys,
  rotateShard,
  rounds,
  seed,
  seedKey,
  shallowChange,
  verificationToken,
} from './index.js';
import { countCharacters } from './text.js';
import {
  type DerivationVector,
  named,
  octets,
  optional,
  type RealmForms,
  type SplitKeys,
  text,
  vectors,
  vectorsDocument,
  vectorsSchema,
} from './vectors.test-support.js';

const isSlow = ({ flags = [] }: DerivationVector): boolean => flags.includes('Slow');
/** Rounds that a test may take; what has more is run when asked for. */
const mostRounds = 2 ** 20;
const isVerySlow = ({ outputs: { rounds } }: DerivationVector): boolean => rounds > mostRounds;
const withVerySlow = (process.env.DIME_SLOW ?? '') !== '';

describe('the vector file', () => {
  it('has the shape that its schema says, and every tcId once', () => {
    const validate = new Ajv2020({ strict: true }).compile(vectorsSchema);
    expect(validate(vectorsDocument), JSON.stringify(validate.errors)).toBe(true);
    const ids = JSON.stringify(vectorsDocument).match(/"tcId":\d+/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('derivation vectors', () => {
  it.each(named(vectors.derivation.filter((vector) => !isSlow(vector) && !isVerySlow(vector))))('%s', (_, vector) => {
    expectDerivation(vector, deriveNow(inputsOf(vector)));
  });

  it.each(named(vectors.derivation.filter((vector) => isSlow(vector) && !isVerySlow(vector))))(
    '%s',
    async (_, vector) => {
      expectDerivation(vector, await derive(inputsOf(vector)));
    },
  );

  it.skipIf(!withVerySlow).each(named(vectors.derivation.filter(isVerySlow)))(
    '%s (SKIPPED unless DIME_SLOW is set)',
    { timeout: 600_000 },
    async (_, vector) => expectDerivation(vector, await derive(inputsOf(vector))),
  );

  it('warns of salts and nonces of unusual shape, and of no others', () => {
    const short = vectors.derivation.filter(({ outputs }) => outputs.rounds < 10_000);
    for (const { tcId, flags = [], ...vector } of short) {
      const { warnings } = deriveNow(inputsOf(vector));
      const fields = new Set(warnings.map(({ field }) => field));
      expect([fields.has('salt'), fields.has('nonce')], `${tcId}`).toEqual([
        flags.includes('SaltShape'),
        flags.includes('NonceShape'),
      ]);
    }
  });
});

function inputsOf({ inputs }: Pick<DerivationVector, 'inputs'>) {
  const { username, password, salt, nonce, bonus } = inputs;
  return { username, password, salt: optional(salt), nonce: optional(nonce), bonus };
}

function expectDerivation({ inputs, outputs }: DerivationVector, got: Awaited<ReturnType<typeof derive>>): void {
  const salt = optional(inputs.salt);
  expect(got.rounds).toBe(outputs.rounds);
  expect(text(seedKey({ username: inputs.username, salt }))).toBe(outputs.hmac_key);
  expect(text(got.seed)).toBe(outputs.seed);
  expect(text(got.masterKey)).toBe(outputs.master_key);
  expect(text(got.passwordKey)).toBe(outputs.password_key);
  expect(text(got.verificationToken)).toBe(outputs.verification_token);
  expect(got.ephemeralLoginToken && text(got.ephemeralLoginToken)).toBe(outputs.ephemeral_login_token);
  expectRealms(outputs, { masterKey: got.masterKey, realm: inputs.realm, shard: octets(inputs.shard), salt });
}

function expectRealms(forms: RealmForms, inputs: Parameters<typeof realmKeys>[1]): void {
  expect(shown(realmKeys('00', inputs))).toEqual(wanted(forms.draft_00));
  expect(shown(realmKeys('03', inputs))).toEqual(wanted(forms.draft_03));
  expect(shown(realmKeys('shard', inputs))).toEqual(wanted(forms.shard_variant));
}

const shown = ({ realmKey, vectorKey, tagKey, cipherKey }: RealmKeys) => ({
  realm: text(realmKey),
  vector: text(vectorKey),
  tag: tagKey && text(tagKey),
  cipher: text(cipherKey),
});

const wanted = (keys: SplitKeys) => ({
  realm: keys.realm_key,
  vector: keys.vector_key ?? keys.realm_vector_key,
  tag: keys.tag_key,
  cipher: keys.cipher_key ?? keys.realm_cipher_key,
});

describe('rounds vectors', () => {
  it.each(named(vectors.rounds))('%s', (_, { password, password_octets, bonus, characters, rounds: wantedRounds }) => {
    expect(rounds(password, bonus)).toBe(wantedRounds);
    expect(rounds(octets(password_octets), bonus)).toBe(wantedRounds);
    expect(countCharacters(octets(password_octets))).toBe(characters);
  });
});

describe('stage vectors', () => {
  it.each(named(vectors.seed_stage))('seed %s', (_, { inputs, outputs }) => {
    const salt = optional(inputs.salt);
    expect(text(seedKey({ ...inputs, salt }))).toBe(outputs.hmac_key);
    expect(text(seed({ ...inputs, salt }))).toBe(outputs.seed);
  });

  it.each(named(vectors.key_stage))('key %s', (_, { inputs, outputs }) => {
    expect(text(masterKey({ ...inputs, seed: octets(inputs.base), salt: optional(inputs.salt) }))).toBe(outputs.key);
  });

  it.each(named(vectors.token_stage))('token %s', (_, { inputs, outputs }) => {
    const account = { username: inputs.username, salt: optional(inputs.salt) };
    const base = octets(inputs.base);
    const token =
      inputs.nonce === undefined
        ? verificationToken({ ...account, passwordKey: base })
        : ephemeralLoginToken({ ...account, verificationToken: base, nonce: octets(inputs.nonce) });
    expect(text(token)).toBe(outputs.token);
  });

  it.each(named(vectors.realm_stage))('realm %s', (_, { inputs, outputs }) => {
    const realm = {
      masterKey: octets(inputs.master_key),
      realm: inputs.label,
      shard: octets(inputs.shard),
      salt: optional(inputs.salt),
    };
    expectRealms(outputs, realm);
    expect(text(realmHash(realm))).toBe(outputs.realm_hash_03);
  });
});

describe('shard rotation vectors', () => {
  it.each(named(vectors.shard_rotation))('%s', (_, { inputs, outputs }) => {
    const after = { masterKey: octets(inputs.new_master_key), salt: optional(inputs.new_salt) };
    const change = {
      realms: [{ realm: inputs.label, serial: 7, shard: octets(inputs.old_realm_shard) }],
      before: { masterKey: octets(inputs.old_master_key), salt: optional(inputs.old_salt) },
      after,
    };
    expect(shallowChange(change).map((realm) => ({ ...realm, shard: text(realm.shard) }))).toEqual([
      { realm: inputs.label, serial: 7, shard: outputs.realm_shard },
    ]);
    const rotated = rotateShard({
      realm: inputs.label,
      realmKey: octets(outputs.realm_key),
      newMasterKey: after.masterKey,
      newSalt: after.salt,
    });
    expect(text(rotated)).toBe(outputs.realm_shard);
    // What the rotation is for: the realm key stays.
    expect(text(realmKeys('03', { ...after, realm: inputs.label, shard: rotated }).realmKey)).toBe(outputs.realm_key);
  });
});

describe('encryption vectors', () => {
  it.each(named(vectors.encryption))('%s', (_, { inputs, outputs }) => {
    const keys = {
      vectorKey: octets(inputs.vector_key),
      tagKey: octets(inputs.tag_key),
      cipherKey: octets(inputs.cipher_key),
    };
    const data = octets(inputs.buffer);
    const { serial } = inputs;
    const opened = decrypt({ ...keys, envelope: decodeBase64url(outputs.encrypted_data, 'envelope') });
    expect({ serial: opened.serial, data: text(opened.data) }).toEqual({ serial, data: inputs.buffer });
    // No padding at all is read, and never written (STACIE-I-39).
    if (outputs.pad === 0) return;
    const extraPadding = outputs.pad - (16 - ((data.length + 4) % 16));
    const sealed = encrypt({ ...keys, serial, data, vectorShard: octets(inputs.vector_shard), extraPadding });
    expect(text(sealed)).toBe(outputs.encrypted_data);
    expect(sealed.length).toBe(outputs.envelope_length);
  });
});
