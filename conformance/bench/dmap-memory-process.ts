/** Opens a large mailbox in a process of its own, and says how much memory it takes. Started by dmap-memory.ts. */
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeMailbox, openBenchStore } from './dmap-mailbox.js';
import { openDmapSession } from './dmap-server.js';
import type { MailKind } from './server-messages.js';

export interface MailboxOrder {
  readonly mail: MailKind;
  readonly messages: number;
  /** Has the file, with the mailbox `large` in it, unless all is in memory. */
  readonly folder: string;
}

/** Growth in octets. */
export interface MailboxMemory {
  /** Of what is in use: heap, and buffers outside of it. */
  readonly live: number;
  readonly resident: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function inUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function measure({ mail, messages, folder }: MailboxOrder): MailboxMemory {
  const before = inUse();
  const resident = process.memoryUsage.rss();
  const { store, close } = openBenchStore(mail, folder);
  if (mail === 'memory') makeMailbox(store, 'large', messages);
  const session = openDmapSession(store);
  session.start();
  session.receive(Buffer.from('a SELECT large\r\n'));
  const report = { live: inUse() - before, resident: process.memoryUsage.rss() - resident };
  // Both are in use up to here.
  session.end();
  close();
  return report;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('disconnect', () => process.exit());
  process.send?.(measure(JSON.parse(process.argv[2] ?? '{}') as MailboxOrder));
}
