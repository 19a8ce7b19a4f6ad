/** How a client reads responses: their first token, their ends, codes and keywords (sections 2.10 and 6.7 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate, items, mailboxAfter, mustDo, mustEnd, once } from './client-case.js';
import { play, type Step } from './stage.js';
import { aboutMessages, along, anything, several, shownLines } from './unasked.js';

const selected: Step = { do: 'select', mailbox: 'INBOX' };

/** Known names with something else behind them. */
const wrongForm = fc.constantFrom(
  '* FLAGS',
  '* FLAGS \\Seen',
  '* 2 FETCH ()',
  '* 2 FETCH FLAGS (\\Seen)',
  '* 2 FETCH (UID zero)',
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
          await peer.sayInPieces(whole.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []);
          return null;
        },
      });
      mustEnd(context, 'DMAP-035', outcome, 'ok ok ok', `in pieces of ${size} octets`);
      const bodies = items(outcome, 1, 'BODY').size;
      context.require('DMAP-035', bodies === 3, 'the parts of 3 messages', () => `${bodies}; ${fate(outcome)}`);
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
        `with ${shownLines(lines)} along`,
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
    ...once,
    async check(_, context) {
      for (const ending of endings) {
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
      }
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
