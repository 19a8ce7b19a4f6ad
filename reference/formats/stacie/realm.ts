/** The keys of a realm, from the master key and a shard. (Section 1.7 of the STACIE digest) */
import { createHash } from 'node:crypto';
import { checkKey, checkSalt } from './checks.js';
import { xor } from './octets.js';
import { StacieError } from './stacie-error.js';
import { labelOctets, type Text } from './text.js';

/**
 * Which formula: revision 00 or 03 of the draft, or the shard variant of old data, which hashes as 00 does and splits
 * as 03 does (STACIE-I-31, STACIE-I-32).
 */
export type RealmRevision = '00' | '03' | 'shard';

export interface RealmInputs {
  readonly masterKey: Uint8Array;
  /** The realm's label, not folded. */
  readonly realm: Text;
  /** 64 octets from the server. */
  readonly shard: Uint8Array;
  /** The salt of the master key, when it has one. Revision 00 and the shard variant do not look at it. */
  readonly salt?: Uint8Array | undefined;
}

/** Cut from the realm key: 16, 16 and 32 octets. Revision 00 has no tag key. */
export interface RealmKeys {
  readonly realmKey: Uint8Array;
  readonly vectorKey: Uint8Array;
  readonly tagKey?: Uint8Array;
  readonly cipherKey: Uint8Array;
}

/** Keys that open envelopes: those of all revisions but 00. */
export interface EnvelopeRealmKeys extends RealmKeys {
  readonly tagKey: Uint8Array;
}

/**
 * @throws StacieError for a label (STACIE-100), shard (STACIE-102), master key (STACIE-103) or salt (STACIE-105) outside
 * its limits
 */
export function realmKeys(revision: '03' | 'shard', inputs: RealmInputs): EnvelopeRealmKeys;
export function realmKeys(revision: RealmRevision, inputs: RealmInputs): RealmKeys;
export function realmKeys(revision: RealmRevision, { masterKey, realm, shard, salt }: RealmInputs): RealmKeys {
  const label = labelOctets(realm);
  checkKey(masterKey, 'masterKey', 'STACIE-103', '1.7');
  checkKey(shard, 'shard', 'STACIE-102', '1.7');
  switch (revision) {
    case '00': {
      const realmKey = xor(hashOf(masterKey, label, shard), shard);
      const vectorKey = xor(realmKey.subarray(0, 16), realmKey.subarray(16, 32));
      return { realmKey, vectorKey, cipherKey: realmKey.slice(32) };
    }
    case '03':
      return splitRealmKey(xor(realmHash({ masterKey, realm, salt }), shard));
    case 'shard':
      return splitRealmKey(xor(hashOf(masterKey, label, shard), shard));
    default:
      throw unknownRevision(revision);
  }
}

/**
 * What a client of revision 03 may keep in place of the master key (STACIE-I-36): XOR the shard it is the realm key.
 *
 * @throws StacieError as `realmKeys` does
 */
export function realmHash({ masterKey, realm, salt }: Omit<RealmInputs, 'shard'>): Uint8Array {
  const label = labelOctets(realm);
  checkKey(masterKey, 'masterKey', 'STACIE-103', '1.7');
  checkSalt(salt, { requirement: 'STACIE-105' });
  return hashOf(masterKey, label, salt);
}

/**
 * Cuts a realm key of 64 octets as revision 03 does.
 *
 * @throws StacieError for another length
 */
export function splitRealmKey(realmKey: Uint8Array): EnvelopeRealmKeys {
  checkKey(realmKey, 'realmKey', 'STACIE-138', '1.7');
  return {
    realmKey,
    vectorKey: realmKey.slice(0, 16),
    tagKey: realmKey.slice(16, 32),
    cipherKey: realmKey.slice(32),
  };
}

function hashOf(masterKey: Uint8Array, label: Uint8Array, last: Uint8Array | undefined): Uint8Array {
  const hash = createHash('sha512').update(masterKey).update(label);
  if (last !== undefined) hash.update(last);
  return new Uint8Array(hash.digest());
}

function unknownRevision(revision: never): StacieError {
  const bound = '"00", "03" or "shard"';
  return new StacieError({
    code: 'unknown-revision',
    field: 'revision',
    what: `is ${JSON.stringify(revision)}`,
    bound,
    section: '1.7',
  });
}
