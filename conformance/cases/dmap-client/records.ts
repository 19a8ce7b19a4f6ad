/** What a client knows of the selected mailbox from what the server says (sections 3.2 and 5.5 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { isObject } from '../stacie-server/messages.js';
import { clientCase, fate, items, mailboxAfter, mustDo, once } from './client-case.js';
import type { Step } from './stage.js';
import { boxOf } from './world.js';

const selected: Step = { do: 'select', mailbox: 'INBOX' };
const noop: Step = { do: 'noop' };
const fetchUids: Step = { do: 'fetch', set: '1:*', items: ['UID', 'FLAGS'] };

const flagLists = fc.uniqueArray(fc.constantFrom('\\Seen', '\\Deleted', '\\Flagged', 'Work', '$Junk', 'later'), {
  minLength: 1,
  maxLength: 5,
});
const sizes = fc.integer({ min: 0, max: 40 });
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Sizes and flags told in the middle of commands, one after the other; the last of them counts. */
function mustRecord(
  id: string,
  row: string,
  title: string,
  given: fc.Arbitrary<{ readonly size: number | null; readonly flags: readonly string[] | null }[]>,
): Case {
  return clientCase({
    id,
    title,
    decides: [row],
    given,
    async check(told, context) {
      const lines = told.map(({ size, flags }) => [
        ...(size === null ? [] : [`* ${size} EXISTS`]),
        ...(flags === null ? [] : [`* FLAGS (${flags.join(' ')})`]),
      ]);
      const outcome = await mustDo(
        context,
        row,
        {
          steps: [selected, ...told.map((_, at): Step => (at % 2 === 0 ? noop : { do: 'create', mailbox: `a${at}` }))],
          answer: ({ name }, right, { index }) => (name === 'LOGOUT' ? right : [...(lines[index - 1] ?? []), ...right]),
        },
        'sizes and flags along',
      );
      for (const [at, { size, flags }] of told.entries()) {
        const known = mailboxAfter(outcome, at + 1);
        const right = (size === null || known.exists === size) && (flags === null || same(known.flags, flags));
        context.require(row, right, `${lines[at]?.join(' ')} to be what the client knows`, () =>
          JSON.stringify({ exists: known.exists, flags: known.flags }),
        );
      }
    },
  });
}

const both = fc.record({ size: sizes, flags: flagLists });
const list = <Value>(one: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(one, { minLength: 2, maxLength: 5 });

export const cases: readonly Case[] = [
  mustRecord('records/what-is-marked-so', 'DMAP-038', 'A client records FLAGS and EXISTS.', list(both)),
  mustRecord(
    'records/when-it-comes',
    'DMAP-388',
    'A client records FLAGS and EXISTS with whatever command they come.',
    list(both),
  ),
  mustRecord(
    'records/flags',
    'DMAP-431',
    'A client records FLAGS when it comes.',
    list(fc.record({ size: fc.constant(null), flags: flagLists })),
  ),
  mustRecord(
    'records/exists',
    'DMAP-434',
    'A client records EXISTS when it comes.',
    list(fc.record({ size: sizes, flags: fc.constant(null) })),
  ),
  mustRecord(
    'records/every-size',
    'DMAP-140',
    'A client records every new size of the mailbox, also a smaller one and none.',
    fc.shuffledSubarray([4, 2, 0, 17, 3], { minLength: 4 }).map((some) => some.map((size) => ({ size, flags: null }))),
  ),
  clientCase({
    id: 'records/no-size-is-no-news',
    title: 'A command after the selection need not tell the size: what was told before still holds.',
    decides: ['DMAP-141'],
    given: fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.shuffledSubarray<Step>([noop, { do: 'search', keys: 'ALL' }, fetchUids, { do: 'capability' }], {
        minLength: 2,
      }),
    ),
    async check([count, steps], context) {
      const uids = Array.from({ length: count }, (_, at) => at + 1);
      const outcome = await mustDo(
        context,
        'DMAP-141',
        { boxes: () => ({ INBOX: boxOf(uids) }), steps: [selected, ...steps] },
        'commands that tell no size',
      );
      for (const at of outcome.steps.keys()) {
        const { exists } = mailboxAfter(outcome, at);
        context.require('DMAP-141', exists === count, `${count} messages after each command`, String(exists));
      }
    },
  }),
  clientCase({
    id: 'numbers/go-down-at-expunge',
    title: 'When a message is expunged, the number of messages goes down by one.',
    decides: ['DMAP-066'],
    given: fc.tuple(fc.integer({ min: 2, max: 8 }), fc.nat(7), fc.nat(6)),
    async check([count, first, second], context) {
      const gone = [(first % count) + 1, (second % (count - 1)) + 1];
      const outcome = await mustDo(
        context,
        'DMAP-066',
        {
          boxes: () => ({ INBOX: boxOf(Array.from({ length: count }, (_, at) => at + 1)) }),
          steps: [selected, noop, noop],
          answer: ({ name }, right, { index }) =>
            name === 'NOOP' ? [`* ${gone[index - 1] ?? 1} EXPUNGE`, ...right] : right,
        },
        'EXPUNGE twice',
      );
      const counts = [0, 1, 2].map((at) => mailboxAfter(outcome, at).exists);
      context.require(
        'DMAP-066',
        same(counts, [count, count - 1, count - 2]),
        `${count} messages, and one fewer each time`,
        () => JSON.stringify(counts),
      );
    },
  }),
  clientCase({
    id: 'numbers/denote-others-later',
    title: 'A sequence number that denotes another message later is taken for that one.',
    decides: ['DMAP-067'],
    given: fc.tuple(
      fc
        .uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 3, maxLength: 6 })
        .map((uids) => uids.sort((a, b) => a - b)),
      fc.nat(5),
      fc.constantFrom('\\Flagged', '\\Answered'),
    ),
    async check([uids, place, flag], context) {
      const gone = place % (uids.length - 1);
      const left = uids.filter((_, at) => at !== gone);
      const outcome = await mustDo(
        context,
        'DMAP-067',
        {
          boxes: () => ({ INBOX: boxOf(uids) }),
          steps: [selected, fetchUids, noop, { do: 'view' }],
          answer: ({ name }, right) =>
            name === 'NOOP' ? [`* ${gone + 1} EXPUNGE`, `* ${gone + 1} FETCH (FLAGS (${flag}))`, ...right] : right,
        },
        'EXPUNGE, and FETCH of the same number',
      );
      const known = [...items(outcome, 3, 'UID')].map(([, { uid }]) => uid);
      context.require(
        'DMAP-067',
        same(known, left),
        `the UIDs ${left.join(' ')}`,
        () => `${known.join(' ')}; ${fate(outcome)}`,
      );
      const flags = [...items(outcome, 3, 'FLAGS')].map(([, item]) => item.flags);
      const right = left.map((_, at) => (at === gone ? [flag] : []));
      context.require('DMAP-067', same(flags, right), `${flag} on message ${gone + 1} alone`, () =>
        JSON.stringify(flags),
      );
    },
  }),
  clientCase({
    id: 'numbers/change-while-it-reads',
    title: 'A client that brings its cache up to date, while a message is expunged, has the messages that are left.',
    decides: ['DMAP-067'],
    given: fc.tuple(
      fc
        .uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 3, maxLength: 6 })
        .map((uids) => uids.sort((a, b) => a - b)),
      fc.nat(5),
    ),
    async check([uids, place], context) {
      const gone = place % (uids.length - 1);
      let over = false;
      const outcome = await mustDo(
        context,
        'DMAP-067',
        {
          boxes: () => ({ INBOX: boxOf(uids) }),
          steps: [{ do: 'synchronize', mailbox: 'INBOX' }],
          answer: ({ name }, right, { world }) => {
            if (name !== 'FETCH' || over) return right;
            over = true;
            world.box?.mails.splice(gone, 1);
            return [...right.slice(0, -1), `* ${gone + 1} EXPUNGE`, ...right.slice(-1)];
          },
        },
        'EXPUNGE while the messages are read',
      );
      const cache = outcome.steps[0]?.cache;
      const kept = isObject(cache) && Array.isArray(cache.messages) ? cache.messages.filter(isObject) : [];
      const left = uids.filter((_, at) => at !== gone);
      const known = kept.map(({ uid }) => uid);
      context.require(
        'DMAP-067',
        same(known, left),
        `the UIDs ${left.join(' ')}`,
        () => known.join(' ') || fate(outcome),
      );
    },
  }),
  clientCase({
    id: 'numbers/sizes-that-shrink',
    title: 'A size below the one before, without EXPUNGE, leaves no message known by a number that may be another now.',
    decides: ['DMAP-067'],
    ...once,
    async check(_, context) {
      const outcome = await mustDo(
        context,
        'DMAP-067',
        {
          boxes: () => ({ INBOX: boxOf([5, 6, 7]) }),
          steps: [selected, fetchUids, noop, { do: 'view' }, noop],
          answer: ({ name }, right, { index }) => (name === 'NOOP' && index === 2 ? ['* 2 EXISTS', ...right] : right),
        },
        'a size that shrinks',
      );
      const beyond = [...items(outcome, 3, 'UID').keys()].filter((number) => number > 2);
      context.require('DMAP-067', beyond.length === 0, 'no message above the size', () => beyond.join(' '));
    },
  }),
];
