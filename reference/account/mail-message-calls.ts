/** The calls of a mail store that read messages, add them, and take them away. */
import { appendTo } from './mail-append.js';
import { unpackChunks } from './mail-chunk-scanner.js';
import { unpackDate } from './mail-date.js';
import { deletedBit, seenBit } from './mail-flags.js';
import { type MailboxState, type MailState, mailboxOf, takeOctets } from './mail-state.js';
import type { MailStore, SearchRow } from './mail-store.js';
import {
  applyCopies,
  applyRemoval,
  octetsOf,
  planCopies,
  planRemoval,
  saveCopies,
  saveRemoval,
} from './mail-transfer.js';

type MessageCalls = Pick<
  MailStore,
  | 'status'
  | 'uids'
  | 'summary'
  | 'search'
  | 'chunks'
  | 'meta'
  | 'open'
  | 'append'
  | 'copy'
  | 'expunge'
  | 'expungedSince'
>;

export function messageCalls(state: MailState): MessageCalls {
  const { backing } = state;
  return {
    status(id) {
      const { name, messages, flags, ...mailbox } = mailboxOf(state, id);
      const { unseen, deleted, octets, uidNext, uidValidity, highestModseq } = mailbox;
      const counts = { messages: messages.count, unseen, deleted, octets };
      // A copy: the keywords of the table grow.
      const keywords = [...flags.keywords];
      return { name, ...counts, uidNext, uidValidity, highestModseq, keywords, takesKeywords: flags.hasRoom };
    },
    uids(id) {
      const { messages } = mailboxOf(state, id);
      return messages.uid.slice(0, messages.count);
    },
    summary(id, uid) {
      const { messages, flags } = mailboxOf(state, id);
      const at = messages.indexOf(uid);
      if (at === -1) return null;
      // Straight from the columns: a record of all of them would cost as much again.
      return {
        uid,
        flags: flags.names(messages.flags[at] ?? 0),
        internalDate: unpackDate(messages.day[at] ?? 0, messages.moment[at] ?? 0),
        size: messages.size[at] ?? 0,
        modseq: messages.modseq[at] ?? 0n,
        hasMeta: messages.metaMark[at] !== 0,
      };
    },
    search: (id, test) => matching(mailboxOf(state, id), test),
    chunks(id, uid) {
      const { messages } = mailboxOf(state, id);
      const at = messages.indexOf(uid);
      return at === -1 ? null : unpackChunks(backing.chunks(messages.record(at).body));
    },
    meta(id, uid) {
      const { messages } = mailboxOf(state, id);
      const at = messages.indexOf(uid);
      return at === -1 || messages.metaMark[at] === 0 ? null : backing.meta(id, uid);
    },
    open(id, uid) {
      const { messages } = mailboxOf(state, id);
      const at = messages.indexOf(uid);
      if (at === -1) return null;
      const { body, size } = messages.record(at);
      return backing.readBody(body, size);
    },

    append: (id, message) => appendTo(state, mailboxOf(state, id), message),
    copy(from, uids, to) {
      const source = mailboxOf(state, from);
      const target = mailboxOf(state, to);
      const messages = source.placesOf(uids).map((place) => source.messages.record(place));
      const plan = planCopies(state, source, messages, target);
      const octets = octetsOf(messages);
      takeOctets(state, target.account, octets);
      try {
        if (messages.length > 0) backing.transaction(() => saveCopies(state, source, plan));
      } catch (error) {
        target.account.octets -= octets;
        throw error;
      }
      applyCopies(plan);
      const targetUids = plan.copies.map(({ message }) => message.uid);
      if (messages.length > 0) state.tell(to, { kind: 'appended', uids: targetUids });
      return { uidValidity: target.uidValidity, sourceUids: messages.map(({ uid }) => uid), targetUids };
    },
    expunge(id, uids) {
      const mailbox = mailboxOf(state, id);
      if (mailbox.deleted === 0) return [];
      const { messages } = mailbox;
      const candidates = uids === undefined ? everyPlace(messages.count) : mailbox.placesOf(uids);
      const places: number[] = [];
      for (const place of candidates) if (((messages.flags[place] ?? 0) & deletedBit) !== 0) places.push(place);
      if (places.length === 0) return [];
      const plan = planRemoval(mailbox, places);
      backing.transaction(() => saveRemoval(state, plan));
      applyRemoval(state, plan);
      return plan.uids;
    },
    expungedSince: (id, modseq) => mailboxOf(state, id).log.since(modseq),
  };
}

/** Goes through the columns with one row object, since an object for each message would cost more than the test. */
function matching({ messages }: MailboxState, test: (row: SearchRow) => boolean): number[] {
  const found: number[] = [];
  const row = { uid: 0, index: 0, seen: false, deleted: false, size: 0, day: 0, modseq: 0n };
  for (let at = 0; at < messages.count; at += 1) {
    const flags = messages.flags[at] ?? 0;
    row.uid = messages.uid[at] ?? 0;
    row.index = at;
    row.seen = (flags & seenBit) !== 0;
    row.deleted = (flags & deletedBit) !== 0;
    row.size = messages.size[at] ?? 0;
    row.day = messages.day[at] ?? 0;
    row.modseq = messages.modseq[at] ?? 0n;
    if (test(row)) found.push(row.uid);
  }
  return found;
}

function* everyPlace(count: number): Generator<number, void> {
  for (let at = 0; at < count; at += 1) yield at;
}
