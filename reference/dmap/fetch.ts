/** FETCH (sections 2.12 and 5.8 of the DMAP digest): metadata in one piece, long bodies as they are read. */
import type { FetchCommand, FetchItem, FetchValue, Section } from '../../grammar/dmap.js';
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

/** What is asked for, each thing once. */
interface Wanted {
  readonly plain: ReadonlySet<(typeof order)[number]>;
  readonly bodies: readonly BodyItem[];
  /** A body that is not only peeked at. */
  readonly reads: boolean;
}

export function* fetch(conversation: Conversation, command: FetchCommand): Steps {
  const view = viewOf(conversation);
  const uids = messagesOf(view, command);
  if (uids === null) return bad(noSuchNumber);
  const wanted = wantedBy(command);
  if (wanted.plain.has('MODSEQ')) conversation.wantsModseq = true;
  try {
    const found = chosen(conversation, view, uids, command.changedSince);
    const changed = wanted.reads && !view.readOnly ? markSeen(conversation, view, found) : new Set<number>();
    yield* view.flagNews();
    for (const uid of found) yield* fetchOne(conversation, view, uid, wanted, changed.has(uid));
    const gone = !command.uid && command.changedSince === null && found.length < uids.length;
    return gone ? no(someAreGone) : ok('They are fetched.');
  } catch (error) {
    return refusedBy(error);
  }
}

/** Those that are there, and with CHANGEDSINCE those that are newer (RFC 7162, section 3.1.4.1). */
function chosen({ store }: Conversation, { id }: MailboxView, uids: readonly number[], since: bigint | null): number[] {
  return uids.filter((uid) => {
    const summary = store.summary(id, uid);
    return summary !== null && (since === null || summary.modseq > since);
  });
}

/** One change for all messages of the command. Gives those whose flags are other ones now (DMAP-329). */
function markSeen({ store }: Conversation, view: MailboxView, uids: readonly number[]): ReadonlySet<number> {
  const { changed } = view.changing(() => store.storeFlags(view.id, uids, { how: 'add', flags: ['\\Seen'] }));
  return new Set(changed);
}

function* fetchOne(
  conversation: Conversation,
  view: MailboxView,
  uid: number,
  { plain, bodies }: Wanted,
  flagsChanged: boolean,
): Steps<void> {
  const { store } = conversation;
  const summary = store.summary(view.id, uid);
  const number = view.numberOf(uid);
  if (summary === null || number === 0) return;
  const flags = flagsChanged || plain.has('FLAGS');
  if (flags) view.told(uid);
  const needsChunks = plain.has('BODYSTRUCTURE') || bodies.some(({ section }) => section !== null);
  const chunks = needsChunks ? (store.chunks(view.id, uid) ?? []) : [];
  const items: FetchValue[] = [];
  for (const item of order) {
    if (plain.has(item) || (item === 'FLAGS' && flags)) items.push(itemOf(conversation, view, summary, item, chunks));
  }
  if (bodies.length === 0) {
    yield { kind: 'fetch', number, items };
    return;
  }
  const reader = store.open(view.id, uid);
  if (reader === null) return;
  try {
    const open: OpenFetch[] = bodies.map((body) => openBody(body, chunks, reader));
    yield* streamedFetch(number, items, open, reader);
  } finally {
    reader.close();
  }
}

function itemOf(
  { store }: Conversation,
  { id }: MailboxView,
  summary: MessageSummary,
  item: (typeof order)[number],
  chunks: readonly ChunkPlace[],
): FetchValue {
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
    case 'BODYSTRUCTURE':
      return { item, form: 'list', chunks: chunks.map(({ type, size }) => ({ type, size, extensions: [] })) };
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
