/** What a file gives that memory does not: whatever a process has done to it when it ends, the store is whole. */
import fs, { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MailStore } from './mail-store.js';
import { date, idOf, octetsOf, put, user } from './mail-store.test-support.js';
import { createSqliteMailStore } from './sqlite-mail-store.js';
import { openStoreFile, type StoreFile } from './store-file.js';
import { numberIn } from './store-row.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-mail-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function count(file: StoreFile, table: string): number {
  return numberIn(file.row(`SELECT count(*) AS n FROM ${table}`) ?? {}, 'n');
}

/** The files as they are before each write to the disk while `work` goes on: what a process killed there leaves. */
function momentsOf(work: () => void): Map<string, Buffer>[] {
  const moments: Map<string, Buffer>[] = [];
  const look = (): void => {
    const files = ['', '-wal', '-journal'].filter((end) => existsSync(path + end));
    moments.push(new Map(files.map((end) => [end, readFileSync(path + end)])));
  };
  const spies = (['writeSync', 'fsyncSync', 'ftruncateSync', 'unlinkSync'] as const).map((name) => {
    const real = fs[name] as (...values: unknown[]) => unknown;
    return vi.spyOn(fs, name as 'unlinkSync').mockImplementation(((...values: unknown[]) => {
      look();
      return real(...values);
    }) as typeof fs.unlinkSync);
  });
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return moments;
}

describe('a mail store in a file', () => {
  it('has all of a message or nothing of it, at whatever write the process ends', () => {
    const file = openStoreFile(path);
    const store = createSqliteMailStore(file);
    store.createAccount({ name: user, mode: 'CAUTIOUS' });
    const inbox = idOf(store, 'INBOX');
    put(store, inbox, 'the first', ['\\Deleted']);
    const message = Buffer.alloc(75_000, 'octets of a message ');

    const appending = momentsOf(() => put(store, inbox, message, ['$Whole']));
    const expunging = momentsOf(() => store.expunge(inbox));
    file.close();
    expect(appending.length).toBeGreaterThan(40);

    const found = (moment: Map<string, Buffer>): readonly number[] => {
      const copy = join(folder, 'copy.db');
      for (const [end, octets] of moment) writeFileSync(copy + end, octets);
      const reopened = openStoreFile(copy);
      const again = createSqliteMailStore(reopened);
      const kept = [...again.uids(idOf(again, 'INBOX'))];
      if (kept.includes(2)) {
        expect(octetsOf(again, idOf(again, 'INBOX'), 2).equals(message)).toBe(true);
        expect(again.summary(idOf(again, 'INBOX'), 2)?.flags).toEqual(['$Whole']);
      }
      expect(again.status(idOf(again, 'INBOX')).uidNext).toBe(kept.includes(2) ? 3 : 2);
      expect([count(reopened, 'body'), count(reopened, 'message')]).toEqual([kept.length, kept.length]);
      reopened.close();
      for (const end of ['', '-wal']) rmSync(copy + end, { force: true });
      return kept;
    };
    // Once it is there it does not go again, and it is there before the append returns.
    const afterEach = appending.map(found).map((kept) => kept.join());
    expect([...new Set(afterEach)]).toEqual(['1', '1,2']);
    expect(new Set(expunging.map(found).map((kept) => kept.join()))).toEqual(new Set(['1,2', '2']));
  });

  it('throws away what an APPEND without an end left, and what was read when its message went', () => {
    let file = openStoreFile(path);
    let store = createSqliteMailStore(file);
    store.createAccount({ name: user, mode: 'CAUTIOUS' });
    const inbox = idOf(store, 'INBOX');
    put(store, inbox, Buffer.alloc(100_000), ['\\Deleted']);
    const reader = store.open(inbox, 1);
    store.append(inbox, { internalDate: date }).write(Buffer.alloc(300_000));
    store.expunge(inbox);
    expect(reader?.read(99_999, 1)).toHaveLength(1);
    expect(count(file, 'body')).toBe(2);
    file.close();
    file = openStoreFile(path);
    store = createSqliteMailStore(file);
    expect([count(file, 'body'), count(file, 'piece')]).toEqual([0, 0]);
    expect(store.status(idOf(store, 'INBOX'))).toMatchObject({ messages: 0, uidNext: 2 });
    file.close();
  });

  it('lets go of octets when the last reader and the last copy are gone', () => {
    const file = openStoreFile(path);
    const store = createSqliteMailStore(file);
    store.createAccount({ name: user, mode: 'CAUTIOUS' });
    const inbox = idOf(store, 'INBOX');
    put(store, inbox, Buffer.alloc(100_000), ['\\Deleted']);
    const other = store.createMailbox(user, 'other');
    store.copy(inbox, [1], other);
    const readers = [store.open(other, 1), store.open(other, 1)];
    store.expunge(inbox);
    store.deleteMailbox(user, 'other');
    expect(count(file, 'piece')).toBe(2);
    readers[0]?.close();
    readers[0]?.close();
    expect(readers[1]?.read(70_000, 10)).toHaveLength(10);
    readers[1]?.close();
    expect(count(file, 'piece')).toBe(0);
    expect(() => readers[1]?.read(0, 1)).toThrow('closed');
    const sink = store.append(inbox, { internalDate: date });
    sink.write(Buffer.alloc(200_000));
    expect(count(file, 'piece')).toBe(3);
    sink.abort();
    expect(count(file, 'piece')).toBe(0);
    file.close();
  });

  it('changes nothing, in memory either, when the disk takes no more', () => {
    const file = openStoreFile(path);
    const store = createSqliteMailStore(file, { limits: { quotaOctets: 250_000 } });
    store.createAccount({ name: user, mode: 'CAUTIOUS' });
    const inbox = idOf(store, 'INBOX');
    put(store, inbox, 'kept');
    const all = (from: MailStore): unknown => [from.mailboxes(user), from.status(inbox), from.summary(inbox, 1)];
    const before = all(store);
    const full = vi.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw new Error('ENOSPC');
    });
    try {
      expect(() => put(store, inbox, 'lost', ['$New'])).toThrow(path);
      expect(() => put(store, inbox, Buffer.alloc(200_000))).toThrow(path);
      expect(() => store.storeFlags(inbox, [1], { how: 'set', flags: ['\\Deleted', '$New'] })).toThrow(path);
      expect(() => store.storeMeta(inbox, [1], Buffer.alloc(9))).toThrow(path);
      expect(() => store.copy(inbox, [1], inbox)).toThrow(path);
      expect(() => store.createMailbox(user, 'a/b')).toThrow(path);
      expect(() => store.renameMailbox(user, 'INBOX', 'b')).toThrow(path);
    } finally {
      full.mockRestore();
    }
    expect(all(store)).toEqual(before);
    // No octet of what failed counts.
    expect(put(store, inbox, Buffer.alloc(249_996))).toBe(2);
    expect(() => put(store, inbox, 'x')).toThrow('250000');
    file.close();
    const reopened = openStoreFile(path);
    const again = createSqliteMailStore(reopened);
    expect([...again.uids(idOf(again, 'INBOX'))]).toEqual([1, 2]);
    reopened.close();
  });
});
