/**
 * One SQLite file that several stores share, each with tables of its own. Everything is synchronous: what was written is
 * on the disk when `transaction` returns.
 *
 * The write-ahead log is not a choice of taste here: with this build of SQLite a rollback journal that a killed process
 * leaves is never rolled back, since its lock, a folder, counts as held by whoever looks.
 */
import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import sqlite, { type Database, type Statement } from 'node-sqlite3-wasm';
import { StoreFileError, type StoreFileErrorCode } from './store-file-error.js';
import { ownFile } from './store-file-owner.js';
import { numberIn, type StoreRow, type StoreValue, WrongColumn } from './store-row.js';

export interface StoreFile {
  readonly path: string;
  /**
   * Brings the tables of one store up to date: `steps[n]` makes version n + 1 out of version n. Steps that were ever
   * published do not change.
   *
   * @throws StoreFileError `newer` when the file has had more steps
   */
  adopt(store: string, steps: readonly string[]): void;
  /** Writes one row; outside of a transaction it is one of its own. @throws StoreFileError `failed`, `damaged` */
  run(sql: string, values?: readonly StoreValue[]): void;
  /** Rows changed by this one statement. @throws StoreFileError `failed`, `damaged` */
  change(sql: string, values?: readonly StoreValue[]): number;
  /** The first row, or null. @throws StoreFileError `failed`, `damaged` */
  row(sql: string, values?: readonly StoreValue[]): StoreRow | null;
  /** Shows each row to `visit`, which must not ask for the same SQL. @throws StoreFileError `failed`, `damaged` */
  each(sql: string, values: readonly StoreValue[], visit: (row: StoreRow) => void): void;
  /** All that `work` writes, or nothing when it throws. May stand in another one, to which it then belongs. */
  transaction<T>(work: () => T): T;
  /**
   * A write that need not outlast a failure of the machine by itself: the next transaction takes it along to the disk.
   * For the octets of a message that is not there yet.
   */
  relaxed(work: () => void): void;
  close(): void;
}

/** "DIME": what tells a store file from every other SQLite file. */
const applicationId = 0x44494d45;
const applicationIdOffset = 68;
const headOctets = 100;
const magic = 'SQLite format 3\0';
const fileVersion = 1;

/**
 * Opens the file, or makes it when it is missing or empty.
 *
 * @throws StoreFileError
 */
export function openStoreFile(name: string): StoreFile {
  const path = resolve(name);
  checkPlace(path);
  const release = ownFile(path);
  let database: Database | null = null;
  try {
    clearLeftovers(path);
    database = guarded(path, () => new sqlite.Database(path));
    const opened = database;
    guarded(path, () => prepareFile(path, opened));
    return storeFileOn(path, opened, release);
  } catch (error) {
    try {
      database?.close();
    } finally {
      release();
    }
    throw error;
  }
}

/** Looks at the file itself, so that nothing foreign is ever opened, let alone changed. */
function checkPlace(path: string): void {
  if (!existsSync(path)) {
    if (existsSync(dirname(path))) return;
    throw new StoreFileError('unusable', path, 'its folder does not exist');
  }
  const head = Buffer.alloc(headOctets);
  let length = 0;
  try {
    if (!statSync(path).isFile()) throw new StoreFileError('foreign', path, 'it is no file');
    const descriptor = openSync(path, 'r+');
    try {
      length = readSync(descriptor, head);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof StoreFileError) throw error;
    throw new StoreFileError('unusable', path, `it cannot be opened: ${told(error)}`);
  }
  if (length === 0) return;
  if (head.toString('latin1', 0, magic.length) !== magic) {
    throw new StoreFileError('foreign', path, 'it is no store file: it does not begin as an SQLite file does');
  }
  if (length < headOctets) throw new StoreFileError('damaged', path, 'it ends within its header');
  if (head.readUInt32BE(applicationIdOffset) !== applicationId) {
    throw new StoreFileError('foreign', path, 'it is the SQLite file of another program');
  }
}

/** Beside a file that was never begun a log means nothing, and a rollback journal is used only while a file is made. */
function clearLeftovers(path: string): void {
  rmSync(`${path}-journal`, { force: true });
  if (!existsSync(path) || statSync(path).size === 0) rmSync(`${path}-wal`, { force: true });
}

function prepareFile(path: string, database: Database): void {
  // Before anything is read: the log needs it, as there is no shared memory.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
  if (statSync(path).size === 0) database.exec(`PRAGMA application_id = ${applicationId}`);
  const [mode] = database.all('PRAGMA journal_mode = WAL');
  if (mode?.journal_mode !== 'wal') {
    throw new StoreFileError('unusable', path, 'it cannot have a write-ahead log');
  }
  database.exec('PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;');
  const version = numberIn((database.get('PRAGMA user_version') ?? {}) as StoreRow, 'user_version');
  if (version > fileVersion) throw newer(path, 'file', version, fileVersion);
  database.exec(`
    BEGIN;
    CREATE TABLE IF NOT EXISTS store (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
    PRAGMA user_version = ${fileVersion};
    COMMIT;
  `);
}

function storeFileOn(path: string, database: Database, release: () => void): StoreFile {
  const statements = new Map<string, Statement>();
  let depth = 0;

  const using = <T>(sql: string, work: (statement: Statement) => T): T => {
    let statement = statements.get(sql);
    try {
      statement ??= database.prepare(sql);
      statements.set(sql, statement);
      return work(statement);
    } catch (error) {
      // A statement that failed fails once more when it is next used.
      statements.delete(sql);
      if (statement !== undefined) finalize(statement);
      throw explained(path, error);
    }
  };
  const change: StoreFile['change'] = (sql, values = []) => using(sql, (each) => each.run([...values]).changes);
  const row: StoreFile['row'] = (sql, values = []) =>
    using(sql, (statement) => (statement.all([...values])[0] as StoreRow | undefined) ?? null);
  const transaction: StoreFile['transaction'] = (work) => {
    if (depth > 0) return work();
    depth += 1;
    try {
      guarded(path, () => database.exec('BEGIN IMMEDIATE'));
      const result = work();
      guarded(path, () => database.exec('COMMIT'));
      return result;
    } catch (error) {
      rollBack(database);
      throw error;
    } finally {
      depth -= 1;
    }
  };

  return {
    path,
    adopt: (store, steps) =>
      transaction(() => {
        const known = row('SELECT version FROM store WHERE name = ?', [store]);
        const version = known === null ? 0 : guarded(path, () => numberIn(known, 'version'));
        if (version > steps.length) throw newer(path, `${store} store`, version, steps.length);
        for (const step of steps.slice(version)) guarded(path, () => database.exec(step));
        if (version < steps.length) change('INSERT OR REPLACE INTO store VALUES (?, ?)', [store, steps.length]);
      }),
    run: (sql, values) => void change(sql, values),
    change,
    row,
    each: (sql, values, visit) =>
      using(sql, (statement) => {
        for (const each of statement.iterate([...values])) visit(each as StoreRow);
      }),
    transaction,
    relaxed(work) {
      if (depth > 0) return work();
      guarded(path, () => database.exec('PRAGMA synchronous = NORMAL'));
      try {
        transaction(work);
      } finally {
        guarded(path, () => database.exec('PRAGMA synchronous = FULL'));
      }
    },
    close() {
      if (!database.isOpen) return;
      for (const statement of statements.values()) finalize(statement);
      statements.clear();
      try {
        guarded(path, () => database.close());
      } finally {
        release();
      }
    },
  };
}

/** SQLite may have done it already; when it cannot, the next transaction says so, and the first error matters more. */
function rollBack(database: Database): void {
  try {
    if (database.inTransaction) database.exec('ROLLBACK');
  } catch {}
}

/** Its error is that of its last use, which has been told. */
function finalize(statement: Statement): void {
  try {
    statement.finalize();
  } catch {}
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explained(path, error);
  }
}

/** What SQLite says in words is all it says: its codes do not come through. */
function explained(path: string, error: unknown): unknown {
  if (error instanceof WrongColumn) return new StoreFileError('damaged', path, error.message);
  if (!(error instanceof sqlite.SQLite3Error)) return error;
  const code: StoreFileErrorCode = /malformed|not a database/.test(error.message) ? 'damaged' : 'failed';
  return new StoreFileError(code, path, error.message);
}

function newer(path: string, what: string, version: number, known: number): StoreFileError {
  return new StoreFileError(
    'newer',
    path,
    `its ${what} has version ${version}, made by a later version of this program, which knows ${known}`,
  );
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
