/** Seeded faults of an implementation of the STACIE derivation, its realms and its password changes. */
import {
  drafts,
  exclusiveOr,
  keyOf,
  type Octets,
  type RealmInput,
  type Revision,
  realmHash,
  realmKeys,
  rotatedShard,
  sha512,
  splitRealmKey,
} from '../model/stacie-derivation.js';
import { slips } from '../model/stacie-slips.js';
import type { Fault } from './fault.js';
import { bendResult } from './record-and-codec-bending.js';
import {
  byRules,
  changeInput,
  derivationInput,
  derivedBy,
  fitInput,
  forgiveRefusal,
  lengthOf,
  octetsOf,
  octetsOrNull,
  realmInput,
  refuseInput,
  revisionOf,
  write,
} from './stacie-bending.js';
import { envelopeFaults } from './stacie-envelope-faults.js';

const rounds = 'stacie.rounds';
const derive = 'stacie.derive';
const realm = 'stacie.realm';
const rotate = 'stacie.shard-rotate';

const slipFaults: readonly Fault[] = slips.map(({ id, breaks, title, rules }) => ({
  id: `stacie/${id}`,
  breaks,
  title,
  operations: byRules(rules),
}));

const isShort = (value: unknown): boolean => {
  const length = lengthOf(value);
  return length !== null && length < 64;
};
const isOdd = (value: unknown): boolean => (lengthOf(value) ?? 0) % 32 !== 0;
const isLong = (value: unknown): boolean => (lengthOf(value) ?? 0) > 1024;
const isBonusWrong = (bonus: unknown): boolean => Number(bonus) < 0 || !Number.isInteger(Number(bonus));

/** Salts and nonces, texts and bonus: what is to be refused and is not, and the other way round. */
const inputFaults: readonly Fault[] = [
  ...(['STACIE-022', 'STACIE-064'] as const).map(
    (breaks): Fault => ({
      id: `stacie/short-salt-used-${breaks.slice(-3)}`,
      breaks,
      title: 'uses a salt of fewer than 64 octets',
      operations: forgiveRefusal(
        derive,
        ({ salt }) => isShort(salt),
        (input) => derivedBy(input),
      ),
    }),
  ),
  {
    id: 'stacie/empty-salt-is-none',
    breaks: 'STACIE-022',
    title: 'takes an empty salt for an absent one (STACIE-I-17)',
    operations: changeInput(derive, (input) => (input.salt === '' ? without(input, 'salt') : input)),
  },
  ...(['STACIE-027', 'STACIE-087'] as const).map(
    (breaks): Fault => ({
      id: `stacie/short-nonce-used-${breaks.slice(-3)}`,
      breaks,
      title: 'uses a nonce of fewer than 64 octets',
      operations: forgiveRefusal(
        derive,
        ({ nonce }) => isShort(nonce),
        (input) => derivedBy(input),
      ),
    }),
  ),
  {
    id: 'stacie/unaligned-salt-refused',
    breaks: 'STACIE-065',
    title: 'refuses a salt that is no multiple of 32 octets',
    operations: refuseInput(derive, ({ salt }) => isOdd(salt)),
  },
  {
    id: 'stacie/long-salt-refused',
    breaks: 'STACIE-066',
    title: 'refuses a salt of more than 1,024 octets',
    operations: refuseInput(derive, ({ salt }) => isLong(salt)),
  },
  {
    id: 'stacie/salt-over-512-refused',
    breaks: 'STACIE-158',
    title: 'refuses a salt of more than 512 octets',
    operations: refuseInput(derive, ({ salt }) => (lengthOf(salt) ?? 0) > 512),
  },
  {
    id: 'stacie/odd-nonce-refused',
    breaks: 'STACIE-088',
    title: 'refuses a nonce that is no multiple of 32 octets',
    operations: refuseInput(derive, ({ nonce }) => isOdd(nonce)),
  },
  {
    id: 'stacie/long-nonce-refused',
    breaks: 'STACIE-088',
    title: 'refuses a nonce of more than 1,024 octets',
    operations: refuseInput(derive, ({ nonce }) => isLong(nonce)),
  },
  {
    id: 'stacie/password-mended',
    breaks: 'STACIE-039',
    title: 'puts U+FFFD in the place of octets that are no UTF-8 (STACIE-I-05)',
    operations: changeInput(rounds, ({ passwordOctets, ...input }) =>
      passwordOctets === undefined
        ? input
        : { ...input, password: Buffer.from(octetsOf(passwordOctets)).toString('utf8') },
    ),
  },
  {
    id: 'stacie/surrogate-mended',
    breaks: 'STACIE-039',
    title: 'puts U+FFFD in the place of half a surrogate pair (STACIE-I-05)',
    operations: changeInput(rounds, (input) =>
      typeof input.password === 'string' ? { ...input, password: mended(input.password) } : input,
    ),
  },
  {
    id: 'stacie/byte-order-mark-lost',
    breaks: 'STACIE-021',
    title: 'takes a byte order mark off the password',
    operations: byRules({ passwordOctets: (text) => Buffer.from(text.replaceAll('\ufeff', '')) }),
  },
  {
    id: 'stacie/empty-password-derived',
    breaks: 'STACIE-021',
    title: 'derives from an empty password (STACIE-I-04)',
    operations: forgiveRefusal(
      derive,
      ({ password }) => password === '',
      (input) => derivedBy({ ...input, password: 'x'.repeat(24) }),
    ),
  },
  {
    id: 'stacie/empty-username-derived',
    breaks: 'STACIE-020',
    title: 'derives from an empty username (STACIE-I-22)',
    operations: forgiveRefusal(
      derive,
      ({ username }) => username === '',
      (input) => derivedBy(input),
    ),
  },
  {
    id: 'stacie/username-mended',
    breaks: 'STACIE-020',
    title: 'puts U+FFFD in the place of half a surrogate pair in a username (STACIE-I-05)',
    operations: changeInput(derive, (input) => ({ ...input, username: mended(String(input.username)) })),
  },
  {
    id: 'stacie/negative-bonus-taken',
    breaks: 'STACIE-043',
    title: 'takes the amount of a negative bonus (STACIE-I-12)',
    operations: changeInput(rounds, (input) => ({ ...input, bonus: Math.abs(Number(input.bonus)) })),
  },
  {
    id: 'stacie/fractional-bonus-cut',
    breaks: 'STACIE-043',
    title: 'takes the whole part of a bonus (STACIE-I-12)',
    operations: changeInput(rounds, (input) => ({
      ...input,
      bonus: isBonusWrong(input.bonus) ? Math.trunc(Number(input.bonus)) : input.bonus,
    })),
  },
  {
    id: 'stacie/bonus-in-32-bits',
    breaks: 'STACIE-045',
    title: 'takes the low 32 bits of a bonus',
    operations: changeInput(rounds, (input) => ({ ...input, bonus: Number(input.bonus) % 2 ** 32 })),
  },
  {
    id: 'stacie/bonus-over-512-refused',
    breaks: 'STACIE-164',
    title: 'refuses a bonus of more than 512',
    operations: refuseInput(derive, ({ bonus }) => Number(bonus ?? 0) > 512),
  },
  {
    id: 'stacie/bonus-cut-to-1024',
    breaks: 'STACIE-165',
    title: 'takes a bonus of more than 1,024 for 1,024',
    operations: changeInput(rounds, (input) => ({ ...input, bonus: Math.min(1024, Number(input.bonus)) })),
  },
];

function without(input: Readonly<Record<string, unknown>>, member: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== member));
}

const mended = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** Faults that no single rule of the derivation makes. */
const stageFaults: readonly Fault[] = [
  {
    id: 'stacie/two-chains',
    breaks: 'STACIE-074',
    title: 'runs the even and the odd rounds of a key side by side and mixes what comes out',
    operations: bendResult(derive, (result, input) => {
      const account = derivationInput(input);
      const half = Math.ceil(Number(result.rounds) / 2);
      const odd = { ...drafts, keyCounter: (count: number) => drafts.keyCounter(2 * count + 1) };
      const even = { ...drafts, keyCounter: (count: number) => drafts.keyCounter(2 * count) };
      const seed = octetsOf(result.seed);
      return {
        ...result,
        masterKey: write(exclusiveOr(keyOf(seed, half, account, even), keyOf(seed, half, account, odd))),
      };
    }),
  },
  {
    id: 'stacie/verification-token-with-nonce',
    breaks: 'STACIE-079',
    title: 'gives the login token for the verification token as well',
    operations: bendResult(derive, (result) => ({
      ...result,
      verificationToken: result.ephemeralLoginToken ?? result.verificationToken,
    })),
  },
];

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

const realmFaults: readonly Fault[] = [
  {
    id: 'stacie/one-key-for-all-realms',
    breaks: 'STACIE-091',
    title: 'leaves the label out of the realm hash',
    operations: realmBy((revision, input) => realmKeys(revision, { ...input, realm: '' })),
  },
  {
    id: 'stacie/label-folded',
    breaks: 'STACIE-091',
    title: 'trims the label, so that two of them have one key',
    operations: realmBy((revision, input) => realmKeys(revision, { ...input, realm: input.realm.trim() })),
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

export const faults: readonly Fault[] = [
  ...slipFaults,
  ...inputFaults,
  ...stageFaults,
  ...realmFaults,
  ...envelopeFaults,
  ...rotationFaults,
];
