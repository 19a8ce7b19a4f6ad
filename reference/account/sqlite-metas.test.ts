/** META that is read ahead is never older than what the file has. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MailboxId, MailStore } from './mail-store.js';
import { createSqliteMailStore } from './sqlite-mail-store.js';
import { openStoreFile, type StoreFile } from './store-file.js';

const user = 'alice@dime.example';
const count = 300;
let folder: string;
let file: StoreFile;
let store: MailStore;
let inbox: MailboxId;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metas-'));
  file = openStoreFile(join(folder, 'mail'));
  store = createSqliteMailStore(file);
  store.createAccount({ name: user, mode: 'TRUSTFUL' });
  inbox = store.mailbox(user, 'INBOX')?.id ?? 0;
  const internalDate = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0, zone: '+0000' };
  const sink = store.append(inbox, { internalDate });
  sink.write(Buffer.from('x'));
  sink.commit();
  while (store.status(inbox).messages < count) store.copy(inbox, [1], inbox);
});
afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

const uids = (): number[] => [...store.uids(inbox)];
const put = (uid: number, text: string | null): void =>
  void store.storeMeta(inbox, [uid], text === null ? null : Buffer.from(text));
const metas = (): (string | null)[] =>
  uids().map((uid) => {
    const meta = store.meta(inbox, uid);
    return meta === null ? null : Buffer.from(meta).toString();
  });

it('is each message its own, with gaps and long ones between them', () => {
  const texts = uids().map((uid) => (uid % 7 === 0 ? null : `${uid}${'x'.repeat(uid % 50 === 1 ? 5000 : 3)}`));
  for (const [at, uid] of uids().entries()) put(uid, texts[at] ?? null);
  expect(metas()).toEqual(texts);
  // Backwards nothing is read ahead.
  expect(
    uids()
      .toReversed()
      .map((uid) => store.meta(inbox, uid)?.length ?? null),
  ).toEqual(texts.toReversed().map((text) => text?.length ?? null));
});

it('is the new one where it was changed, removed or copied while somebody goes through the mailbox', () => {
  store.storeMeta(inbox, uids(), Buffer.from('old'));
  const seen: (number | null)[] = [];
  for (const uid of uids()) {
    if (uid % 10 === 5) put(uid + 1, 'newer');
    if (uid % 10 === 7) put(uid + 1, null);
    seen.push(store.meta(inbox, uid)?.length ?? null);
  }
  expect(seen.slice(0, 20)).toEqual([3, 3, 3, 3, 3, 5, 3, null, 3, 3, 3, 3, 3, 3, 3, 5, 3, null, 3, 3]);
  store.storeFlags(inbox, [6], { how: 'add', flags: ['\\Deleted'] });
  store.expunge(inbox);
  expect(store.meta(inbox, 6)).toBeNull();
  const { targetUids } = store.copy(inbox, [16], inbox);
  expect(store.meta(inbox, targetUids[0] ?? 0)?.length).toBe(5);
});

it('is the old one where a change could not be kept', () => {
  let full = false;
  const failing: StoreFile = {
    ...file,
    run(sql, values) {
      if (full && sql.startsWith('INSERT OR REPLACE INTO mailbox')) throw new Error('the disk is full');
      file.run(sql, values);
    },
  };
  store = createSqliteMailStore(failing);
  store.storeMeta(inbox, uids(), Buffer.from('old'));
  metas();
  full = true;
  expect(() => put(2, 'never kept')).toThrow('the disk is full');
  expect(metas().slice(0, 3)).toEqual(['old', 'old', 'old']);
});
