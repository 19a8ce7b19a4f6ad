/** What DMAP commands cost in large mailboxes, in a session without a socket: SELECT, and STORE in two sizes of mailbox. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailStore } from '../../reference/account/mail-store.js';
import { makeMailbox, openBenchStore } from './dmap-mailbox.js';
import { openDmapSession } from './dmap-server.js';
import type { Figure } from './figures.js';
import { asDurations, compare, type Effort, type Measure, median } from './rounds.js';
import type { MailKind } from './server-messages.js';

export interface MailboxEffort {
  /** Messages of the large mailbox; the small one has a tenth of it, all of which a STORE changes. */
  readonly messages: number;
}

export async function dmapCommands({ rounds, messages }: Effort & MailboxEffort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const mail of ['memory', 'SQLite'] as const) {
    const folder = await mkdtemp(join(tmpdir(), 'dime-bench-'));
    const { store, close } = openBenchStore(mail, folder);
    try {
      figures.push(...(await commandsOn(store, mail, rounds, messages)));
    } finally {
      close();
      await rm(folder, { recursive: true, force: true });
    }
  }
  return figures;
}

async function commandsOn(store: MailStore, mail: MailKind, rounds: number, messages: number): Promise<Figure[]> {
  const few = messages / 10;
  makeMailbox(store, 'small', few);
  makeMailbox(store, 'large', messages);
  const [small, large] = [sayingIn(store), sayingIn(store)];
  const selects: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const passed = timed(() => large('SELECT large'));
    if (round >= 0) selects.push(passed);
  }
  small('SELECT small');
  const stores = await compare(
    [
      {
        name: `STORE of ${count(few)} flags, of ${count(messages)} messages : of ${count(few)}, ${mail}`,
        unit: 'ms',
        goal: { of: 'ratio', bound: 'at most', value: 1.5 },
        ours: togglingOnce(large, few),
        other: togglingOnce(small, few),
      },
    ],
    rounds,
    0,
  );
  return [
    {
      name: `SELECT of ${count(messages)} messages, ${mail}`,
      unit: 'ms',
      ours: median(selects),
      other: null,
      ratio: null,
      goal: { of: 'ours', bound: 'at most', value: 20 },
      remark: `time of the server alone, longest ${Math.max(...selects).toFixed(1)} ms`,
    },
    ...stores.map(asDurations),
  ];
}

/** @returns a client that says a command and throws unless it is carried out */
function sayingIn(store: MailStore): (command: string) => void {
  const session = openDmapSession(store);
  session.start();
  return (command) => {
    let effects = session.receive(Buffer.from(`a ${command}\r\n`, 'latin1'));
    for (;;) {
      const last = effects.at(-1);
      if (session.awaiting !== 'room') {
        const said = last?.kind === 'send' ? Buffer.from(last.octets).toString('latin1') : 'nothing';
        if (!/(^|\n)a OK /.test(said)) throw new Error(`${command}: ${said}`);
        return;
      }
      effects = session.more();
    }
  };
}

/** Sets a flag and takes it away again: two changes of each message. */
function togglingOnce(say: (command: string) => void, messages: number): Measure {
  return async () => {
    const passed = timed(() => {
      say(`STORE 1:${messages} +FLAGS (\\Draft)`);
      say(`STORE 1:${messages} -FLAGS (\\Draft)`);
    });
    return 2000 / passed;
  };
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

const count = (messages: number): string => messages.toLocaleString('en-US');
