/** How accounts are made: register, recruit, enroll (section 3.4 of the STACIE digest). */
import type { Octets } from '../../model/stacie-derivation.js';
import type { Case } from '../case.js';
import { type Answer, base64url, isObject, octetsOf, shown } from './messages.js';
import { accountOf, fresh, type Server } from './server.js';
import { serverCase } from './server-case.js';

/** Octets that two random salts of 128 share at the same place. */
const mostShared = 20;

async function recruited(server: Server): Promise<{ readonly username: string; readonly salt: Octets }> {
  const { content } = await server.step('register', { username: server.freshName() }, isRecruit);
  const { username, salt } = content as { username: string; salt: string };
  return { username, salt: octetsOf(salt) ?? new Uint8Array(0) };
}

function isRecruit({ kind, content }: Answer): boolean {
  return (
    kind === 'recruit' && isObject(content) && typeof content.username === 'string' && octetsOf(content.salt) !== null
  );
}

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/accounts/register',
    title: 'A server may take `register` and answer with `recruit`: a username and a salt.',
    decides: ['STACIE-142', 'STACIE-143'],
    accounts: true,
    mostRuns: 2,
    async check(server, _, context) {
      const answer = await server.ask('register', { username: server.freshName() });
      context.took('STACIE-142', answer.kind !== null && answer.kind !== 'error', shown(answer).slice(0, 80));
      context.took('STACIE-143', isRecruit(answer), shown(answer).slice(0, 80));
    },
  }),
  serverCase({
    id: 'stacie-server/accounts/enroll-after-recruit',
    title: 'An enroll with the salt of its recruit may be taken; one without a recruit, or with another salt, is not.',
    decides: ['STACIE-144'],
    accounts: true,
    mostRuns: 3,
    async check(server, _, context) {
      const { username, salt } = await recruited(server);
      const enroll = async (name: string, given: Octets): Promise<Answer> =>
        await server.ask('enroll', {
          username: name,
          salt: base64url(given),
          'verification-token': base64url(accountOf(name, given, fresh(64)).verificationToken),
        });
      for (const [name, given] of [
        [server.freshName(), salt],
        [username, fresh(128)],
      ] as const) {
        const answer = await enroll(name, given);
        context.require(
          'STACIE-144',
          answer.kind === 'error',
          'an enroll without its recruit to be refused',
          shown(answer),
        );
      }
      const answer = await enroll(username, salt);
      const taken = answer.kind !== null && answer.kind !== 'error';
      if (taken)
        context.follows(
          'stacie-enroll-answer',
          answer.kind === 'methods' ? 'a login response' : `another answer, ${answer.kind}`,
        );
      context.took('STACIE-144', taken, shown(answer).slice(0, 80));
    },
  }),
  serverCase({
    id: 'stacie-server/accounts/taken-names',
    title: 'A server may answer `register` for a name that is taken, and a second `enroll`, with an error.',
    decides: ['STACIE-145'],
    accounts: true,
    mostRuns: 2,
    async check(server, _, context) {
      const { username } = await server.enrolled();
      const answer = await server.ask('register', { username });
      context.took('STACIE-145', answer.kind === 'error', shown(answer).slice(0, 80));
    },
  }),
  serverCase({
    id: 'stacie-server/accounts/salts-of-their-own',
    title: 'Every name has a salt of its own.',
    decides: ['STACIE-156'],
    mostRuns: 2,
    async check(server, _, context) {
      const salts = new Map<string, string>();
      for (const username of [(await server.account()).username, server.freshName(), server.freshName()]) {
        const { salt } = await server.login(username);
        if (salt === null) continue;
        const other = salts.get(base64url(salt));
        context.require(
          'STACIE-156',
          other === undefined,
          'another salt for each name',
          `one salt for ${other} and ${username}`,
        );
        salts.set(base64url(salt), username);
      }
      context.require('STACIE-156', salts.size > 0, 'salts', 'none');
    },
  }),
  serverCase({
    id: 'stacie-server/accounts/random-salts',
    title: 'The salts of two new accounts share no more octets than chance gives them.',
    decides: ['STACIE-205'],
    accounts: true,
    mostRuns: 3,
    async check(server, _, context) {
      const [one, other] = [await recruited(server), await recruited(server)];
      const shared = one.salt.reduce((count, octet, at) => count + (other.salt[at] === octet ? 1 : 0), 0);
      context.require(
        'STACIE-205',
        shared < mostShared,
        'random salts',
        `${shared} octets of ${one.salt.length} alike in two salts`,
      );
    },
  }),
];
