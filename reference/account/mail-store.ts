/**
 * What a DMAP session needs to know and to keep: accounts, mailboxes, messages, key rings and signet rings. Tests and
 * faults put their own here: it is an object of plain functions, so that one of them can be bent by a spread.
 *
 * Every method is synchronous. One that changes something changes it wholly or not at all, and what it has changed is
 * kept, over a restart too where the store has a file, once it returns. Every method throws MailStoreError for what its
 * caller can do something about; any other error is an internal one, after which nothing has changed.
 */
import type { ChunkPlace, InternalDate, MailboxAttributes, MessageSummary } from './mail-message.js';
import type { RingStore } from './mail-rings.js';

export type { ChunkPlace, InternalDate, MailboxAttributes, MessageSummary } from './mail-message.js';
export type { AccountKey, RingStore } from './mail-rings.js';

/** How far the server is trusted with keys (section 7.1.1 of the draft). */
export type AccountMode = 'TRUSTFUL' | 'CAUTIOUS' | 'PARANOID';

/** Names a mailbox as long as it is there, through every RENAME. Never used again for another one. */
export type MailboxId = number;

export interface MailAccount {
  readonly name: string;
  readonly mode: AccountMode;
}

/** A name of the hierarchy as LIST shows it. */
export interface MailboxListing extends MailboxAttributes {
  readonly id: MailboxId;
  /** The whole name; levels are parted by "/". INBOX is always spelled so. */
  readonly name: string;
  readonly hasChildren: boolean;
  readonly subscribed: boolean;
}

/** What SELECT and STATUS tell. All of it is counted beforehand: asking costs the same for a mailbox of any size. */
export interface MailboxStatus {
  readonly name: string;
  readonly messages: number;
  /** Without `\Seen`. */
  readonly unseen: number;
  /** With `\Deleted`. */
  readonly deleted: number;
  /** Of all messages together. */
  readonly octets: number;
  readonly uidNext: number;
  readonly uidValidity: number;
  /** At least 1, also in a new mailbox, so that it can be told (DMAP-I-40). */
  readonly highestModseq: bigint;
  /** Spelled as they came first; a keyword stays known when no message has it any more. */
  readonly keywords: readonly string[];
  /** Whether a flag that is not here yet can still become a keyword: `\*` of PERMANENTFLAGS. */
  readonly takesKeywords: boolean;
}

/** What a search key can ask of a message; the object is the same at each call, with other values. */
export interface SearchRow {
  readonly uid: number;
  /** From 0, in the order of UIDs. */
  readonly index: number;
  readonly seen: boolean;
  readonly deleted: boolean;
  /** In octets. */
  readonly size: number;
  /** Number of the day that the internal date names, in its own zone: `dayNumber` (DMAP-I-64). */
  readonly day: number;
  readonly modseq: bigint;
}

export interface FlagChange {
  readonly how: 'set' | 'add' | 'remove';
  /** System flags in any case, and keywords. */
  readonly flags: readonly string[];
  /** Messages with a higher MODSEQ are left alone. */
  readonly unchangedSince?: bigint;
}

/** Ascending UIDs. UIDs of no message are in none of them. */
export interface StoreOutcome {
  /** Has other flags, or another META, and another MODSEQ than before. */
  readonly changed: readonly number[];
  /** Had what was asked for already; MODSEQ stays. */
  readonly same: readonly number[];
  /** Not touched because of `unchangedSince`. */
  readonly modified: readonly number[];
}

export interface CopyOutcome {
  /** Of the target. */
  readonly uidValidity: number;
  /** Ascending; UIDs of no message are left out. */
  readonly sourceUids: readonly number[];
  /** In the same order, ascending too. */
  readonly targetUids: readonly number[];
}

export interface NewMessage {
  readonly flags?: readonly string[];
  readonly internalDate: InternalDate;
}

/** The place for one message that arrives piece by piece; exactly one of `commit` and `abort` ends it well. */
export interface AppendSink {
  /**
   * Takes the next octets. They are the caller's: what is kept is copied. When it throws, the message is forgotten.
   *
   * @throws MailStoreError `too-big`, `over-quota`
   */
  write(octets: Uint8Array): void;
  /**
   * Adds the message at the end of its mailbox.
   *
   * @throws MailStoreError `nonexistent` when the mailbox went away, `empty` without octets (DMAP-I-61), `over-quota`,
   * `limit`; nothing is kept then
   */
  commit(): { readonly uid: number; readonly uidValidity: number };
  /** Forgets the message. Never throws, and may be called after a failed write or commit, or twice. */
  abort(): void;
}

/** The octets of one message, which stay readable until `close` even when the message is expunged. */
export interface MessageReader {
  /** In octets. */
  readonly size: number;
  /** Octets from `start`, fewer than `count` at the end and none beyond it. The caller may keep, not change them. */
  read(start: number, count: number): Uint8Array;
  /** The same in pieces that are never large, each read when it is asked for. */
  pieces(start: number, count: number): Iterable<Uint8Array>;
  close(): void;
}

export interface Expunged {
  /** Ascending. */
  readonly uids: readonly number[];
  /** False when older entries than those kept would be needed: the client has to compare all UIDs itself. */
  readonly complete: boolean;
}

/** How far a submission may go (sections 3.9 and 5.9 of the DMAP digest). */
export type SubmissionStart = 'taken' | 'race' | 'missing';

/** What another session has to hear about. Told after the change is kept, to all listeners in the order of watching. */
export type MailboxEvent =
  | { readonly kind: 'appended'; readonly uids: readonly number[] }
  /** Flags or META; UIDs ascending. */
  | { readonly kind: 'changed'; readonly uids: readonly number[] }
  /** UIDs ascending. */
  | { readonly kind: 'expunged'; readonly uids: readonly number[] }
  | { readonly kind: 'renamed'; readonly name: string }
  /** Every other call with this id now throws `nonexistent`. */
  | { readonly kind: 'deleted' };

/** Called within the call that made the change, so a session knows its own changes. Must neither throw nor change. */
export type MailboxListener = (event: MailboxEvent) => void;

export interface MailStore extends RingStore {
  accounts(): readonly MailAccount[];
  account(name: string): MailAccount | null;
  /** Makes an account with an empty INBOX. False when the name is taken. @throws MailStoreError `limit`, `cannot` */
  createAccount(account: MailAccount): boolean;

  /** INBOX first, then by code points. Empty for an unknown account. */
  mailboxes(account: string): readonly MailboxListing[];
  mailbox(account: string, name: string): MailboxListing | null;
  /**
   * Makes a mailbox and its missing superiors, or makes a `\Noselect` name selectable again. One "/" at the end is
   * dropped.
   *
   * @throws MailStoreError `exists`, `cannot` for a name that is none (DMAP-I-49), `limit`
   */
  createMailbox(account: string, name: string): MailboxId;
  /**
   * Removes the messages and, unless it has inferiors, the name; with inferiors it stays as `\Noselect`.
   *
   * @throws MailStoreError `nonexistent`, `cannot` for INBOX and for a `\Noselect` name with inferiors
   */
  deleteMailbox(account: string, name: string): void;
  /**
   * Renames a mailbox with its inferiors; each keeps its id, UIDVALIDITY and UIDs. Of INBOX the messages move to a new
   * mailbox, where they get new UIDs (DMAP-I-53).
   *
   * @throws MailStoreError `nonexistent`, `exists`, `cannot` for INBOX, a name below the source, or none, `limit`
   */
  renameMailbox(account: string, from: string, to: string): void;
  /** A role, `\Sent` for example, or none. @throws MailStoreError `nonexistent` */
  setSpecialUse(account: string, name: string, use: string | null): void;
  /** Subscriptions are names: they neither need a mailbox nor go with it. @throws MailStoreError `cannot`, `limit` */
  subscribe(account: string, name: string): void;
  /** False when it was not subscribed. */
  unsubscribe(account: string, name: string): boolean;
  /** INBOX first, then by code points. */
  subscriptions(account: string): readonly string[];

  /** @throws MailStoreError `nonexistent`, `noselect` */
  status(mailbox: MailboxId): MailboxStatus;
  /** Ascending. The array is the caller's. */
  uids(mailbox: MailboxId): Uint32Array;
  summary(mailbox: MailboxId, uid: number): MessageSummary | null;
  /** UIDs of those that `test` holds for, ascending. */
  search(mailbox: MailboxId, test: (row: SearchRow) => boolean): readonly number[];
  /** The chunks in message order, tracing first; empty for what is no D/MIME message (DMAP-I-63). */
  chunks(mailbox: MailboxId, uid: number): readonly ChunkPlace[] | null;
  meta(mailbox: MailboxId, uid: number): Uint8Array | null;
  /** Null for a UID of no message. */
  open(mailbox: MailboxId, uid: number): MessageReader | null;

  /** @throws MailStoreError `nonexistent`, `noselect`, `limit` for too many keywords, `cannot` for unknown system flags */
  append(mailbox: MailboxId, message: NewMessage): AppendSink;
  /** @throws MailStoreError `limit` for too many keywords, `cannot` for unknown system flags */
  storeFlags(mailbox: MailboxId, uids: Iterable<number>, change: FlagChange): StoreOutcome;
  /** Null removes it. @throws MailStoreError `too-big`, `over-quota` */
  storeMeta(mailbox: MailboxId, uids: Iterable<number>, meta: Uint8Array | null, unchangedSince?: bigint): StoreOutcome;
  /** Flags, internal date and META go along; octets are not doubled. All or none. @throws MailStoreError `over-quota`, `limit` */
  copy(source: MailboxId, uids: Iterable<number>, target: MailboxId): CopyOutcome;
  /** Removes the messages with `\Deleted`, of `uids` when given. Gives the UIDs that went, ascending. */
  expunge(mailbox: MailboxId, uids?: Iterable<number>): readonly number[];
  /** What went after `modseq`. The store keeps the latest removals only: `mostExpungedKept` of the limits. */
  expungedSince(mailbox: MailboxId, modseq: bigint): Expunged;

  /** Adds `\Submitted` if `\SubmitPending` is there and it is not; otherwise changes nothing. */
  startSubmission(mailbox: MailboxId, uid: number): SubmissionStart;
  /** Success: only `\SubmitPending` goes. Failure: both go (DMAP-I-88). False when the message is gone. */
  endSubmission(mailbox: MailboxId, uid: number, success: boolean): boolean;
  /** Messages with both flags: after a restart, submissions of which nobody knows how they ended. */
  openSubmissions(account: string): readonly { readonly mailbox: MailboxId; readonly uid: number }[];

  /** Gives what ends the watching. @throws MailStoreError `nonexistent`, `noselect` */
  watch(mailbox: MailboxId, listener: MailboxListener): () => void;
  close(): void;
}

/** Each has its response code in DMAP-I-99. */
export type MailStoreErrorCode =
  | 'nonexistent'
  | 'noselect'
  | 'exists'
  | 'cannot'
  | 'limit'
  | 'over-quota'
  | 'too-big'
  | 'empty';

/** Why nothing was done. The message may name mailboxes and addresses, never contents. */
export class MailStoreError extends Error {
  override readonly name = 'MailStoreError';
  constructor(
    readonly code: MailStoreErrorCode,
    message: string,
  ) {
    super(message);
  }
}
