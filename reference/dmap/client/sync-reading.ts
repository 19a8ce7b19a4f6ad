/** Reads what changed in the selected mailbox since the cache was made (DMAP-I-41, DMAP-I-42). */
import type { FetchItem, SequenceSet } from '../../../grammar/dmap.js';
import { dataOf, type Outcome } from './outcome.js';
import type { SyncClient } from './sync-client.js';
import { fetchBodies, fetchByUid, fetchSet, requireOk, SyncRefused, sameSection } from './sync-fetch.js';
import type { SyncState } from './sync-state.js';
import type { MailboxCache, SyncRequest } from './sync-types.js';

const all: SequenceSet = [{ first: 1, last: '*' }];
const metadata: readonly FetchItem[] = [
  { item: 'FLAGS' },
  { item: 'MODSEQ' },
  { item: 'INTERNALDATE' },
  { item: 'SIZE' },
  { item: 'BODYSTRUCTURE' },
];

/** Of a mailbox that changes while it is looked at. */
const mostTries = 3;

/**
 * Brings `state` to what the mailbox is now, all but the parts of messages.
 *
 * @param since only what has a higher MODSEQ is asked for; null: the flags of all messages are
 * @throws SyncRefused, DmapClientError
 */
export async function readMessages(
  client: SyncClient,
  state: SyncState,
  meta: boolean,
  since: bigint | null,
): Promise<void> {
  const uids = await readFlags(client, since);
  const touched: number[] = [];
  state.keepOnly(uids);
  for (const [, { uid, flags, modseq }] of client.mailbox?.messages() ?? []) {
    if (uid === null || flags === null) continue;
    // Without MODSEQ nothing shows that the block is as it was.
    if (modseq === null || modseq !== state.get(uid)?.modseq) touched.push(uid);
    state.recordFlags(uid, flags, modseq);
  }
  const unread = state.messages.filter(({ size }) => size === null).map(({ uid }) => uid);
  await fetchByUid(client.run, unread, metadata, (uid, items) => state.record(uid, items));
  if (meta) {
    const without = state.messages.filter((message) => message.meta === undefined).map(({ uid }) => uid);
    const blocks = [...new Set([...touched, ...without])].sort((one, other) => one - other);
    await fetchByUid(client.run, blocks, [{ item: 'META' }], (uid, items) => state.record(uid, items));
  }
}

/**
 * Reads the parts that are wanted and lacking. What was read before it fails stays in `state`.
 *
 * @throws SyncRefused when they are more than the client takes, DmapClientError
 */
export async function readParts(client: SyncClient, state: SyncState, want: SyncRequest['want']): Promise<void> {
  const most = client.limits.synchronizedOctets;
  const tooMuch = new SyncRefused(`more than ${most} octets of messages are wanted; the rest is left for another time`);
  let planned = 0;
  let read = 0;
  for (const section of want) {
    const lacking = state.messages.filter(({ parts }) => !parts.some((part) => sameSection(part.section, section)));
    const messages = lacking.map(({ uid, size }) => ({ uid, octets: size ?? 0 }));
    const fitting = messages.filter(({ octets }) => {
      const fits = planned + octets <= most;
      if (fits) planned += octets;
      return fits;
    });
    await fetchBodies(client.run, fitting, [section], (uid, of, octets) => {
      // The sizes are the server's word.
      read += octets?.length ?? 0;
      if (read > most) throw tooMuch;
      state.recordPart(uid, of, octets);
    });
    if (fitting.length < messages.length) throw tooMuch;
  }
}

/**
 * From where changes can be asked for: the cache's highest MODSEQ, when the server keeps such a number and it has not gone
 * back.
 */
export function changesSince(client: SyncClient, cache: MailboxCache | null, condstore: boolean): bigint | null {
  const [then, now] = [cache?.highestModseq ?? null, client.mailbox?.highestModseq ?? null];
  return condstore && then !== null && now !== null && then > 0n && now >= then ? then : null;
}

/** Whether the numbers of the selection show that nothing has changed: no change, no arrival, no removal. */
export function isUnchanged(client: SyncClient, cache: MailboxCache | null, condstore: boolean): boolean {
  const view = client.mailbox;
  return (
    condstore &&
    view !== null &&
    cache !== null &&
    cache.highestModseq !== null &&
    view.highestModseq === cache.highestModseq &&
    view.uidNext !== null &&
    view.uidNext === cache.uidNext &&
    view.exists === cache.messages.length
  );
}

/**
 * Asks for the flags that changed and gives all UIDs. What is told in between by other sessions' doing is in the view of
 * the mailbox already, so that is where the result is taken from.
 *
 * @throws SyncRefused when the UIDs are not as many as the messages, again and again
 */
async function readFlags(client: SyncClient, since: bigint | null): Promise<number[]> {
  for (let tries = 0; tries < mostTries; tries++) {
    if (client.mailbox?.exists === 0) return [];
    if (since === null) {
      await fetchAllFlags(client);
    } else {
      const found = requireOk(await client.run({ name: 'SEARCH', uid: true, keys: [{ key: 'ALL' }] }), 'UID SEARCH');
      client.mailbox?.learnUids(
        dataOf(found, 'search')
          .flatMap(({ numbers }) => numbers)
          .sort((a, b) => a - b),
      );
      await fetchSet(client.run, all, [{ item: 'FLAGS' }, { item: 'MODSEQ' }], since);
    }
    const uids = uidsOf(client);
    if (uids !== null) return uids;
    // Something came or went in the middle: the server says so now.
    requireOk(await client.run({ name: 'NOOP' }), 'NOOP');
  }
  const exists = client.mailbox?.exists ?? 0;
  throw new SyncRefused(
    `the mailbox has ${exists} messages, and the server does not tell as many UIDs in ascending order`,
  );
}

async function fetchAllFlags(client: SyncClient): Promise<Outcome> {
  const ask = async (what: readonly FetchItem[]): Promise<Outcome> =>
    await client.run({ name: 'FETCH', uid: true, set: all, what, changedSince: null });
  const outcome = await ask([{ item: 'FLAGS' }, { item: 'MODSEQ' }]);
  // A server without MODSEQ: flags will do.
  return outcome.status === 'OK' ? outcome : requireOk(await ask([{ item: 'FLAGS' }]), 'UID FETCH');
}

/** Null when not every message has one, above those before it. */
function uidsOf(client: SyncClient): number[] | null {
  const uids: number[] = [];
  for (const [number, { uid }] of client.mailbox?.messages() ?? []) {
    if (uid === null || number !== uids.length + 1 || uid <= (uids.at(-1) ?? 0)) return null;
    uids.push(uid);
  }
  return uids.length === client.mailbox?.exists ? uids : null;
}
