/** The calls of a mail store that are about accounts, names of mailboxes and subscriptions. */
import {
  inferiorsOf,
  install,
  levelInPlaceOf,
  listing,
  makeMailboxes,
  missingSuperiors,
  moveInbox,
  rename,
} from './mail-hierarchy.js';
import { canonicalName, compareNames, inbox, nameToMake, superiorsOf } from './mail-names.js';
import { AccountState, accountOf, type MailState, mailboxNamed } from './mail-state.js';
import { type MailStore, MailStoreError } from './mail-store.js';

type MailboxCalls = Pick<
  MailStore,
  | 'accounts'
  | 'account'
  | 'createAccount'
  | 'mailboxes'
  | 'mailbox'
  | 'createMailbox'
  | 'deleteMailbox'
  | 'renameMailbox'
  | 'setSpecialUse'
  | 'subscribe'
  | 'unsubscribe'
  | 'subscriptions'
>;

/** @param now seconds since 1970: the first UIDVALIDITY of a new account (DMAP-I-44) */
export function mailboxCalls(state: MailState, now: () => number): MailboxCalls {
  const { backing, limits } = state;
  return {
    accounts: () => [...state.accounts.values()].map(({ name, mode }) => ({ name, mode })),
    account(name) {
      const account = state.accounts.get(name);
      return account === undefined ? null : { name, mode: account.mode };
    },
    createAccount({ name, mode }) {
      if (state.accounts.has(name)) return false;
      if (!/^[^\u0000-\u001f\u007f]{1,255}$/.test(name) || !name.isWellFormed()) {
        throw new MailStoreError('cannot', `${JSON.stringify(name.slice(0, 255))} is no name of an account`);
      }
      if (state.accounts.size >= limits.mostAccounts) {
        throw new MailStoreError('limit', `${limits.mostAccounts} accounts are kept, and no more`);
      }
      // INBOX gets the next one, and 0 is none.
      const account = new AccountState(name, mode, Math.max(0, Math.floor(now()) - 1));
      const made = backing.transaction(() => makeMailboxes(state, account, [inbox]));
      state.accounts.set(name, account);
      install(state, account, made);
      return true;
    },

    mailboxes(name) {
      const account = state.accounts.get(name);
      if (account === undefined) return [];
      const parents = new Set<string>();
      for (const each of account.mailboxes.keys()) for (const superior of superiorsOf(each)) parents.add(superior);
      const sorted = [...account.mailboxes.values()].sort((a, b) => compareNames(a.name, b.name));
      return sorted.map((mailbox) => listing(mailbox, parents.has(mailbox.name)));
    },
    mailbox(name, path) {
      const mailbox = state.accounts.get(name)?.mailboxes.get(canonicalName(path));
      return mailbox === undefined ? null : listing(mailbox, inferiorsOf(mailbox).length > 0);
    },
    createMailbox(name, path) {
      const account = accountOf(state, name);
      const target = nameToMake(path, limits.mostNameOctets);
      const there = account.mailboxes.get(target);
      if (there?.selectable === true)
        throw new MailStoreError('exists', `there is a mailbox ${JSON.stringify(target)}`);
      const names = [...missingSuperiors(account, target), target];
      const made = backing.transaction(() => {
        if (there !== undefined) backing.removeMailbox(there.id, []);
        return makeMailboxes(state, account, names);
      });
      if (there !== undefined) state.mailboxes.delete(there.id);
      install(state, account, made);
      return mailboxNamed(account, target).id;
    },
    deleteMailbox(name, path) {
      const account = accountOf(state, name);
      const mailbox = mailboxNamed(account, path);
      const told = JSON.stringify(mailbox.name);
      if (mailbox.name === inbox) throw new MailStoreError('cannot', 'INBOX cannot be deleted');
      const stays = inferiorsOf(mailbox).length > 0;
      if (stays && !mailbox.selectable) throw new MailStoreError('cannot', `${told} is only a level above others`);
      const level = stays ? levelInPlaceOf(state, mailbox) : null;
      backing.transaction(() => {
        backing.removeMailbox(mailbox.id, mailbox.allMessages());
        if (level !== null) backing.saveMailbox(level.record());
      });
      mailbox.remove([], [...mailbox.allMessages()]);
      state.mailboxes.delete(mailbox.id);
      account.mailboxes.delete(mailbox.name);
      if (level !== null) install(state, account, [level]);
      state.tell(mailbox.id, { kind: 'deleted' });
    },
    renameMailbox(name, from, to) {
      const account = accountOf(state, name);
      const source = mailboxNamed(account, from);
      const target = nameToMake(to, limits.mostNameOctets);
      if (target === inbox) throw new MailStoreError('cannot', 'nothing can be renamed to INBOX');
      if (account.mailboxes.has(target)) {
        throw new MailStoreError('exists', `there is a mailbox ${JSON.stringify(target)}`);
      }
      if (source.name === inbox) moveInbox(state, account, source, target);
      else rename(state, account, source, target);
    },
    setSpecialUse(name, path, use) {
      const mailbox = mailboxNamed(accountOf(state, name), path);
      backing.transaction(() => backing.saveMailbox(mailbox.record({ specialUse: use })));
      mailbox.specialUse = use;
    },

    subscribe(name, path) {
      const account = accountOf(state, name);
      const target = nameToMake(path, limits.mostNameOctets);
      if (account.subscriptions.has(target)) return;
      if (account.subscriptions.size >= limits.mostSubscriptions) {
        throw new MailStoreError('limit', `an account has at most ${limits.mostSubscriptions} subscriptions`);
      }
      backing.transaction(() => backing.saveSubscription(name, target, true));
      account.subscriptions.add(target);
    },
    unsubscribe(name, path) {
      const account = accountOf(state, name);
      const target = canonicalName(path.endsWith('/') ? path.slice(0, -1) : path);
      if (!account.subscriptions.has(target)) return false;
      backing.transaction(() => backing.saveSubscription(name, target, false));
      account.subscriptions.delete(target);
      return true;
    },
    subscriptions: (name) => [...(state.accounts.get(name)?.subscriptions ?? [])].sort(compareNames),
  };
}
