/** What a mail store does, but for messages, by examples, in memory and in a file. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailboxEvent, MailStore } from './mail-store.js';
import { clock, date, idOf, kinds, octetsOf, put, refusal, type TriedStore, user } from './mail-store.test-support.js';
import type { MailStoreOptions } from './mail-store-on.js';

describe.each(Object.entries(kinds))('a mail store in %s', (_, open) => {
  let tried: TriedStore;
  let store: MailStore;
  let inbox: number;

  const begin = (options?: MailStoreOptions): void => {
    tried = open(options);
    store = tried.store;
    store.createAccount({ name: user, mode: 'PARANOID' });
    inbox = idOf(store, 'INBOX');
  };
  const beginAgain = (options: MailStoreOptions): void => {
    tried.end();
    begin(options);
  };
  const names = (): string[] => store.mailboxes(user).map(({ name }) => name);

  beforeEach(() => begin());
  afterEach(() => tried.end());

  describe('accounts', () => {
    it('begin with an empty INBOX whose UIDVALIDITY is the time', () => {
      expect(store.account(user)).toEqual({ name: user, mode: 'PARANOID' });
      expect(names()).toEqual(['INBOX']);
      expect(store.status(inbox)).toMatchObject({ messages: 0, uidNext: 1, uidValidity: clock(), highestModseq: 1n });
    });

    it('have each a name of their own', () => {
      expect(store.createAccount({ name: user, mode: 'TRUSTFUL' })).toBe(false);
      expect(store.createAccount({ name: 'bob@example.com', mode: 'TRUSTFUL' })).toBe(true);
      store.createMailbox('bob@example.com', 'his');
      expect(names()).toEqual(['INBOX']);
      expect(store.account('carol@example.com')).toBeNull();
      expect(store.mailboxes('carol@example.com')).toEqual([]);
      expect(refusal(() => store.createMailbox('carol@example.com', 'x'))).toBe('nonexistent');
    });
  });

  describe('mailboxes', () => {
    it('come with the levels above them', () => {
      store.createMailbox(user, 'work/2026/tax/');
      expect(names()).toEqual(['INBOX', 'work', 'work/2026', 'work/2026/tax']);
      expect(store.mailbox(user, 'work')).toMatchObject({ selectable: true, hasChildren: true });
      expect(store.mailbox(user, 'work/2026/tax')).toMatchObject({ hasChildren: false });
    });

    it('are listed with INBOX first, then by code points, whatever the alphabet', () => {
      for (const name of ['ß', 'Ä', '€', '😀', 'A', '\uffee']) store.createMailbox(user, name);
      expect(names()).toEqual(['INBOX', 'A', 'Ä', 'ß', '€', '\uffee', '😀']);
      store = tried.restart();
      expect(names()).toHaveLength(7);
    });

    it.each(['', '/', '/a', 'a//b', 'a\tb', 'a\u0085', '\ud800'])('are not called %j', (name) => {
      expect(refusal(() => store.createMailbox(user, name))).toBe('cannot');
      expect(refusal(() => store.renameMailbox(user, 'INBOX', name))).toBe('cannot');
    });

    it('stay as levels while others are below them, and can come back with another UIDVALIDITY', () => {
      const id = store.createMailbox(user, 'a');
      store.createMailbox(user, 'a/b');
      put(store, id);
      const before = store.status(id).uidValidity;
      store.deleteMailbox(user, 'a');
      expect(store.mailbox(user, 'a')).toMatchObject({ selectable: false, hasChildren: true });
      expect(refusal(() => store.status(id))).toBe('nonexistent');
      expect(refusal(() => store.status(idOf(store, 'a')))).toBe('noselect');
      expect(refusal(() => store.deleteMailbox(user, 'a'))).toBe('cannot');
      expect(refusal(() => store.createMailbox(user, 'a/b'))).toBe('exists');

      const again = store.createMailbox(user, 'a');
      expect(again).not.toBe(id);
      expect(store.status(again)).toMatchObject({ messages: 0, uidNext: 1 });
      expect(store.status(again).uidValidity).toBeGreaterThan(before);
    });

    it('go for good when nothing is below them', () => {
      store.createMailbox(user, 'a/b');
      store.deleteMailbox(user, 'a');
      store.deleteMailbox(user, 'a/b');
      store.deleteMailbox(user, 'a');
      expect(names()).toEqual(['INBOX']);
      expect(refusal(() => store.deleteMailbox(user, 'a'))).toBe('nonexistent');
      expect(refusal(() => store.deleteMailbox(user, 'inbox'))).toBe('cannot');
    });

    it('keep id, UIDs and UIDVALIDITY through a RENAME, with all that is below', () => {
      const id = store.createMailbox(user, 'a/b');
      put(store, id);
      const before = store.status(id);
      store.subscribe(user, 'a/b');
      store.renameMailbox(user, 'a', 'x/y/');
      expect(names()).toEqual(['INBOX', 'x', 'x/y', 'x/y/b']);
      expect(store.status(id)).toEqual({ ...before, name: 'x/y/b' });
      expect(store.subscriptions(user)).toEqual(['a/b']);
      store = tried.restart();
      expect(names()).toEqual(['INBOX', 'x', 'x/y', 'x/y/b']);
    });

    it('are not renamed onto others, below themselves, or to INBOX', () => {
      store.createMailbox(user, 'a');
      store.createMailbox(user, 'b');
      expect(refusal(() => store.renameMailbox(user, 'a', 'b'))).toBe('exists');
      expect(refusal(() => store.renameMailbox(user, 'a', 'a'))).toBe('exists');
      expect(refusal(() => store.renameMailbox(user, 'a', 'a/x'))).toBe('cannot');
      expect(refusal(() => store.renameMailbox(user, 'a', 'inBox'))).toBe('cannot');
      expect(refusal(() => store.renameMailbox(user, 'c', 'd'))).toBe('nonexistent');
    });

    it('RENAME of INBOX moves its messages, and INBOX stays', () => {
      store.createMailbox(user, 'INBOX/below');
      put(store, inbox, 'one', ['\\Seen', '$Tag']);
      const second = put(store, inbox, 'two');
      store.storeMeta(inbox, [second], Buffer.from('meta'));
      store.storeFlags(inbox, [1], { how: 'add', flags: ['\\Deleted'] });
      store.expunge(inbox);
      const { uidNext, uidValidity } = store.status(inbox);

      store.renameMailbox(user, 'Inbox', 'old/mail');
      const moved = idOf(store, 'old/mail');
      expect(names()).toEqual(['INBOX', 'INBOX/below', 'old', 'old/mail']);
      expect(store.status(inbox)).toMatchObject({ messages: 0, uidNext, uidValidity });
      expect([...store.uids(moved)]).toEqual([1]);
      expect(octetsOf(store, moved, 1).toString()).toBe('two');
      expect(Buffer.from(store.meta(moved, 1) ?? []).toString()).toBe('meta');
      expect(store.status(moved).uidValidity).toBeGreaterThan(uidValidity);
    });

    it('have roles and subscriptions that outlive what they are about', () => {
      store.createMailbox(user, 'Gesendet');
      store.setSpecialUse(user, 'Gesendet', '\\Sent');
      store.subscribe(user, 'Gesendet');
      store.subscribe(user, 'inbox');
      store.subscribe(user, 'never/made');
      expect(store.mailbox(user, 'Gesendet')).toMatchObject({ specialUse: '\\Sent', subscribed: true });
      store.deleteMailbox(user, 'Gesendet');
      store = tried.restart();
      expect(store.subscriptions(user)).toEqual(['INBOX', 'Gesendet', 'never/made']);
      expect(store.unsubscribe(user, 'never/made')).toBe(true);
      expect(store.unsubscribe(user, 'never/made')).toBe(false);
    });
  });

  it('tells every listener of a mailbox what happened to it, until it stops listening', () => {
    const heard: MailboxEvent[] = [];
    const id = store.createMailbox(user, 'a');
    const stop = store.watch(id, (event) => heard.push(event));
    const stopOther = store.watch(id, () => undefined);
    put(store, id);
    put(store, inbox);
    store.copy(inbox, [1], id);
    store.storeFlags(id, [2, 1], { how: 'add', flags: ['\\Deleted'] });
    store.storeFlags(id, [1], { how: 'add', flags: ['\\Deleted'] });
    store.storeMeta(id, [1], Buffer.from('m'));
    store.expunge(id, [1]);
    stopOther();
    store.renameMailbox(user, 'a', 'b');
    stop();
    store.expunge(id);
    expect(heard).toEqual([
      { kind: 'appended', uids: [1] },
      { kind: 'appended', uids: [2] },
      { kind: 'changed', uids: [1, 2] },
      { kind: 'changed', uids: [1] },
      { kind: 'expunged', uids: [1] },
      { kind: 'renamed', name: 'b' },
    ]);
    store.watch(id, (event) => heard.push(event));
    store.deleteMailbox(user, 'b');
    expect(heard.at(-1)).toEqual({ kind: 'deleted' });
  });

  describe('rings', () => {
    it('keep keys by their id, octet by octet', () => {
      const key = { publicPart: Buffer.from([0, 255]), privatePart: null };
      store.addKey(user, 'b', key);
      store.addKey(user, 'B', { ...key, privatePart: Buffer.from('blob') });
      expect(refusal(() => store.addKey(user, 'b', key))).toBe('exists');
      for (const id of ['', 'a b', 'ä', 'x'.repeat(256)])
        expect(refusal(() => store.addKey(user, id, key))).toBe('cannot');
      store = tried.restart();
      expect(store.keyIds(user)).toEqual(['b', 'B']);
      expect(store.key(user, 'b')).toEqual({ publicPart: new Uint8Array([0, 255]), privatePart: null });
      expect(store.key(user, 'b\0c')).toBeNull();
      store.deleteKey(user, 'b');
      expect(refusal(() => store.deleteKey(user, 'b'))).toBe('nonexistent');
      expect(store.keyIds(user)).toEqual(['B']);
      expect(store.keyIds('bob@example.com')).toEqual([]);
    });

    it('keep signets by their address in any case, as it was spelled', () => {
      store.addSignet(user, 'Bob@Example.com', Buffer.from('signet'));
      store.addSignet(user, 'example.org', Buffer.from('other'));
      expect(refusal(() => store.addSignet(user, 'bob@example.com', Buffer.from('x')))).toBe('exists');
      store = tried.restart();
      expect(store.signetAddresses(user)).toEqual(['Bob@Example.com', 'example.org']);
      const found = store.signet(user, 'BOB@example.COM');
      expect(found?.address).toBe('Bob@Example.com');
      expect(Buffer.from(found?.octets ?? []).toString()).toBe('signet');
      store.deleteSignet(user, 'bob@EXAMPLE.com');
      expect(refusal(() => store.deleteSignet(user, 'bob@example.com'))).toBe('nonexistent');
    });
  });

  describe('limits', () => {
    it('count octets that are still arriving, META and copies, and give back what goes', () => {
      beginAgain({ limits: { quotaOctets: 100, mostMetaOctets: 30, mostMessageOctets: 70 } });
      const large = store.append(inbox, { internalDate: date });
      large.write(Buffer.alloc(70));
      expect(refusal(() => large.write(Buffer.alloc(1)))).toBe('too-big');
      expect(() => large.write(Buffer.alloc(1))).toThrow('end');
      const arriving = store.append(inbox, { internalDate: date });
      arriving.write(Buffer.alloc(60));
      expect(refusal(() => put(store, inbox, Buffer.alloc(41)))).toBe('over-quota');
      put(store, inbox, Buffer.alloc(40));
      arriving.abort();
      expect(store.copy(inbox, [1], inbox).targetUids).toEqual([2]);
      expect(refusal(() => store.copy(inbox, [1], inbox))).toBe('over-quota');
      expect(refusal(() => store.storeMeta(inbox, [1], Buffer.alloc(31)))).toBe('too-big');
      expect(refusal(() => store.storeMeta(inbox, [1, 2], Buffer.alloc(11)))).toBe('over-quota');
      store.storeMeta(inbox, [1, 2], Buffer.alloc(10));
      store.storeFlags(inbox, [1], { how: 'set', flags: ['\\Deleted'] });
      store.expunge(inbox);
      store = tried.restart();
      inbox = idOf(store, 'INBOX');
      expect(refusal(() => put(store, inbox, Buffer.alloc(51)))).toBe('over-quota');
      expect(put(store, inbox, Buffer.alloc(50))).toBe(3);
    });

    it('bound messages, mailboxes, names, subscriptions, rings and accounts', () => {
      beginAgain({
        limits: {
          mostMessageOctets: 10,
          mostMessages: 2,
          mostMailboxes: 3,
          mostNameOctets: 8,
          mostSubscriptions: 1,
          mostKeys: 1,
          mostSignets: 1,
          mostRingOctets: 4,
          mostAccounts: 1,
        },
      });
      expect(refusal(() => put(store, inbox, Buffer.alloc(11)))).toBe('too-big');
      put(store, inbox);
      put(store, inbox);
      expect(refusal(() => put(store, inbox))).toBe('limit');
      expect(refusal(() => store.copy(inbox, [1], inbox))).toBe('limit');
      expect(refusal(() => store.createMailbox(user, 'a/b/c'))).toBe('limit');
      expect(refusal(() => store.createMailbox(user, 'ääääx'))).toBe('limit');
      store.createMailbox(user, 'a/b');
      expect(refusal(() => store.renameMailbox(user, 'a', 'long-er'))).toBe('limit');
      expect(refusal(() => store.renameMailbox(user, 'a/b', 'c/d'))).toBe('limit');
      expect(names()).toEqual(['INBOX', 'a', 'a/b']);
      store.subscribe(user, 'a');
      expect(refusal(() => store.subscribe(user, 'b'))).toBe('limit');
      const part = Buffer.alloc(4);
      expect(refusal(() => store.addKey(user, 'k', { publicPart: Buffer.alloc(5), privatePart: null }))).toBe(
        'too-big',
      );
      store.addKey(user, 'k', { publicPart: part, privatePart: part });
      expect(refusal(() => store.addKey(user, 'l', { publicPart: part, privatePart: null }))).toBe('limit');
      store.addSignet(user, 'a@b', part);
      expect(refusal(() => store.addSignet(user, 'c@d', part))).toBe('limit');
      expect(refusal(() => store.createAccount({ name: 'other', mode: 'CAUTIOUS' }))).toBe('limit');
    });
  });
});
