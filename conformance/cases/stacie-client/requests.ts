/** What a client sends, and in which words (sections 3.2 and 3.6 of the STACIE digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { base64url, isObject, type Members, octetsOf } from '../stacie-server/messages.js';
import { clientCase, fate, mustLogIn, plays } from './client-case.js';
import { type Outcome, type Play, play } from './play.js';

/** As a person types it: the server makes one name of it. */
const aliased: fc.Arbitrary<Play> = fc
  .tuple(
    plays,
    fc.constantFrom<(name: string) => string>(
      (name) => name.toUpperCase(),
      (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      (name) => name.replace('@', '-alias@'),
    ),
  )
  .map(([script, typed]) => ({ ...script, typed: typed(script.returned) }));

/** A member of authenticate that has to be right, whatever the others are. */
function member(
  id: string,
  row: string,
  title: string,
  given: fc.Arbitrary<Play>,
  right: (content: Members, outcome: Outcome, script: Play) => boolean,
  expected: string,
): Case {
  return clientCase({
    id: `stacie-client/authenticate/${id}`,
    title,
    decides: [row],
    given,
    async check(script, context) {
      const outcome = await play(context, script);
      const [content] = outcome.attempts;
      const holds = content !== undefined && right(content, outcome, script);
      context.require(row, holds, `authenticate with ${expected}`, () => fate(outcome));
    },
  });
}

const expectedToken = ({ derivations }: Outcome): string =>
  base64url(derivations[0]?.ephemeralLoginToken ?? new Uint8Array(0));

export const cases: readonly Case[] = [
  clientCase({
    id: 'stacie-client/login/username-alone',
    title: 'Login carries the username and nothing else.',
    decides: ['STACIE-147'],
    given: plays,
    async check(script, context) {
      const { bodies, logins } = await play(context, script);
      const [content] = logins;
      const whole = bodies[0] ?? '';
      const holds =
        content !== undefined &&
        Object.keys(content).join() === 'username' &&
        isObject(parsed(whole)) &&
        Object.keys(parsed(whole) as Members).length === 1;
      context.require('STACIE-147', holds, '{"login":{"username":...}}', JSON.stringify(whole.slice(0, 300)));
    },
  }),
  clientCase({
    id: 'stacie-client/login/username-as-typed',
    title: 'The username is sent as it was typed.',
    decides: ['STACIE-148'],
    given: aliased,
    async check(script, context) {
      const { logins } = await play(context, script);
      context.require(
        'STACIE-148',
        logins[0]?.username === script.typed,
        JSON.stringify(script.typed),
        JSON.stringify(logins[0] ?? null).slice(0, 300),
      );
    },
  }),
  clientCase({
    id: 'stacie-client/login/normalised-name-is-hashed',
    title: 'The name that the server returned is hashed, whatever was typed.',
    decides: ['STACIE-020'],
    given: aliased,
    async check(script, context) {
      await mustLogIn(
        context,
        'STACIE-020',
        script,
        `${JSON.stringify(script.typed)} typed and ${JSON.stringify(script.returned)} returned`,
      );
    },
  }),
  clientCase({
    id: 'stacie-client/login/text-in-utf-8',
    title: 'Names outside ASCII travel and are hashed in UTF-8.',
    decides: ['STACIE-009'],
    given: fc
      .tuple(plays, fc.constantFrom('é', 'ß', '中', '😀'))
      .map(([script, letters]) => ({ ...script, typed: letters + script.typed, returned: letters + script.returned })),
    async check(script, context) {
      const outcome = await mustLogIn(context, 'STACIE-009', script, JSON.stringify(script.returned));
      context.require('STACIE-009', outcome.logins[0]?.username === script.typed, 'the name in UTF-8', () =>
        fate(outcome),
      );
    },
  }),
  member(
    'ends-the-login',
    'STACIE-180',
    'The login ends with an authenticate request that carries a token of 64 octets.',
    plays,
    ({ token }, { authenticated }) => octetsOf(token)?.length === 64 && authenticated,
    'a token of 64 octets, and the login done',
  ),
  member(
    'username',
    'STACIE-181',
    'The username in authenticate is the normalised one.',
    aliased,
    ({ username }, _, { returned }) => username === returned,
    'the username that the server returned',
  ),
  member(
    'nonce',
    'STACIE-182',
    'The nonce in authenticate is the one of the server, as it was written.',
    fc.tuple(plays, fc.constantFrom(64, 96, 128, 160)).map(([script, nonce]) => ({ ...script, nonce })),
    ({ nonce }, { nonces }) => nonce === nonces[0],
    'the nonce of the server',
  ),
  member(
    'token',
    'STACIE-185',
    'The token in authenticate is the ephemeral login token.',
    plays,
    ({ token }, outcome) => token === expectedToken(outcome),
    'the ephemeral login token',
  ),
  member(
    'token-from-the-nonce',
    'STACIE-160',
    'The token is made from the verification token and the nonce, of whatever length.',
    fc.tuple(plays, fc.constantFrom(64, 128, 512, 1024)).map(([script, nonce]) => ({ ...script, nonce })),
    ({ token }, outcome) => token === expectedToken(outcome),
    'the token that follows from the nonce',
  ),
  clientCase({
    id: 'stacie-client/salts/up-to-1024',
    title: 'Salts of 64 to 1,024 octets are taken.',
    decides: ['STACIE-158'],
    mostRuns: 4,
    given: fc.tuple(plays, fc.constantFrom(64, 96, 256, 992)),
    async check([script, octets], context) {
      for (const saltOctets of [octets, 1024]) {
        await mustLogIn(context, 'STACIE-158', { ...script, saltOctets }, `a salt of ${saltOctets} octets`);
      }
    },
  }),
  clientCase({
    id: 'stacie-client/key-ring/every-serial',
    title: 'A client has each shard of a realm, whatever its serial is, for the buffers that carry it.',
    decides: ['STACIE-111'],
    given: fc
      .tuple(
        plays,
        fc.uniqueArray(fc.oneof(fc.constantFrom(0, 1, 65_535), fc.nat(65_535)), { minLength: 2, maxLength: 4 }),
        fc.array(fc.uint8Array({ minLength: 64, maxLength: 64 }), { minLength: 4, maxLength: 4 }),
      )
      .map(
        ([script, indexes, shards]): Play => ({
          ...script,
          revision: '03',
          entries: indexes.map((index, at) => ({
            label: 'mail',
            index,
            shard: base64url(shards[at] ?? new Uint8Array(64)),
          })),
        }),
      ),
    async check(script, context) {
      const { keys, said } = await mustLogIn(context, 'STACIE-111', script, 'a key ring');
      const has = script.entries.every(({ label, index, shard }) =>
        keys.some((key) => key.realm === label && key.index === index && key.shard === shard),
      );
      context.require('STACIE-111', has, JSON.stringify(script.entries).slice(0, 300), said);
    },
  }),
];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
