/** Seeded faults of a DMAP server: names, CREATE, DELETE, RENAME and subscriptions. */
import type { ReferenceHooks } from '../target/embedded.js';
import { answerCommand, bendDmap, bendStore, dmapTag, type MailStore, replaceCommand } from './dmap-bending.js';
import { asBad, byName, complete, hideSuperiors } from './dmap-mailbox-bending.js';
import type { Fault } from './fault.js';

const create = /^\S+ CREATE /i;

type Listings = ReturnType<MailStore['mailboxes']>;

/** LIST shows other names than there are. */
function showAs(change: (listings: Listings) => Listings): ReferenceHooks {
  return bendStore((store) => ({ mailboxes: (account) => change(store.mailboxes(account)) }));
}

const belowOf = (store: MailStore, account: string, name: string): string[] =>
  store
    .mailboxes(account)
    .map((each) => each.name)
    .filter((each) => each.startsWith(`${name}/`));

/** A message out of nowhere. */
function haunt(store: MailStore, mailbox: number): void {
  const date = { year: 2001, month: 1, day: 1, hour: 0, minute: 0, second: 0, zone: '+0000' };
  const sink = store.append(mailbox, { internalDate: date });
  sink.write(Buffer.from('once deleted'));
  sink.commit();
}

export const faults: readonly Fault[] = [
  {
    id: 'dmap-server/inbox-in-upper-case-alone',
    breaks: 'DMAP-127',
    title: 'takes INBOX in lower case for another name',
    hooks: replaceCommand(/ inbox\r\n$/i, (line) => (line.includes('INBOX') ? line : line.replace(/inbox/i, 'inbox2'))),
  },
  {
    id: 'dmap-server/creates-controls',
    breaks: 'DMAP-131',
    title: 'makes a mailbox of a name with control characters, and of the empty one',
    hooks: bendStore((store) => ({
      createMailbox: (account, name) => store.createMailbox(account, name.replace(/\p{Cc}/gu, '') || 'nameless'),
    })),
  },
  {
    id: 'dmap-server/wildcards-are-bad',
    breaks: 'DMAP-132',
    title: 'answers CREATE of a name with a wildcard with BAD',
    hooks: byName(create, /[%*]/, asBad),
  },
  {
    id: 'dmap-server/dots-make-levels',
    breaks: 'DMAP-133',
    title: 'makes the part before a dot a superior',
    hooks: bendStore((store) => ({
      createMailbox: (account, name) => {
        const dot = name.indexOf('.');
        const superior = name.slice(0, dot);
        if (dot > 0 && store.mailbox(account, superior) === null) store.createMailbox(account, superior);
        return store.createMailbox(account, name);
      },
    })),
  },
  {
    id: 'dmap-server/names-from-right-to-left',
    breaks: 'DMAP-134',
    title: 'turns the levels below the second one round in LIST',
    hooks: showAs((listings) =>
      listings.map((listing) => {
        const [first = '', ...rest] = listing.name.split('/');
        return { ...listing, name: [first, ...rest.slice(0, 1), ...rest.slice(1).reverse()].join('/') };
      }),
    ),
  },
  {
    id: 'dmap-server/creates-nothing',
    breaks: 'DMAP-219',
    title: 'answers CREATE below a mailbox of the suite with OK and makes nothing',
    hooks: bendStore((store) => ({
      createMailbox: (account, name) => (/^suite-.*\//.test(name) ? 0 : store.createMailbox(account, name)),
    })),
  },
  {
    id: 'dmap-server/creates-twice',
    breaks: 'DMAP-220',
    title: 'answers CREATE of a name that exists with OK',
    hooks: complete(create, /^NO \[ALREADYEXISTS\]/, 'OK'),
  },
  {
    id: 'dmap-server/create-errors-are-bad',
    breaks: 'DMAP-221',
    title: 'answers CREATE of a name that exists with BAD',
    hooks: complete(create, /^NO \[ALREADYEXISTS\]/, 'BAD'),
  },
  {
    id: 'dmap-server/invalid-names-are-bad',
    breaks: 'DMAP-221',
    title: 'answers CREATE of a name that is none with BAD',
    hooks: complete(create, /^NO \[CANNOT\]/, 'BAD'),
  },
  {
    id: 'dmap-server/refuses-the-last-slash',
    breaks: 'DMAP-222',
    title: 'refuses CREATE with a slash at the end',
    hooks: byName(create, /\/$/, (response) => response.replace(/^(\S+) OK/, '$1 NO')),
  },
  {
    id: 'dmap-server/keeps-the-last-slash',
    breaks: 'DMAP-223',
    title: 'keeps the slash at the end of a new name',
    hooks: bendStore((store) => {
      const ended = new Set<number>();
      return {
        createMailbox: (account, name) => {
          const id = store.createMailbox(account, name);
          if (name.endsWith('/')) ended.add(id);
          return id;
        },
        mailboxes: (account) =>
          store.mailboxes(account).map((each) => (ended.has(each.id) ? { ...each, name: `${each.name}/` } : each)),
      };
    }),
  },
  {
    id: 'dmap-server/create-makes-no-superiors',
    breaks: 'DMAP-224',
    title: 'makes no superiors at CREATE',
    hooks: hideSuperiors('createMailbox'),
  },
  {
    id: 'dmap-server/deletes-nothing',
    breaks: 'DMAP-226',
    title: 'answers DELETE with OK and keeps the mailbox',
    hooks: bendStore(() => ({ deleteMailbox: () => undefined })),
  },
  {
    id: 'dmap-server/deletes-what-is-not-there',
    breaks: 'DMAP-227',
    title: 'answers DELETE of a missing mailbox with OK',
    hooks: complete(/^\S+ DELETE /i, /^NO \[NONEXISTENT\]/, 'OK'),
  },
  {
    id: 'dmap-server/deletes-inferiors',
    breaks: 'DMAP-228',
    title: 'deletes the inferiors with the mailbox',
    hooks: bendStore((store) => ({
      deleteMailbox: (account, name) => {
        for (const below of belowOf(store, account, name).reverse()) store.deleteMailbox(account, below);
        store.deleteMailbox(account, name);
      },
    })),
  },
  {
    id: 'dmap-server/deletes-levels',
    breaks: 'DMAP-229',
    title: 'answers DELETE of a \\Noselect name with inferiors with OK',
    hooks: bendStore((store) => ({
      deleteMailbox: (account, name) => {
        if (store.mailbox(account, name)?.selectable !== false) store.deleteMailbox(account, name);
      },
    })),
  },
  {
    id: 'dmap-server/deleted-names-look-alive',
    breaks: 'DMAP-230',
    title: 'shows a deleted name with inferiors without \\Noselect',
    hooks: showAs((listings) => listings.map((listing) => ({ ...listing, selectable: true }))),
  },
  {
    id: 'dmap-server/deleted-messages-come-back',
    breaks: 'DMAP-231',
    title: 'has messages in a mailbox that is made anew',
    hooks: bendStore((store) => {
      const deleted = new Set<string>();
      return {
        deleteMailbox: (account, name) => {
          store.deleteMailbox(account, name);
          deleted.add(name);
        },
        createMailbox: (account, name) => {
          const id = store.createMailbox(account, name);
          if (deleted.has(name)) haunt(store, id);
          return id;
        },
      };
    }),
  },
  {
    id: 'dmap-server/renames-nothing',
    breaks: 'DMAP-233',
    title: 'answers RENAME with OK and changes nothing',
    hooks: bendStore(() => ({ renameMailbox: () => undefined })),
  },
  {
    id: 'dmap-server/rename-makes-two',
    breaks: 'DMAP-233',
    title: 'makes the old name anew at RENAME',
    hooks: bendStore((store) => ({
      renameMailbox: (account, from, to) => {
        store.renameMailbox(account, from, to);
        if (from !== 'INBOX') store.createMailbox(account, from);
      },
    })),
  },
  {
    id: 'dmap-server/renames-onto-others',
    breaks: 'DMAP-234',
    title: 'answers RENAME onto a mailbox that exists with OK',
    hooks: complete(/^\S+ RENAME /i, /^NO \[ALREADYEXISTS\]/, 'OK'),
  },
  {
    id: 'dmap-server/rename-leaves-inferiors',
    breaks: 'DMAP-235',
    title: 'leaves the inferiors of a mailbox at RENAME',
    hooks: bendStore((store) => ({
      renameMailbox: (account, from, to) => {
        store.renameMailbox(account, from, to);
        const [below] = belowOf(store, account, to);
        if (below !== undefined) store.renameMailbox(account, below, from + below.slice(to.length));
      },
    })),
  },
  {
    id: 'dmap-server/rename-makes-no-superiors',
    breaks: 'DMAP-236',
    title: 'makes no superiors at RENAME',
    hooks: hideSuperiors('renameMailbox'),
  },
  {
    id: 'dmap-server/copies-inbox',
    breaks: 'DMAP-238',
    title: 'keeps the messages in INBOX at RENAME of it',
    hooks: bendStore((store) => ({
      renameMailbox: (account, from, to) => {
        store.renameMailbox(account, from, to);
        const [source, inbox] = [store.mailbox(account, to), store.mailbox(account, 'INBOX')];
        if (from === 'INBOX' && source && inbox) store.copy(source.id, store.uids(source.id), inbox.id);
      },
    })),
  },
  {
    id: 'dmap-server/takes-inferiors-of-inbox-along',
    breaks: 'DMAP-239',
    title: 'renames the inferiors of INBOX with it',
    hooks: bendStore((store) => ({
      renameMailbox: (account, from, to) => {
        store.renameMailbox(account, from, to);
        if (from !== 'INBOX') return;
        for (const below of belowOf(store, account, from)) {
          store.renameMailbox(account, below, to + below.slice(from.length));
        }
      },
    })),
  },
  {
    id: 'dmap-server/subscribes-nothing',
    breaks: 'DMAP-240',
    title: 'answers SUBSCRIBE with OK and subscribes nothing',
    hooks: bendStore(() => ({ subscribe: () => undefined })),
  },
  {
    id: 'dmap-server/subscribing-nothing-is-bad',
    breaks: 'DMAP-241',
    title: 'answers SUBSCRIBE of a missing mailbox with BAD',
    hooks: answerCommand(/^\S+ SUBSCRIBE [^{]*\r\n$/i, (line, ask) => {
      const there = ask(line.replace(/^\S+ SUBSCRIBE (.*)\r\n$/i, 'zz STATUS $1 (MESSAGES)\r\n')).includes('zz OK');
      return there ? ask(line) : `${dmapTag(line)} BAD What is that?\r\n`;
    }),
  },
  {
    id: 'dmap-server/drops-subscriptions',
    breaks: 'DMAP-242',
    title: 'ends the subscription when the mailbox is deleted',
    hooks: bendStore((store) => ({
      deleteMailbox: (account, name) => {
        store.deleteMailbox(account, name);
        store.unsubscribe(account, name);
      },
    })),
  },
  {
    id: 'dmap-server/unsubscribes-nothing',
    breaks: 'DMAP-243',
    title: 'answers UNSUBSCRIBE with OK and keeps the name',
    hooks: bendStore(() => ({ unsubscribe: () => true })),
  },
  {
    id: 'dmap-server/unsubscribing-again-is-bad',
    breaks: 'DMAP-244',
    title: 'answers UNSUBSCRIBE of a name that is not subscribed with BAD',
    hooks: bendDmap(() => ({
      line: (line, ask) => {
        if (!/^\S+ UNSUBSCRIBE [^{]*\r\n$/i.test(line)) return ask(line);
        const there = ask(line.replace(/^\S+ UNSUBSCRIBE/i, 'zz LIST (SUBSCRIBED)')).includes('* LIST');
        return there ? ask(line) : `${dmapTag(line)} BAD It is not subscribed.\r\n`;
      },
    })),
  },
];
