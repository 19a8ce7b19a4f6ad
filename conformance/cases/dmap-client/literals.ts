/** When a client sends the octets of a literal (sections 1.2 and 6.7 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate, items, mailboxAfter, mustEnd, named, once } from './client-case.js';
import { messages, namesBeyondAscii } from './commands.js';
import type { Offer } from './heard.js';
import { announcing, play, type Step } from './stage.js';
import { anything } from './unasked.js';
import { boxOf } from './world.js';

/** For octets to come that do not wait. */
const listenMs = 60;

const append = (message: string, more: Partial<Step> = {}): Step => ({
  do: 'append',
  mailbox: 'INBOX',
  message,
  ...more,
});

/** What came while the server had said nothing, at each literal. */
interface Early {
  readonly offer: Offer;
  readonly octets: string;
}

const told = (early: readonly Early[]): string =>
  early
    .filter(({ octets }) => octets !== '')
    .map(
      ({ offer, octets }) =>
        `behind ${JSON.stringify(offer.text.slice(-60))} came ${JSON.stringify(octets.slice(0, 60))}`,
    )
    .join('; ');

export const cases: readonly Case[] = [
  clientCase({
    id: 'literals/wait-for-the-server',
    title: 'The octets of a literal come only behind a continuation request.',
    decides: ['DMAP-116'],
    given: messages,
    async check(message, context) {
      const early: Early[] = [];
      const outcome = await play(context, {
        steps: [append(message)],
        offer: async (offer, peer) => {
          early.push({ offer, octets: await peer.quiet(listenMs) });
          if (!offer.nonSync) peer.say('+ Go on.\r\n');
          return true;
        },
      });
      context.require('DMAP-116', early.length > 0, 'a literal', () => fate(outcome));
      const waited = early.every(({ offer, octets }) => octets === '' && !offer.nonSync);
      context.require('DMAP-116', waited, 'to wait for the continuation request', () => told(early) || fate(outcome));
      mustEnd(context, 'DMAP-116', outcome, 'ok', 'APPEND');
    },
  }),
  clientCase({
    id: 'literals/each-waits-for-its-own',
    title: 'Each literal of a command waits for a continuation request of its own, whatever else the server says.',
    decides: ['DMAP-448'],
    given: fc.tuple(namesBeyondAscii, messages, fc.array(anything, { minLength: 1, maxLength: 3 })),
    async check([mailbox, message, lines], context) {
      const early: Early[] = [];
      const outcome = await play(context, {
        steps: [{ do: 'create', mailbox }, append(message, { mailbox })],
        offer: async (offer, peer) => {
          if (offer.name === 'APPEND') {
            peer.say(lines.map((line) => `${line}\r\n`).join(''));
            early.push({ offer, octets: await peer.quiet(listenMs) });
          }
          if (!offer.nonSync) peer.say('+ Go on.\r\n');
          return true;
        },
      });
      context.require('DMAP-448', early.length > 0, 'literals in APPEND', () => fate(outcome));
      const waited = early.every(({ offer, octets }) => octets === '' && !offer.nonSync);
      context.require(
        'DMAP-448',
        waited,
        'no octets of a literal before the server expects them',
        () => told(early) || fate(outcome),
      );
      mustEnd(context, 'DMAP-448', outcome, 'ok ok', 'CREATE and APPEND');
    },
  }),
  clientCase({
    id: 'literals/of-no-octets-wait-too',
    title: 'Behind the count 0 too, the rest of a command comes only after a continuation request.',
    decides: ['DMAP-119'],
    ...once,
    async check(_, context) {
      const early: Early[] = [];
      const outcome = await play(context, {
        steps: [append('', { anyFormat: true })],
        offer: async (offer, peer) => {
          early.push({ offer, octets: await peer.quiet(listenMs) });
          if (!offer.nonSync) peer.say('+ Go on.\r\n');
          return true;
        },
      });
      context.require('DMAP-119', outcome.commands.length > 0, 'commands', () => fate(outcome));
      const waited = early.every(({ offer, octets }) => octets === '' && !offer.nonSync);
      context.require('DMAP-119', waited, 'to wait behind the count 0', () => told(early) || fate(outcome));
      if (early.length === 0) context.note('DMAP-119: the client does not append a message of no octets');
      else mustEnd(context, 'DMAP-119', outcome, 'ok', 'APPEND of no octets');
    },
  }),
  clientCase({
    id: 'literals/refused',
    title: 'When BAD or NO comes in place of the continuation request, no more of that command is sent.',
    decides: ['DMAP-023'],
    given: fc.tuple(messages, fc.constantFrom('BAD Not so.', 'NO [LIMIT] Too much.', 'BAD [TRYCREATE] No.')),
    async check([message, refusal], context) {
      let after = '';
      const outcome = await play(context, {
        steps: [append(message), { do: 'noop' }],
        offer: async ({ tag }, peer) => {
          peer.say(`${tag} ${refusal}\r\n`);
          after = await peer.quiet(listenMs);
          return false;
        },
      });
      const [, second] = outcome.commands;
      const goesOn = second !== undefined && second.name === 'NOOP' && second.command !== null;
      context.require(
        'DMAP-023',
        goesOn,
        `NOOP alone behind ${refusal}`,
        () => `${JSON.stringify(after.slice(0, 100))}; ${fate(outcome)}`,
      );
      mustEnd(context, 'DMAP-023', outcome, `${refusal.startsWith('BAD') ? 'bad' : 'no'} ok`, refusal);
    },
  }),
  clientCase({
    id: 'literals/other-responses-first',
    title: 'A client that waits for a continuation request takes other responses for what they are, and waits on.',
    decides: ['DMAP-024'],
    given: fc.tuple(messages, fc.array(anything, { minLength: 1, maxLength: 4 }), fc.nat(listenMs)),
    async check([message, lines, pauseMs], context) {
      const outcome = await play(context, {
        steps: [{ do: 'select', mailbox: 'INBOX' }, append(message, { mailbox: 'Sent' }), { do: 'view' }],
        boxes: () => ({ INBOX: boxOf([1, 2, 3]), Sent: boxOf([1, 2, 3]) }),
        offer: async (_, peer) => {
          peer.say([...lines, '* 5 EXISTS', '* 2 FETCH (FLAGS (\\Answered))'].map((line) => `${line}\r\n`).join(''));
          await peer.quiet(pauseMs);
          peer.say('+ Go on.\r\n');
          return true;
        },
      });
      mustEnd(context, 'DMAP-024', outcome, 'ok ok ok', 'APPEND with responses before the continuation request');
      const { exists } = mailboxAfter(outcome, 1);
      const flags = items(outcome, 2, 'FLAGS').get(2)?.flags;
      const processed = exists === 5 && JSON.stringify(flags) === '["\\\\Answered"]';
      context.require(
        'DMAP-024',
        processed,
        '5 messages, and the second with \\Answered',
        () => `${String(exists)} messages, the second with ${JSON.stringify(flags)}`,
      );
    },
  }),
  clientCase({
    id: 'literals/whole-command-first',
    title: 'A command is sent whole, with all its literals, before another one begins.',
    decides: ['DMAP-025'],
    given: fc.tuple(fc.array(messages, { minLength: 2, maxLength: 3 }), namesBeyondAscii),
    async check([several, mailbox], context) {
      const steps = [
        { do: 'create', mailbox },
        ...several.flatMap((message) => [append(message, { mailbox }), { do: 'noop' }]),
      ];
      const outcome = await play(context, {
        steps,
        offer: async (_, peer) => {
          await peer.quiet(10);
          peer.say('+ Go on.\r\n');
          return true;
        },
      });
      const appended = named(outcome, 'APPEND').map(({ framed }) => framed.literals.at(-1) ?? new Uint8Array(0));
      const whole =
        appended.length === several.length &&
        several.every((message, index) => Buffer.from(appended[index] ?? []).toString('base64url') === message) &&
        outcome.commands.every(({ command }) => command !== null);
      context.require('DMAP-025', whole, 'each command whole before the next', () => fate(outcome));
    },
  }),
  clientCase({
    id: 'literals/rest-of-the-command',
    title: 'Behind a literal comes the rest of the command, a space before each further argument, and CR LF.',
    decides: ['DMAP-449'],
    given: fc.tuple(namesBeyondAscii, namesBeyondAscii, messages),
    async check([from, to, message], context) {
      const steps: Step[] = [
        { do: 'create', mailbox: from },
        { do: 'rename', from, to },
        append(message, { mailbox: to, flags: ['\\Seen'] }),
        { do: 'status', mailbox: to, items: ['MESSAGES'] },
      ];
      const outcome = await play(context, { steps });
      const whole = outcome.commands.filter(({ command, name }) => command !== null && name !== 'LOGOUT');
      context.require(
        'DMAP-449',
        whole.length === steps.length,
        'literals with the rest of the command behind them',
        () => fate(outcome),
      );
      mustEnd(context, 'DMAP-449', outcome, 'ok ok ok ok', 'commands with literals in their middle');
    },
  }),
  clientCase({
    id: 'literals/ahead-where-announced',
    title: 'Where LITERAL+ was announced, a literal that does not wait is marked so; without the mark it waits.',
    decides: ['DMAP-116'],
    mostRuns: 2,
    given: messages,
    async check(message, context) {
      const early: Early[] = [];
      const outcome = await play(context, {
        ...announcing('DMAP=TRUSTFUL', 'LITERAL+'),
        steps: [append(message), { do: 'noop' }],
        offer: async (offer, peer) => {
          if (offer.nonSync) return true;
          early.push({ offer, octets: await peer.quiet(listenMs) });
          peer.say('+ Go on.\r\n');
          return true;
        },
      });
      context.require(
        'DMAP-116',
        early.every(({ octets }) => octets === ''),
        'a literal without a plus sign to wait',
        () => told(early),
      );
      mustEnd(context, 'DMAP-116', outcome, 'ok ok', 'APPEND with LITERAL+ announced');
    },
  }),
];
