/** FETCH by UID, in commands of moderate length and answers of moderate size. */
import type { FetchItem, FetchValue, Section, SequenceSet } from '../../../grammar/dmap.js';
import { setOf } from '../../../grammar/dmap-sets.js';
import { dataOf, type Outcome, type Run } from './outcome.js';

/** A server has said NO or BAD to what it has to be able to do. */
export class SyncRefused extends Error {
  override readonly name = 'SyncRefused';
}

/** UIDs of one command: its line stays under 8192 octets (DMAP-I-20) however scattered they are. */
const mostUids = 500;
/** Octets of message that one command asks for, unless one message alone has more. */
const mostOctets = 16 * 1024 * 1024;

/**
 * Gives what is told of each message, by UID. Of those that have gone meanwhile nothing is told.
 *
 * @throws SyncRefused, DmapClientError
 */
export async function fetchByUid(
  run: Run,
  uids: readonly number[],
  what: readonly FetchItem[],
  take: (uid: number, items: readonly FetchValue[]) => void,
): Promise<void> {
  const wanted = new Set(uids);
  for (let at = 0; at < uids.length; at += mostUids) {
    const set = setOf(uids.slice(at, at + mostUids));
    takeAll(await fetchSet(run, set, what), (uid, items) => {
      if (wanted.has(uid)) take(uid, items);
    });
  }
}

/**
 * Gives chunks of messages, or whole messages, without a change of `\Seen`.
 *
 * @param messages UIDs with about how many octets each will bring
 * @throws SyncRefused, DmapClientError
 */
export async function fetchBodies(
  run: Run,
  messages: readonly { readonly uid: number; readonly octets: number }[],
  sections: readonly (Section | null)[],
  take: (uid: number, section: Section | null, octets: Uint8Array | null) => void,
): Promise<void> {
  const what = sections.map((section): FetchItem => ({ item: 'BODY', peek: true, section, partial: null }));
  let batch: number[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    await fetchByUid(run, batch, what, (uid, items) => {
      for (const item of items) {
        if (item.item === 'BODY' && item.start === null) take(uid, item.section, item.value);
      }
    });
    batch = [];
    size = 0;
  };
  for (const { uid, octets } of messages) {
    if (batch.length > 0 && size + octets > mostOctets) await flush();
    batch.push(uid);
    size += octets;
  }
  if (batch.length > 0) await flush();
}

/** @throws SyncRefused, DmapClientError */
export async function fetchSet(
  run: Run,
  set: SequenceSet,
  what: readonly FetchItem[],
  changedSince: bigint | null = null,
): Promise<Outcome> {
  return requireOk(await run({ name: 'FETCH', uid: true, set, what, changedSince }), 'UID FETCH');
}

/** @throws SyncRefused when the outcome is not OK */
export function requireOk(outcome: Outcome, name: string): Outcome {
  if (outcome.status === 'OK') return outcome;
  throw new SyncRefused(`${name} is answered with ${outcome.status} ${outcome.text}`);
}

function takeAll(outcome: Outcome, take: (uid: number, items: readonly FetchValue[]) => void): void {
  for (const { items } of dataOf(outcome, 'fetch')) {
    const uid = items.find((item) => item.item === 'UID')?.uid;
    if (uid !== undefined) take(uid, items);
  }
}

/** Whether two name the same chunk. */
export function sameSection(one: Section | null, other: Section | null): boolean {
  return one?.type === other?.type && one?.index === other?.index;
}
