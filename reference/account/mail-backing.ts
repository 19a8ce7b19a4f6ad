/** Where a mail store keeps what it has: in memory, or in a file. It decides nothing; the store does. */
import type { MessageRecord } from './mail-columns.js';
import type { MailboxAttributes } from './mail-message.js';
import type { AccountKey } from './mail-rings.js';
import type { AccountMode, MailboxId, MessageReader } from './mail-store.js';

export interface AccountRecord {
  readonly name: string;
  readonly mode: AccountMode;
  /** The last UIDVALIDITY that was given to a mailbox. */
  readonly uidValidity: number;
}

export interface MailboxRecord extends MailboxAttributes {
  readonly id: MailboxId;
  readonly account: string;
  readonly name: string;
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModseq: bigint;
  readonly keywords: readonly string[];
  /** Removals up to this MODSEQ are forgotten. */
  readonly expungeFloor: bigint;
}

/** A message in the way it can be named in both kinds of backing. */
export interface MessageKey {
  readonly mailbox: MailboxId;
  readonly uid: number;
}

/** Takes the octets of a message before it is one. */
export interface BodyWriter {
  /** Takes octets, which are the caller's. */
  write(octets: Uint8Array): void;
  /** Gives the number for `MessageRecord.body`. Within the transaction that adds the message. */
  finish(chunks: Uint8Array): number;
  /** Forgets it. Never throws. May be called after a `finish` whose transaction failed. */
  discard(): void;
}

/** What was kept, in this order: accounts, subscriptions, mailboxes, removals, messages by mailbox and UID. */
export interface MailLoader {
  account(record: AccountRecord): void;
  subscription(account: string, name: string): void;
  mailbox(record: MailboxRecord): void;
  removal(mailbox: MailboxId, modseq: bigint, uids: readonly number[]): void;
  message(mailbox: MailboxId, record: MessageRecord): void;
}

export interface RingBacking {
  keyIds(account: string): readonly string[];
  key(account: string, id: string): AccountKey | null;
  addKey(account: string, id: string, key: AccountKey): void;
  /** False when there is none. */
  removeKey(account: string, id: string): boolean;
  signetAddresses(account: string): readonly string[];
  /** `folded` is the address in ASCII lower case. */
  signet(account: string, folded: string): { readonly address: string; readonly octets: Uint8Array } | null;
  addSignet(account: string, folded: string, address: string, octets: Uint8Array): void;
  removeSignet(account: string, folded: string): boolean;
}

export interface MailBacking extends RingBacking {
  load(loader: MailLoader): void;
  /** What `work` writes is kept when this returns, all of it; when `work` throws, none. */
  transaction<T>(work: () => T): T;

  /** Adds it, or puts it in the place of the one with this name. */
  saveAccount(record: AccountRecord): void;
  saveSubscription(account: string, name: string, subscribed: boolean): void;
  /** Adds it, or puts it in the place of the one with this id. */
  saveMailbox(record: MailboxRecord): void;
  /** With all its messages, which are these. */
  removeMailbox(mailbox: MailboxId, messages: Iterable<MessageRecord>): void;

  /** @param metaOf a message whose META it gets; `record.metaMark` tells its size */
  addMessage(mailbox: MailboxId, record: MessageRecord, metaOf: MessageKey | null): void;
  saveFlags(mailbox: MailboxId, uid: number, flags: number, modseq: bigint): void;
  saveMeta(mailbox: MailboxId, uid: number, meta: Uint8Array | null, modseq: bigint): void;
  /** Their octets go when no other message has them and nobody reads them. */
  removeMessages(mailbox: MailboxId, messages: readonly MessageRecord[]): void;
  /** Also forgets removals up to `floor`. */
  saveRemoval(mailbox: MailboxId, modseq: bigint, uids: readonly number[], floor: bigint): void;

  meta(mailbox: MailboxId, uid: number): Uint8Array | null;
  writeBody(): BodyWriter;
  /** What was given to `finish`. */
  chunks(body: number): Uint8Array;
  readBody(body: number, size: number): MessageReader;
  close(): void;
}
