/** Messages that are copied and messages that go: planned, written to the backing, then done in memory. */
import type { MessageRecord } from './mail-columns.js';
import { FlagTable } from './mail-flags.js';
import { type MailboxState, type MailState, metaOctets } from './mail-state.js';
import { MailStoreError } from './mail-store.js';

/** UIDs have 32 bits. */
const mostUid = 0xffff_ffff;

export interface CopyPlan {
  readonly target: MailboxState;
  /** Keywords that the target learns. */
  readonly fresh: readonly string[];
  readonly copies: readonly { readonly sourceUid: number; readonly message: MessageRecord }[];
}

/**
 * Gives copies their places in the target. @throws MailStoreError `limit`
 *
 * @param messages of the source, ascending
 */
export function planCopies(
  { limits }: MailState,
  source: MailboxState,
  messages: readonly MessageRecord[],
  target: MailboxState,
): CopyPlan {
  checkRoom(target, messages.length, limits.mostMessages);
  let union = 0;
  for (const { flags } of messages) union |= flags;
  const { fresh } = target.flags.read(source.flags.names(union >>> 0));
  const after = new FlagTable([...target.flags.keywords, ...fresh]);
  const translated = new Map<number, number>();
  const copies = messages.map((message, at) => {
    let flags = translated.get(message.flags);
    if (flags === undefined) {
      flags = after.read(source.flags.names(message.flags)).bits;
      translated.set(message.flags, flags);
    }
    const uid = target.uidNext + at;
    const modseq = target.highestModseq + 1n + BigInt(at);
    return { sourceUid: message.uid, message: { ...message, uid, flags, modseq } };
  });
  return { target, fresh, copies };
}

/** Within a transaction. */
export function saveCopies({ backing }: MailState, source: MailboxState, { target, fresh, copies }: CopyPlan): void {
  for (const { sourceUid, message } of copies) {
    const metaOf = message.metaMark === 0 ? null : { mailbox: source.id, uid: sourceUid };
    backing.addMessage(target.id, message, metaOf);
  }
  const keywords = [...target.flags.keywords, ...fresh];
  const uidNext = target.uidNext + copies.length;
  const highestModseq = target.highestModseq + BigInt(copies.length);
  backing.saveMailbox(target.record({ keywords, uidNext, highestModseq }));
}

/** The account has counted the octets. */
export function applyCopies({ target, fresh, copies }: CopyPlan): void {
  target.flags.learn(fresh);
  for (const { message } of copies) target.add(message);
  target.uidNext += copies.length;
  target.highestModseq += BigInt(copies.length);
}

/** Octets of messages and their META, as an account counts them. */
export function octetsOf(messages: Iterable<MessageRecord>): number {
  let octets = 0;
  for (const { size, metaMark } of messages) octets += size + metaOctets(metaMark);
  return octets;
}

/** @throws MailStoreError `limit` when a mailbox cannot take so many more */
export function checkRoom({ messages, uidNext }: MailboxState, more: number, mostMessages: number): void {
  if (messages.count + more > mostMessages) {
    throw new MailStoreError('limit', `a mailbox has at most ${mostMessages} messages`);
  }
  // UIDNEXT itself has to be a UID.
  if (uidNext + more > mostUid) throw new MailStoreError('limit', 'the UIDs of the mailbox are used up');
}

export interface RemovalPlan {
  readonly mailbox: MailboxState;
  readonly places: readonly number[];
  readonly messages: readonly MessageRecord[];
  readonly uids: readonly number[];
  readonly modseq: bigint;
}

/** @param places ascending, at least one */
export function planRemoval(mailbox: MailboxState, places: readonly number[]): RemovalPlan {
  const messages = places.map((place) => mailbox.messages.record(place));
  const uids = messages.map(({ uid }) => uid);
  return { mailbox, places, messages, uids, modseq: mailbox.highestModseq + 1n };
}

/** Within a transaction. */
export function saveRemoval({ backing }: MailState, { mailbox, messages, uids, modseq }: RemovalPlan): void {
  const expungeFloor = mailbox.log.floorWith(modseq, uids.length);
  backing.removeMessages(mailbox.id, messages);
  backing.saveRemoval(mailbox.id, modseq, uids, expungeFloor);
  backing.saveMailbox(mailbox.record({ highestModseq: modseq, expungeFloor }));
}

export function applyRemoval(state: MailState, { mailbox, places, messages, uids, modseq }: RemovalPlan): void {
  mailbox.remove(places, messages);
  mailbox.highestModseq = modseq;
  mailbox.log.add(modseq, uids);
  state.tell(mailbox.id, { kind: 'expunged', uids });
}
