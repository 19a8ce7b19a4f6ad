/** Seeded faults of an implementation of STACIE in what it makes of realms: their keys and their shards. */
import {
  exclusiveOr,
  type Octets,
  type RealmInput,
  type Revision,
  realmHash,
  realmKeys,
  rotatedShard,
  sha512,
  splitRealmKey,
} from '../model/stacie-derivation.js';
import type { Fault } from './fault.js';
import { bendResult } from './record-and-codec-bending.js';
import {
  changeInput,
  fitInput,
  forgiveRefusal,
  isLong,
  isOdd,
  isShort,
  octetsOf,
  octetsOrNull,
  realmInput,
  refuseInput,
  revisionOf,
  without,
  write,
} from './stacie-bending.js';

const realm = 'stacie.realm';
const rotate = 'stacie.shard-rotate';

/** The parts of a realm key, by other formulas. */
const realmBy = (give: (revision: Revision, input: RealmInput) => ReturnType<typeof realmKeys>) =>
  bendResult(realm, (_result, input) => {
    const { realmKey, vectorKey, tagKey, cipherKey } = give(revisionOf(input), realmInput(input));
    return {
      realmKey: write(realmKey),
      vectorKey: write(vectorKey),
      cipherKey: write(cipherKey),
      ...(tagKey === null ? {} : { tagKey: write(tagKey) }),
    };
  });

const mixed = (revision: Revision, hash: Octets, shard: Octets) => splitRealmKey(revision, exclusiveOr(hash, shard));
const label = (input: RealmInput): Octets => Buffer.from(input.realm, 'utf8');

const keyFaults: readonly Fault[] = [
  {
    id: 'stacie/one-key-for-all-realms',
    breaks: 'STACIE-091',
    title: 'leaves the label out of the realm hash',
    operations: realmBy((revision, input) => realmKeys(revision, { ...input, realm: '' })),
  },
  {
    id: 'stacie/label-cut',
    breaks: 'STACIE-091',
    title: 'cuts the label after 8 octets, so that two of them may have one key',
    operations: realmBy((revision, input) => realmKeys(revision, { ...input, realm: input.realm.slice(0, 8) })),
  },
  {
    id: 'stacie/revision-00-by-salt',
    breaks: 'STACIE-094',
    title: 'hashes the salt in revision 00',
    operations: realmBy((revision, input) => mixed(revision, realmHash('03', input), input.shard)),
  },
  {
    id: 'stacie/revision-00-unmixed',
    breaks: 'STACIE-094',
    title: 'leaves the shard out of the realm key of revision 00',
    operations: realmBy((revision, input) =>
      revision === '00' ? splitRealmKey(revision, realmHash(revision, input)) : realmKeys(revision, input),
    ),
  },
  {
    id: 'stacie/revision-03-by-shard',
    breaks: 'STACIE-095',
    title: 'hashes the shard in revision 03, as old accounts have it (STACIE-I-32)',
    operations: realmBy((revision, input) => mixed(revision, realmHash('00', input), input.shard)),
  },
  {
    id: 'stacie/revision-03-unmixed',
    breaks: 'STACIE-095',
    title: 'leaves the shard out of the realm key of revision 03',
    operations: realmBy((revision, input) =>
      revision === '03' ? splitRealmKey(revision, realmHash(revision, input)) : realmKeys(revision, input),
    ),
  },
  {
    id: 'stacie/vector-key-of-03-in-00',
    breaks: 'STACIE-096',
    title: 'takes the first 16 octets for the vector key in revision 00',
    operations: realmBy((revision, input) => ({
      ...realmKeys(revision, input),
      vectorKey: realmKeys(revision, input).realmKey.subarray(0, 16),
    })),
  },
  {
    id: 'stacie/vector-key-of-00-in-03',
    breaks: 'STACIE-097',
    title: 'mixes the first two parts for the vector key in revision 03',
    operations: realmBy((revision, input) => {
      const keys = realmKeys(revision, input);
      return { ...keys, vectorKey: splitRealmKey('00', keys.realmKey).vectorKey };
    }),
  },
  {
    id: 'stacie/tag-key-is-vector-key',
    breaks: 'STACIE-098',
    title: 'takes the vector key for the tag key',
    operations: bendResult(realm, (result) =>
      result.tagKey === undefined ? result : { ...result, tagKey: result.vectorKey },
    ),
  },
  {
    id: 'stacie/no-tag-key',
    breaks: 'STACIE-098',
    title: 'has no tag key in revision 03',
    operations: bendResult(realm, ({ tagKey: _tagKey, ...result }) => result),
  },
  {
    id: 'stacie/cipher-key-first',
    breaks: 'STACIE-099',
    title: 'cuts the cipher key from the front of the realm key (STACIE-I-92)',
    operations: realmBy((revision, input) => {
      const keys = realmKeys(revision, input);
      return { ...keys, cipherKey: keys.realmKey.subarray(0, 32) };
    }),
  },
  {
    id: 'stacie/empty-label-taken',
    breaks: 'STACIE-100',
    title: 'gives keys for an empty label',
    operations: changeInput(realm, (input) => (input.realm === '' ? { ...input, realm: 'mail' } : input)),
  },
  {
    id: 'stacie/shard-of-any-length',
    breaks: 'STACIE-102',
    title: 'cuts a shard, or fills it with zeros',
    operations: fitInput(realm, 'shard', 64),
  },
  {
    id: 'stacie/master-key-of-any-length',
    breaks: 'STACIE-103',
    title: 'cuts a master key, or fills it with zeros',
    operations: fitInput(realm, 'masterKey', 64),
  },
  {
    id: 'stacie/salt-never-in-realm',
    breaks: 'STACIE-104',
    title: 'never hashes the salt into the realm key',
    operations: changeInput(realm, (input) => without(input, 'salt')),
  },
  {
    id: 'stacie/hash-for-no-salt-in-realm',
    breaks: 'STACIE-104',
    title: 'hashes the hash of the label in the place of an absent salt',
    operations: realmBy((revision, input) =>
      realmKeys(revision, { ...input, salt: input.salt ?? sha512(label(input)) }),
    ),
  },
  {
    id: 'stacie/short-salt-in-realm',
    breaks: 'STACIE-105',
    title: 'uses a salt of fewer than 64 octets for a realm',
    operations: forgiveRefusal(
      realm,
      ({ salt }) => isShort(salt),
      (input) => {
        const keys = realmKeys(revisionOf(input), realmInput(input));
        return {
          vectorKey: write(keys.vectorKey),
          cipherKey: write(keys.cipherKey),
          tagKey: write(keys.tagKey ?? keys.vectorKey),
        };
      },
    ),
  },
  {
    id: 'stacie/empty-salt-is-none-in-realm',
    breaks: 'STACIE-105',
    title: 'takes an empty salt for an absent one in the realm stage (STACIE-I-17)',
    operations: changeInput(realm, (input) => (input.salt === '' ? without(input, 'salt') : input)),
  },
  {
    id: 'stacie/odd-salt-refused-in-realm',
    breaks: 'STACIE-106',
    title: 'refuses a salt of an unusual length in the realm stage',
    operations: refuseInput(realm, ({ salt }) => isOdd(salt)),
  },
  {
    id: 'stacie/long-salt-refused-in-realm',
    breaks: 'STACIE-106',
    title: 'refuses a salt of more than 1,024 octets in the realm stage',
    operations: refuseInput(realm, ({ salt }) => isLong(salt)),
  },
];

type Input = Readonly<Record<string, unknown>>;

/** The two sides of a rotation as the model takes them. */
function rotationOf(input: Input): {
  readonly old: RealmInput;
  readonly next: { readonly masterKey: Octets; readonly salt: Octets | null };
} {
  return {
    old: {
      masterKey: octetsOf(input.oldMasterKey),
      realm: String(input.realm),
      shard: octetsOf(input.oldShard),
      salt: octetsOrNull(input.oldSalt),
    },
    next: { masterKey: octetsOf(input.newMasterKey), salt: octetsOrNull(input.newSalt) },
  };
}

const rotatesBy = (give: (rotation: ReturnType<typeof rotationOf>) => Octets) =>
  bendResult(rotate, (_result, input) => ({ newShard: write(give(rotationOf(input))) }));

const rotationFaults: readonly Fault[] = [
  {
    id: 'stacie/shard-halved',
    breaks: 'STACIE-092',
    title: 'makes shards of 32 octets',
    operations: rotatesBy(({ old, next }) => rotatedShard(old, next).subarray(0, 32)),
  },
  {
    id: 'stacie/half-of-a-shard-stays',
    breaks: 'STACIE-092',
    title: 'changes the first half of a shard alone',
    operations: rotatesBy(({ old, next }) =>
      Buffer.concat([rotatedShard(old, next).subarray(0, 32), old.shard.subarray(32)]),
    ),
  },
  {
    id: 'stacie/rotated-over-old-shard',
    breaks: 'STACIE-134',
    title: 'mixes the new realm hash with the old shard instead of the realm key (STACIE-I-49)',
    operations: rotatesBy(({ old, next }) => exclusiveOr(realmHash('03', { ...old, ...next }), old.shard)),
  },
  {
    id: 'stacie/rotated-under-old-salt',
    breaks: 'STACIE-134',
    title: 'rotates under the old salt (STACIE-I-37)',
    operations: rotatesBy(({ old, next }) => rotatedShard(old, { ...next, salt: old.salt })),
  },
  {
    id: 'stacie/not-rotated',
    breaks: 'STACIE-134',
    title: 'keeps the old shard',
    operations: rotatesBy(({ old }) => old.shard),
  },
  {
    id: 'stacie/new-master-key-of-any-length',
    breaks: 'STACIE-136',
    title: 'cuts a new master key, or fills it with zeros',
    operations: fitInput(rotate, 'newMasterKey', 64),
  },
  {
    id: 'stacie/new-salt-may-be-missing',
    breaks: 'STACIE-137',
    title: 'takes a salted account to one without',
    operations: forgiveRefusal(
      rotate,
      ({ newSalt }) => newSalt === undefined,
      (input) => {
        const { old, next } = rotationOf(input);
        return { newShard: write(rotatedShard(old, next)) };
      },
    ),
  },
  {
    id: 'stacie/new-salt-of-one-octet',
    breaks: 'STACIE-137',
    title: 'takes a new salt of any length from 1 (STACIE-I-50)',
    operations: forgiveRefusal(
      rotate,
      ({ newSalt }) => isShort(newSalt) && newSalt !== '',
      (input) => {
        const { old, next } = rotationOf(input);
        return { newShard: write(rotatedShard(old, next)) };
      },
    ),
  },
  {
    id: 'stacie/old-shard-of-any-length',
    breaks: 'STACIE-138',
    title: 'cuts an old shard, or fills it with zeros',
    operations: fitInput(rotate, 'oldShard', 64),
  },
  {
    id: 'stacie/old-master-key-of-any-length',
    breaks: 'STACIE-138',
    title: 'cuts an old master key, or fills it with zeros',
    operations: fitInput(rotate, 'oldMasterKey', 64),
  },
  {
    id: 'stacie/empty-label-rotated',
    breaks: 'STACIE-139',
    title: 'rotates the shard of an empty label',
    operations: changeInput(rotate, (input) => (input.realm === '' ? { ...input, realm: 'mail' } : input)),
  },
];

export const realmFaults: readonly Fault[] = [...keyFaults, ...rotationFaults];
