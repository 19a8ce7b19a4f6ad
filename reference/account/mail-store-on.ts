/** A mail store on a backing: reads what was kept, and puts the calls together. */
import type { MailBacking } from './mail-backing.js';
import { changeCalls } from './mail-change-calls.js';
import { defaultMailLimits, type MailLimits } from './mail-limits.js';
import { mailboxCalls } from './mail-mailbox-calls.js';
import { messageCalls } from './mail-message-calls.js';
import { ringCalls } from './mail-ring-calls.js';
import { AccountState, MailboxState, type MailState, mailboxOf, metaOctets } from './mail-state.js';
import type { MailboxEvent, MailboxId, MailboxListener, MailStore } from './mail-store.js';

export interface MailStoreOptions {
  readonly limits?: Partial<MailLimits>;
  /** Seconds since 1970; the clock of the system unless given. */
  readonly now?: () => number;
}

/** @throws whatever the backing throws when what it has cannot be read */
export function createMailStore(backing: MailBacking, options: MailStoreOptions = {}): MailStore {
  const { now = () => Date.now() / 1000 } = options;
  const listeners = new Map<MailboxId, Set<MailboxListener>>();
  const state: MailState = {
    backing,
    limits: { ...defaultMailLimits, ...options.limits },
    accounts: new Map(),
    mailboxes: new Map(),
    nextMailboxId: 1,
    tell(mailbox, event) {
      // A copy: a listener may end its watching when it hears of this.
      for (const listener of [...(listeners.get(mailbox) ?? [])]) tellOne(listener, event);
      if (event.kind === 'deleted') listeners.delete(mailbox);
    },
  };
  load(state);

  return {
    ...mailboxCalls(state, now),
    ...messageCalls(state),
    ...changeCalls(state),
    ...ringCalls(state),
    watch(mailbox, listener) {
      mailboxOf(state, mailbox);
      const watching = listeners.get(mailbox) ?? new Set();
      // Wrapped, so that one function can watch twice.
      const mine: MailboxListener = (event) => listener(event);
      watching.add(mine);
      listeners.set(mailbox, watching);
      return () => {
        watching.delete(mine);
        if (watching.size === 0 && listeners.get(mailbox) === watching) listeners.delete(mailbox);
      };
    },
    close: () => backing.close(),
  };
}

/** What is kept stays kept, and the others are told, when a listener fails: its error comes up by itself. */
function tellOne(listener: MailboxListener, event: MailboxEvent): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function load(state: MailState): void {
  const { accounts, mailboxes, limits, backing } = state;
  const accountNamed = (name: string): AccountState => {
    const account = accounts.get(name);
    if (account === undefined) throw new Error(`the mail store has a mailbox of an account that it has not: ${name}`);
    return account;
  };
  const mailboxWith = (id: MailboxId): MailboxState => {
    const mailbox = mailboxes.get(id);
    if (mailbox === undefined) throw new Error(`the mail store has messages of a mailbox that it has not: ${id}`);
    return mailbox;
  };
  backing.load({
    account: ({ name, mode, uidValidity }) => accounts.set(name, new AccountState(name, mode, uidValidity)),
    subscription: (account, name) => accountNamed(account).subscriptions.add(name),
    mailbox(record) {
      const account = accountNamed(record.account);
      const mailbox = new MailboxState(account, record, limits.mostExpungedKept);
      account.mailboxes.set(record.name, mailbox);
      mailboxes.set(record.id, mailbox);
      state.nextMailboxId = Math.max(state.nextMailboxId, record.id + 1);
    },
    removal: (mailbox, modseq, uids) => mailboxWith(mailbox).log.add(modseq, uids),
    message(id, record) {
      const mailbox = mailboxWith(id);
      mailbox.add(record);
      mailbox.account.octets += record.size + metaOctets(record.metaMark);
    },
  });
}
