/** What a mail store does with messages, by examples, in memory and in a file. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailStore } from './mail-store.js';
import { date, idOf, kinds, octetsOf, put, refusal, type TriedStore, user } from './mail-store.test-support.js';
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
  const numbers = (name: string): number[] => [...store.uids(idOf(store, name))];

  beforeEach(() => begin());
  afterEach(() => tried.end());

  describe('messages', () => {
    it('are kept octet for octet, in whatever pieces they came', () => {
      const octets = Buffer.alloc(
        300_000,
        Uint8Array.from({ length: 256 }, (_each, at) => at),
      );
      for (const size of [1, 4_096, 65_535, 65_536, 65_537, 131_072, octets.length]) {
        const message = octets.subarray(0, size);
        const sink = store.append(inbox, { internalDate: date });
        const cut = Math.ceil(size / 3.7);
        for (let at = 0; at < size; at += cut) {
          // The caller's buffer is used again for the next piece.
          const lent = Buffer.from(message.subarray(at, at + cut));
          sink.write(lent);
          lent.fill(0);
        }
        const { uid } = sink.commit();
        expect(octetsOf(store, inbox, uid).equals(message)).toBe(true);
        expect(store.summary(inbox, uid)?.size).toBe(size);
      }
      store = tried.restart();
      inbox = idOf(store, 'INBOX');
      expect(octetsOf(store, inbox, 7).equals(octets)).toBe(true);
    });

    it('are read in part, also over the ends of pieces and of the message', () => {
      const octets = Buffer.from(Array.from({ length: 140_000 }, (_each, at) => at % 251));
      const reader = store.open(inbox, put(store, inbox, octets));
      for (const [start, count] of [
        [0, 1],
        [65_530, 20],
        [0, 140_000],
        [131_071, 2],
        [139_999, 5],
        [140_000, 5],
        [9e9, 1],
      ] as const) {
        expect(Buffer.from(reader?.read(start, count) ?? []).equals(octets.subarray(start, start + count))).toBe(true);
      }
      expect([...(reader?.pieces(10, 100_000) ?? [])].map(({ length }) => length)).toEqual([65_526, 34_474]);
      reader?.close();
    });

    it('tell their date as it was written, in its own zone', () => {
      const dates = [
        { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, zone: '-0000' },
        { year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 60, zone: '+1459' },
        { year: 1969, month: 12, day: 31, hour: 12, minute: 34, second: 56, zone: '-1200' },
      ];
      for (const internalDate of dates) {
        const sink = store.append(inbox, { internalDate });
        sink.write(Buffer.from('x'));
        const { uid } = sink.commit();
        expect(store.summary(inbox, uid)?.internalDate).toEqual(internalDate);
      }
      store = tried.restart();
      const kept = [1, 2, 3].map((uid) => store.summary(idOf(store, 'INBOX'), uid)?.internalDate);
      expect(kept).toEqual(dates);
    });

    it('leave no trace when they were not committed', () => {
      const before = store.status(inbox);
      const sink = store.append(inbox, { internalDate: date, flags: ['$New'] });
      sink.write(Buffer.alloc(200_000));
      sink.abort();
      sink.abort();
      expect(() => sink.commit()).toThrow('ended');
      expect(refusal(() => store.append(inbox, { internalDate: date }).commit())).toBe('empty');
      expect(store.status(inbox)).toEqual(before);
    });

    it('are refused when their mailbox goes away before they are whole', () => {
      const id = store.createMailbox(user, 'a');
      const sink = store.append(id, { internalDate: date });
      sink.write(Buffer.from('late'));
      store.deleteMailbox(user, 'a');
      store.createMailbox(user, 'a');
      expect(refusal(() => sink.commit())).toBe('nonexistent');
      expect(numbers('a')).toEqual([]);
    });

    it('can be appended at the same time', () => {
      const sinks = Array.from({ length: 5 }, () => store.append(inbox, { internalDate: date }));
      for (let round = 0; round < 3; round += 1) {
        for (const [nth, sink] of sinks.entries()) sink.write(Buffer.alloc(50_000, nth));
      }
      for (const sink of sinks) sink.commit();
      for (const nth of sinks.keys())
        expect(octetsOf(store, inbox, nth + 1).equals(Buffer.alloc(150_000, nth))).toBe(true);
    });

    it('stay readable for whoever reads them when they are expunged', () => {
      const octets = Buffer.alloc(200_000, 'abc');
      const uid = put(store, inbox, octets, ['\\Deleted']);
      const reader = store.open(inbox, uid);
      expect(store.expunge(inbox)).toEqual([uid]);
      expect(store.open(inbox, uid)).toBeNull();
      expect(Buffer.from(reader?.read(0, 200_000) ?? []).equals(octets)).toBe(true);
      reader?.close();
    });

    it('share their octets with their copies, which outlive them', () => {
      const uid = put(store, inbox, 'shared', ['\\Deleted', 'Mine']);
      const other = store.createMailbox(user, 'other');
      put(store, other, 'first', ['Theirs']);
      store.storeMeta(inbox, [uid], Buffer.from('m'));
      const { uidValidity } = store.status(other);
      expect(store.copy(inbox, [99, uid, uid], other)).toEqual({ uidValidity, sourceUids: [uid], targetUids: [2] });
      store.expunge(inbox);
      expect(octetsOf(store, other, 2).toString()).toBe('shared');
      expect(store.summary(other, 2)).toMatchObject({
        flags: ['\\Deleted', 'Mine'],
        hasMeta: true,
        internalDate: date,
      });
      expect(store.status(other).keywords).toEqual(['Theirs', 'Mine']);
    });

    it('are copied into their own mailbox too', () => {
      put(store, inbox, 'a');
      put(store, inbox, 'b');
      expect(store.copy(inbox, [1, 2], inbox).targetUids).toEqual([3, 4]);
      expect(octetsOf(store, inbox, 4).toString()).toBe('b');
    });
  });

  describe('flags', () => {
    it('compare without regard to case and keep the first spelling', () => {
      put(store, inbox, 'x', ['\\seen', '$Label']);
      store.storeFlags(inbox, [1], { how: 'add', flags: ['$LABEL', '$label', '\\SEEN'] });
      expect(store.summary(inbox, 1)?.flags).toEqual(['\\Seen', '$Label']);
      expect(store.status(inbox).keywords).toEqual(['$Label']);
    });

    it('are the eight of the draft, and at most 24 keywords', () => {
      put(store, inbox);
      const change = (...flags: string[]) => store.storeFlags(inbox, [1], { how: 'add', flags });
      expect(refusal(() => change('\\Recent'))).toBe('cannot');
      for (let at = 0; at < 24; at += 1) change(`k${at}`);
      expect(store.status(inbox).takesKeywords).toBe(false);
      expect(refusal(() => change('k24'))).toBe('limit');
      expect(store.summary(inbox, 1)?.flags).toHaveLength(24);
      store = tried.restart();
      expect(store.summary(idOf(store, 'INBOX'), 1)?.flags.at(-1)).toBe('k23');
    });

    it('change only where MODSEQ is not above the one that is named, and each change gets the next', () => {
      for (const text of ['a', 'b', 'c']) put(store, inbox, text, ['\\Flagged']);
      store.storeFlags(inbox, [2], { how: 'add', flags: ['\\Seen'] });
      expect(store.summary(inbox, 2)?.modseq).toBe(5n);
      const change = { how: 'add', flags: ['\\Seen'], unchangedSince: 4n } as const;
      expect(store.storeFlags(inbox, [3, 2, 1, 9], change)).toEqual({ changed: [1, 3], same: [], modified: [2] });
      expect([1, 2, 3].map((uid) => store.summary(inbox, uid)?.modseq)).toEqual([6n, 5n, 7n]);
      expect(store.status(inbox)).toMatchObject({ highestModseq: 7n, unseen: 0 });
      expect(store.storeFlags(inbox, [1], { how: 'add', flags: ['\\Seen'] })).toMatchObject({ changed: [], same: [1] });
      expect(store.status(inbox).highestModseq).toBe(7n);
    });
  });

  describe('META', () => {
    it('may be empty, which is not none, and is kept apart from the caller', () => {
      put(store, inbox);
      const block = Buffer.from('secret');
      expect(store.storeMeta(inbox, [1], block).changed).toEqual([1]);
      block.fill(0);
      expect(Buffer.from(store.meta(inbox, 1) ?? []).toString()).toBe('secret');
      expect(store.storeMeta(inbox, [1], Buffer.from('secret')).same).toEqual([1]);
      store.storeMeta(inbox, [1], new Uint8Array());
      expect(store.meta(inbox, 1)).toEqual(new Uint8Array());
      expect(store.summary(inbox, 1)?.hasMeta).toBe(true);
      store = tried.restart();
      inbox = idOf(store, 'INBOX');
      expect(store.summary(inbox, 1)?.hasMeta).toBe(true);
      store.storeMeta(inbox, [1], null);
      expect(store.meta(inbox, 1)).toBeNull();
      expect(store.summary(inbox, 1)).toMatchObject({ hasMeta: false, modseq: 5n });
    });
  });

  describe('submission', () => {
    it('is taken once, by whoever asks first', () => {
      put(store, inbox, 'mail', ['\\SubmitPending', '\\Seen']);
      expect(store.startSubmission(inbox, 1)).toBe('taken');
      expect(store.startSubmission(inbox, 1)).toBe('race');
      expect(store.openSubmissions(user)).toEqual([{ mailbox: inbox, uid: 1 }]);
      expect(store.endSubmission(inbox, 1, true)).toBe(true);
      expect(store.summary(inbox, 1)?.flags).toEqual(['\\Seen', '\\Submitted']);
      expect(store.startSubmission(inbox, 1)).toBe('race');
      expect(store.openSubmissions(user)).toEqual([]);
    });

    it('needs a message that waits for it, and may be tried again after a failure', () => {
      put(store, inbox, 'mail');
      expect(store.startSubmission(inbox, 1)).toBe('race');
      expect(store.startSubmission(inbox, 2)).toBe('missing');
      store.storeFlags(inbox, [1], { how: 'add', flags: ['\\SubmitPending'] });
      store.startSubmission(inbox, 1);
      store.endSubmission(inbox, 1, false);
      expect(store.summary(inbox, 1)?.flags).toEqual([]);
      store.storeFlags(inbox, [1], { how: 'add', flags: ['\\SubmitPending', '\\Deleted'] });
      expect(store.startSubmission(inbox, 1)).toBe('taken');
      store.expunge(inbox);
      expect(store.endSubmission(inbox, 1, true)).toBe(false);
    });
  });

  it('finds messages by what it has in memory of them', () => {
    put(store, inbox, 'short', ['\\Seen']);
    put(store, inbox, 'a longer one', ['\\Deleted']);
    put(store, inbox, 'x');
    expect(store.search(inbox, ({ seen }) => !seen)).toEqual([2, 3]);
    expect(store.search(inbox, ({ size, deleted }) => size > 4 && !deleted)).toEqual([1]);
    expect(store.search(inbox, ({ modseq, index }) => modseq > 2n && index < 2)).toEqual([2]);
  });

  it('remembers which UIDs went, but not for ever', () => {
    beginAgain({ limits: { mostExpungedKept: 3 } });
    const drop = (uids: number[]): bigint => {
      store.storeFlags(inbox, uids, { how: 'add', flags: ['\\Deleted'] });
      store.expunge(inbox, uids);
      return store.status(inbox).highestModseq;
    };
    for (let at = 0; at < 8; at += 1) put(store, inbox);
    const start = store.status(inbox).highestModseq;
    const first = drop([2]);
    drop([5, 1]);
    expect(store.expungedSince(inbox, start)).toEqual({ uids: [1, 2, 5], complete: true });
    expect(store.expungedSince(inbox, first)).toEqual({ uids: [1, 5], complete: true });
    const third = drop([8]);
    store = tried.restart();
    inbox = idOf(store, 'INBOX');
    expect(store.expungedSince(inbox, first)).toEqual({ uids: [1, 5, 8], complete: true });
    expect(store.expungedSince(inbox, start)).toMatchObject({ complete: false });
    // More at once than are kept at all.
    drop([3, 4, 6, 7]);
    expect(store.expungedSince(inbox, third)).toMatchObject({ complete: false });
  });
});
