/** COPY (sections 2.7 and 5.8 of the DMAP digest). */
import fc from 'fast-check';
import { secondsOf } from '../../../grammar/dmap-dates.js';
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import {
  answered,
  bodyOf,
  type Filled,
  flagText,
  hex,
  inFilled,
  type Letter,
  letters,
  same,
  shown,
  valuesOf,
} from '../dmap/messages.js';
import { loggedIn, mustDo, select } from '../dmap/session.js';

/** A second mailbox below the first, with one message, and a session that has selected it. */
async function withTarget(
  context: CaseContext,
  messages: readonly Letter[],
  use: (filled: Filled, target: string, reader: DmapConnection) => Promise<void>,
): Promise<void> {
  await inFilled(context, messages, async (filled) => {
    const target = `${filled.mailbox}/target`;
    await mustDo(filled.connection, `CREATE ${target}`);
    await mustDo(filled.connection, `COPY 1 ${target}`);
    const reader = await loggedIn(context, filled.account);
    try {
      await use(filled, target, reader);
    } finally {
      reader.close();
    }
  });
}

/** How many messages stand in a mailbox. */
async function countIn(reader: DmapConnection, mailbox: string): Promise<number> {
  return (await select(reader, mailbox)).exists ?? 0;
}

const missingTarget = (requirement: string, id: string, title: string): Case =>
  dmapCase({
    id: `dmap-server/copy/${id}`,
    title,
    decides: [requirement],
    mostRuns: 3,
    given: () => letters(1, 2),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, mailbox }) => {
        const target = `${mailbox}/absent`;
        const result = await connection.command(`COPY 1:* ${target}`);
        if (requirement === 'DMAP-349') {
          const listed = untagged(await mustDo(connection, `LIST ${target}`), 'list');
          context.require(requirement, listed.length === 0, `no mailbox ${target}`, JSON.stringify(listed));
          return;
        }
        answered(context, requirement, result, 'NO', `COPY to the missing ${target}`);
        if (requirement !== 'DMAP-350') return;
        const { code } = result;
        const right = code?.name === 'OTHER' && code.word === 'TRYCREATE';
        context.require(requirement, right, 'NO [TRYCREATE]', () => shown(result));
      });
    },
  });

export const cases: readonly Case[] = [
  dmapCase({
    id: 'dmap-server/copy/at-the-end',
    title: 'Copies stand at the end of the destination, in the order of their sources, and the sources stay.',
    decides: ['DMAP-345'],
    given: () => fc.record({ messages: letters(2, 4), first: fc.integer({ min: 1, max: 2 }) }),
    async check(context, { messages, first }) {
      await withTarget(context, messages, async ({ connection }, target, reader) => {
        const result = await connection.command(`COPY ${first}:* ${target}`);
        answered(context, 'DMAP-345', result, 'OK', `COPY ${first}:* ${target}`);
        const expected = [messages[0], ...messages.slice(first - 1)].flatMap((letter) => letter?.sealed.octets ?? []);
        const count = await countIn(reader, target);
        context.require('DMAP-345', count === expected.length, `${expected.length} messages`, String(count));
        const fetched = await mustDo(reader, 'FETCH 1:* BODY.PEEK[]');
        for (const [at, octets] of expected.entries()) {
          const value = bodyOf(fetched, at + 1, '');
          context.require('DMAP-345', same(value, octets), `message ${at + 1}: ${hex(octets)}`, hex(value));
        }
        const left = untagged(await mustDo(connection, 'SEARCH ALL'), 'search')[0]?.numbers.length;
        context.require('DMAP-345', left === messages.length, `${messages.length} sources that stay`, String(left));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/copy/flags-and-date',
    title: 'A copy has the flags and the internal date of its source.',
    decides: ['DMAP-346'],
    given: () => letters(1, 3),
    async check(context, messages) {
      await withTarget(context, messages, async ({ connection }, target, reader) => {
        const sources = await mustDo(connection, 'FETCH 1:* (FLAGS INTERNALDATE)');
        await mustDo(connection, `COPY 1:* ${target}`);
        await select(reader, target);
        const copies = await mustDo(reader, 'FETCH 2:* (FLAGS INTERNALDATE)');
        for (const [at] of messages.entries()) {
          const flags = flagText(valuesOf(sources, at + 1, 'FLAGS')[0]?.flags);
          const date = valuesOf(sources, at + 1, 'INTERNALDATE')[0]?.date;
          const copied = valuesOf(copies, at + 2, 'INTERNALDATE')[0]?.date;
          const right =
            flagText(valuesOf(copies, at + 2, 'FLAGS')[0]?.flags) === flags &&
            date !== undefined &&
            copied !== undefined &&
            secondsOf(copied) === secondsOf(date);
          context.require('DMAP-346', right, `${flags} and ${JSON.stringify(date)}`, () => shown(copies));
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/copy/internal-date',
    title: 'The internal date of a copy is that of its source, not the time of the copy.',
    decides: ['DMAP-083'],
    given: () => letters(1, 2),
    async check(context, messages) {
      await withTarget(context, messages, async ({ connection }, target, reader) => {
        await mustDo(connection, `COPY 1:* ${target}`);
        await select(reader, target);
        const sources = await mustDo(connection, 'FETCH 1:* INTERNALDATE');
        const copies = await mustDo(reader, 'FETCH 2:* INTERNALDATE');
        for (const [at] of messages.entries()) {
          const date = valuesOf(sources, at + 1, 'INTERNALDATE')[0]?.date;
          const copied = valuesOf(copies, at + 2, 'INTERNALDATE')[0]?.date;
          const right = date !== undefined && copied !== undefined && secondsOf(copied) === secondsOf(date);
          context.require('DMAP-083', right, JSON.stringify(date), () => shown(copies));
        }
      });
    },
  }),
  missingTarget('DMAP-348', 'missing-target', 'COPY to a mailbox that does not exist is an error.'),
  missingTarget('DMAP-349', 'does-not-create', 'COPY does not make the mailbox that it names.'),
  missingTarget('DMAP-350', 'trycreate', 'NO to a missing destination that could be made begins with [TRYCREATE].'),
  dmapCase({
    id: 'dmap-server/copy/all-or-none',
    title: 'After a COPY that failed the destination is as before.',
    decides: ['DMAP-352'],
    mostRuns: 6,
    given: () => fc.record({ messages: letters(1, 3), beyond: fc.integer({ min: 1, max: 3 }) }),
    async check(context, { messages, beyond }) {
      await withTarget(context, messages, async ({ connection }, target, reader) => {
        const command = `COPY 1:${messages.length + beyond} ${target}`;
        const result = await connection.command(command);
        answered(context, 'DMAP-352', result, 'refusal', command);
        const count = await countIn(reader, target);
        context.require('DMAP-352', count === 1, 'the one message of before', `${count} messages`);
      });
    },
  }),
];
