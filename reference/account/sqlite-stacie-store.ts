/** STACIE accounts in a store file, so that users of a restarted server can log in as before. All are in memory too. */
import type { MemoryStacieStore } from './memory-stacie-store.js';
import { type RealmEntry, type StacieAccount, StoreFull } from './stacie-store.js';
import type { StoreFile } from './store-file.js';
import { numberIn, octetsIn, textIn } from './store-row.js';

const schema = [
  `
  CREATE TABLE stacie_account (
    username TEXT PRIMARY KEY,
    salt BLOB,
    bonus INTEGER NOT NULL,
    verification_token BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE stacie_realm (
    username TEXT NOT NULL,
    nth INTEGER NOT NULL,
    label TEXT NOT NULL,
    realm_index INTEGER NOT NULL,
    shard BLOB NOT NULL,
    PRIMARY KEY (username, nth)
  ) WITHOUT ROWID;
  CREATE TABLE stacie_next_index (
    username TEXT NOT NULL,
    label TEXT NOT NULL,
    next_index INTEGER NOT NULL,
    PRIMARY KEY (username, label)
  ) WITHOUT ROWID;
  `,
];

const defaultMostAccounts = 10_000;

export interface SqliteStacieStoreOptions {
  /** Accounts at most; 10,000. */
  readonly mostAccounts?: number;
}

/**
 * Opens the accounts that the file has, or begins with none.
 *
 * @throws StoreFileError `newer`, `damaged`, `failed`
 */
export function createSqliteStacieStore(file: StoreFile, options: SqliteStacieStoreOptions = {}): MemoryStacieStore {
  const { mostAccounts = defaultMostAccounts } = options;
  file.adopt('stacie', schema);
  const kept = load(file);
  return {
    get stacieUsernames() {
      return [...kept.keys()];
    },
    stacieAccount: (username) => kept.get(username) ?? null,
    createStacieAccount(account) {
      if (kept.has(account.username)) return false;
      if (kept.size >= mostAccounts) throw new StoreFull(`${mostAccounts} accounts are kept, and no more`);
      save(file, account);
      kept.set(account.username, account);
      return true;
    },
    replaceStacieAccount(previous, next) {
      if (previous.username !== next.username || kept.get(previous.username) !== previous) return false;
      save(file, next);
      kept.set(next.username, next);
      return true;
    },
  };
}

function save(file: StoreFile, { username, salt, bonus, verificationToken, realms, nextIndex }: StacieAccount): void {
  // SQLite would end a text there, and so take two names for one.
  if ([username, ...nextIndex.keys(), ...realms.map(({ label }) => label)].some((text) => text.includes('\0'))) {
    throw new RangeError('a name or a label with NUL cannot be kept');
  }
  file.transaction(() => {
    const values = [username, salt ?? null, bonus, verificationToken];
    file.run('INSERT OR REPLACE INTO stacie_account VALUES (?, ?, ?, ?)', values);
    file.run('DELETE FROM stacie_realm WHERE username = ?', [username]);
    for (const [nth, { label, index, shard }] of realms.entries()) {
      file.run('INSERT INTO stacie_realm VALUES (?, ?, ?, ?, ?)', [username, nth, label, index, shard]);
    }
    file.run('DELETE FROM stacie_next_index WHERE username = ?', [username]);
    for (const [label, index] of nextIndex) {
      file.run('INSERT INTO stacie_next_index VALUES (?, ?, ?)', [username, label, index]);
    }
  });
}

function load(file: StoreFile): Map<string, StacieAccount> {
  const realms = new Map<string, RealmEntry[]>();
  const nextIndexes = new Map<string, Map<string, number>>();
  const accounts = new Map<string, StacieAccount>();
  file.each('SELECT * FROM stacie_realm ORDER BY username, nth', [], (row) => {
    const username = textIn(row, 'username');
    const realm = { label: textIn(row, 'label'), index: numberIn(row, 'realm_index'), shard: octetsIn(row, 'shard') };
    realms.set(username, [...(realms.get(username) ?? []), realm]);
  });
  file.each('SELECT * FROM stacie_next_index', [], (row) => {
    const username = textIn(row, 'username');
    const ofUser = nextIndexes.get(username) ?? new Map<string, number>();
    nextIndexes.set(username, ofUser.set(textIn(row, 'label'), numberIn(row, 'next_index')));
  });
  file.each('SELECT * FROM stacie_account', [], (row) => {
    const username = textIn(row, 'username');
    accounts.set(username, {
      username,
      ...(row.salt === null ? {} : { salt: octetsIn(row, 'salt') }),
      bonus: numberIn(row, 'bonus'),
      verificationToken: octetsIn(row, 'verification_token'),
      realms: realms.get(username) ?? [],
      nextIndex: nextIndexes.get(username) ?? new Map(),
    });
  });
  return accounts;
}
