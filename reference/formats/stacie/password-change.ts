/**
 * What becomes of realms when the password changes. The draft describes the shallow change; the deep and the hybrid one
 * are headings, filled by STACIE-I-51 and STACIE-I-52. (Section 1.9 of the STACIE digest)
 */
import { checkKey, checkSalt } from './checks.js';
import { checkSerial } from './envelope.js';
import { keyOctets, mostSerial } from './limits.js';
import { xor } from './octets.js';
import { realmHash, realmKeys } from './realm.js';
import { StacieError } from './stacie-error.js';
import { labelOctets, type Text } from './text.js';

/** A shard of a realm; a realm may have several, each with its serial. */
export interface RealmShard {
  readonly realm: string;
  readonly serial: number;
  /** 64 octets. */
  readonly shard: Uint8Array;
}

/** What a password leads to: the master key and the salt that it was made with. */
export interface Credentials {
  readonly masterKey: Uint8Array;
  readonly salt?: Uint8Array | undefined;
}

export interface PasswordChange {
  /** Every shard of the account. */
  readonly realms: readonly RealmShard[];
  /** `shard`: the account's realm keys are still made by the shard variant; after the change they are made as in 03. */
  readonly before: Credentials & { readonly revision?: '03' | 'shard' };
  /** The salt should be a new one (STACIE-135), and must be given if there was one. */
  readonly after: Credentials;
}

/** Randomness: gives so many octets. */
export type Random = (octets: number) => Uint8Array;

/**
 * The new shard that leads, with the new master key and salt, to the same realm key: 64 octets (STACIE-134, STACIE-I-49).
 *
 * @throws StacieError for a new master key (STACIE-136), realm key (STACIE-138), label (STACIE-139) or new salt
 * (STACIE-I-50) outside its limits
 */
export function rotateShard(inputs: {
  readonly realm: Text;
  readonly realmKey: Uint8Array;
  readonly newMasterKey: Uint8Array;
  readonly newSalt?: Uint8Array | undefined;
}): Uint8Array {
  const { realm, realmKey, newMasterKey, newSalt } = inputs;
  labelOctets(realm, 'STACIE-139');
  checkKey(newMasterKey, 'newMasterKey', 'STACIE-136', '1.9');
  checkKey(realmKey, 'realmKey', 'STACIE-138', '1.9');
  // A salt of no octets is what the sample calls a missing one.
  const requirement = newSalt?.length === 0 ? 'STACIE-137' : 'STACIE-I-50';
  checkSalt(newSalt, { field: 'newSalt', requirement });
  return xor(realmHash({ masterKey: newMasterKey, realm, salt: newSalt }), realmKey);
}

/**
 * Shallow: realm keys stay, so that no data is touched; every shard changes, no serial does.
 *
 * @throws StacieError as `rotateShard` and `realmKeys` do, and `unfit-realms` when a shard is listed twice
 */
export function shallowChange({ realms, before, after }: PasswordChange): RealmShard[] {
  checkRealms(realms);
  if (before.salt !== undefined && after.salt === undefined) throw missingSalt();
  return realms.map(({ realm, serial, shard }) => {
    const { realmKey } = realmKeys(before.revision ?? '03', { ...before, realm, shard });
    const rotated = rotateShard({ realm, realmKey, newMasterKey: after.masterKey, newSalt: after.salt });
    realmKey.fill(0);
    return { realm, serial, shard: rotated };
  });
}

/**
 * Deep: each realm gets one new shard under its next serial, and so new keys. All data has to be encrypted again; only
 * then may the old shards be dropped.
 *
 * @returns `added`, one a realm, and `dropped`, the shards that go once nothing needs them
 * @throws StacieError as `shallowChange` does, and `out-of-range` when a realm has no serial left (STACIE-I-44)
 */
export function deepChange(
  { realms }: Pick<PasswordChange, 'realms'>,
  random: Random,
): { readonly added: RealmShard[]; readonly dropped: RealmShard[] } {
  checkRealms(realms);
  return { added: newShards(realms, random), dropped: [...realms] };
}

/**
 * Hybrid: old shards are rotated, so that old data stays readable under its serial, and each realm gets a new shard
 * under its next serial for new data.
 *
 * @returns `rotated` and `added`; together they are the account's shards
 * @throws StacieError as `shallowChange` and `deepChange` do
 */
export function hybridChange(
  change: PasswordChange,
  random: Random,
): { readonly rotated: RealmShard[]; readonly added: RealmShard[] } {
  return { rotated: shallowChange(change), added: newShards(change.realms, random) };
}

/**
 * The serial of a realm's next shard: 0 for the first, else the highest and one.
 *
 * @throws StacieError `out-of-range` when the highest is 65,535 (STACIE-I-44)
 */
export function nextSerial(serials: Iterable<number>): number {
  let next = 0;
  for (const serial of serials) {
    checkSerial(serial);
    next = Math.max(next, serial + 1);
  }
  if (next <= mostSerial) return next;
  const what = `would be ${next.toLocaleString('en-US')}`;
  throw new StacieError({
    code: 'out-of-range',
    requirement: 'STACIE-I-44',
    field: 'serial',
    value: next,
    what,
    bound: '0 to 65,535',
    section: '1.9',
  });
}

function newShards(realms: readonly RealmShard[], random: Random): RealmShard[] {
  const serials = new Map<string, number[]>();
  for (const { realm, serial } of realms) {
    const used = serials.get(realm);
    if (used === undefined) serials.set(realm, [serial]);
    else used.push(serial);
  }
  return [...serials].map(([realm, used]) => {
    const shard = random(keyOctets);
    checkKey(shard, 'shard', 'STACIE-092', '1.9');
    return { realm, serial: nextSerial(used), shard };
  });
}

function checkRealms(realms: readonly RealmShard[]): void {
  const seen = new Set<string>();
  for (const { realm, serial, shard } of realms) {
    labelOctets(realm);
    checkSerial(serial);
    checkKey(shard, 'shard', 'STACIE-102', '1.9');
    const key = `${serial} ${realm}`;
    if (seen.has(key)) {
      const what = `has serial ${serial} of one label twice`;
      throw new StacieError({
        code: 'unfit-realms',
        requirement: 'STACIE-I-44',
        field: 'realms',
        value: serial,
        what,
        bound: 'one shard for each label and serial',
        section: '1.9',
      });
    }
    seen.add(key);
  }
}

function missingSalt(): StacieError {
  return new StacieError({
    code: 'empty',
    requirement: 'STACIE-137',
    field: 'newSalt',
    value: 0,
    what: 'is missing',
    bound: 'a new salt, since the account has one',
    section: '1.9',
  });
}
