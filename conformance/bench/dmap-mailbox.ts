/** Mail stores with many messages, for the DMAP benchmarks. */
import { join } from 'node:path';
import type { MailboxId, MailStore } from '../../reference/account/mail-store.js';
import { createMemoryMailStore } from '../../reference/account/memory-mail-store.js';
import { createSqliteMailStore } from '../../reference/account/sqlite-mail-store.js';
import { openStoreFile } from '../../reference/account/store-file.js';
import { domain, type MailKind } from './server-messages.js';

export const user = `alice@${domain}`;
const messageOctets = 1024;
/** Messages that are appended one by one, no two alike; copies of them make up the rest. */
const different = 1000;

export interface BenchStore {
  readonly store: MailStore;
  close(): void;
}

/** Opens the store of that kind in a folder, with one account. @throws StoreFileError */
export function openBenchStore(kind: MailKind, folder: string): BenchStore {
  const file = kind === 'memory' ? null : openStoreFile(join(folder, 'mail.sqlite'));
  const store = file === null ? createMemoryMailStore() : createSqliteMailStore(file);
  store.createAccount({ name: user, mode: 'TRUSTFUL' });
  return {
    store,
    close: () => {
      store.close();
      file?.close();
    },
  };
}

/** Makes a mailbox of so many messages of 1 KiB: dates of three years, some flags. */
export function makeMailbox(store: MailStore, name: string, messages: number): MailboxId {
  const mailbox = store.createMailbox(user, name);
  const source = store.createMailbox(user, `${name} source`);
  for (let nth = 0; nth < Math.min(messages, different); nth += 1) {
    const sink = store.append(source, { flags: flagSets[nth % flagSets.length] ?? [], internalDate: dateOf(nth) });
    sink.write(Buffer.alloc(messageOctets + (nth % 100), nth));
    sink.commit();
  }
  const uids = [...store.uids(source)];
  for (let there = 0; there < messages; there += uids.length) {
    store.copy(source, uids.slice(0, messages - there), mailbox);
  }
  store.deleteMailbox(user, `${name} source`);
  return mailbox;
}

const flagSets = [['\\Seen'], [], ['\\Seen', '\\Answered'], ['\\Seen', '\\Flagged', 'work']] as const;

function dateOf(nth: number) {
  return {
    year: 2024 + (nth % 3),
    month: 1 + (nth % 12),
    day: 1 + (nth % 28),
    hour: nth % 24,
    minute: nth % 60,
    second: (nth * 7) % 60,
    zone: nth % 2 === 0 ? '+0000' : '+0100',
  };
}
