/** Responses that come at any time, asked for or not (sections 1.2 and 2.9 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate, items, mailboxAfter, mustDo, mustEnd, statuses } from './client-case.js';
import { someSteps } from './commands.js';
import { askingForLogin, login, play, type Step } from './stage.js';
import { aboutMessages, along, anything, data, others, several, shownLines } from './unasked.js';

const selected: Step = { do: 'select', mailbox: 'INBOX' };

export const cases: readonly Case[] = [
  clientCase({
    id: 'responses/any-at-any-time',
    title: 'Whatever comes before the completion of whatever command, the command is completed as the server says.',
    decides: ['DMAP-035'],
    mostRuns: 5,
    given: fc.tuple(someSteps(8), several(fc.oneof(anything, aboutMessages), 4)),
    async check([steps, lines], context) {
      const plain = statuses(await play(context, { steps }));
      const outcome = await play(context, { steps, answer: along(lines) });
      mustEnd(context, 'DMAP-035', outcome, plain, `with ${shownLines(lines)} along`);
    },
  }),
  clientCase({
    id: 'responses/never-asked-for',
    title: 'Server data that nobody asked for is taken.',
    decides: ['DMAP-036'],
    given: fc.tuple(several(data, 4), fc.constantFrom<Step>({ do: 'noop' }, { do: 'create', mailbox: 'New' })),
    async check([lines, step], context) {
      const script = { steps: [step, { do: 'noop' }], answer: along(lines, 'NOOP', 'CREATE') };
      await mustDo(context, 'DMAP-036', script, `with ${shownLines(lines)} unasked`);
    },
  }),
  clientCase({
    id: 'responses/in-answer-or-unasked',
    title: 'Data is taken in answer to a command as well as unasked.',
    decides: ['DMAP-028'],
    given: fc.constantFrom('\\Flagged', '\\Seen', 'Keyword'),
    async check(flag, context) {
      const outcome = await mustDo(
        context,
        'DMAP-028',
        {
          steps: [selected, { do: 'fetch', set: '1', items: ['FLAGS'] }, { do: 'noop' }, { do: 'view' }],
          answer: along([`* 2 FETCH (FLAGS (${flag}))`], 'NOOP'),
        },
        'FETCH in answer and unasked',
      );
      const answered = items(outcome, 1, 'FLAGS').get(1)?.flags;
      const known = items(outcome, 3, 'FLAGS').get(2)?.flags;
      const both = JSON.stringify(answered) === '[]' && JSON.stringify(known) === JSON.stringify([flag]);
      context.require('DMAP-028', both, `the flags of both messages, ${flag} of the second`, () =>
        JSON.stringify([answered, known]),
      );
    },
  }),
  clientCase({
    id: 'responses/within-every-command',
    title: 'A client copes with data that was not asked for within any command, the login among them.',
    decides: ['DMAP-135'],
    mostRuns: 2,
    given: several(fc.oneof(data, others), 4),
    async check(lines, context) {
      await mustDo(
        context,
        'DMAP-135',
        {
          ...askingForLogin(),
          steps: [{ do: 'authenticate', ...login }, selected, { do: 'search', keys: 'ALL' }, { do: 'close' }],
          answer: along(lines),
          loginRules: {
            pause: async (peer) => peer.say(lines.map((line) => `${line}\r\n`).join('')),
          },
        },
        `with ${shownLines(lines)} along`,
      );
    },
  }),
  clientCase({
    id: 'responses/between-commands',
    title: 'A client takes untagged responses between commands.',
    decides: ['DMAP-142'],
    given: fc.tuple(several(fc.oneof(anything, aboutMessages)), fc.integer({ min: 4, max: 9 })),
    async check([lines, exists], context) {
      const outcome = await mustDo(
        context,
        'DMAP-142',
        {
          steps: [selected, { do: 'noop' }, { do: 'wait', milliseconds: 40 }, { do: 'noop' }],
          answer: async ({ name }, right, { peer, index }) => {
            if (name !== 'NOOP' || index !== 1) return right;
            peer.say(right.map((line) => `${line}\r\n`).join(''));
            await peer.quiet(10);
            return [...lines, `* ${exists} EXISTS`];
          },
        },
        `with ${shownLines(lines)} between commands`,
      );
      const count = mailboxAfter(outcome, 3).exists;
      context.require('DMAP-142', count === exists, `${exists} messages`, () => `${String(count)}; ${fate(outcome)}`);
    },
  }),
  clientCase({
    id: 'responses/with-every-command',
    title: 'Every command may bring untagged data along.',
    decides: ['DMAP-154'],
    given: fc.tuple(someSteps(10), several(fc.oneof(data, aboutMessages))),
    async check([steps, lines], context) {
      const plain = statuses(await play(context, { steps }));
      const outcome = await play(context, { steps, answer: along(lines) });
      mustEnd(context, 'DMAP-154', outcome, plain, `with ${shownLines(lines)} along`);
    },
  }),
  clientCase({
    id: 'responses/all-valid-always',
    title: 'Every response is valid in every state: before a login, without a mailbox, and with one.',
    decides: ['DMAP-385'],
    mostRuns: 4,
    given: several(fc.oneof(anything, aboutMessages), 5),
    async check(lines, context) {
      await mustDo(
        context,
        'DMAP-385',
        {
          ...askingForLogin(),
          steps: [
            { do: 'noop' },
            { do: 'authenticate', ...login },
            { do: 'noop' },
            selected,
            { do: 'noop' },
            { do: 'close' },
            { do: 'noop' },
          ],
          answer: along(lines, 'NOOP'),
        },
        `with ${shownLines(lines)} in every state`,
      );
    },
  }),
  clientCase({
    id: 'responses/without-a-purpose',
    title: 'A SEARCH response without SEARCH is ignored: it is no part of the answer to a later one.',
    decides: ['DMAP-390'],
    given: fc.uniqueArray(fc.integer({ min: 4, max: 99 }), { minLength: 1, maxLength: 4 }),
    async check(numbers, context) {
      const outcome = await mustDo(
        context,
        'DMAP-390',
        {
          steps: [selected, { do: 'noop' }, { do: 'search', keys: 'ALL' }],
          answer: along([`* SEARCH ${numbers.join(' ')}`], 'NOOP'),
        },
        'SEARCH responses without SEARCH',
      );
      const found = JSON.stringify(outcome.steps[2]?.numbers);
      context.require('DMAP-390', found === '[1,2,3]', 'SEARCH to have found 1, 2 and 3', found);
    },
  }),
  clientCase({
    id: 'responses/warnings',
    title: 'An untagged NO is a warning: the command can still succeed.',
    decides: ['DMAP-411'],
    given: fc.tuple(fc.constantFrom('* NO Nearly full.', '* NO [ALERT] Hear!', '* NO', '* no x'), someSteps(6)),
    async check([line, steps], context) {
      const plain = statuses(await play(context, { steps }));
      const outcome = await play(context, { steps, answer: along([line]) });
      mustEnd(context, 'DMAP-411', outcome, plain, `with ${JSON.stringify(line)} before each completion`);
    },
  }),
  clientCase({
    id: 'responses/fetch-three-ways',
    title: 'FETCH is taken in answer to FETCH, in answer to STORE, and unasked.',
    decides: ['DMAP-437'],
    given: fc.uniqueArray(fc.constantFrom('\\Flagged', '\\Seen', '\\Answered', 'Keyword'), {
      minLength: 1,
      maxLength: 2,
    }),
    async check(flags, context) {
      const list = flags.join(' ');
      const outcome = await mustDo(
        context,
        'DMAP-437',
        {
          steps: [
            selected,
            { do: 'fetch', set: '1', items: ['FLAGS'] },
            { do: 'store', set: '2', flags, mode: 'add' },
            { do: 'noop' },
            { do: 'view' },
          ],
          answer: along([`* 3 FETCH (FLAGS (${list}))`], 'NOOP'),
        },
        'FETCH in three ways',
      );
      const known = items(outcome, 4, 'FLAGS');
      const right = [[], flags, flags].every(
        (wanted, at) => JSON.stringify(known.get(at + 1)?.flags) === JSON.stringify(wanted),
      );
      context.require('DMAP-437', right, `flags as FETCH told them: none, then ${list} twice`, () =>
        JSON.stringify([...known]).slice(0, 300),
      );
    },
  }),
];
