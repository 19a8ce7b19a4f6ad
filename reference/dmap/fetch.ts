/** FETCH (sections 2.12 and 5.8 of the DMAP digest): metadata in one piece, long bodies as they are read. */
import { FetchBatch, type FetchCommand, type FetchItem, type FetchValue, type Section } from '../../grammar/dmap.js';
import type { ChunkPlace, MessageReader, MessageSummary } from '../account/mail-store.js';
import { bad, no, ok, refusedBy, type Steps } from './answer.js';
import { type Conversation, viewOf } from './conversation.js';
import { messagesOf, noSuchNumber, someAreGone } from './messages.js';
import { type OpenFetch, streamedFetch } from './streamed-fetch.js';
import type { MailboxView } from './view.js';

type BodyItem = Extract<FetchItem, { item: 'BODY' }>;

const macros: Readonly<Record<'FAST' | 'FULL', readonly FetchItem[]>> = {
  FAST: [{ item: 'FLAGS' }, { item: 'INTERNALDATE' }, { item: 'SIZE' }],
  FULL: [{ item: 'FLAGS' }, { item: 'INTERNALDATE' }, { item: 'SIZE' }, { item: 'BODYSTRUCTURE' }],
};

/** UID and FLAGS come first (section 6.8). */
const order = ['UID', 'FLAGS', 'INTERNALDATE', 'SIZE', 'MODSEQ', 'META', 'BODYSTRUCTURE'] as const;

type PlainItem = (typeof order)[number];

/** What is asked for, each thing once. */
interface Wanted {
  readonly plain: ReadonlySet<PlainItem>;
  readonly bodies: readonly BodyItem[];
  /** A body that is not only peeked at. */
  readonly reads: boolean;
}

const noneChanged: ReadonlySet<number> = new Set();

export function* fetch(conversation: Conversation, command: FetchCommand): Steps {
  const view = viewOf(conversation);
  const uids = messagesOf(view, command);
  if (uids === null) return bad(noSuchNumber);
  const wanted = wantedBy(command);
  if (wanted.plain.has('MODSEQ')) conversation.wantsModseq = true;
  try {
    const found = command.changedSince === null ? uids : newer(conversation, view, uids, command.changedSince);
    const changed = wanted.reads && !view.readOnly ? markSeen(conversation, view, found) : noneChanged;
    yield* view.flagNews();
    const told =
      wanted.bodies.length === 0
        ? yield* fetchPlain(conversation, view, found, wanted)
        : yield* fetchBodies(conversation, view, found, wanted, changed);
    return !command.uid && told < found.length ? no(someAreGone) : ok('They are fetched.');
  } catch (error) {
    return refusedBy(error);
  }
}

/** Those that are there, and newer (RFC 7162, section 3.1.4.1). */
function newer({ store }: Conversation, { id }: MailboxView, uids: readonly number[], since: bigint): number[] {
  return uids.filter((uid) => {
    const summary = store.summary(id, uid);
    return summary !== null && summary.modseq > since;
  });
}

/** One change for all messages of the command. Gives those whose flags are other ones now (DMAP-329). */
function markSeen({ store }: Conversation, view: MailboxView, uids: readonly number[]): ReadonlySet<number> {
  const { changed } = view.changing(() => store.storeFlags(view.id, uids, { how: 'add', flags: ['\\Seen'] }));
  return new Set(changed);
}

/** Many responses a step. Gives how many messages were there. */
function* fetchPlain(
  conversation: Conversation,
  view: MailboxView,
  uids: readonly number[],
  { plain }: Wanted,
): Steps<number> {
  const batch = new FetchBatch(uids.length);
  const wanted = order.filter((item) => plain.has(item));
  let told = 0;
  for (const uid of uids) {
    const message = lookAt(conversation, view, uid, wanted);
    if (message === null) continue;
    batch.add(message.number, message.items);
    told += 1;
    if (batch.full) yield* batchSteps(batch);
  }
  yield* batchSteps(batch);
  return told;
}

function* batchSteps(batch: FetchBatch): Steps<void> {
  const pieces = batch.take();
  for (const [at, octets] of pieces.entries()) yield { kind: 'octets', octets, last: at === pieces.length - 1 };
}

/** @param changed those whose flags are told unasked */
function* fetchBodies(
  conversation: Conversation,
  view: MailboxView,
  uids: readonly number[],
  { plain, bodies }: Wanted,
  changed: ReadonlySet<number>,
): Steps<number> {
  const { store } = conversation;
  const asked = order.filter((item) => plain.has(item));
  const withFlags = order.filter((item) => plain.has(item) || item === 'FLAGS');
  let told = 0;
  for (const uid of uids) {
    const message = lookAt(conversation, view, uid, changed.has(uid) ? withFlags : asked);
    const reader = message === null ? null : store.open(view.id, uid);
    if (message === null || reader === null) continue;
    told += 1;
    try {
      const chunks = bodies.some(({ section }) => section !== null) ? (store.chunks(view.id, uid) ?? []) : [];
      const open: OpenFetch[] = bodies.map((body) => openBody(body, chunks, reader));
      yield* streamedFetch(message.number, message.items, open, reader);
    } finally {
      reader.close();
    }
  }
  return told;
}

/** Its number and what is wanted of it but bodies; null when it is not there any more. */
function lookAt(
  conversation: Conversation,
  view: MailboxView,
  uid: number,
  wanted: readonly PlainItem[],
): { readonly number: number; readonly items: FetchValue[] } | null {
  const summary = conversation.store.summary(view.id, uid);
  const number = view.numberOf(uid);
  if (summary === null || number === 0) return null;
  const items: FetchValue[] = [];
  for (const item of wanted) {
    if (item === 'FLAGS') view.told(uid);
    items.push(itemOf(conversation, view, summary, item));
  }
  return { number, items };
}

function itemOf({ store }: Conversation, { id }: MailboxView, summary: MessageSummary, item: PlainItem): FetchValue {
  switch (item) {
    case 'UID':
      return { item, uid: summary.uid };
    case 'FLAGS':
      return { item, flags: summary.flags };
    case 'INTERNALDATE':
      return { item, date: summary.internalDate };
    case 'SIZE':
      return { item, size: summary.size };
    case 'MODSEQ':
      return { item, modseq: summary.modseq };
    case 'META':
      return { item, value: summary.hasMeta ? store.meta(id, summary.uid) : null };
    case 'BODYSTRUCTURE': {
      const chunks = store.chunks(id, summary.uid) ?? [];
      return { item, form: 'list', chunks: chunks.map(({ type, size }) => ({ type, size, extensions: [] })) };
    }
  }
}

/** Where the octets of a section lie; nowhere for a chunk that is not there (DMAP-I-67). */
function openBody({ section, partial }: BodyItem, chunks: readonly ChunkPlace[], { size }: MessageReader): OpenFetch {
  const start = partial?.start ?? null;
  const whole = section === null ? { offset: 0, size } : placeOf(section, chunks);
  if (whole === null) return { section, start, place: null };
  const from = Math.min(start ?? 0, whole.size);
  const count = Math.min(partial?.count ?? whole.size, whole.size - from);
  return { section, start, place: { offset: whole.offset + from, size: count } };
}

function placeOf({ type, index }: Section, chunks: readonly ChunkPlace[]): { offset: number; size: number } | null {
  return chunks.filter((chunk) => chunk.type === type)[index - 1] ?? null;
}

function wantedBy({ uid, what }: FetchCommand): Wanted {
  const items = typeof what === 'string' ? macros[what] : what;
  const plain = new Set(items.flatMap((each) => (each.item === 'BODY' ? [] : [each.item])));
  // Every FETCH response of a UID command has it (DMAP-380).
  if (uid) plain.add('UID');
  const bodies = new Map<string, BodyItem>();
  let reads = false;
  for (const body of items) {
    if (body.item !== 'BODY') continue;
    bodies.set(JSON.stringify([body.section, body.partial]), body);
    reads ||= !body.peek;
  }
  return { plain, bodies: [...bodies.values()], reads };
}
