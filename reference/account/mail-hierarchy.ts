/** How names come, move and go in the hierarchy of an account (sections 5.6 and 6.1 of the DMAP digest). */
import { canonicalName, inbox, nameToMake, superiorsOf } from './mail-names.js';
import { type AccountState, MailboxState, type MailState } from './mail-state.js';
import { type MailboxListing, MailStoreError } from './mail-store.js';
import {
  applyCopies,
  applyRemoval,
  octetsOf,
  planCopies,
  planRemoval,
  saveCopies,
  saveRemoval,
} from './mail-transfer.js';

export function listing(
  { id, name, account, selectable, specialUse }: MailboxState,
  hasChildren: boolean,
): MailboxListing {
  return { id, name, selectable, specialUse, hasChildren, subscribed: account.subscriptions.has(name) };
}

/** Everything below it. */
export function inferiorsOf({ account, name }: MailboxState): MailboxState[] {
  return [...account.mailboxes.values()].filter((other) => isBelow(other.name, name));
}

/** Levels above a name that are not there, outermost first. */
export function missingSuperiors({ mailboxes }: AccountState, name: string): string[] {
  return superiorsOf(name).filter((superior) => !mailboxes.has(superior));
}

/**
 * Makes mailboxes in the backing, each with the next UIDVALIDITY; `install` puts them into the account.
 *
 * @throws MailStoreError `limit`
 */
export function makeMailboxes(state: MailState, account: AccountState, names: readonly string[]): MailboxState[] {
  const { backing, limits } = state;
  const fresh = names.filter((name) => !account.mailboxes.has(name)).length;
  if (account.mailboxes.size + fresh > limits.mostMailboxes) {
    throw new MailStoreError('limit', `an account has at most ${limits.mostMailboxes} mailboxes`);
  }
  const made = names.map((name, at) => emptyMailbox(state, account, name, account.uidValidity + 1 + at, at));
  backing.saveAccount({ name: account.name, mode: account.mode, uidValidity: account.uidValidity + names.length });
  for (const mailbox of made) backing.saveMailbox(mailbox.record());
  return made;
}

/** Lets the account have what is in the backing already. */
export function install(state: MailState, account: AccountState, made: readonly MailboxState[]): void {
  for (const mailbox of made) {
    account.mailboxes.set(mailbox.name, mailbox);
    account.uidValidity = Math.max(account.uidValidity, mailbox.uidValidity);
    state.mailboxes.set(mailbox.id, mailbox);
    state.nextMailboxId = Math.max(state.nextMailboxId, mailbox.id + 1);
  }
}

/** The `\Noselect` level that a deleted mailbox with inferiors leaves. Its id is another, so that nobody mistakes it. */
export function levelInPlaceOf(state: MailState, { account, name, uidValidity }: MailboxState): MailboxState {
  const record = { ...emptyMailbox(state, account, name, uidValidity, 0).record(), selectable: false };
  return new MailboxState(account, record, state.limits.mostExpungedKept);
}

/** @throws MailStoreError `cannot`, `limit` */
export function rename(state: MailState, account: AccountState, source: MailboxState, target: string): void {
  const { backing, limits } = state;
  if (isBelow(target, source.name)) throw new MailStoreError('cannot', 'a mailbox cannot be moved below itself');
  const moves = [source, ...inferiorsOf(source)].map((mailbox) => {
    const name = nameToMake(target + mailbox.name.slice(source.name.length), limits.mostNameOctets);
    return { mailbox, name };
  });
  const made = backing.transaction(() => {
    for (const { mailbox, name } of moves) backing.saveMailbox(mailbox.record({ name }));
    return makeMailboxes(state, account, missingSuperiors(account, target));
  });
  for (const { mailbox } of moves) account.mailboxes.delete(mailbox.name);
  for (const { mailbox, name } of moves) {
    mailbox.name = name;
    account.mailboxes.set(name, mailbox);
  }
  install(state, account, made);
  for (const { mailbox, name } of moves) state.tell(mailbox.id, { kind: 'renamed', name });
}

/** RENAME of INBOX: the messages go, the mailbox and what is below it stay (DMAP-I-53). */
export function moveInbox(state: MailState, account: AccountState, source: MailboxState, name: string): void {
  const { backing } = state;
  const messages = [...source.allMessages()];
  const places = messages.map((_, place) => place);
  const removal = planRemoval(source, places);
  const { made, copies } = backing.transaction(() => {
    const all = makeMailboxes(state, account, [...missingSuperiors(account, name), name]);
    const target = all.at(-1);
    if (target === undefined) throw new RangeError('no mailbox was made');
    const planned = planCopies(state, source, messages, target);
    saveCopies(state, source, planned);
    if (places.length > 0) saveRemoval(state, removal);
    return { made: all, copies: planned };
  });
  install(state, account, made);
  applyCopies(copies);
  // The octets are the account's before and after.
  account.octets += octetsOf(messages);
  if (places.length > 0) applyRemoval(state, removal);
}

function emptyMailbox(
  { nextMailboxId, limits }: MailState,
  account: AccountState,
  name: string,
  uidValidity: number,
  nth: number,
): MailboxState {
  const counters = { uidValidity, uidNext: 1, highestModseq: 1n, expungeFloor: 0n };
  const record = { id: nextMailboxId + nth, account: account.name, name, selectable: true, specialUse: null };
  return new MailboxState(account, { ...record, ...counters, keywords: [] }, limits.mostExpungedKept);
}

function isBelow(name: string, superior: string): boolean {
  if (superior === inbox) return name[inbox.length] === '/' && canonicalName(name.slice(0, inbox.length)) === inbox;
  return name.startsWith(`${superior}/`);
}
