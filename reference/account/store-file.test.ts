/** What a store file does with files that are not as they should be, and with those who want the same one. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idOf, octetsOf, put, user } from './mail-store.test-support.js';
import { createSqliteMailStore } from './sqlite-mail-store.js';
import { openStoreFile } from './store-file.js';
import { StoreFileError } from './store-file-error.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-file-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function failure(work: () => unknown): StoreFileError {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreFileError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A closed store file with one message. */
function filled(): void {
  const file = openStoreFile(path);
  const store = createSqliteMailStore(file);
  store.createAccount({ name: user, mode: 'TRUSTFUL' });
  put(store, idOf(store, 'INBOX'), Buffer.alloc(500_000, 'message '));
  file.close();
}

describe('a store file', () => {
  it('is one file once it is closed', () => {
    filled();
    expect(readdirSync(folder)).toEqual(['store.db']);
    const file = openStoreFile(path);
    const store = createSqliteMailStore(file);
    expect(octetsOf(store, idOf(store, 'INBOX'), 1).equals(Buffer.alloc(500_000, 'message '))).toBe(true);
    file.close();
    file.close();
  });

  it('may be begun in an empty file', () => {
    writeFileSync(path, '');
    filled();
    expect(readFileSync(path).toString('latin1', 0, 15)).toBe('SQLite format 3');
  });

  it('takes the tables of several stores, each with its own version', () => {
    const file = openStoreFile(path);
    const steps = ['CREATE TABLE note (text TEXT)', "INSERT INTO note VALUES ('second step')"];
    file.adopt('notes', steps.slice(0, 1));
    file.adopt('notes', steps);
    file.adopt('notes', steps);
    createSqliteMailStore(file);
    expect(file.row('SELECT count(*) AS n, max(text) AS text FROM note')).toEqual({ n: 1, text: 'second step' });
    expect(failure(() => file.adopt('notes', steps.slice(0, 1)))).toMatchObject({ code: 'newer' });
    file.close();
  });

  it('undoes what a failed transaction wrote, and goes on', () => {
    const file = openStoreFile(path);
    file.adopt('notes', ['CREATE TABLE note (text TEXT UNIQUE)']);
    const add = () => file.run('INSERT INTO note VALUES (?)', ['once']);
    const twice = () => file.transaction(() => file.transaction(add) ?? add());
    expect(failure(twice)).toMatchObject({ code: 'failed', message: expect.stringContaining('UNIQUE') });
    expect(file.row('SELECT * FROM note')).toBeNull();
    expect(() =>
      file.transaction(() => {
        add();
        throw new RangeError('of the caller');
      }),
    ).toThrow(RangeError);
    add();
    expect(file.row('SELECT * FROM note')).toEqual({ text: 'once' });
    file.close();
  });
});

describe('a store file that somebody else has', () => {
  it('is refused within the process', () => {
    const file = openStoreFile(path);
    expect(failure(() => openStoreFile(path))).toMatchObject({ code: 'in-use', path });
    file.run('CREATE TABLE still_mine (x)');
    file.close();
    openStoreFile(path).close();
  });

  it('is refused to another process, which is told whose it is', () => {
    const file = openStoreFile(path);
    const module = new URL('../../dist/reference/account/store-file.js', import.meta.url);
    const other = `
      const { openStoreFile } = await import('${module}');
      try { openStoreFile(process.argv[1]); } catch (error) { console.log(error.code, error.message); }
    `;
    const values = ['--input-type=module', '--eval', other, path];
    const { stdout } = spawnSync(process.execPath, values, { encoding: 'utf8' });
    expect(stdout).toContain(`in-use store file ${path}: it is in use by process ${process.pid}`);
    file.close();
  });

  it('is taken from the dead: processes that are gone, and numbers that others have now', () => {
    filled();
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(`${path}.held-by-${pid}-0-aaaaaaaa`, '');
    writeFileSync(`${path}.held-by-${process.pid}-1-bbbbbbbb`, '');
    writeFileSync(`${path}.held-by-nobody`, '');
    mkdirSync(`${path}.lock`);
    const file = openStoreFile(path);
    expect(readdirSync(folder).filter((name) => name.includes('held-by'))).toHaveLength(1);
    file.close();
    expect(readdirSync(folder)).toEqual(['store.db']);
  });
});

describe('a file that is no store file', () => {
  it.each([
    ['text', Buffer.from('Dear Alice,\n'.repeat(50))],
    ['something short', Buffer.from('x')],
  ])('is left alone: %s', (_, octets) => {
    writeFileSync(path, octets);
    expect(failure(() => openStoreFile(path))).toMatchObject({ code: 'foreign' });
    expect(readFileSync(path)).toEqual(octets);
    expect(readdirSync(folder)).toEqual(['store.db']);
  });

  it('is left alone: the SQLite file of another program', () => {
    const other = new sqlite.Database(path);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const before = readFileSync(path);
    expect(failure(() => openStoreFile(path))).toMatchObject({ code: 'foreign' });
    expect(readFileSync(path)).toEqual(before);
  });

  it('or cannot be one: a folder, or a file in a folder that is not there', () => {
    mkdirSync(path);
    expect(failure(() => openStoreFile(path))).toMatchObject({ code: 'foreign' });
    expect(failure(() => openStoreFile(join(folder, 'no', 'store.db')))).toMatchObject({ code: 'unusable' });
  });
});

describe('a damaged store file', () => {
  it.each([
    ['ends in its header', 60, null],
    ['ends in its middle', 40_000, null],
    ['has other octets in its tables', null, 4_096],
    ['has other octets in its first page', null, 100],
  ])('is refused when it %s', (_, length, from) => {
    filled();
    const octets = readFileSync(path);
    if (from !== null) octets.fill(0xa5, from, from + 24_000);
    writeFileSync(path, octets.subarray(0, length ?? octets.length));
    const error = failure(() => {
      const file = openStoreFile(path);
      try {
        createSqliteMailStore(file);
      } finally {
        file.close();
      }
    });
    expect(error).toMatchObject({ code: 'damaged', message: expect.stringContaining(path) });
    expect(existsSync(`${path}.lock`)).toBe(false);
    // It can be tried again: nothing is held.
    expect(readdirSync(folder).filter((name) => name.includes('held-by'))).toEqual([]);
  });

  it('is refused when a later version of the program made it', () => {
    const file = openStoreFile(path);
    file.adopt('mail', ['CREATE TABLE a (x)', 'CREATE TABLE b (x)', 'CREATE TABLE c (x)']);
    expect(failure(() => createSqliteMailStore(file))).toMatchObject({ code: 'newer' });
    file.run('PRAGMA user_version = 99');
    file.close();
    expect(failure(() => openStoreFile(path))).toMatchObject({ code: 'newer' });
    expect(statSync(path).size).toBeGreaterThan(0);
  });
});
