/** What happens to an account's key ring: a password change, a new shard, a look-up. Nothing is changed in place. */
import type { RealmEntry, StacieAccount } from '../account/store.js';
import { bounds, type StacieMessages } from '../formats/stacie/messages/index.js';

/** A change that would lose or confuse shards, or weaken the account. */
export class KeyRingRefusal extends Error {
  override readonly name = 'KeyRingRefusal';
}

/** Octets of a salt (STACIE-024). Another length would tell real accounts from decoys (STACIE-I-83). */
const saltOctets = 128;

const keyOf = ({ label, index }: Pick<RealmEntry, 'label' | 'index'>): string => `${label}/${index}`;

/**
 * The account after a password change (STACIE-193 to STACIE-196): wholly the new one, or an error and wholly the old.
 *
 * @param shards shards of one account, at most
 * @throws KeyRingRefusal when a shard is neither rewritten nor given up (STACIE-I-54), stands still although the keys
 * change, or has an index out of turn; or when token, salt or bonus cannot be the new ones
 */
export function changedAccount(
  account: StacieAccount,
  request: StacieMessages['change'],
  shards: number,
): StacieAccount {
  checkCredentials(account, request);
  const rewritten = new Map(request.realms.map((entry) => [keyOf(entry), entry]));
  const removed = new Set(request.removed.map(keyOf));
  const existing = new Set(account.realms.map(keyOf));
  for (const entry of request.removed) {
    if (!existing.has(keyOf(entry))) throw new KeyRingRefusal(`there is no shard ${keyOf(entry)} to remove`);
    if (rewritten.has(keyOf(entry))) throw new KeyRingRefusal(`shard ${keyOf(entry)} is both rewritten and removed`);
  }
  const kept = account.realms.flatMap((entry) => {
    const key = keyOf(entry);
    if (removed.has(key)) return [];
    const next = rewritten.get(key);
    if (next === undefined)
      throw new KeyRingRefusal(`the change leaves out shard ${key}, which would be lost (STACIE-I-54)`);
    if (Buffer.compare(next.shard, entry.shard) === 0) {
      throw new KeyRingRefusal(
        `shard ${key} is the old one, which under new keys gives another realm key (STACIE-195)`,
      );
    }
    return [next];
  });
  const added = request.realms.filter((entry) => !existing.has(keyOf(entry))).sort((a, b) => a.index - b.index);
  const nextIndex = new Map(account.nextIndex);
  for (const { label, index } of added) {
    const due = nextIndex.get(label) ?? 0;
    if (index !== due)
      throw new KeyRingRefusal(`a new shard of ${label} has index ${index}; the next one is ${due} (STACIE-199)`);
    nextIndex.set(label, due + 1);
  }
  const realms = [...kept, ...added];
  checkCount(realms, shards);
  const { username, bonus } = account;
  return {
    username,
    ...(request.salt === undefined ? {} : { salt: request.salt }),
    bonus,
    verificationToken: request.verificationToken,
    realms,
    nextIndex,
  };
}

/** The account with one more shard under the next free index of its label (STACIE-199). @throws KeyRingRefusal */
export function addedShard(
  account: StacieAccount,
  { label, shard }: Pick<RealmEntry, 'label' | 'shard'>,
  shards: number,
): { readonly next: StacieAccount; readonly entry: RealmEntry } {
  const index = account.nextIndex.get(label) ?? 0;
  if (index > bounds.index)
    throw new KeyRingRefusal(`all ${bounds.index + 1} indexes of ${label} are used (STACIE-I-44)`);
  const entry = { label, index, shard };
  const realms = [...account.realms, entry];
  checkCount(realms, shards);
  return { next: { ...account, realms, nextIndex: new Map(account.nextIndex).set(label, index + 1) }, entry };
}

/** The shards that a fetch asks for (STACIE-197, STACIE-198). */
export function entriesOf(
  { realms }: StacieAccount,
  { label, index }: Pick<StacieMessages['fetch'], 'label' | 'index'>,
): readonly RealmEntry[] {
  return realms.filter(
    (entry) => (label === undefined || entry.label === label) && (index === undefined || entry.index === index),
  );
}

function checkCredentials(account: StacieAccount, request: StacieMessages['change']): void {
  const { salt, bonus, verificationToken } = request;
  if (Buffer.compare(verificationToken, account.verificationToken) === 0) {
    throw new KeyRingRefusal('the verification token is the old one (STACIE-193)');
  }
  if (account.salt !== undefined) {
    if (salt === undefined) throw new KeyRingRefusal('the change has no salt (STACIE-194)');
    if (salt.length !== saltOctets) {
      throw new KeyRingRefusal(`the salt has ${salt.length} octets; new ones have ${saltOctets} here (STACIE-024)`);
    }
    if (Buffer.compare(salt, account.salt) === 0) throw new KeyRingRefusal('the salt is the old one (STACIE-206)');
  } else if (salt !== undefined) {
    throw new KeyRingRefusal('the account has no salt, and the change gives one (STACIE-I-20)');
  }
  if (bonus !== undefined && bonus !== account.bonus) {
    throw new KeyRingRefusal(`the bonus is ${bonus}; this account has ${account.bonus} (STACIE-I-83)`);
  }
}

function checkCount(realms: readonly RealmEntry[], shards: number): void {
  if (realms.length > shards) {
    throw new KeyRingRefusal(`the key ring would have ${realms.length} shards; at most ${shards} are kept`);
  }
}
