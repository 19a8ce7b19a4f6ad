/** A mail store told as simply as can be: no columns, no counters that are kept, no files. What both stores must equal. */
import { MailStoreError, type MailStoreErrorCode } from './mail-store.js';

export interface ModelMessage {
  readonly uid: number;
  flags: string[];
  modseq: bigint;
  meta: string | null;
  readonly text: string;
  readonly day: number;
}

export interface ModelMailbox {
  name: string;
  selectable: boolean;
  uidValidity: number;
  uidNext: number;
  modseq: bigint;
  messages: ModelMessage[];
  removed: { readonly uid: number; readonly modseq: bigint }[];
}

export class MailModel {
  mailboxes: ModelMailbox[] = [];
  subscriptions: string[] = [];

  constructor(private uidValidity: number) {
    this.#make('INBOX');
  }

  find(name: string): ModelMailbox | undefined {
    return this.mailboxes.find((mailbox) => mailbox.name === canonical(name));
  }

  create(name: string): void {
    const wanted = legal(name);
    const there = this.find(wanted);
    if (there?.selectable === true) refuse('exists');
    this.mailboxes = this.mailboxes.filter((mailbox) => mailbox !== there);
    this.#makeSuperiors(wanted);
    this.#make(wanted);
  }

  delete(name: string): void {
    const mailbox = this.find(name) ?? refuse('nonexistent');
    if (mailbox.name === 'INBOX') refuse('cannot');
    const inferiors = this.mailboxes.some((other) => other.name.startsWith(`${mailbox.name}/`));
    if (inferiors && !mailbox.selectable) refuse('cannot');
    this.mailboxes = this.mailboxes.filter((other) => other !== mailbox);
    if (inferiors) this.mailboxes.push({ ...mailbox, selectable: false, messages: [] });
  }

  rename(from: string, to: string): void {
    const source = this.find(from) ?? refuse('nonexistent');
    const target = legal(to);
    if (target === 'INBOX') refuse('cannot');
    if (this.find(target) !== undefined) refuse('exists');
    if (source.name === 'INBOX') {
      this.#makeSuperiors(target);
      const made = this.#make(target);
      for (const message of source.messages) this.#add(made, message);
      this.#remove(source, source.messages);
      return;
    }
    if (target.startsWith(`${source.name}/`)) refuse('cannot');
    for (const mailbox of this.mailboxes) {
      if (mailbox !== source && mailbox.name.startsWith(`${source.name}/`)) {
        mailbox.name = target + mailbox.name.slice(source.name.length);
      }
    }
    source.name = target;
    this.#makeSuperiors(target);
  }

  subscribe(name: string): void {
    const wanted = legal(name);
    if (!this.subscriptions.includes(wanted)) this.subscriptions.push(wanted);
  }

  unsubscribe(name: string): boolean {
    const before = this.subscriptions.length;
    const bare = canonical(name.endsWith('/') ? name.slice(0, -1) : name);
    this.subscriptions = this.subscriptions.filter((other) => other !== bare);
    return this.subscriptions.length < before;
  }

  append(name: string, text: string, flags: readonly string[], day: number): number {
    const mailbox = this.selectable(name);
    if (text === '') refuse('empty');
    return this.#add(mailbox, { text, flags: [...new Set(flags)], meta: null, day }).uid;
  }

  storeFlags(
    name: string,
    uids: readonly number[],
    how: 'set' | 'add' | 'remove',
    flags: readonly string[],
    since?: bigint,
  ): { changed: number[]; same: number[]; modified: number[] } {
    return this.#change(name, uids, since, (message) => {
      const kept = how === 'set' ? [] : message.flags;
      const next = how === 'remove' ? kept.filter((flag) => !flags.includes(flag)) : [...new Set([...kept, ...flags])];
      const differs = next.length !== message.flags.length || next.some((flag) => !message.flags.includes(flag));
      if (differs) message.flags = next;
      return differs;
    });
  }

  storeMeta(
    name: string,
    uids: readonly number[],
    meta: string | null,
    since?: bigint,
  ): { changed: number[]; same: number[]; modified: number[] } {
    return this.#change(name, uids, since, (message) => {
      const differs = message.meta !== meta;
      message.meta = meta;
      return differs;
    });
  }

  copy(from: string, uids: readonly number[], to: string): { sourceUids: number[]; targetUids: number[] } {
    const source = this.selectable(from);
    const target = this.selectable(to);
    const chosen = source.messages.filter(({ uid }) => uids.includes(uid));
    return { sourceUids: chosen.map(({ uid }) => uid), targetUids: chosen.map((each) => this.#add(target, each).uid) };
  }

  expunge(name: string, uids?: readonly number[]): number[] {
    const mailbox = this.selectable(name);
    const gone = mailbox.messages.filter(
      ({ uid, flags }) => flags.includes('\\Deleted') && (uids === undefined || uids.includes(uid)),
    );
    this.#remove(mailbox, gone);
    return gone.map(({ uid }) => uid);
  }

  submit(name: string, uid: number): string {
    const message = this.selectable(name).messages.find((each) => each.uid === uid);
    if (message === undefined) return 'missing';
    if (!message.flags.includes('\\SubmitPending') || message.flags.includes('\\Submitted')) return 'race';
    this.storeFlags(name, [uid], 'add', ['\\Submitted']);
    return 'taken';
  }

  submitted(name: string, uid: number, success: boolean): boolean {
    // Of a mailbox that was deleted meanwhile the name may be left alone, without messages.
    const message = (this.find(name) ?? refuse('nonexistent')).messages.find((each) => each.uid === uid);
    if (message === undefined) return false;
    const others = message.flags.filter((flag) => flag !== '\\SubmitPending' && flag !== '\\Submitted');
    this.storeFlags(name, [uid], 'set', success ? [...others, '\\Submitted'] : others);
    return true;
  }

  selectable(name: string): ModelMailbox {
    const mailbox = this.find(name) ?? refuse('nonexistent');
    return mailbox.selectable ? mailbox : refuse('noselect');
  }

  #change(
    name: string,
    uids: readonly number[],
    since: bigint | undefined,
    change: (message: ModelMessage) => boolean,
  ): { changed: number[]; same: number[]; modified: number[] } {
    const mailbox = this.selectable(name);
    const outcome = { changed: [] as number[], same: [] as number[], modified: [] as number[] };
    for (const message of mailbox.messages.filter(({ uid }) => uids.includes(uid))) {
      if (since !== undefined && message.modseq > since) outcome.modified.push(message.uid);
      else if (change(message)) {
        mailbox.modseq += 1n;
        message.modseq = mailbox.modseq;
        outcome.changed.push(message.uid);
      } else outcome.same.push(message.uid);
    }
    return outcome;
  }

  #makeSuperiors(name: string): void {
    const levels = name.split('/');
    for (let depth = 1; depth < levels.length; depth += 1) {
      const superior = canonical(levels.slice(0, depth).join('/'));
      if (this.find(superior) === undefined) this.#make(superior);
    }
  }

  #make(name: string): ModelMailbox {
    this.uidValidity += 1;
    const counters = { uidValidity: this.uidValidity, uidNext: 1, modseq: 1n };
    const made: ModelMailbox = { name, selectable: true, ...counters, messages: [], removed: [] };
    this.mailboxes.push(made);
    return made;
  }

  #add(mailbox: ModelMailbox, message: Omit<ModelMessage, 'uid' | 'modseq'>): ModelMessage {
    mailbox.modseq += 1n;
    const added = { ...message, flags: [...message.flags], uid: mailbox.uidNext, modseq: mailbox.modseq };
    mailbox.messages = [...mailbox.messages, added];
    mailbox.uidNext += 1;
    return added;
  }

  #remove(mailbox: ModelMailbox, gone: readonly ModelMessage[]): void {
    if (gone.length === 0) return;
    mailbox.modseq += 1n;
    for (const { uid } of gone) mailbox.removed.push({ uid, modseq: mailbox.modseq });
    mailbox.messages = mailbox.messages.filter((message) => !gone.includes(message));
  }
}

function canonical(name: string): string {
  return name.toUpperCase() === 'INBOX' ? 'INBOX' : name;
}

function legal(name: string): string {
  const bare = name.endsWith('/') ? name.slice(0, -1) : name;
  if (bare.split('/').includes('') || bare.includes('\n')) refuse('cannot');
  return canonical(bare);
}

function refuse(code: MailStoreErrorCode): never {
  throw new MailStoreError(code, 'the model says so');
}
