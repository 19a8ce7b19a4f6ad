/** What a client keeps to itself, and what it uses once (section 3.6 of the STACIE digest). */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Derivation, Octets } from '../../model/stacie-derivation.js';
import type { Case } from '../case.js';
import { telling } from '../stacie-server/timing.js';
import { clientCase, fate, plays } from './client-case.js';
import { type Outcome, type Play, play } from './play.js';

/** However it is written. */
function isOn(wire: string, secret: Octets): boolean {
  const octets = Buffer.from(secret);
  const forms = [octets.toString('base64url'), octets.toString('base64').replace(/=+$/, ''), octets.toString('hex')];
  const lower = wire.toLowerCase();
  return forms.some((form) => wire.includes(form)) || lower.includes(octets.toString('hex'));
}

const leaks = ({ wire, derivations }: Outcome, name: 'masterKey' | 'passwordKey' | 'verificationToken'): boolean =>
  derivations.some((derivation: Derivation) => isOn(wire, derivation[name]));

/** Roads on which a client may be led astray. */
const roads: fc.Arbitrary<Play> = fc
  .tuple(
    plays,
    fc.constantFrom<(script: Play) => Partial<Play>>(
      () => ({}),
      () => ({ refusals: 1 }),
      () => ({ refusals: 9 }),
      () => ({ text: () => ({ body: '{"error":"The password, please."}' }) }),
    ),
  )
  .map(([script, change]) => ({ ...script, ...change(script) }));

export const cases: readonly Case[] = [
  clientCase({
    id: 'stacie-client/secrets/stay',
    title: 'Neither password, master key, password key nor verification token goes over the wire in a login.',
    decides: ['STACIE-067', 'STACIE-070', 'STACIE-080'],
    mostRuns: 6,
    given: roads,
    async check(script, context) {
      const outcome = await play(context, script);
      context.require('STACIE-067', !leaks(outcome, 'masterKey'), 'the master key to stay', () =>
        outcome.wire.slice(0, 600),
      );
      const kept = !leaks(outcome, 'passwordKey') && !outcome.wire.includes(script.password);
      context.require('STACIE-070', kept, 'password and password key to stay', () => outcome.wire.slice(0, 600));
      context.require('STACIE-080', !leaks(outcome, 'verificationToken'), 'the verification token to stay', () =>
        outcome.wire.slice(0, 600),
      );
    },
  }),
  clientCase({
    id: 'stacie-client/tokens/one-for-each-session',
    title: 'Each login has a token of its own.',
    decides: ['STACIE-089'],
    mostRuns: 2,
    given: plays.map((script): Play => ({ ...script, revision: '03' })),
    async check(script, context) {
      const [one, other] = [await play(context, script), await play(context, script)];
      const tokens = [...one.attempts, ...other.attempts].map(({ token }) => token);
      context.require(
        'STACIE-089',
        tokens.length >= 2 && new Set(tokens).size === tokens.length,
        'another token in the second login',
        () => `${fate(one)}; then ${fate(other)}`,
      );
    },
  }),
  clientCase({
    id: 'stacie-client/nonces/not-twice',
    title: 'A nonce that the client has used, in this login or in one before, is not used again.',
    decides: ['STACIE-183'],
    mostRuns: 2,
    given: plays,
    async check(script, context) {
      const nonce = new Uint8Array(randomBytes(128));
      const [one, other] = [await play(context, { ...script, nonce }), await play(context, { ...script, nonce })];
      const sent = one.attempts.length + other.attempts.length;
      context.require(
        'STACIE-183',
        sent <= 1 && !other.authenticated,
        'the nonce to be used once',
        () => `${fate(one)}; then ${fate(other)}`,
      );
    },
  }),
  clientCase({
    id: 'stacie-client/nonces/new-one-to-try-again',
    title: 'After a failed attempt a client tries again with the new nonce, if it tries again.',
    decides: ['STACIE-184'],
    given: fc.tuple(plays, fc.integer({ min: 1, max: 3 })).map(([script, refusals]) => ({ ...script, refusals })),
    async check(script, context) {
      const outcome = await play(context, script);
      const used = outcome.attempts.map(({ nonce }) => nonce);
      context.require(
        'STACIE-184',
        used.length > 0 && new Set(used).size === used.length,
        'another nonce in each attempt',
        () => fate(outcome),
      );
    },
  }),
  clientCase({
    id: 'stacie-client/timing/hides-the-length',
    title: 'The time between login and authenticate does not tell a short password from a long one.',
    decides: ['STACIE-207'],
    mostRuns: 1,
    alone: true,
    // One verdict takes dozens of logins: there is nothing to be won by trying smaller names.
    given: fc.noShrink(plays),
    async check(script, context) {
      const time = async (password: string): Promise<number> => {
        const outcome = await play(context, { ...script, password });
        return outcome.pauseMs ?? 0;
      };
      const short = script.password.slice(0, 12);
      const plan = { warmUp: 1, batch: 5, batches: 3, tellingMs: 4 };
      const found = await telling(
        () => time(short),
        () => time(script.password),
        plan,
      );
      context.note(`passwords of 12 and of ${script.password.length} characters: ${found.summary}`);
      context.require('STACIE-207', !found.told, 'times that do not tell 12 characters from more', found.summary);
    },
  }),
];
