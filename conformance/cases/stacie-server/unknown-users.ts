/** Names that nobody has: nothing in an answer, and not its time, tells them from others (section 8.1 of revision 03). */
import { createHash } from 'node:crypto';
import type { Octets } from '../../model/stacie-derivation.js';
import type { Case } from '../case.js';
import { type Answer, base64url, isObject, octetsOf, passwordMethods, shown } from './messages.js';
import { fresh, readOffer, type Server } from './server.js';
import { serverCase } from './server-case.js';
import { telling } from './timing.js';

/** An answer with everything in it that may differ from user to user made alike: what is left must be the same. */
function form(answer: Answer): string {
  const cut = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => cut(each, ''));
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, key)]));
    if (name === 'username') return 'a username';
    if (name === 'salt' || name === 'nonce') return `a ${name} of ${String(value).length} characters`;
    return value;
  };
  return `${answer.status} ${JSON.stringify({ [String(answer.kind)]: cut(answer.content, '') })}`;
}

async function failed(server: Server, username: string): Promise<Answer> {
  const offer = await server.login(username);
  return await server.ask('authenticate', {
    username: offer.username,
    nonce: base64url(offer.nonce),
    token: base64url(fresh(64)),
  });
}

const sha512 = (...pieces: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha512');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
};

/** Salts that anybody could compute from a username. */
function guesses(username: string): Buffer[] {
  const hash = sha512(username);
  const counted = (first: number): Buffer =>
    Buffer.concat([0, 1].map((count) => sha512(username, Uint8Array.of(0, 0, first + count))));
  return [
    hash,
    Buffer.concat([hash, hash]),
    Buffer.concat([hash, sha512(hash)]),
    counted(0),
    counted(1),
    Buffer.concat([sha512(hash, Uint8Array.of(0, 0, 0)), sha512(hash, Uint8Array.of(0, 0, 1))]),
  ];
}

const startsAlike = (left: Octets, right: Octets): boolean =>
  Buffer.from(left.subarray(0, 64)).equals(right.subarray(0, 64));

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/unknown-users/login-of-the-same-form',
    title: 'A login for nobody has the members, order, lengths, bonus and hash that one for somebody has.',
    decides: ['STACIE-201'],
    async check(server, _, context) {
      const known = await server.ask('login', { username: (await server.account()).username });
      const unknown = await server.ask('login', { username: server.freshName() });
      context.require('STACIE-201', form(unknown) === form(known), form(known), form(unknown));
    },
  }),
  serverCase({
    id: 'stacie-server/unknown-users/failure-of-the-same-form',
    title: 'A failed attempt for nobody is answered as one for somebody is.',
    decides: ['STACIE-201'],
    async check(server, _, context) {
      const account = await server.account();
      const known = await failed(server, account.username);
      const unknown = await failed(server, server.freshName());
      context.require('STACIE-201', form(unknown) === form(known), form(known), form(unknown));
      await server.authenticate(account);
    },
  }),
  serverCase({
    id: 'stacie-server/unknown-users/in-the-same-time',
    title: 'A login for nobody takes as long as one for somebody.',
    decides: ['STACIE-201'],
    mostRuns: 1,
    alone: true,
    async check(server, _, context) {
      const { username } = await server.account();
      const nobody = server.freshName();
      const time = async (name: string): Promise<number> => (await server.ask('login', { username: name })).ms;
      const found = await telling(
        () => time(username),
        () => time(nobody),
      );
      context.note(`logins for a known and an unknown name: ${found.summary}`);
      context.require('STACIE-201', !found.told, 'times that do not tell known from unknown names', found.summary);
    },
  }),
  serverCase({
    id: 'stacie-server/unknown-users/salt-from-a-secret',
    title: 'A login for nobody brings the username and a salt that cannot be computed from it.',
    decides: ['STACIE-202'],
    async check(server, _, context) {
      const username = server.freshName();
      const answer = await server.ask('login', { username });
      const offer = readOffer(answer);
      const salted = (await server.login((await server.account()).username)).salt !== null;
      context.require(
        'STACIE-202',
        offer !== null && (offer.salt !== null || !salted),
        'a username and a salt',
        shown(answer),
      );
      const again = await server.ask('login', { username: offer?.username ?? username });
      context.require(
        'STACIE-202',
        passwordMethods(again)[0]?.username === offer?.username,
        'the normalised username',
        shown(answer),
      );
      const guessed =
        offer?.salt != null && guesses(offer.username).some((guess) => startsAlike(guess, offer.salt ?? guess));
      context.require(
        'STACIE-202',
        !guessed,
        'a salt that needs a secret',
        () => `a hash of the username: ${shown(answer)}`,
      );
    },
  }),
  serverCase({
    id: 'stacie-server/unknown-users/same-salt-every-time',
    title: 'A name that nobody has gets the same salt every time.',
    decides: ['STACIE-203'],
    async check(server, _, context) {
      const username = server.freshName();
      const salts: unknown[] = [];
      for (let time = 0; time < 4; time++)
        salts.push(passwordMethods(await server.ask('login', { username }))[0]?.salt);
      await failed(server, username);
      salts.push(passwordMethods(await server.ask('login', { username }))[0]?.salt);
      const [first] = salts;
      const octets = octetsOf(first)?.length ?? 0;
      context.require(
        'STACIE-203',
        salts.every((salt) => salt === first),
        'one salt',
        () => `${new Set(salts).size} salts of ${octets} octets in ${salts.length} logins`,
      );
    },
  }),
  serverCase({
    id: 'stacie-server/unknown-users/error-for-characters-not-allowed',
    title: 'A name with control characters, or of a domain that is not served, may be answered with an error.',
    decides: ['STACIE-204'],
    mostRuns: 1,
    async check(server, _, context) {
      const name = server.freshName();
      const answers = [];
      for (const username of [`a\u0000${name}`, `a\u0007b${name}`, 'a b c', `suite@${context.profile.foreignDomain}`]) {
        answers.push(await server.ask('login', { username }));
      }
      const refused = answers.filter(({ kind }) => kind === 'error').length;
      context.took('STACIE-204', refused > 0, `${refused} of ${answers.length} such names were refused`);
    },
  }),
];
