/** UIDs, names, APPEND and COPY as the client does them (sections 2.4, 2.7 and 3.2 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { base64url, isObject } from '../stacie-server/messages.js';
import { clientCase, fate, items, mustDo, named } from './client-case.js';
import { messages } from './commands.js';
import { announcing, type Outcome, play, type Step } from './stage.js';
import { boxOf } from './world.js';

/** In ascending order, with gaps. */
const scattered = fc
  .uniqueArray(fc.integer({ min: 1, max: 4_000_000_000 }), { minLength: 2, maxLength: 6 })
  .map((uids) => uids.sort((one, other) => one - other));

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** How a server writes a name. */
const letterCases = {
  'as it is': (name: string) => name,
  'in upper case': (name: string) => name.toUpperCase(),
  'in lower case': (name: string) => name.toLowerCase(),
} as const;

/** UIDs of the cache that a step gives. */
function cached({ steps }: Outcome, at: number): number[] {
  const cache = steps[at]?.cache;
  const list = isObject(cache) && Array.isArray(cache.messages) ? cache.messages.filter(isObject) : [];
  return list.map(({ uid }) => Number(uid));
}

/** TRYCREATE: what a client does that is told to make the mailbox. */
function tryCreate(
  id: string,
  row: string,
  title: string,
  name: string,
  step: (mailbox: string, more: Partial<Step>) => Step,
): Case {
  return clientCase({
    id,
    title,
    decides: [row],
    mostRuns: 2,
    given: fc.constantFrom('New', 'Work/New'),
    async check(mailbox, context) {
      const select: Step = { do: 'select', mailbox: 'INBOX' };
      const outcome = await play(context, { steps: [select, step(mailbox, {}), step(mailbox, { create: true })] });
      const names = outcome.commands.map((heard) => heard.name);
      // Not unasked: whoever does not want a new mailbox has it refused.
      context.require(row, names[1] === name && names[2] !== 'CREATE', `${name}, and no CREATE that nobody wants`, () =>
        fate(outcome),
      );
      const made = names.slice(2).join(' ').startsWith(`${name} CREATE ${name}`);
      context.took(row, made && outcome.steps[2]?.status === 'ok', `TRYCREATE: ${names.slice(2).join(' ')}`);
    },
  });
}

export const cases: readonly Case[] = [
  clientCase({
    id: 'uids/not-contiguous',
    title: 'A client that brings its cache up to date finds messages whose UIDs have gaps.',
    decides: ['DMAP-044'],
    given: fc.tuple(scattered, fc.nat(5)),
    async check([uids, place], context) {
      const chosen = uids[place % uids.length] ?? 1;
      const outcome = await mustDo(
        context,
        'DMAP-044',
        {
          boxes: () => ({ INBOX: boxOf(uids) }),
          steps: [
            {
              do: 'synchronize',
              mailbox: 'INBOX',
              actions: [{ id: 'a', kind: 'flags', uid: chosen, add: ['\\Flagged'] }],
            },
            { do: 'fetch', set: '1:*', items: ['UID'] },
          ],
        },
        'a mailbox with gaps between its UIDs',
      );
      context.require(
        'DMAP-044',
        same(cached(outcome, 0), uids),
        `the UIDs ${uids.join(' ')}`,
        () => cached(outcome, 0).join(' ') || fate(outcome),
      );
      const told = [...items(outcome, 1, 'UID')].map(([, { uid }]) => uid);
      context.require('DMAP-044', same(told, uids), `the UIDs ${uids.join(' ')} in answer to FETCH`, told.join(' '));
      const flagged = outcome.world.boxes.get('INBOX')?.mails.filter(({ flags }) => flags.includes('\\Flagged'));
      const right = flagged?.length === 1 && flagged[0]?.uid === chosen;
      context.require('DMAP-044', right, `\\Flagged at UID ${chosen} alone`, () => fate(outcome));
    },
  }),
  clientCase({
    id: 'uids/not-as-uidnext-told',
    title: 'A message that was appended has the UID that the server tells, not the one that UIDNEXT told.',
    decides: ['DMAP-053'],
    given: fc.tuple(fc.integer({ min: 10, max: 90 }), fc.integer({ min: 1, max: 50 }), messages, fc.boolean()),
    async check([next, beyond, message, told], context) {
      const box = { ...boxOf([1, 2]), uidNext: next };
      const outcome = await mustDo(
        context,
        'DMAP-053',
        {
          ...announcing('DMAP=TRUSTFUL', 'UIDPLUS'),
          boxes: () => ({ INBOX: box }),
          steps: [
            { do: 'select', mailbox: 'INBOX' },
            { do: 'append', mailbox: 'INBOX', message },
            { do: 'fetch', set: '3', items: ['UID'] },
            { do: 'synchronize', mailbox: 'INBOX' },
          ],
          answer: ({ tag, name }, right, { world }) => {
            if (name !== 'APPEND') return right;
            // Others came first.
            const last = world.boxes.get('INBOX')?.mails.pop();
            if (last !== undefined) box.mails.push({ ...last, uid: next + beyond });
            box.uidNext = next + beyond + 1;
            return [...right.slice(0, -1), `${tag} OK ${told ? `[APPENDUID 7 ${next + beyond}] ` : ''}Done.`];
          },
        },
        `UIDNEXT ${next}, and a message that gets ${next + beyond}`,
      );
      const given = outcome.steps[1]?.uids;
      const wanted = told ? [{ first: next + beyond, last: next + beyond }] : undefined;
      context.require('DMAP-053', same(given, wanted), told ? `the UID ${next + beyond}` : 'no UID to be made up', () =>
        JSON.stringify(given),
      );
      const fetched = items(outcome, 2, 'UID').get(3)?.uid;
      context.require('DMAP-053', fetched === next + beyond, `UID ${next + beyond} of message 3`, String(fetched));
      context.require(
        'DMAP-053',
        cached(outcome, 3).at(-1) === next + beyond,
        `UID ${next + beyond} in the cache`,
        () => fate(outcome),
      );
    },
  }),
  clientCase({
    id: 'names/letter-case-of-the-server',
    title: 'A client works with a server that tells letter case apart, keeps it, or changes it.',
    decides: ['DMAP-129'],
    given: fc.tuple(
      fc.constantFrom<keyof typeof letterCases>('as it is', 'in upper case', 'in lower case'),
      fc.string({ unit: fc.constantFrom(...'aBcDeF'), minLength: 3, maxLength: 8 }),
    ),
    async check([how, made], context) {
      const name = `Q${made}`;
      const written = letterCases[how](name);
      const outcome = await mustDo(
        context,
        'DMAP-129',
        {
          boxes: () => ({ INBOX: boxOf([1]), [name]: boxOf([4, 5]) }),
          steps: [
            { do: 'list', pattern: '*' },
            { do: 'status', mailbox: name, items: ['MESSAGES', 'UIDNEXT'] },
            { do: 'select', mailbox: name },
            { do: 'fetch', set: '2', items: ['UID'] },
          ],
          answer: (_, right) =>
            right.map((line) => (/^\* (LIST|STATUS)/.test(line) ? line.replace(name, written) : line)),
        },
        `the name ${name} written as ${written}`,
      );
      const { values } = outcome.steps[1] ?? {};
      const told =
        Array.isArray(values) &&
        values.filter(isObject).some((value) => value.name === 'MESSAGES' && value.value === '2');
      context.require('DMAP-129', told, `2 messages in ${name}`, () => `${JSON.stringify(values)}; ${fate(outcome)}`);
      const selected = named(outcome, 'SELECT')[0]?.command;
      const kept = selected?.name === 'SELECT' && selected.mailbox === name;
      context.require('DMAP-129', kept, `SELECT of ${name} as it was asked for`, () => fate(outcome));
    },
  }),
  clientCase({
    id: 'append/dmime-alone',
    title: 'A client appends D/MIME messages, and no others.',
    decides: ['DMAP-262'],
    given: fc.tuple(
      messages,
      fc.constantFrom('From: ann\r\n\r\nHello\r\n', '\u0007\u0021short', 'PGP', '\u0000\u0000\u0000\u0000\u0000\u0000'),
    ),
    async check([message, other], context) {
      const octets = Buffer.from(other, 'latin1');
      const outcome = await play(context, {
        steps: [
          { do: 'append', mailbox: 'INBOX', message: base64url(octets) },
          { do: 'append', mailbox: 'INBOX', message },
        ],
      });
      const appended = named(outcome, 'APPEND').map(({ framed }) =>
        Buffer.from(framed.literals.at(-1) ?? []).toString('base64url'),
      );
      context.require('DMAP-262', same(appended, [message]), 'the D/MIME message alone to be appended', () =>
        fate(outcome),
      );
      context.require('DMAP-262', outcome.steps[1]?.status === 'ok', 'the D/MIME message to be appended', () =>
        fate(outcome),
      );
    },
  }),
  tryCreate(
    'append/try-create',
    'DMAP-272',
    'A client may create the mailbox and append again, when it gets TRYCREATE and the user wants it.',
    'APPEND',
    (mailbox, more) => ({ do: 'append', mailbox, message: 'AAAA', anyFormat: true, ...more }),
  ),
  tryCreate(
    'copy/try-create',
    'DMAP-351',
    'A client may create the mailbox and copy again, when it gets TRYCREATE and the user wants it.',
    'COPY',
    (mailbox, more) => ({ do: 'copy', set: '1', mailbox, ...more }),
  ),
];
