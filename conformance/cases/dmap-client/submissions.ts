/** Submission and the key ring as the client does them (sections 3.7 and 3.9 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate, mustEnd, named } from './client-case.js';
import { play, type Step } from './stage.js';
import { boxOf } from './world.js';

const pending = '\\SubmitPending';
const submitted = '\\Submitted';

const select: Step = { do: 'select', mailbox: 'INBOX' };

/** One message among three, with these flags. */
const withFlags = (number: number, flags: readonly string[]) => () => {
  const box = boxOf([11, 12, 13]);
  const mail = box.mails[number - 1];
  if (mail !== undefined) mail.flags = flags;
  return { INBOX: box };
};

const numbers = fc.integer({ min: 1, max: 3 });
const key = Buffer.from('a public key').toString('base64url');
const otherKey = Buffer.from('another key').toString('base64url');

export const cases: readonly Case[] = [
  clientCase({
    id: 'submission/pending-first',
    title: 'A client sets \\SubmitPending before it submits.',
    decides: ['DMAP-072'],
    given: fc.tuple(numbers, fc.boolean()),
    async check([number, uid], context) {
      const outcome = await play(context, {
        boxes: withFlags(number, ['\\Draft']),
        steps: [select, { do: 'submit', number: uid ? number + 10 : number, uid }],
      });
      const stored = outcome.commands.findIndex(
        ({ command }) =>
          command?.name === 'STORE' &&
          command.change.item === 'FLAGS' &&
          command.change.mode !== 'remove' &&
          command.change.flags.includes(pending),
      );
      const sent = outcome.commands.findIndex(({ name }) => name === 'SUBMIT');
      context.require('DMAP-072', stored !== -1 && stored < sent, `STORE of ${pending} before SUBMIT`, () =>
        fate(outcome),
      );
      mustEnd(context, 'DMAP-072', outcome, 'ok ok', `SUBMIT of a message without ${pending}`);
    },
  }),
  clientCase({
    id: 'submission/not-when-taken',
    title: 'A client submits no message that lacks \\SubmitPending, or that has \\Submitted.',
    decides: ['DMAP-357'],
    mostRuns: 5,
    given: fc.tuple(
      numbers,
      fc.constantFrom<readonly [readonly string[], boolean]>(
        [[], false],
        [['\\Seen'], false],
        [[submitted], true],
        [[pending, submitted], true],
        [[pending, submitted], false],
      ),
    ),
    async check([number, [flags, decide]], context) {
      const outcome = await play(context, {
        boxes: withFlags(number, flags),
        steps: [select, { do: 'submit', number, decide }],
      });
      const sent = named(outcome, 'SUBMIT').length;
      context.require('DMAP-357', sent === 0, `no SUBMIT of a message with (${flags.join(' ')})`, () => fate(outcome));
      const right = await play(context, {
        boxes: withFlags(number, [pending]),
        steps: [select, { do: 'submit', number, decide: false }],
      });
      mustEnd(context, 'DMAP-357', right, 'ok ok', `SUBMIT of a message with ${pending}`);
    },
  }),
  clientCase({
    id: 'submission/taken-by-another-client',
    title: 'A client that is told meanwhile that another one submits the message does not submit it.',
    decides: ['DMAP-357'],
    mostRuns: 2,
    given: numbers,
    async check(number, context) {
      const outcome = await play(context, {
        boxes: withFlags(number, []),
        steps: [select, { do: 'submit', number }],
        answer: ({ name }, right) =>
          name === 'STORE'
            ? [...right.slice(0, -1), `* ${number} FETCH (FLAGS (${pending} ${submitted}))`, ...right.slice(-1)]
            : right,
      });
      context.require('DMAP-357', named(outcome, 'STORE').length > 0, `STORE of ${pending}`, () => fate(outcome));
      context.require('DMAP-357', named(outcome, 'SUBMIT').length === 0, `no SUBMIT once ${submitted} was told`, () =>
        fate(outcome),
      );
    },
  }),
  clientCase({
    id: 'submission/may-fail',
    title: 'A client copes with a submission that fails, in whatever way, and goes on.',
    decides: ['DMAP-366'],
    mostRuns: 5,
    given: fc.tuple(
      numbers,
      fc.constantFrom(
        'NO [SUBMISSIONRACE] Gone.',
        'NO [POLICYDENIED] Not so.',
        'NO',
        'NO [XLATER] Later.',
        'BAD What?',
      ),
      fc.boolean(),
    ),
    async check([number, refusal, cleared], context) {
      const outcome = await play(context, {
        boxes: withFlags(number, [pending]),
        steps: [select, { do: 'submit', number }, { do: 'noop' }],
        answer: ({ tag, name }, right) =>
          name === 'SUBMIT'
            ? [...(cleared ? [`* ${number} FETCH (UID ${number + 10} FLAGS ())`] : []), `${tag} ${refusal}`]
            : right,
      });
      const how = refusal.startsWith('BAD') ? 'bad' : 'no';
      mustEnd(context, 'DMAP-366', outcome, `ok ${how} ok`, `${refusal} in answer to SUBMIT`);
      const sent = named(outcome, 'SUBMIT').length;
      context.require('DMAP-366', sent === 1, 'SUBMIT once', () => fate(outcome));
    },
  }),
  clientCase({
    id: 'keys/deleted-before-added-again',
    title: 'A client deletes a key before it adds its id again.',
    decides: ['DMAP-280'],
    given: fc.string({ unit: fc.constantFrom(...'abc019-'), minLength: 1, maxLength: 8 }),
    async check(keyId, context) {
      const outcome = await play(context, {
        steps: [
          { do: 'addkey', keyId, public: key },
          { do: 'addkey', keyId, public: otherKey, replace: true },
          { do: 'addkey', keyId, public: key },
          { do: 'getkey', keyId },
        ],
      });
      let there = false;
      for (const { name, text } of outcome.commands) {
        const again = name === 'ADDKEY' && there;
        context.require(
          'DMAP-280',
          !again,
          'DELETEKEY before ADDKEY of an id that is in the ring',
          () => `${JSON.stringify(text)}; ${fate(outcome)}`,
        );
        if (name === 'ADDKEY') there = true;
        if (name === 'DELETEKEY') there = false;
      }
      const kept = outcome.world.keys.get(keyId)?.public;
      const last = kept === undefined ? null : Buffer.from(kept).toString('base64url');
      context.require(
        'DMAP-280',
        last === otherKey,
        'the key that took the place of the first',
        () => `${last}; ${fate(outcome)}`,
      );
    },
  }),
];
