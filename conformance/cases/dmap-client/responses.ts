/** What a client does with responses, whenever they come (sections 1.2, 2.9 and 6.7 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate, items, mailboxAfter, mustDo, mustEnd, statuses } from './client-case.js';
import { someSteps } from './commands.js';
import { type AnswerRule, askingForLogin, login, play, type Step } from './stage.js';
import { aboutMessages, anything, data, others } from './unasked.js';
import { boxOf } from './world.js';

const several = (lines: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string[]> =>
  fc.array(lines, { minLength: 1, maxLength: most });

const selected: Step = { do: 'select', mailbox: 'INBOX' };
const shown = (lines: readonly string[]): string => JSON.stringify(lines).slice(0, 300);

/** Known names with something else behind them, and numbers that cannot be. */
const wrongForm = fc.constantFrom(
  '* FLAGS',
  '* FLAGS \\Seen',
  '* 2 FETCH ()',
  '* 2 FETCH FLAGS (\\Seen)',
  '* 2 FETCH (UID zero)',
  '* 99 FETCH (FLAGS (\\Seen))',
  '* 99 EXPUNGE',
  '* EXISTS 4',
  '* SEARCH one',
  '* STATUS Other',
  '* LIST (\\A "/" Other',
  '* KEY',
  '* CAPABILITY',
  '* OK [UIDNEXT] Hm.',
  '* 3 XTHING (((',
);

const endings = [
  'a line without an end',
  'a literal without an end',
  'half a completion',
  'a line that looks like one',
] as const;

/** Before the completion of commands with these names, or of any. */
const along =
  (lines: readonly string[], ...names: readonly string[]): AnswerRule =>
  ({ name }, right) =>
    names.length === 0 || names.includes(name) ? [...lines, ...right] : right;

export const cases: readonly Case[] = [
  clientCase({
    id: 'responses/first-token',
    title: 'A response is what its first token says: a tag, an asterisk or a plus sign.',
    decides: ['DMAP-034'],
    given: fc.constantFrom('OK Done.', 'NO No.', 'BAD What?'),
    async check(fake, context) {
      const outcome = await play(context, {
        steps: [{ do: 'noop' }, { do: 'create', mailbox: 'New' }, { do: 'noop' }],
        answer: async ({ tag, name }, _, { peer }) => {
          peer.say(`* OK ${tag} ${fake}\r\n* NO + Go on.\r\n* XTEXT ${tag} ${fake}\r\n* OK {3}\r\n`);
          await peer.quiet(20);
          if (name === 'LOGOUT') return ['* BYE Bye.', `${tag} OK Bye.`];
          return [name === 'CREATE' ? `${tag} NO + * OK` : `${tag} OK * NO + BAD {9}`];
        },
      });
      mustEnd(context, 'DMAP-034', outcome, 'ok no ok', 'completions between lines that only look like them');
    },
  }),
  clientCase({
    id: 'responses/any-at-any-time',
    title: 'Whatever comes before the completion of whatever command, the command is completed as the server says.',
    decides: ['DMAP-035'],
    mostRuns: 5,
    given: fc.tuple(someSteps(8), several(fc.oneof(anything, aboutMessages), 4)),
    async check([steps, lines], context) {
      const plain = statuses(await play(context, { steps }));
      const outcome = await play(context, { steps, answer: along(lines) });
      mustEnd(context, 'DMAP-035', outcome, plain, `with ${shown(lines)} along`);
    },
  }),
  clientCase({
    id: 'responses/split-anywhere',
    title: 'A response is the same however the network cuts it.',
    decides: ['DMAP-035'],
    given: fc.tuple(several(fc.oneof(anything, aboutMessages), 4), fc.integer({ min: 1, max: 9 })),
    async check([lines, size], context) {
      const outcome = await play(context, {
        steps: [
          selected,
          { do: 'fetch', set: '1:*', uid: true, items: ['FLAGS', 'BODY.PEEK[67.1]<0.5>'] },
          { do: 'noop' },
        ],
        answer: async ({ name }, right, { peer }) => {
          if (name !== 'FETCH') return right;
          const whole = [...lines, ...right].map((line) => `${line}\r\n`).join('');
          await peer.sayInPieces(whole.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []);
          return null;
        },
      });
      mustEnd(context, 'DMAP-035', outcome, 'ok ok ok', `in pieces of ${size} octets`);
      const bodies = items(outcome, 1, 'BODY').size;
      context.require('DMAP-035', bodies === 3, 'the parts of 3 messages', () => `${bodies}; ${fate(outcome)}`);
    },
  }),
  clientCase({
    id: 'responses/never-asked-for',
    title: 'Server data that nobody asked for is taken.',
    decides: ['DMAP-036'],
    given: fc.tuple(several(data, 4), fc.constantFrom<Step>({ do: 'noop' }, { do: 'create', mailbox: 'New' })),
    async check([lines, step], context) {
      const script = { steps: [step, { do: 'noop' }], answer: along(lines, 'NOOP', 'CREATE') };
      await mustDo(context, 'DMAP-036', script, `with ${shown(lines)} unasked`);
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
        `with ${shown(lines)} along`,
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
        `with ${shown(lines)} between commands`,
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
      mustEnd(context, 'DMAP-154', outcome, plain, `with ${shown(lines)} along`);
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
        `with ${shown(lines)} in every state`,
      );
    },
  }),
  clientCase({
    id: 'responses/of-wrong-form',
    title: 'A line that fits no rule is passed over: what comes behind it is read as ever.',
    decides: ['DMAP-385'],
    given: several(wrongForm, 5),
    async check(lines, context) {
      const outcome = await mustDo(
        context,
        'DMAP-385',
        { steps: [selected, { do: 'noop' }, { do: 'noop' }], answer: along([...lines, '* 5 EXISTS'], 'NOOP') },
        `with ${shown(lines)} along`,
      );
      const { exists } = mailboxAfter(outcome, 2);
      context.require('DMAP-385', exists === 5, '5 messages', () => `${String(exists)}; ${fate(outcome)}`);
    },
  }),
  clientCase({
    id: 'responses/large-literals',
    title: 'A literal of a MiB is read over its whole length, whatever its octets look like.',
    decides: ['DMAP-035'],
    mostRuns: 2,
    given: fc.constantFrom('c2 OK Done.\r\n', '* 9 EXISTS\r\n', ')\r\n* BYE\r\n'),
    async check(text, context) {
      const octets = text.repeat(Math.ceil(1_048_576 / text.length));
      const outcome = await mustDo(
        context,
        'DMAP-035',
        {
          steps: [selected, { do: 'fetch', set: '1', items: ['BODY.PEEK[67.1]'] }, { do: 'noop' }],
          answer: ({ name }, right) =>
            name === 'FETCH' ? [`* 1 FETCH (BODY[67.1] ~{${octets.length}}\r\n${octets})`, ...right.slice(-1)] : right,
        },
        'a literal of 1 MiB',
      );
      const value = items(outcome, 1, 'BODY').get(1)?.value;
      const same = typeof value === 'string' && Buffer.from(value, 'base64url').toString('latin1') === octets;
      context.require('DMAP-035', same, 'the octets of the literal', () => fate(outcome));
      context.require('DMAP-035', mailboxAfter(outcome, 2).exists === 3, '3 messages', () => fate(outcome));
    },
  }),
  clientCase({
    id: 'responses/no-completion-in-sight',
    title: 'No completion is no success: not in a line without an end, not at the end of the connection.',
    decides: ['DMAP-034'],
    mostRuns: endings.length,
    given: fc.constantFrom(...endings),
    async check(ending, context) {
      const outcome = await play(context, {
        steps: [{ do: 'noop' }, { do: 'create', mailbox: 'New' }, { do: 'noop' }],
        answer: async ({ tag, name }, right, { peer }) => {
          if (name !== 'CREATE') return right;
          if (ending === 'a line without an end') await peer.flood(`${tag} OK `);
          else if (ending === 'a literal without an end') peer.say(`* XNEWS ~{999999}\r\n${tag} OK Done.\r\n`);
          else peer.say(ending === 'half a completion' ? `${tag} OK` : `* OK ${tag} OK\r\n`);
          peer.end();
          return null;
        },
      });
      const [first, ...others] = outcome.steps.map(({ status }) => status);
      const right = first === 'ok' && others.length === 2 && !others.includes('ok');
      context.require('DMAP-034', right, `no command to be done after ${ending}`, () => fate(outcome));
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
    id: 'responses/unknown-codes',
    title: 'Response codes that a client does not know change nothing.',
    decides: ['DMAP-407'],
    given: fc.tuple(
      fc.constantFrom('XCODE', 'XCODE (a "b") c', 'INUSE', 'UNHEARD-OF 17', 'SERVERBUG {3}', 'X', 'BADCHARSET (A B)'),
      fc.constantFrom('OK', 'NO', 'BAD'),
    ),
    async check([code, status], context) {
      const outcome = await play(context, {
        steps: [selected, { do: 'create', mailbox: 'New' }, { do: 'noop' }],
        answer: ({ tag, name }, right) => {
          const unknown = [`* ${status} [${code}] Hm.`];
          if (name === 'LOGOUT') return right;
          return name === 'CREATE' ? [...unknown, `${tag} ${status} [${code}] So.`] : [...unknown, ...right];
        },
      });
      mustEnd(context, 'DMAP-407', outcome, `ok ${status.toLowerCase()} ok`, `the code ${code} with ${status}`);
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
          boxes: () => ({ INBOX: boxOf([1, 2, 3]) }),
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
  clientCase({
    id: 'responses/keywords-in-any-case',
    title: 'Keywords of responses are taken in any letter case.',
    decides: ['DMAP-452'],
    given: fc.tuple(fc.constantFrom('lower', 'mixed'), fc.integer({ min: 4, max: 9 })),
    async check([how, exists], context) {
      const bend = (text: string): string =>
        how === 'lower'
          ? text.toLowerCase()
          : text.replace(/[A-Z]/g, (letter, at: number) => (at % 2 === 0 ? letter.toLowerCase() : letter));
      const outcome = await mustDo(
        context,
        'DMAP-452',
        {
          steps: [
            selected,
            { do: 'fetch', set: '2', items: ['FLAGS', 'UID'] },
            { do: 'search', keys: 'ALL' },
            { do: 'noop' },
          ],
          answer: ({ tag, name }, right) => {
            const lines = name === 'NOOP' ? [`* ${exists} EXISTS`, ...right] : right;
            // A tag is no keyword; neither are the flags.
            return lines.map((line) => {
              const [first = ''] = line.split(' ', 1);
              const rest = line.slice(first.length).split(/(\([^)]*\\[^)]*\))/);
              return (
                (first === tag ? tag : first) + rest.map((part, at) => (at % 2 === 0 ? bend(part) : part)).join('')
              );
            });
          },
        },
        `keywords in ${how} case`,
      );
      const { exists: count, uidValidity } = mailboxAfter(outcome, 3);
      const uid = items(outcome, 1, 'UID').get(2)?.uid;
      const right = count === exists && uidValidity === 7 && uid === 2;
      context.require('DMAP-452', right, `${exists} messages, UIDVALIDITY 7, and the UID 2`, () =>
        JSON.stringify([count, uidValidity, uid]),
      );
    },
  }),
];
