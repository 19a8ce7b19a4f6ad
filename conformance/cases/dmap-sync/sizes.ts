/** EXISTS: when it comes, and what it says (sections 2.9, 3.2 and 5.5 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { bare, inFilled, letters, put, shown } from '../dmap/messages.js';
import { mustDo, select } from '../dmap/session.js';
import { addOne, existsIn, expungesIn, inPair, rawOf, removeOne, together, unasked } from './two-sessions.js';

/** Valid in the selected state, of every kind. */
const anyCommand = fc.constantFrom(
  'NOOP',
  'CAPABILITY',
  'FETCH 1 FLAGS',
  'UID FETCH 1:* UID',
  'SEARCH ALL',
  'STORE 1 +FLAGS (\\Seen)',
  'EXPUNGE',
  'LIST "no-such-name"',
);

const unmarked = (least: number, most: number): fc.Arbitrary<ReturnType<typeof bare>[]> =>
  letters(least, most).map((all) => all.map(({ sealed }) => bare(sealed)));

const newsCase = (requirement: string, id: string, title: string, command: fc.Arbitrary<string>): Case =>
  dmapCase({
    id: `dmap-sync/sizes/${id}`,
    title,
    decides: [requirement],
    given: () => fc.record({ messages: unmarked(1, 3), added: fc.integer({ min: 1, max: 2 }), command }),
    async check(context, { messages, added, command: text }) {
      await inPair(context, messages, async (pair) => {
        for (let turn = 0; turn < added; turn++) await addOne(pair);
        const result = await pair.connection.command(text);
        const count = messages.length + added;
        context.require(requirement, existsIn(result).at(-1) === count, `${count} EXISTS with ${text}`, () =>
          shown(result),
        );
      });
    },
  });

export const cases: readonly Case[] = [
  newsCase('DMAP-137', 'told-in-a-command', 'A new size is told while a command is processed.', anyCommand),
  newsCase('DMAP-391', 'looked-for-at-every-command', 'Every command looks for new messages.', anyCommand),
  newsCase('DMAP-392', 'told-by-exists', 'New messages are told by EXISTS.', fc.constant('NOOP')),
  dmapCase({
    id: 'dmap-sync/sizes/never-lowered-by-exists',
    title: 'EXISTS never tells fewer messages than there were; EXPUNGE alone takes them away.',
    decides: ['DMAP-139'],
    given: () =>
      fc.record({
        messages: unmarked(2, 4),
        turns: fc.array(fc.tuple(fc.constantFrom('add', 'remove'), anyCommand), { minLength: 1, maxLength: 4 }),
      }),
    async check(context, { messages, turns }) {
      await inPair(context, messages, async (pair) => {
        let count = messages.length;
        for (const [change, command] of [...turns, ['remove', 'NOOP'], ['remove', 'EXPUNGE']] as const) {
          if (change === 'add') await addOne(pair);
          else if ((await select(pair.other, pair.mailbox)).exists !== 0) await removeOne(pair, 1);
          const result = await pair.connection.command(command);
          for (const { response } of result.data) {
            if (response?.kind === 'expunge') count -= 1;
            if (response?.kind !== 'exists') continue;
            context.require('DMAP-139', response.count >= count, `${count} EXISTS or more`, () => shown(result));
            count = response.count;
          }
        }
      });
    },
  }),
  ...(
    [
      ['DMAP-273', 'append-here', 'A message appended to the selected mailbox is told, as any new one, with EXISTS.'],
      ['DMAP-274', 'append-here-at-once', 'The EXISTS for it comes before APPEND is completed.'],
    ] as const
  ).map(([requirement, id, title]) =>
    dmapCase({
      id: `dmap-sync/sizes/${id}`,
      title,
      decides: [requirement],
      mostRuns: 3,
      given: () => unmarked(0, 2),
      async check(context, messages) {
        await inFilled(context, messages, async ({ connection, mailbox }) => {
          const appended = await put(connection, mailbox, bare(plainMessage));
          const later = requirement === 'DMAP-273' ? [await connection.command('NOOP')] : [];
          const told = existsIn(together(appended, ...later)).at(-1);
          const count = messages.length + 1;
          context.require(requirement, told === count, `${count} EXISTS`, () => shown(appended));
        });
      },
    }),
  ),
  dmapCase({
    id: 'dmap-sync/sizes/number-behind-the-asterisk',
    title: 'The number stands right behind the asterisk.',
    decides: ['DMAP-432'],
    mostRuns: 3,
    given: () => unmarked(0, 3),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, mailbox, selected }) => {
        await put(connection, mailbox, bare(plainMessage));
        const result = await connection.command('NOOP');
        const texts = [...selected.result.data, ...result.data].map(({ text }) => text);
        const sizes = texts.filter((text) => /\bEXISTS\b/i.test(text) && !/^\* (?:OK|NO|BAD) /i.test(text));
        const right = sizes.length > 0 && sizes.every((text) => /^\* \d+ EXISTS\r\n$/i.test(text));
        context.require('DMAP-432', right, '* n EXISTS', JSON.stringify(sizes));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/sizes/at-selection-and-change',
    title: 'EXISTS comes at every selection and whenever there are more messages.',
    decides: ['DMAP-433'],
    mostRuns: 5,
    given: () => fc.record({ messages: unmarked(1, 3), word: fc.constantFrom('SELECT', 'EXAMINE') }),
    async check(context, { messages, word }) {
      await inPair(context, messages, async (pair) => {
        const { connection, mailbox } = pair;
        const count = messages.length;
        const selected = await mustDo(connection, `${word} ${mailbox}`);
        context.require('DMAP-433', existsIn(selected).at(-1) === count, `${count} EXISTS`, () => shown(selected));
        await addOne(pair);
        const noop = await connection.command('NOOP');
        context.require('DMAP-433', existsIn(noop).at(-1) === count + 1, `${count + 1} EXISTS`, () => shown(noop));
        await removeOne(pair, 1);
        const after = await connection.command('NOOP');
        const size = existsIn(after).at(-1) ?? count + 1 - expungesIn(after).length;
        context.require('DMAP-433', size === count, `the size ${count}, by EXPUNGE or EXISTS`, () => shown(after));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/sizes/no-expunge-between-commands',
    title: 'EXPUNGE comes in no command by sequence number, nor while no command is in progress.',
    decides: ['DMAP-143'],
    mostRuns: 6,
    given: () =>
      fc.record({
        messages: unmarked(3, 4),
        command: fc.constantFrom('FETCH 1 FLAGS', 'STORE 1 +FLAGS (\\Seen)', 'SEARCH ALL'),
      }),
    async check(context, { messages, command }) {
      await inPair(context, messages, async (pair) => {
        await removeOne(pair, 2);
        const idle = await unasked(pair.connection);
        context.require('DMAP-143', expungesIn(idle).length === 0, 'no EXPUNGE between commands', () => rawOf(idle));
        const during = await pair.connection.command(command);
        context.require('DMAP-143', expungesIn(during).length === 0, `no EXPUNGE in ${command}`, () => shown(during));
        const noop = await pair.connection.command('NOOP');
        context.require('DMAP-143', expungesIn(noop).join() === '2', '2 EXPUNGE in NOOP', () => shown(noop));
      });
    },
  }),
];
