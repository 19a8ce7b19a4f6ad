/** What a mail store holds in memory, and how its calls find it. The backing is written first, then this is changed. */
import type { MailBacking, MailboxRecord } from './mail-backing.js';
import { MailColumns, type MessageRecord } from './mail-columns.js';
import { ExpungeLog } from './mail-expunge-log.js';
import { deletedBit, FlagTable, seenBit } from './mail-flags.js';
import type { MailLimits } from './mail-limits.js';
import { canonicalName } from './mail-names.js';
import { type AccountMode, type MailboxEvent, type MailboxId, MailStoreError } from './mail-store.js';

export class AccountState {
  readonly mailboxes = new Map<string, MailboxState>();
  readonly subscriptions = new Set<string>();
  /** Of messages and META, and of what is being appended. */
  octets = 0;

  constructor(
    readonly name: string,
    readonly mode: AccountMode,
    /** The last one given; it never goes back, so that no name has the same one twice (DMAP-I-44). */
    public uidValidity: number,
  ) {}
}

export class MailboxState {
  readonly id: MailboxId;
  name: string;
  readonly selectable: boolean;
  specialUse: string | null;
  readonly uidValidity: number;
  uidNext: number;
  highestModseq: bigint;
  readonly flags: FlagTable;
  readonly log: ExpungeLog;
  readonly messages = new MailColumns();
  unseen = 0;
  deleted = 0;
  /** Of messages, without META. */
  octets = 0;

  constructor(
    readonly account: AccountState,
    record: MailboxRecord,
    mostExpungedKept: number,
  ) {
    this.id = record.id;
    this.name = record.name;
    this.selectable = record.selectable;
    this.specialUse = record.specialUse;
    this.uidValidity = record.uidValidity;
    this.uidNext = record.uidNext;
    this.highestModseq = record.highestModseq;
    this.flags = new FlagTable(record.keywords);
    this.log = new ExpungeLog(record.expungeFloor, mostExpungedKept);
  }

  /** What the backing keeps of it, with some of it as it will be. */
  record(change: Partial<MailboxRecord> = {}): MailboxRecord {
    return {
      id: this.id,
      account: this.account.name,
      name: this.name,
      selectable: this.selectable,
      specialUse: this.specialUse,
      uidValidity: this.uidValidity,
      uidNext: this.uidNext,
      highestModseq: this.highestModseq,
      keywords: this.flags.keywords,
      expungeFloor: this.log.floor,
      ...change,
    };
  }

  /** Adds a message whose octets the account has counted already. */
  add(message: MessageRecord): void {
    this.messages.push(message);
    this.octets += message.size;
    if ((message.flags & seenBit) === 0) this.unseen += 1;
    if ((message.flags & deletedBit) !== 0) this.deleted += 1;
  }

  setFlags(place: number, flags: number, modseq: bigint): void {
    const before = this.messages.flags[place] ?? 0;
    this.messages.flags[place] = flags;
    this.messages.modseq[place] = modseq;
    this.unseen += Number((flags & seenBit) === 0) - Number((before & seenBit) === 0);
    this.deleted += Number((flags & deletedBit) !== 0) - Number((before & deletedBit) !== 0);
  }

  /** Takes messages out, and off the account's count. @param places ascending */
  remove(places: readonly number[], messages: readonly MessageRecord[]): void {
    for (const { size, flags, metaMark } of messages) {
      this.octets -= size;
      this.account.octets -= size + metaOctets(metaMark);
      if ((flags & seenBit) === 0) this.unseen -= 1;
      if ((flags & deletedBit) !== 0) this.deleted -= 1;
    }
    this.messages.remove(places);
  }

  *allMessages(): Generator<MessageRecord, void> {
    for (let at = 0; at < this.messages.count; at += 1) yield this.messages.record(at);
  }

  /** Places of these UIDs, ascending, each once; UIDs of no message are left out. */
  placesOf(uids: Iterable<number>): number[] {
    const places: number[] = [];
    let last = -1;
    let ascending = true;
    for (const uid of uids) {
      const place = this.messages.indexOf(uid);
      if (place === -1) continue;
      if (place <= last) ascending = false;
      last = place;
      places.push(place);
    }
    return ascending ? places : [...new Set(places)].sort((a, b) => a - b);
  }
}

export function metaOctets(metaMark: number): number {
  return metaMark === 0 ? 0 : metaMark - 1;
}

/** What the calls of a store share. */
export interface MailState {
  readonly backing: MailBacking;
  readonly limits: MailLimits;
  readonly accounts: Map<string, AccountState>;
  readonly mailboxes: Map<MailboxId, MailboxState>;
  nextMailboxId: MailboxId;
  tell(mailbox: MailboxId, event: MailboxEvent): void;
}

/** @throws MailStoreError `nonexistent` */
export function accountOf({ accounts }: MailState, name: string): AccountState {
  const account = accounts.get(name);
  if (account === undefined) throw new MailStoreError('nonexistent', `there is no account ${JSON.stringify(name)}`);
  return account;
}

/** @throws MailStoreError `nonexistent` */
export function mailboxNamed(account: AccountState, name: string): MailboxState {
  const mailbox = account.mailboxes.get(canonicalName(name));
  if (mailbox === undefined) throw new MailStoreError('nonexistent', `there is no mailbox ${JSON.stringify(name)}`);
  return mailbox;
}

/** A mailbox that can have messages. @throws MailStoreError `nonexistent`, `noselect` */
export function mailboxOf({ mailboxes }: MailState, id: MailboxId): MailboxState {
  const mailbox = mailboxes.get(id);
  if (mailbox === undefined) throw new MailStoreError('nonexistent', 'the mailbox is not there any more');
  if (!mailbox.selectable) {
    throw new MailStoreError('noselect', `${JSON.stringify(mailbox.name)} cannot be selected`);
  }
  return mailbox;
}

/** Counts octets that an account is about to have. @throws MailStoreError `over-quota` */
export function takeOctets({ limits }: MailState, account: AccountState, octets: number): void {
  if (octets > 0 && account.octets + octets > limits.quotaOctets) {
    const there = `${account.octets} of ${limits.quotaOctets} octets are taken`;
    throw new MailStoreError('over-quota', `${there}, and ${octets} more are too many`);
  }
  account.octets += octets;
}
