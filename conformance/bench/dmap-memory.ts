/** How much memory a large mailbox takes, in a process that has opened and selected it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailboxEffort } from './dmap-commands.js';
import { makeMailbox, openBenchStore } from './dmap-mailbox.js';
import type { MailboxMemory, MailboxOrder } from './dmap-memory-process.js';
import type { Figure } from './figures.js';
import { nextMessage, startProcess } from './servers.js';

const mebi = 1024 * 1024;

export async function dmapMemory({ messages }: MailboxEffort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const mail of ['memory', 'SQLite'] as const) {
    const folder = await mkdtemp(join(tmpdir(), 'dime-bench-'));
    if (mail === 'SQLite') fill(folder, messages);
    const order: MailboxOrder = { mail, messages, folder };
    const child = startProcess('./dmap-memory-process.ts', order);
    try {
      const { live, resident } = (await nextMessage(child)) as MailboxMemory;
      figures.push({
        name: `memory: a mailbox of ${messages.toLocaleString('en-US')} messages, ${mail}`,
        unit: 'MiB',
        ours: live / mebi,
        other: null,
        ratio: null,
        goal: null,
        remark: [
          `${Math.round(live / messages)} octets a message, after garbage collection, the selected view included`,
          mail === 'memory'
            ? 'without the octets of messages, which copies share'
            : 'without what SQLite holds, at most 8 MiB of pages',
          `resident memory grew by ${Math.round(resident / mebi)} MiB`,
        ].join('; '),
      });
    } finally {
      child.kill();
      await rm(folder, { recursive: true, force: true });
    }
  }
  return figures;
}

function fill(folder: string, messages: number): void {
  const { store, close } = openBenchStore('SQLite', folder);
  makeMailbox(store, 'large', messages);
  close();
}
