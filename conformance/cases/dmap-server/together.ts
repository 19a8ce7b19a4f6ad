/** Commands that are sent together, and what sessions do to each other's data (sections 1.2 and 5.2 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import type { Case } from '../case.js';
import { requireStatus, shown } from '../dmap/answers.js';
import { mailboxCase } from '../dmap/dmap-case.js';
import { append, loggedIn, mustDo } from '../dmap/session.js';

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'dmap-server/lines/bad-belongs-to-its-command',
    title: 'A tagged BAD tells of an error in the command with this tag; the ones around it are carried out.',
    decides: ['DMAP-412'],
    given: () => fc.constantFrom('SELECT', 'NOSUCH', 'STATUS INBOX', 'CREATE "'),
    mostRuns: 4,
    async check({ connection, mailbox }, context, line) {
      await connection.send(
        `one STATUS ${mailbox} (MESSAGES)\r\ntwo ${line}\r\nthree STATUS ${mailbox} (MESSAGES)\r\n`,
      );
      const expected = { one: ['OK'], two: ['BAD'], three: ['OK'] } as const;
      for (const tag of ['one', 'two', 'three'] as const) {
        const result = await connection.result(tag);
        requireStatus(
          context,
          'DMAP-412',
          result,
          expected[tag],
          `command ${tag} of three, of which the second is wrong`,
        );
      }
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/sent-ahead',
    title: 'Commands that are sent before the last one has ended are all answered.',
    decides: ['DMAP-148'],
    given: () =>
      fc.array(fc.constantFrom('NOOP', 'CAPABILITY', 'LISTKEYS', 'WRONG', 'LIST *'), { minLength: 2, maxLength: 20 }),
    async check({ connection }, context, lines) {
      await connection.send(lines.map((line, at) => `p${at} ${line}\r\n`).join(''));
      for (const [at, line] of lines.entries()) {
        const result = await connection.result(`p${at}`);
        requireStatus(context, 'DMAP-148', result, line === 'WRONG' ? ['BAD'] : ['OK'], `${line}, sent ahead`);
      }
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/in-their-order',
    title: 'Commands that were sent together have their effects in the order in which they came.',
    decides: ['DMAP-152'],
    async check({ connection, mailbox }, context) {
      const [first, second] = [`${mailbox}/first`, `${mailbox}/second`];
      const batch = [
        [`CREATE ${first}`, 'OK'],
        [`STATUS ${first} (MESSAGES)`, 'OK'],
        [`RENAME ${first} ${second}`, 'OK'],
        [`STATUS ${first} (MESSAGES)`, 'NO'],
        [`STATUS ${second} (MESSAGES)`, 'OK'],
        [`DELETE ${second}`, 'OK'],
        [`STATUS ${second} (MESSAGES)`, 'NO'],
      ] as const;
      await connection.send(batch.map(([line], at) => `o${at} ${line}\r\n`).join(''));
      for (const [at, [line, status]] of batch.entries()) {
        requireStatus(
          context,
          'DMAP-152',
          await connection.result(`o${at}`),
          [status],
          `${line}, number ${at + 1} of a batch`,
        );
      }
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/data-has-the-same-form-unasked',
    title: 'Data that was not asked for has the same form as what was asked for.',
    decides: ['DMAP-029'],
    async check({ connection, mailbox }, context) {
      await append(connection, mailbox, plainMessage.octets);
      await mustDo(connection, `SELECT ${mailbox}`);
      const asked = await mustDo(connection, 'STORE 1 +FLAGS (\\Seen)');
      // Nobody asked for the number of messages, nor for flags of another session's making.
      const own = await append(connection, mailbox, plainMessage.octets);
      const other = await loggedIn(context);
      await append(other, mailbox, plainMessage.octets);
      await mustDo(other, `SELECT ${mailbox}`);
      await mustDo(other, 'STORE 1 +FLAGS (\\Flagged)');
      const told = await connection.command('NOOP');
      const all = [...asked.data, ...own.data, ...told.data].filter(({ text }) => text.startsWith('* '));
      const wrong = all.find(({ malformed }) => malformed !== null);
      context.require('DMAP-029', wrong === undefined, 'responses of the grammar', () =>
        shown({ raw: wrong?.raw ?? '' }),
      );
      const unknown = all.find(({ response }) => response?.kind === 'unknown');
      context.require('DMAP-029', unknown === undefined, 'EXISTS and FETCH', () => shown({ raw: unknown?.raw ?? '' }));
    },
  }),
];
