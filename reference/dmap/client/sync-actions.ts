/** Replays what was done offline. Doing it twice does no more than doing it once. */
import type { Command } from '../../../grammar/dmap.js';
import { DmapClientError } from './client-error.js';
import { hasCapability, sameMailbox } from './legality.js';
import { codeWord, dataOf, type Outcome } from './outcome.js';
import type { SyncClient } from './sync-client.js';
import { alreadyIn, alreadyThere } from './sync-search.js';
import type { SyncState } from './sync-state.js';
import type { ActionResult, ActionState, CachedMessage, OfflineAction } from './sync-types.js';
import { tryingCreate } from './try-create.js';

export interface Replay {
  readonly client: SyncClient;
  readonly mailbox: string;
  readonly state: SyncState;
  /** Whether the UIDs of the actions mean nothing any more. */
  readonly stale: boolean;
}

type ActionOf<Kind extends OfflineAction['kind']> = Extract<OfflineAction, { readonly kind: Kind }>;

/**
 * Carries out one action.
 *
 * @throws DmapClientError when the connection ends, SyncRefused when the mailbox cannot be read
 */
export async function replay(replay: Replay, action: OfflineAction): Promise<ActionResult> {
  try {
    return await carryOut(replay, action);
  } catch (error) {
    if (error instanceof DmapClientError && error.isLocal) return ended(action, 'declined', { detail: error.what });
    throw error;
  }
}

export function ended(
  { id }: OfflineAction,
  state: ActionState,
  more: Partial<Omit<ActionResult, 'id' | 'state'>> = {},
): ActionResult {
  return { id, state, detail: null, code: null, uid: null, overrode: [], ...more };
}

async function carryOut(replay: Replay, action: OfflineAction): Promise<ActionResult> {
  if (action.kind === 'append') return await append(replay, action);
  if (replay.stale) return ended(action, 'stale', { detail: 'the UIDs of the mailbox are other ones now' });
  const message = replay.state.get(action.uid);
  if (message === undefined) {
    // What was to go is not there.
    return ended(action, action.kind === 'delete' ? 'already' : 'gone', { detail: 'the message is no longer there' });
  }
  switch (action.kind) {
    case 'flags':
      return await changeFlags(replay, action, message);
    case 'move':
      return await move(replay, action, message);
    case 'delete':
      return await remove(replay, action, message);
    case 'submit':
      return await submit(replay, action, message);
  }
}

async function changeFlags(
  { client, state }: Replay,
  action: ActionOf<'flags'>,
  message: CachedMessage,
): Promise<ActionResult> {
  const add = action.add.filter((flag) => !has(message.flags, flag));
  const remove = action.remove.filter((flag) => has(message.flags, flag));
  if (add.length + remove.length === 0) return ended(action, 'already');
  const lost = [...add, ...remove].filter((flag) => client.mailbox?.keeps(flag) !== true);
  if (lost.length > 0) {
    const detail = `the mailbox does not keep a change of ${lost.join(' ')} for good (PERMANENTFLAGS)`;
    return ended(action, 'declined', { detail });
  }
  // What the cache had as this user wanted it was changed by somebody else.
  const before = state.before(action.uid)?.flags ?? message.flags;
  const overrode = [...add.filter((flag) => has(before, flag)), ...remove.filter((flag) => !has(before, flag))];
  for (const [mode, flags] of [
    ['add', add],
    ['remove', remove],
  ] as const) {
    if (flags.length === 0) continue;
    const outcome = await storeFlags(client, state, action.uid, mode, flags);
    if (outcome.status !== 'OK') return refused(action, outcome);
  }
  return ended(action, 'done', { overrode });
}

async function append({ client, mailbox, state }: Replay, action: ActionOf<'append'>): Promise<ActionResult> {
  const { message, flags, date } = action;
  const there = await alreadyThere(client, state, message);
  if (there !== null) return ended(action, 'already', { uid: there });
  const whole = { size: message.length, octets: message };
  const outcome = await client.run({ name: 'APPEND', mailbox, flags, date, message: whole });
  if (outcome.status !== 'OK') return refused(action, outcome);
  const uid = outcome.code?.name === 'APPENDUID' ? (outcome.code.uids[0]?.first ?? null) : null;
  return ended(action, 'done', { uid });
}

async function move(replay: Replay, action: ActionOf<'move'>, message: CachedMessage): Promise<ActionResult> {
  const { client, mailbox } = replay;
  const { uid, to, create, attempted } = action;
  if (sameMailbox(mailbox, to)) return ended(action, 'already');
  let newUid = attempted ? await alreadyIn(client, mailbox, to, message) : null;
  const copied = newUid !== null;
  if (!copied) {
    const command: Extract<Command, { readonly name: 'COPY' }> = {
      name: 'COPY',
      uid: true,
      set: only(uid),
      mailbox: to,
    };
    const outcome = await tryingCreate(client.run, command, create);
    if (outcome.status !== 'OK') return refused(action, outcome);
    newUid = outcome.code?.name === 'COPYUID' ? (outcome.code.to[0]?.first ?? null) : null;
  }
  const removed = await remove(replay, action, message);
  return removed.state === 'done'
    ? { ...removed, uid: newUid }
    : { ...removed, detail: `copied, but: ${removed.detail}` };
}

/** Without UIDPLUS the message stays, as EXPUNGE would take others with it. */
async function remove(
  { client, state }: Replay,
  action: OfflineAction & { readonly uid: number },
  message: CachedMessage,
): Promise<ActionResult> {
  if (!has(message.flags, '\\Deleted')) {
    const outcome = await storeFlags(client, state, action.uid, 'add', ['\\Deleted']);
    if (outcome.status !== 'OK') return refused(action, outcome);
  }
  if (!hasCapability(client.capabilities, 'UIDPLUS')) {
    return ended(action, 'done', { detail: 'the message has \\Deleted and stays until the mailbox is expunged' });
  }
  const outcome = await client.run({ name: 'EXPUNGE', set: only(action.uid) });
  return outcome.status === 'OK' ? ended(action, 'done') : refused(action, outcome);
}

async function submit({ client }: Replay, action: ActionOf<'submit'>, message: CachedMessage): Promise<ActionResult> {
  if (has(message.flags, '\\Submitted')) return ended(action, 'already');
  const outcome = await client.submit({ uid: true, number: action.uid, decide: true });
  return outcome.status === 'OK' ? ended(action, 'done') : refused(action, outcome);
}

async function storeFlags(
  client: SyncClient,
  state: SyncState,
  uid: number,
  mode: 'add' | 'remove',
  flags: readonly string[],
): Promise<Outcome> {
  const change = { item: 'FLAGS', mode, silent: false, flags } as const;
  const outcome = await client.run({ name: 'STORE', uid: true, set: only(uid), unchangedSince: null, change });
  for (const { items } of dataOf(outcome, 'fetch')) {
    if (items.some((item) => item.item === 'UID' && item.uid === uid)) state.record(uid, items);
  }
  return outcome;
}

function refused(action: OfflineAction, { status, code, text }: Outcome): ActionResult {
  return ended(action, 'refused', { detail: `${status} ${text}`, code: codeWord(code) });
}

const only = (uid: number): { readonly first: number; readonly last: number }[] => [{ first: uid, last: uid }];

const has = (flags: readonly string[], flag: string): boolean =>
  flags.some((each) => each.toLowerCase() === flag.toLowerCase());
