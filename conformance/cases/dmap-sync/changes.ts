/** What a session hears of changes that others made (sections 1.5, 2.9 and 5.5 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import type { Case } from '../case.js';
import { dmapCase, mailboxCase } from '../dmap/dmap-case.js';
import { answered, bare, flagSets, flagsNow, flagText, letters, put, shown } from '../dmap/messages.js';
import { loggedIn, mustDo, select } from '../dmap/session.js';
import {
  addOne,
  existsIn,
  expungesIn,
  inPair,
  rawOf,
  removeOne,
  together,
  toldFlags,
  unasked,
} from './two-sessions.js';

const unmarked = (least: number, most: number): fc.Arbitrary<ReturnType<typeof bare>[]> =>
  letters(least, most).map((all) => all.map(({ sealed }) => bare(sealed)));

/** At least one, so that there is a change. */
const someFlags = flagSets.map((flags): readonly string[] => (flags.length === 0 ? ['\\Flagged'] : flags));

/** Without that which EXPUNGE looks for. */
const lastingFlags = someFlags.map((flags) => ['\\Flagged', ...flags.filter((flag) => flag !== '\\Deleted')]);

export const cases: readonly Case[] = [
  dmapCase({
    id: 'dmap-sync/changes/seen-in-other-sessions',
    title: 'A flag that was changed for good is seen in sessions that go on and in later ones.',
    decides: ['DMAP-079'],
    mostRuns: 5,
    given: () => fc.record({ messages: unmarked(1, 3), flags: someFlags }),
    async check(context, { messages, flags }) {
      await inPair(context, messages, async ({ connection, other, account, mailbox }) => {
        await mustDo(other, `STORE 1 FLAGS (${flags.join(' ')})`);
        const expected = flagText(flags);
        const now = await flagsNow(connection, 1);
        context.require('DMAP-079', now === expected, `${expected} in the other session`, now);
        const later = await loggedIn(context, account);
        await select(later, mailbox);
        const then = await flagsNow(later, 1);
        later.close();
        context.require('DMAP-079', then === expected, `${expected} in a later session`, then);
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/changes/session-flags-stay-inside',
    title: 'A flag that is not permanent is seen in no other session.',
    decides: ['DMAP-080'],
    mostRuns: 5,
    given: () => fc.record({ messages: unmarked(1, 2), flags: someFlags }),
    async check(context, { messages, flags }) {
      await inPair(context, messages, async ({ connection, other, account, mailbox }) => {
        // Under EXAMINE no flag is permanent.
        await mustDo(connection, `EXAMINE ${mailbox}`);
        const result = await connection.command(`STORE 1 +FLAGS (${flags.join(' ')})`);
        context.follows('dmap-flags-outside', result.status === 'OK' ? 'kept for the session or ignored' : 'refused');
        const now = await flagsNow(other, 1);
        context.require('DMAP-080', now === '()', 'no flags in another session', now);
        const later = await loggedIn(context, account);
        await select(later, mailbox);
        const then = await flagsNow(later, 1);
        later.close();
        context.require('DMAP-080', then === '()', 'no flags in a later session', then);
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/changes/flags-told-unasked',
    title: 'Flags that another session changed are told in a FETCH.',
    decides: ['DMAP-138'],
    given: () => fc.record({ messages: unmarked(1, 3), flags: someFlags, last: fc.boolean() }),
    async check(context, { messages, flags, last }) {
      const number = last ? messages.length : 1;
      await inPair(context, messages, async ({ connection, other }) => {
        await mustDo(other, `STORE ${number} FLAGS.SILENT (${flags.join(' ')})`);
        const told = together(await connection.command('NOOP'), await connection.command('NOOP'));
        const expected = flagText(flags);
        context.require('DMAP-138', toldFlags(told, number) === expected, `${number} FETCH with ${expected}`, () =>
          rawOf(told),
        );
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/changes/flags-told-beside-silent',
    title: 'Flags that others changed are told beside a STORE of this session, .SILENT or not.',
    decides: ['DMAP-339'],
    given: () => fc.record({ messages: unmarked(2, 3), silent: fc.boolean(), same: fc.boolean() }),
    async check(context, { messages, silent, same }) {
      const number = same ? 1 : 2;
      await inPair(context, messages, async ({ connection, other }) => {
        await mustDo(other, 'STORE 1 +FLAGS.SILENT (\\Answered)');
        const stored = await connection.command(`STORE ${number} +FLAGS${silent ? '.SILENT' : ''} (\\Draft)`);
        const told = together(stored, await connection.command('NOOP'));
        const flags = toldFlags(told, 1);
        context.require('DMAP-339', flags.includes('\\answered'), '1 FETCH with \\Answered', () => rawOf(told));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/changes/fetch-and-expunge',
    title: 'Changed flags and removed messages are told by FETCH and EXPUNGE.',
    decides: ['DMAP-393'],
    given: () => fc.record({ messages: unmarked(3, 4), gone: fc.integer({ min: 2, max: 3 }), flags: lastingFlags }),
    async check(context, { messages, gone, flags }) {
      await inPair(context, messages, async (pair) => {
        await mustDo(pair.other, `STORE 1 FLAGS.SILENT (${flags.join(' ')})`);
        await removeOne(pair, gone);
        const told = together(await pair.connection.command('NOOP'), await pair.connection.command('NOOP'));
        const expected = flagText(flags);
        context.require('DMAP-393', toldFlags(told, 1) === expected, `1 FETCH with ${expected}`, () => rawOf(told));
        context.require('DMAP-393', expungesIn(told).join() === String(gone), `${gone} EXPUNGE`, () => rawOf(told));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/changes/noop-brings-the-news',
    title: 'NOOP brings what is pending: new messages, removed ones, changed flags.',
    decides: ['DMAP-166'],
    given: () => fc.record({ messages: unmarked(3, 4), gone: fc.integer({ min: 2, max: 3 }) }),
    async check(context, { messages, gone }) {
      await inPair(context, messages, async (pair) => {
        await mustDo(pair.other, 'STORE 1 FLAGS.SILENT (\\Draft)');
        await removeOne(pair, gone);
        await addOne(pair);
        // What came before NOOP was told as well.
        const told = together(await unasked(pair.connection), await pair.connection.command('NOOP'));
        const right =
          toldFlags(told, 1) === flagText(['\\Draft']) &&
          expungesIn(told).join() === String(gone) &&
          Math.max(0, ...existsIn(told)) >= messages.length;
        context.require('DMAP-166', right, `FETCH of 1, ${gone} EXPUNGE and EXISTS`, () => rawOf(told));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/changes/noop-at-intervals',
    title: 'NOOP again and again is answered with OK, and each brings what is new since the last.',
    decides: ['DMAP-167'],
    mostRuns: 4,
    given: () => fc.record({ messages: unmarked(1, 2), turns: fc.array(fc.boolean(), { minLength: 2, maxLength: 6 }) }),
    async check(context, { messages, turns }) {
      await inPair(context, messages, async (pair) => {
        let count = messages.length;
        for (const adds of [...turns, true]) {
          if (adds) {
            await addOne(pair);
            count += 1;
          }
          const result = await pair.connection.command('NOOP');
          answered(context, 'DMAP-167', result, 'OK', 'NOOP');
          if (adds)
            context.require('DMAP-167', existsIn(result).at(-1) === count, `${count} EXISTS`, () => shown(result));
        }
      });
    },
  }),
  mailboxCase({
    id: 'dmap-sync/changes/access-at-selection',
    title: 'READ-WRITE and READ-ONLY tell the access at the selection: what they say holds.',
    decides: ['DMAP-403'],
    mostRuns: 2,
    given: () => fc.constantFrom('SELECT', 'EXAMINE'),
    async check({ connection, mailbox }, context, word) {
      await put(connection, mailbox, bare(plainMessage));
      const result = await connection.command(`${word} ${mailbox}`);
      const { code } = result;
      const access = code?.name === 'OTHER' ? code.word : 'no code';
      const expected = word === 'SELECT' ? 'READ-WRITE' : 'READ-ONLY';
      context.require('DMAP-403', access === expected, `[${expected}]`, () => shown(result));
      const stored = await connection.command('STORE 1 +FLAGS (\\Flagged)');
      await mustDo(connection, `SELECT ${mailbox}`);
      const now = await flagsNow(connection, 1);
      const changed = now === '(\\flagged)';
      context.require('DMAP-403', changed === (word === 'SELECT'), `access as ${expected} says`, () => shown(stored));
    },
  }),
];
