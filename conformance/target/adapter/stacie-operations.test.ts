import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shapeError } from './schemas.js';
import { OperationRefusal, OperationUnsupported } from './serve.js';
import { stacieMessageOperations } from './stacie-message-operations.js';
import { stacieOperations } from './stacie-operations.js';

type Values = Readonly<Record<string, unknown>>;

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly result: string;
  readonly operation?: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

interface MessageVector {
  readonly tcId: number;
  readonly comment: string;
  readonly message: string;
  readonly drafts?: readonly ('00' | '03')[];
  readonly text: string;
  readonly result: string;
}

const vectors = JSON.parse(readFileSync(new URL('../../../fixtures/stacie.json', import.meta.url), 'utf8')) as Readonly<
  Record<'derivation' | 'encryption' | 'shard_rotation' | 'invalid', readonly Vector[]>
> & {
  readonly messages: readonly MessageVector[];
};

/** What the vectors call a member, as the adapter protocol calls it. */
const members: Readonly<Record<string, string>> = {
  password_octets: 'passwordOctets',
  master_key: 'masterKey',
  label: 'realm',
  vector_key: 'vectorKey',
  tag_key: 'tagKey',
  cipher_key: 'cipherKey',
  vector_shard: 'vectorShard',
  buffer: 'data',
  encrypted_data: 'envelope',
  old_master_key: 'oldMasterKey',
  old_salt: 'oldSalt',
  old_realm_shard: 'oldShard',
  new_master_key: 'newMasterKey',
  new_salt: 'newSalt',
};
const asInput = (values: Values): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [members[name] ?? name, value]));

describe('stacie.derive', () => {
  const quick = vectors.derivation.filter(({ outputs }) => Number(outputs.rounds) <= 20_000);

  it.each(quick)('gives the values of vector $tcId, $comment', async ({ inputs, outputs }) => {
    const { username, password, salt, nonce, bonus } = inputs;
    const input = Object.fromEntries(
      Object.entries({ revision: '03', username, password, salt, nonce, bonus }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    const result = await stacieOperations['stacie.derive'](input);
    expect(result).toEqual({
      rounds: outputs.rounds,
      seed: outputs.seed,
      masterKey: outputs.master_key,
      passwordKey: outputs.password_key,
      verificationToken: outputs.verification_token,
      ...(nonce === undefined ? {} : { ephemeralLoginToken: outputs.ephemeral_login_token }),
    });
    expect(shapeError('stacie.derive.result', result)).toBeNull();
  });

  it('gives the realm keys of a revision', async () => {
    const [appendix] = vectors.derivation;
    if (appendix === undefined) throw new Error('the first vector is that of the appendix');
    const { outputs } = appendix;
    const { realm, shard, salt } = appendix.inputs;
    const realmOf = (revision: string) =>
      stacieOperations['stacie.realm']({ revision, masterKey: outputs.master_key, realm, shard, salt });
    const [old, last] = [outputs.draft_00 as Values, outputs.draft_03 as Values];
    expect(await realmOf('00')).toEqual({
      realmKey: old.realm_key,
      vectorKey: old.realm_vector_key,
      cipherKey: old.realm_cipher_key,
    });
    expect(await realmOf('03')).toEqual({
      realmKey: last.realm_key,
      vectorKey: last.vector_key,
      tagKey: last.tag_key,
      cipherKey: last.cipher_key,
    });
  });
});

describe('stacie.encrypt and stacie.decrypt', () => {
  it.each(vectors.encryption)('open and, when its pad is usual, seal vector $tcId: $comment', async (vector) => {
    const { vectorKey, tagKey, cipherKey, serial, data, vectorShard } = asInput(vector.inputs);
    const keys = { vectorKey, tagKey, cipherKey };
    const envelope = vector.outputs.encrypted_data;
    expect(await stacieOperations['stacie.decrypt']({ ...keys, envelope })).toEqual({ serial, data });
    const pad = Number(vector.outputs.pad);
    if (pad >= 1 && pad <= 16) {
      expect(await stacieOperations['stacie.encrypt']({ ...keys, serial, data, vectorShard })).toEqual({ envelope });
    }
  });

  it('take a fresh vector shard when none is given', async () => {
    const key = (length: number): string => Buffer.alloc(length, 1).toString('base64url');
    const input = { vectorKey: key(16), tagKey: key(16), cipherKey: key(32), serial: 0, data: key(20) };
    const [first, second] = await Promise.all([0, 1].map(() => stacieOperations['stacie.encrypt'](input)));
    expect(first).not.toEqual(second);
  });
});

describe('stacie.shard-rotate', () => {
  it.each(vectors.shard_rotation)('gives the new shard of vector $tcId', async ({ inputs, outputs }) => {
    expect(await stacieOperations['stacie.shard-rotate'](asInput(inputs))).toEqual({ newShard: outputs.realm_shard });
  });

  it('refuses to leave the salt out where there was one', async () => {
    const [vector] = vectors.shard_rotation;
    const { newSalt: _newSalt, ...input } = asInput(vector?.inputs ?? {});
    const refusal = stacieOperations['stacie.shard-rotate'](input);
    await expect(refusal).rejects.toThrow(OperationRefusal);
    await expect(refusal).rejects.toMatchObject({ requirement: 'STACIE-137' });
  });
});

describe('wrong inputs', () => {
  const operations = {
    derive: 'stacie.derive',
    rounds: 'stacie.rounds',
    realm_stage: 'stacie.realm',
    realm_encrypt: 'stacie.encrypt',
    realm_decrypt: 'stacie.decrypt',
  } as const;
  const refused = vectors.invalid.flatMap((vector) => {
    const operation = operations[vector.operation as keyof typeof operations];
    // The serial is not authenticated: that vector is about choosing the shard by it (STACIE-I-42).
    return operation === undefined || vector.tcId === 257 || 'buffer_zero_octets' in vector.inputs
      ? []
      : [{ ...vector, operation }];
  });

  it.each(refused)('are refused by $operation: vector $tcId, $comment', async ({ operation, inputs }) => {
    const input = { revision: '03', bonus: 0, ...asInput(inputs) };
    await expect((async () => await stacieOperations[operation](input))()).rejects.toThrow(OperationRefusal);
  });
});

describe('stacie.message.parse', () => {
  const parse = stacieMessageOperations['stacie.message.parse'];
  const cases = vectors.messages.flatMap((vector) =>
    (vector.drafts ?? (['03'] as const)).map((revision) => ({ ...vector, revision })),
  );

  it.each(cases)(
    'reads vector $tcId, a $result $message of revision $revision',
    ({ revision, message, text, result }) => {
      if (result === 'invalid') {
        expect(() => parse({ revision, message, text })).toThrow(OperationRefusal);
        return;
      }
      const parsed = parse({ revision, message, text });
      expect(shapeError('stacie.message.parse.result', parsed)).toBeNull();
      // The normal form reads as itself.
      expect(parse({ revision, message, text: JSON.stringify(parsed.value) })).toEqual(parsed);
    },
  );

  it('does not know other messages', () => {
    expect(() => parse({ revision: '03', message: 'logout-request', text: '{}' })).toThrow(OperationUnsupported);
  });
});
