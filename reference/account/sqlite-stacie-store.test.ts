import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteMailStore } from './sqlite-mail-store.js';
import { createSqliteStacieStore } from './sqlite-stacie-store.js';
import { type StacieAccount, StoreFull } from './stacie-store.js';
import { openStoreFile, type StoreFile } from './store-file.js';

const account = (username: string, changes: Partial<StacieAccount> = {}): StacieAccount => ({
  username,
  bonus: 3,
  verificationToken: new Uint8Array(64).fill(1),
  realms: [],
  nextIndex: new Map(),
  ...changes,
});

describe('STACIE accounts in a file', () => {
  let folder: string;
  let file: StoreFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sqlite-stacie-'));
    file = openStoreFile(join(folder, 'store.db'));
  });
  afterEach(() => {
    file.close();
    rmSync(folder, { recursive: true });
  });
  const restart = () => {
    file.close();
    file = openStoreFile(join(folder, 'store.db'));
    return createSqliteStacieStore(file);
  };

  it('are the same after a restart, key ring and indexes included, beside the mail of the same users', () => {
    createSqliteMailStore(file).createAccount({ name: 'alice', mode: 'CAUTIOUS' });
    const shard = (fill: number) => new Uint8Array(64).fill(fill);
    const alice = account('alice', {
      salt: new Uint8Array(128).fill(7),
      realms: [
        { label: 'mail', index: 1, shard: shard(2) },
        { label: 'mail', index: 0, shard: shard(3) },
        { label: 'ключи', index: 65_535, shard: shard(4) },
      ],
      nextIndex: new Map([
        ['mail', 2],
        ['gone', 9],
      ]),
    });
    const store = createSqliteStacieStore(file);
    store.createStacieAccount(alice);
    store.createStacieAccount(account('bob'));
    const again = restart();
    expect(again.stacieAccount('alice')).toEqual(alice);
    expect(again.stacieAccount('bob')).toEqual(account('bob'));
    expect([...again.stacieUsernames].sort()).toEqual(['alice', 'bob']);
  });

  it('are replaced only by who knows how they stand', () => {
    const store = createSqliteStacieStore(file);
    const first = account('a', { realms: [{ label: 'x', index: 0, shard: new Uint8Array(64) }] });
    store.createStacieAccount(first);
    expect(store.createStacieAccount(account('a'))).toBe(false);
    expect(store.replaceStacieAccount(first, account('a', { bonus: 4 }))).toBe(true);
    expect(store.replaceStacieAccount(first, account('a', { bonus: 5 }))).toBe(false);
    const again = restart();
    expect(again.stacieAccount('a')).toEqual(account('a', { bonus: 4 }));
    expect(again.replaceStacieAccount(again.stacieAccount('a') ?? first, account('b'))).toBe(false);
  });

  it('are bounded in number', () => {
    const store = createSqliteStacieStore(file, { mostAccounts: 1 });
    store.createStacieAccount(account('a'));
    expect(() => store.createStacieAccount(account('b'))).toThrow(StoreFull);
    expect(() => restart().createStacieAccount(account('a\0b'))).toThrow('NUL');
  });
});
