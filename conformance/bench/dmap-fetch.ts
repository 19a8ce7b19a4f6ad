/** FETCH over TLS: against a server that sends as many octets and has nothing to look up. */
import { BulkClient } from './bulk-client.js';
import { attachmentSection } from './dmap-letter.js';
import { manyMessages } from './dmap-server.js';
import type { Figure, Goal } from './figures.js';
import { type Comparison, compare, type Effort, oneByOne } from './rounds.js';
import type { MailKind } from './server-messages.js';
import { withServers } from './servers.js';

const goal: Goal = { of: 'ratio', bound: 'at least', value: 0.5 };

interface Question {
  readonly name: string;
  readonly mailbox: 'many' | 'large';
  readonly line: string;
  readonly goal: Goal | null;
}

const questions: readonly Question[] = [
  {
    name: `FETCH FAST of ${manyMessages} messages`,
    mailbox: 'many',
    line: `FETCH 1:${manyMessages} FAST`,
    goal,
  },
  {
    name: `FETCH of all metadata of ${manyMessages} messages`,
    mailbox: 'many',
    line: `UID FETCH 1:${manyMessages} (FLAGS INTERNALDATE SIZE MODSEQ META)`,
    goal,
  },
  { name: 'FETCH of a message of 20 MiB', mailbox: 'large', line: 'FETCH 1 BODY.PEEK[]', goal },
  { name: 'FETCH of a chunk of 16 MiB', mailbox: 'large', line: `FETCH 2 ${attachmentSection}`, goal },
];

/** Answers a second; each side sends the same number of octets for one. */
export async function dmapFetches({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const mail of ['memory', 'SQLite'] as const) figures.push(...(await fetchesOf(mail, rounds, sliceMs)));
  return figures;
}

async function fetchesOf(mail: MailKind, rounds: number, sliceMs: number): Promise<Figure[]> {
  return await withServers([{ kind: 'dmap', mail }, { kind: 'octets' }], async (...servers) => {
    const [dmap, bare] = servers.map(({ port }) => port);
    const opened: BulkClient[] = [];
    const keep = (client: BulkClient): BulkClient => {
      opened.push(client);
      return client;
    };
    try {
      const other = keep(await BulkClient.connect(bare ?? 0));
      const comparisons: Comparison[] = [];
      for (const { name, mailbox, line, goal } of questions) {
        const client = keep(await BulkClient.inMailbox(dmap ?? 0, mailbox));
        const octets = await client.ask(`a ${line}`);
        comparisons.push({
          name: `${name}, ${mail} : node:tls`,
          unit: '/s',
          goal,
          ours: oneByOne(async () => void (await client.ask(`a ${line}`))),
          other: oneByOne(async () => void (await other.ask(`a ${octets}`))),
        });
      }
      return await compare(comparisons, rounds, sliceMs / 4);
    } finally {
      for (const client of opened) client.close();
    }
  });
}
