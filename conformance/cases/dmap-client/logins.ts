/** AUTHENTICATE as the client does it (section 2.3 of the DMAP digest, DMAP-I-28 to DMAP-I-30). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { isObject } from '../stacie-server/messages.js';
import { clientCase, fate, mustEnd, named, once } from './client-case.js';
import { askingForLogin, login, type Outcome, play, type Step } from './stage.js';

const authenticate: Step = { do: 'authenticate', ...login };
const noop: Step = { do: 'noop' };

const names = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnop'), minLength: 1, maxLength: 8 });
const passwords = fc.string({ unit: fc.constantFrom(...'abcXYZ019-+ü'), minLength: 24, maxLength: 30 });
const people = fc.record({ username: names.map((name) => `${name}@example.tld`), password: passwords });

/** What the client said in the exchange: the initial response, if there was one, and its lines. */
function said(outcome: Outcome): string[] {
  const [, , , initial] = named(outcome, 'AUTHENTICATE')[0]?.text.trimEnd().split(' ') ?? [];
  return [...(initial === undefined ? [] : [initial]), ...outcome.sasl];
}

const padded = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const unpadded = /^[A-Za-z0-9+/]*$/;

/** Challenges that nobody can go on with. */
const unusable: readonly (readonly [string, string])[] = [
  ['no base64', '!!!not base64!!!'],
  ['no JSON', Buffer.from('{"methods":').toString('base64')],
  ['no methods', Buffer.from('{"methods":[]}').toString('base64')],
  [
    'a required method that nobody knows',
    Buffer.from('{"methods":[{"otp":{"disposition":"required"}}]}').toString('base64'),
  ],
  [
    'a nonce of 3 octets',
    Buffer.from('{"methods":[{"password":{"username":"ann@example.tld","nonce":"AAAA"}}]}').toString('base64'),
  ],
];

/** The capabilities of before the login, and those of after it, when a security layer may have changed them. */
const before = ['DMAP=TRUSTFUL', 'AUTH=STACIE', 'LITERAL+', 'CONDSTORE', 'IDLE'] as const;
const after = ['DMAP=TRUSTFUL'] as const;

export const cases: readonly Case[] = [
  clientCase({
    id: 'login/by-stacie',
    title: 'A client logs in by the mechanism STACIE, and proves the password.',
    decides: ['DMAP-187'],
    given: people,
    async check(person, context) {
      const right = await play(context, {
        ...askingForLogin(),
        login: person,
        steps: [
          { do: 'authenticate', ...person },
          { do: 'select', mailbox: 'INBOX' },
        ],
      });
      const told = right.steps[0]?.authenticated === true;
      mustEnd(context, 'DMAP-187', right, 'ok ok', 'a login by STACIE');
      context.require('DMAP-187', told, 'to be authenticated', () => fate(right));
      const wrong = await play(context, {
        ...askingForLogin(),
        login: { ...person, password: `${person.password}.` },
        steps: [{ do: 'authenticate', ...person }, noop],
      });
      const refused = wrong.steps[0]?.authenticated !== true && wrong.steps[0]?.status !== 'ok';
      context.require('DMAP-187', refused, 'not to be authenticated with another password', () => fate(wrong));
    },
  }),
  clientCase({
    id: 'login/initial-response',
    title:
      'An initial response is base64 behind the mechanism; without one, the login begins in answer to a challenge.',
    decides: ['DMAP-178'],
    given: people,
    async check(person, context) {
      const outcome = await play(context, {
        ...askingForLogin(),
        login: person,
        steps: [{ do: 'authenticate', ...person }],
      });
      const [heard] = named(outcome, 'AUTHENTICATE');
      const right = heard?.command?.name === 'AUTHENTICATE' && heard.command.mechanism === 'STACIE';
      context.require('DMAP-178', right, 'AUTHENTICATE STACIE, with base64 or nothing behind it', () => fate(outcome));
      const [first = ''] = said(outcome);
      context.require(
        'DMAP-178',
        usernameIn(first) === person.username,
        `the login of ${person.username} first`,
        first,
      );
    },
  }),
  clientCase({
    id: 'login/answers-in-base64',
    title: 'Each challenge is answered with one line of base64.',
    decides: ['DMAP-181'],
    given: people,
    async check(person, context) {
      const outcome = await play(context, {
        ...askingForLogin(),
        login: person,
        steps: [{ do: 'authenticate', ...person }, noop],
      });
      const lines = said(outcome);
      context.require('DMAP-181', lines.length >= 2, 'answers to the challenges', () => fate(outcome));
      for (const line of outcome.sasl) {
        context.require(
          'DMAP-181',
          padded.test(line) || unpadded.test(line),
          'a line of base64',
          JSON.stringify(line.slice(0, 200)),
        );
      }
      const bare = outcome.sasl.some((line) => !padded.test(line));
      context.follows('dmap-base64-padding', bare ? 'sent without padding' : 'sent with padding');
      mustEnd(context, 'DMAP-181', outcome, 'ok ok', 'a login, and a command behind it');
    },
  }),
  clientCase({
    id: 'login/cancelled-by-an-asterisk',
    title: 'A client that gives the exchange up sends one asterisk in place of an answer, and the connection goes on.',
    decides: ['DMAP-182'],
    mostRuns: unusable.length,
    given: fc.constantFrom(...unusable),
    async check([what, challenge], context) {
      const outcome = await play(context, {
        ...askingForLogin(),
        steps: [authenticate, noop],
        loginRules: { challenge: (right, step) => (step === 'methods' ? challenge : right) },
      });
      const last = outcome.sasl.at(-1);
      context.require(
        'DMAP-182',
        last === '*',
        `one asterisk in answer to ${what}`,
        () => `${JSON.stringify(last ?? null)}; ${fate(outcome)}`,
      );
      const authenticated = outcome.steps[0]?.authenticated === true;
      const goesOn = named(outcome, 'NOOP').length === 1 && outcome.steps[1]?.status === 'ok';
      context.require('DMAP-182', goesOn && !authenticated, 'no login, and the connection to go on', () =>
        fate(outcome),
      );
    },
  }),
  clientCase({
    id: 'login/capabilities-anew',
    title:
      'Where the OK of a login tells no capabilities, as after a security layer, those of before count for nothing more.',
    decides: ['DMAP-197'],
    ...once,
    async check(_, context) {
      const message = Buffer.from('any octets').toString('base64url');
      const outcome = await play(context, {
        ...askingForLogin(before),
        capabilities: after,
        steps: [
          authenticate,
          { do: 'append', mailbox: 'INBOX', message, anyFormat: true },
          { do: 'select', mailbox: 'INBOX' },
          { do: 'wait', milliseconds: 5 },
        ],
      });
      const from = outcome.commands.findIndex(({ name }) => name === 'AUTHENTICATE') + 1;
      context.require('DMAP-197', from > 0, 'a login', () => fate(outcome));
      const later = outcome.commands.slice(from);
      const ahead = later.filter(({ text, name }) => /\{\d+\+\}\r\n/.test(text) || name === 'IDLE');
      context.require(
        'DMAP-197',
        ahead.length === 0,
        'the capabilities to be asked for before an extension is used',
        () => fate(outcome),
      );
      context.note(`DMAP-197: CAPABILITY ${named(outcome, 'CAPABILITY').length > 0 ? 'was' : 'was not'} sent`);
    },
  }),
];

function usernameIn(line: string): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(line, 'base64').toString('utf8'));
    return isObject(value) && isObject(value.login) ? value.login.username : null;
  } catch {
    return null;
  }
}
