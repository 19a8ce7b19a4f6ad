/**
 * Looks for a message that an earlier try may have put where it belongs. Two D/MIME messages with the same octets are one
 * message: the keys in them are made anew for each.
 */
import type { SearchKey } from '../../../grammar/dmap.js';
import { dataOf } from './outcome.js';
import type { SyncClient } from './sync-client.js';
import { fetchBodies, requireOk, SyncRefused } from './sync-fetch.js';
import type { SyncState } from './sync-state.js';
import type { CachedMessage } from './sync-types.js';

/** Messages of the same size that are looked at, the newest first. */
const mostCandidates = 16;

/** The UID of a message with these octets in the selected mailbox; null when there is none. @throws SyncRefused, DmapClientError */
export async function alreadyThere(client: SyncClient, state: SyncState, message: Uint8Array): Promise<number | null> {
  const candidates = state.messages.filter(({ size }) => size === message.length).map(({ uid }) => uid);
  return await sameAmong(client, candidates, message);
}

/**
 * The same for a message of the selected mailbox and another mailbox, which is looked into and left again.
 *
 * @throws SyncRefused, DmapClientError
 */
export async function alreadyIn(
  client: SyncClient,
  mailbox: string,
  other: string,
  { uid, size }: CachedMessage,
): Promise<number | null> {
  if (size === null) return null;
  let message: Uint8Array | null = null;
  await fetchBodies(client.run, [{ uid, octets: size }], [null], (_, section, octets) => {
    if (section === null) message = octets;
  });
  if (message === null) return null;
  const validity = client.mailbox?.uidValidity;
  const examined = await client.run({ name: 'EXAMINE', mailbox: other });
  const found = examined.status === 'OK' ? await sameAmong(client, await ofSize(client, size), message) : null;
  requireOk(await client.run({ name: 'SELECT', mailbox }), 'SELECT');
  if (client.mailbox?.uidValidity !== validity) throw new SyncRefused('UIDVALIDITY changed while the mailbox was left');
  return found;
}

async function ofSize(client: SyncClient, size: number): Promise<number[]> {
  const keys: SearchKey[] = [{ key: 'LARGER', size: Math.max(0, size - 1) }];
  if (size < 0xffff_ffff) keys.push({ key: 'SMALLER', size: size + 1 });
  const outcome = requireOk(await client.run({ name: 'SEARCH', uid: true, keys }), 'UID SEARCH');
  return dataOf(outcome, 'search').flatMap(({ numbers }) => numbers);
}

async function sameAmong(client: SyncClient, uids: readonly number[], message: Uint8Array): Promise<number | null> {
  const candidates = [...uids].sort((one, other) => other - one).slice(0, mostCandidates);
  for (const candidate of candidates) {
    let same = false;
    await fetchBodies(client.run, [{ uid: candidate, octets: message.length }], [null], (_, section, octets) => {
      if (section === null && octets !== null) same = Buffer.compare(octets, message) === 0;
    });
    if (same) return candidate;
  }
  return null;
}
