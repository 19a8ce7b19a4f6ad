/** How a client begins: TLS, whom it believes, and the greeting (sections 1.2 and 1.3 of the DMAP digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { makeServerCertificate } from '../../target/hostile-certificate.js';
import type { Case } from '../case.js';
import { clientCase, fate, mustEnd, named, once, statuses } from './client-case.js';
import { announcing, askingForLogin, login, type Outcome, play, type Step } from './stage.js';

/** A handshake record of TLS, which begins a ClientHello. */
const handshakeRecord = /^\x16\x03[\x00-\x04]/;
/** For a client to say something, if it ever does. */
const listenMs = 150;

const steps: readonly Step[] = [{ do: 'noop' }, { do: 'select', mailbox: 'INBOX' }];

/** Whom nobody should believe for 127.0.0.1. */
const strangers = {
  'of an authority that nobody knows': () => makeServerCertificate(['127.0.0.1']),
  'for another name': () => makeServerCertificate(['dmap.other.example']),
  'that has ended': () => makeServerCertificate(['127.0.0.1'], -1),
} as const;

/** Each is made once. */
const made = new Map<string, ReturnType<typeof makeServerCertificate>>();

/** A client that stays away has shown nothing. */
function mustConnect(context: CaseContext, row: string, outcome: Outcome): void {
  context.require(row, outcome.server.connections > 0, 'the client to connect', () => fate(outcome));
}

/** Which wrong certificates the client believes: one of nobody known, for another name, or of the past (DMAP-I-02). */
async function noteBelief(context: CaseContext): Promise<void> {
  const believed: string[] = [];
  for (const [kind, make] of Object.entries(strangers)) {
    const trusted = kind !== 'of an authority that nobody knows';
    const certificate = made.get(kind) ?? make();
    made.set(kind, certificate);
    const outcome = await play(context, { steps, certificate: await certificate, trusted });
    mustConnect(context, 'DMAP-003', outcome);
    if (outcome.commands.length > 0 || outcome.rest !== '') believed.push(kind);
  }
  const observed =
    believed.length === 0 ? 'wrong certificates are refused' : `believed: one ${believed.join(', one ')}`;
  context.follows('dmap-server-identity', observed);
}

export const cases: readonly Case[] = [
  clientCase({
    id: 'tls/from-the-first-octet',
    title: 'The first octets of a client are a ClientHello.',
    decides: ['DMAP-010'],
    ...once,
    async check(_, context) {
      let first = '';
      const outcome = await play(context, {
        steps,
        clear: true,
        serve: async (peer) => {
          first = await peer.quiet(listenMs);
          peer.end();
        },
      });
      context.require('DMAP-010', handshakeRecord.test(first), 'a TLS handshake from the first octet on', () =>
        JSON.stringify(first.slice(0, 100) || fate(outcome)),
      );
    },
  }),
  clientCase({
    id: 'tls/nothing-in-clear-text',
    title: 'A server that greets in clear text is believed nothing, and told nothing.',
    decides: ['DMAP-003'],
    mostRuns: 2,
    given: fc.constantFrom('* PREAUTH [CAPABILITY DMAP=TRUSTFUL] Good day.\r\n', '* OK Good day.\r\n'),
    async check(greeting, context) {
      let said = '';
      const outcome = await play(context, {
        steps: [...steps, { do: 'authenticate', ...login }],
        clear: true,
        serve: async (peer) => {
          peer.say(greeting);
          said = await peer.quiet(listenMs);
          peer.end();
        },
      });
      mustConnect(context, 'DMAP-003', outcome);
      const spoke = said !== '' && !handshakeRecord.test(said);
      context.require('DMAP-003', !spoke, 'no DMAP to be sent in clear text', () => JSON.stringify(said.slice(0, 200)));
      context.require('DMAP-003', !/\bok\b/.test(statuses(outcome)), 'no step to be done in clear text', () =>
        fate(outcome),
      );
      await noteBelief(context);
    },
  }),
  clientCase({
    id: 'greeting/ok-asks-for-a-login',
    title: 'OK in the greeting leads to the state before authentication: the client can log in.',
    decides: ['DMAP-094'],
    mostRuns: 2,
    given: fc.constantFrom(askingForLogin().greeting, '* OK\r\n', '* ok Good day.\r\n'),
    async check(greeting, context) {
      const all = [{ do: 'noop' }, { do: 'authenticate', ...login }, ...steps];
      const outcome = await play(context, { steps: all, greeting });
      mustEnd(context, 'DMAP-094', outcome, 'ok ok ok ok', `a login after ${JSON.stringify(greeting)}`);
    },
  }),
  clientCase({
    id: 'greeting/preauth-asks-for-none',
    title: 'PREAUTH in the greeting leads to the state after authentication: commands are sent without a login.',
    decides: ['DMAP-094'],
    mostRuns: 2,
    given: fc.constantFrom(announcing('DMAP=CAUTIOUS').greeting, '* PREAUTH You are ann.\r\n', '* preauth x\r\n'),
    async check(greeting, context) {
      const outcome = await play(context, { steps, greeting });
      mustEnd(context, 'DMAP-094', outcome, 'ok ok', `commands after ${JSON.stringify(greeting)}`);
      const logins = named(outcome, 'AUTHENTICATE');
      context.require('DMAP-094', logins.length === 0, 'no AUTHENTICATE after PREAUTH', () => fate(outcome));
    },
  }),
  clientCase({
    id: 'greeting/bye-ends-it',
    title: 'BYE in the greeting is the end: nothing is sent after it.',
    decides: ['DMAP-094'],
    mostRuns: 2,
    given: fc.constantFrom('* BYE Not today.\r\n', '* bye [XBUSY] Later.\r\n'),
    async check(greeting, context) {
      let said = '';
      const outcome = await play(context, {
        steps: [...steps, { do: 'authenticate', ...login }],
        serve: async (peer) => {
          peer.say(greeting);
          said = await peer.quiet(listenMs);
          peer.end();
        },
      });
      mustConnect(context, 'DMAP-094', outcome);
      context.require(
        'DMAP-094',
        said === '' && !/\bok\b/.test(statuses(outcome)),
        'nothing to be sent after BYE',
        () => (said === '' ? fate(outcome) : JSON.stringify(said.slice(0, 200))),
      );
    },
  }),
];
