/** CLOSE and EXPUNGE (sections 2.7 and 5.8 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import { type DmapConnection, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { append, fetchedItems, mustDo, select } from '../dmap/session.js';
import { ending, everything, flagsOfAll, mailboxCase, messagesIn, refused } from './mailboxes-case.js';

/** Which of the messages are to go. */
const doomed = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 });

async function fill(connection: DmapConnection, mailbox: string, marks: readonly boolean[]): Promise<void> {
  for (const mark of marks) await append(connection, mailbox, plainMessage.octets, mark ? ['\\Deleted'] : ['\\Seen']);
}

async function uidsOf(connection: DmapConnection): Promise<number[]> {
  const uids = fetchedItems(await mustDo(connection, 'FETCH 1:* UID'), 'UID');
  return [...uids].sort(([a], [b]) => a - b).map(([, { uid }]) => uid);
}

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'expunge/removes-and-tells',
    title: 'EXPUNGE removes all messages with \\Deleted and no others, and tells of each by its number at that moment.',
    decides: ['DMAP-295', 'DMAP-296'],
    given: doomed,
    mostRuns: 6,
    async check({ connection, mailbox }, marks, context) {
      await fill(connection, mailbox, marks);
      await select(connection, mailbox);
      const uids = await uidsOf(connection);
      const stay = uids.filter((_, at) => marks[at] === false);
      const result = await connection.command('EXPUNGE');
      context.require('DMAP-295', result.status === 'OK', 'OK to EXPUNGE', ending(result));
      const left = [...uids];
      const told = untagged(result, 'expunge').map(({ number }) => number);
      for (const number of told) {
        const [gone] = left.splice(number - 1, 1);
        context.require('DMAP-296', gone !== undefined, `a number up to ${left.length}`, everything(result));
      }
      const { exists } = await select(connection, mailbox);
      const kept = exists === 0 ? [] : await uidsOf(connection);
      context.require('DMAP-295', kept.join() === stay.join(), `the UIDs ${stay.join(' ')} later`, kept.join(' '));
      const right = left.join() === kept.join();
      const expected = `an EXPUNGE for each removed message, after which the UIDs ${kept.join(' ')} stay`;
      context.require('DMAP-296', right, expected, everything(result));
    },
  }),

  mailboxCase({
    id: 'expunge/read-only',
    title: 'EXPUNGE gives NO, or BAD, when the mailbox is selected for reading, and removes nothing.',
    decides: ['DMAP-297'],
    async check({ connection, mailbox }, _, context) {
      await fill(connection, mailbox, [true, false]);
      await mustDo(connection, `EXAMINE ${mailbox}`);
      const result = await connection.command('EXPUNGE');
      context.follows('dmap-read-only-refusal', `${result.status}`);
      context.require('DMAP-297', refused(result), 'NO or BAD', ending(result));
      const count = await messagesIn(connection, mailbox);
      context.require('DMAP-297', count === 2, '2 messages as before', `${count}`);
    },
  }),

  mailboxCase({
    id: 'close/removes-in-silence',
    title: 'CLOSE removes the messages with \\Deleted without untagged EXPUNGE, and nothing is selected any more.',
    decides: ['DMAP-290', 'DMAP-291'],
    given: doomed,
    async check({ connection, mailbox }, marks, context) {
      await fill(connection, mailbox, marks);
      await select(connection, mailbox);
      const result = await connection.command('CLOSE');
      context.require('DMAP-290', result.status === 'OK', 'OK to CLOSE', ending(result));
      const silent = untagged(result, 'expunge').length === 0;
      context.require('DMAP-291', silent, 'no untagged EXPUNGE', everything(result));
      const fetched = await connection.command('FETCH 1 FLAGS');
      context.require('DMAP-290', refused(fetched), 'no mailbox selected after CLOSE', everything(fetched));
      const late = untagged(fetched, 'expunge').length === 0;
      context.require('DMAP-291', late, 'no untagged EXPUNGE later on', everything(fetched));
      const { exists } = await select(connection, mailbox);
      const stay = marks.filter((mark) => !mark).length;
      const flags = exists === 0 ? new Map<number, ReadonlySet<string>>() : await flagsOfAll(connection);
      const right = flags.size === stay && [...flags.values()].every((each) => !each.has('\\deleted'));
      context.require('DMAP-290', right, `${stay} messages without \\Deleted`, `${flags.size} messages`);
    },
  }),

  mailboxCase({
    id: 'close/read-only',
    title: 'CLOSE of a mailbox that is selected for reading gives OK and removes nothing.',
    decides: ['DMAP-292'],
    async check({ connection, mailbox }, _, context) {
      await fill(connection, mailbox, [true, false]);
      await mustDo(connection, `EXAMINE ${mailbox}`);
      const result = await connection.command('CLOSE');
      context.require('DMAP-292', result.status === 'OK', 'OK to CLOSE', ending(result));
      const count = await messagesIn(connection, mailbox);
      context.require('DMAP-292', count === 2, '2 messages as before', `${count}`);
    },
  }),
];
