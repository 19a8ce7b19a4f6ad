/** Mail stores to try things on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MailboxId, type MailStore, MailStoreError } from './mail-store.js';
import type { MailStoreOptions } from './mail-store-on.js';
import { createMemoryMailStore } from './memory-mail-store.js';
import { createSqliteMailStore } from './sqlite-mail-store.js';
import { openStoreFile } from './store-file.js';

/** Of all tests: UIDVALIDITY begins here. */
export const clock = (): number => 1_700_000_000;

export const user = 'alice@example.com';

export interface TriedStore {
  readonly store: MailStore;
  /** Ends the process, as it were, and begins another one; the same store where nothing is kept. */
  restart(): MailStore;
  end(): void;
}

/** Both kinds of store, by name: what holds for one has to hold for the other. */
export const kinds: Readonly<Record<string, (options?: MailStoreOptions) => TriedStore>> = {
  memory(options) {
    const store = createMemoryMailStore({ now: clock, ...options });
    return { store, restart: () => store, end: () => store.close() };
  },
  SQLite(options) {
    const folder = mkdtempSync(join(tmpdir(), 'mail-store-'));
    const path = join(folder, 'store.db');
    let file = openStoreFile(path);
    return {
      store: createSqliteMailStore(file, { now: clock, ...options }),
      restart() {
        file.close();
        file = openStoreFile(path);
        return createSqliteMailStore(file, { now: clock, ...options });
      },
      end() {
        file.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

/** 25 November 2026, an hour past midnight in Vienna. */
export const date = { year: 2026, month: 11, day: 25, hour: 1, minute: 0, second: 9, zone: '+0100' } as const;

/** Appends a message and gives its UID. */
export function put(
  store: MailStore,
  mailbox: MailboxId,
  octets: Uint8Array | string = 'octets',
  flags: readonly string[] = [],
): number {
  const sink = store.append(mailbox, { flags, internalDate: date });
  sink.write(Buffer.from(octets));
  return sink.commit().uid;
}

/** All octets of a message. */
export function octetsOf(store: MailStore, mailbox: MailboxId, uid: number): Buffer {
  const reader = store.open(mailbox, uid);
  if (reader === null) throw new Error(`there is no message ${uid}`);
  const octets = Buffer.from(reader.read(0, reader.size));
  reader.close();
  return octets;
}

export function idOf(store: MailStore, name: string): MailboxId {
  const mailbox = store.mailbox(user, name);
  if (mailbox === null) throw new Error(`there is no mailbox ${name}`);
  return mailbox.id;
}

/** The code that a call is refused with. */
export function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof MailStoreError) return error.code;
    throw error;
  }
  return 'not refused';
}
