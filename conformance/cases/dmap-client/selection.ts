/** What a client makes of the selection and of capabilities (sections 2.2, 2.4 and 2.15 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate, mustDo, mustEnd, named } from './client-case.js';
import { messages } from './commands.js';
import { type AnswerRule, announcing, login, play, type Step } from './stage.js';
import { boxOf } from './world.js';

/** Without the untagged OK that has this code. */
const without =
  (code: string): AnswerRule =>
  (_, right) =>
    right.filter((line) => !line.includes(`[${code} `));

const unknownCapabilities = fc.uniqueArray(
  fc.constantFrom('XSHINY', 'UNHEARD-OF=3', 'IMAP4rev1', 'QRESYNC', 'AUTH=X-NONE', 'SUBMIT=XWHEN', 'x+y', 'DMAP2'),
  { minLength: 1, maxLength: 6 },
);

const everyday: readonly Step[] = [
  { do: 'capability' },
  { do: 'select', mailbox: 'INBOX' },
  { do: 'fetch', set: '1:*', items: ['UID', 'FLAGS'] },
  { do: 'store', set: '1', flags: ['\\Seen'], mode: 'add' },
  { do: 'search', keys: 'ALL' },
  { do: 'close' },
];

export const cases: readonly Case[] = [
  clientCase({
    id: 'selection/without-permanentflags',
    title: 'Without PERMANENTFLAGS a client takes all flags for permanent, and changes any.',
    decides: ['DMAP-206'],
    given: fc.constantFrom('\\Flagged', '\\Seen', 'Keyword', '$Mine'),
    async check(flag, context) {
      const outcome = await play(context, {
        steps: [
          { do: 'select', mailbox: 'INBOX' },
          { do: 'store', set: '1', flags: [flag], mode: 'add' },
          { do: 'synchronize', mailbox: 'INBOX', actions: [{ id: 'a', kind: 'flags', uid: 2, add: [flag] }] },
        ],
        answer: without('PERMANENTFLAGS'),
      });
      const flags = outcome.world.boxes.get('INBOX')?.mails.map((mail) => mail.flags.includes(flag));
      context.require(
        'DMAP-206',
        JSON.stringify(flags) === '[true,true,false]',
        `${flag} to be stored at both messages`,
        () => fate(outcome),
      );
    },
  }),
  clientCase({
    id: 'selection/without-uidvalidity',
    title: 'Without UIDVALIDITY a client takes it that there are no UIDs, and uses none.',
    decides: ['DMAP-207'],
    given: fc.shuffledSubarray<Step>(
      [
        { do: 'fetch', set: '1:2', uid: true, items: ['FLAGS'] },
        { do: 'store', set: '1', uid: true, flags: ['\\Seen'] },
        { do: 'search', keys: 'ALL', uid: true },
        { do: 'copy', set: '1', uid: true, mailbox: 'INBOX' },
        { do: 'synchronize', mailbox: 'INBOX' },
      ],
      { minLength: 3 },
    ),
    async check(steps, context) {
      const fetch: Step = { do: 'fetch', set: '1', items: ['FLAGS'] };
      const outcome = await play(context, {
        steps: [{ do: 'select', mailbox: 'INBOX' }, ...steps, { do: 'select', mailbox: 'INBOX' }, fetch],
        answer: without('UIDVALIDITY'),
      });
      const byUid = outcome.commands.filter(({ text }) => /^\S+ +UID /i.test(text));
      context.require('DMAP-207', byUid.length === 0, 'no command with UIDs', () => fate(outcome));
      const plain = named(outcome, 'FETCH').length === 1 && outcome.steps.at(-1)?.status === 'ok';
      context.require('DMAP-207', plain, 'sequence numbers to be used all the same', () => fate(outcome));
    },
  }),
  clientCase({
    id: 'selection/no-status-of-the-selected',
    title: 'A client does not use STATUS on the mailbox that it has selected.',
    decides: ['DMAP-257'],
    given: fc.constantFrom('INBOX', 'Work', 'inbox'),
    async check(mailbox, context) {
      const status: Step = { do: 'status', mailbox, items: ['MESSAGES'] };
      const outcome = await play(context, {
        boxes: () => ({ INBOX: boxOf([1]), Work: boxOf([1]), Other: boxOf([]) }),
        steps: [{ do: 'select', mailbox }, status, { ...status, mailbox: 'Other' }, { do: 'close' }, status],
      });
      const [first] = outcome.steps.map(({ status: how }) => how);
      context.require('DMAP-257', first === 'ok', 'the selection', () => fate(outcome));
      const closed = outcome.commands.findIndex(({ name }) => name === 'CLOSE');
      const asked = outcome.commands
        .slice(0, closed)
        .filter(({ command }) => command?.name === 'STATUS' && command.mailbox.toLowerCase() === mailbox.toLowerCase());
      context.require(
        'DMAP-257',
        closed >= 0 && asked.length === 0,
        `no STATUS of ${mailbox} while it is selected`,
        () => fate(outcome),
      );
      const other = named(outcome, 'STATUS').length;
      context.require('DMAP-257', other >= 1, 'STATUS of others, and when nothing is selected', () => fate(outcome));
    },
  }),
  clientCase({
    id: 'selection/no-polling-by-status',
    title: 'A client does not look for new mail in the selected mailbox with STATUS.',
    decides: ['DMAP-258'],
    mostRuns: 2,
    given: fc.constantFrom<Step[]>(
      [{ do: 'wait', milliseconds: 20 }, { do: 'noop' }],
      [
        { do: 'synchronize', mailbox: 'INBOX' },
        { do: 'wait', milliseconds: 20 },
        { do: 'synchronize', mailbox: 'INBOX' },
      ],
    ),
    async check(steps, context) {
      const outcome = await play(context, { steps: [{ do: 'select', mailbox: 'INBOX' }, ...steps] });
      context.require('DMAP-258', outcome.commands.length > 1, 'commands', () => fate(outcome));
      const asked = named(outcome, 'STATUS').length;
      context.require('DMAP-258', asked === 0, 'no STATUS of the selected mailbox', () => fate(outcome));
    },
  }),
  clientCase({
    id: 'capabilities/none-but-dmap',
    title: 'A client needs no capability but DMAP, be its mode told or not.',
    decides: ['DMAP-426'],
    mostRuns: 4,
    given: fc.tuple(fc.constantFrom('DMAP=TRUSTFUL', 'DMAP=PARANOID', 'DMAP=CAUTIOUS', 'DMAP'), messages, fc.boolean()),
    async check([name, message, loginFirst], context) {
      const steps: Step[] = [
        ...(loginFirst ? [{ do: 'authenticate', ...login }] : []),
        ...everyday,
        { do: 'append', mailbox: 'INBOX', message },
        { do: 'synchronize', mailbox: 'INBOX' },
      ];
      const script = announcing(name);
      const greeting = loginFirst ? script.greeting.replace('PREAUTH', 'OK') : script.greeting;
      const outcome = await play(context, { ...script, greeting, steps });
      mustEnd(context, 'DMAP-426', outcome, steps.map(() => 'ok').join(' '), `with ${name} alone`);
    },
  }),
  clientCase({
    id: 'capabilities/unknown-names',
    title: 'Names of capabilities that a client does not know change nothing.',
    decides: ['DMAP-427'],
    given: unknownCapabilities,
    async check(names, context) {
      const script = { ...announcing('DMAP=TRUSTFUL', ...names, 'AUTH=STACIE'), steps: everyday };
      await mustDo(context, 'DMAP-427', script, `with ${names.join(' ')} announced`);
      const login_ = { do: 'authenticate', ...login };
      const greeting = script.greeting.replace('PREAUTH', 'OK');
      await mustDo(
        context,
        'DMAP-427',
        { ...script, greeting, steps: [login_, ...everyday] },
        `with ${names.join(' ')} before the login`,
      );
    },
  }),
];
