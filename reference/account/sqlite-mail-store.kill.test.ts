/**
 * A process that appends is killed again and again: what it acknowledged is kept, and of the rest there is no trace. It
 * runs what is built, since a compiler in each of the processes would take most of the time.
 *
 * Killed 10 times; DIME_KILLS=200 makes it 200.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { date, idOf, octetsOf, user } from './mail-store.test-support.js';
import { createSqliteMailStore } from './sqlite-mail-store.js';
import { openStoreFile } from './store-file.js';
import { numberIn, type StoreRow, textIn } from './store-row.js';

const kills = Number(process.env.DIME_KILLS ?? 10);
const built = new URL('../../dist/reference/account/', import.meta.url);

/** Appends messages of 1 to 400,000 octets for ever, each filled from its UID, and says the UID of each that is kept. */
const appender = `
  import { createHash } from 'node:crypto';
  import { writeSync } from 'node:fs';
  const { openStoreFile } = await import('${built}store-file.js');
  const { createSqliteMailStore } = await import('${built}sqlite-mail-store.js');
  const [path, user, date] = process.argv.slice(1);
  const store = createSqliteMailStore(openStoreFile(path));
  const { id } = store.mailbox(user, 'INBOX');
  for (;;) {
    const next = store.status(id).uidNext;
    const seed = createHash('sha256').update(String(next)).digest();
    const message = Buffer.alloc(1 + seed.readUInt32BE(0) % (next % 2 === 0 ? 400_000 : 4_000), seed);
    const sink = store.append(id, { internalDate: JSON.parse(date), flags: ['\\\\Seen'] });
    for (let at = 0; at < message.length; at += 50_000) sink.write(message.subarray(at, at + 50_000));
    writeSync(1, sink.commit().uid + '\\n');
  }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mail-kill-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lets the process append until a moment that nobody chose. Gives the UIDs that it acknowledged. */
async function appendAndKill(path: string): Promise<number[]> {
  // A process that lives for moments does not gain from a better compilation of SQLite.
  const values = ['--liftoff-only', '--input-type=module', '--eval', appender, path, user, JSON.stringify(date)];
  const child = spawn(process.execPath, values, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let said = '';
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 15);
    said += text;
  });
  const [, signal] = await ended;
  expect({ signal, complaint }).toEqual({ signal: 'SIGKILL', complaint: '' });
  return said.split('\n').slice(0, -1).map(Number);
}

it(`keeps what it acknowledged and nothing else, killed ${kills} times in the middle of APPEND`, async () => {
  const path = join(folder, 'store.db');
  const first = openStoreFile(path);
  createSqliteMailStore(first).createAccount({ name: user, mode: 'CAUTIOUS' });
  first.close();

  let nextUid = 1;
  let unfinished = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const acknowledged = await appendAndKill(path);
    const file = openStoreFile(path);
    unfinished += count(file.row('SELECT count(*) AS n FROM body WHERE message_count = 0'));
    const store = createSqliteMailStore(file);
    const inbox = idOf(store, 'INBOX');
    const kept = [...store.uids(inbox)];
    // The last one may be kept without having been acknowledged: it was killed between the two.
    expect(kept.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(kept.length - acknowledged.length).toBeLessThanOrEqual(1);
    expect(kept).toEqual(kept.map((_, at) => nextUid + at));
    for (const uid of kept) {
      expect(octetsOf(store, inbox, uid).equals(messageOf(uid))).toBe(true);
      expect(store.summary(inbox, uid)).toMatchObject({ flags: ['\\Seen'], internalDate: date });
    }
    expect(count(file.row('SELECT count(*) AS n FROM body'))).toBe(kept.length);
    expect(count(file.row('SELECT count(*) AS n FROM piece WHERE body NOT IN (SELECT body FROM message)'))).toBe(0);
    expect(textIn(file.row('PRAGMA quick_check') ?? {}, 'quick_check')).toBe('ok');
    nextUid = store.status(inbox).uidNext;
    store.storeFlags(inbox, kept, { how: 'add', flags: ['\\Deleted'] });
    store.expunge(inbox);
    file.close();
  }
  // Some were killed while they wrote a long message: otherwise the test would show less than it says.
  if (kills >= 20) expect(unfinished).toBeGreaterThan(0);
}, 120_000);

function messageOf(uid: number): Buffer {
  const seed = createHash('sha256').update(String(uid)).digest();
  return Buffer.alloc(1 + (seed.readUInt32BE(0) % (uid % 2 === 0 ? 400_000 : 4_000)), seed);
}

function count(row: StoreRow | null): number {
  return numberIn(row ?? {}, 'n');
}
