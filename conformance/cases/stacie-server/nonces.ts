/** Nonces: fresh, bound to a username, and spent by the first request that names them (section 3.5 of the STACIE digest). */
import fc from 'fast-check';
import type { Octets } from '../../model/stacie-derivation.js';
import type { Case } from '../case.js';
import { base64url, shown } from './messages.js';
import { fresh, readOffer } from './server.js';
import { serverCase } from './server-case.js';

/** Octets that two random nonces of 128 share at the same place: half a one on average, 20 never. */
const mostShared = 20;
/** Failed attempts until the case believes that there is no limit. */
const attempts = 60;

function shared(left: Octets, right: Octets): number {
  return left.reduce((count, octet, at) => count + (right[at] === octet ? 1 : 0), 0);
}

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/nonces/fresh-and-random',
    title: 'Two nonces share no more octets than chance gives them.',
    decides: ['STACIE-032'],
    mostRuns: 3,
    async check(server, _, context) {
      const account = await server.account();
      const nonces: Octets[] = [];
      for (let time = 0; time < 8; time++) nonces.push((await server.login(account.username)).nonce);
      for (const [at, nonce] of nonces.entries()) {
        for (const earlier of nonces.slice(0, at)) {
          const count = shared(nonce, earlier);
          context.require(
            'STACIE-032',
            count < mostShared,
            'random nonces',
            () => `${count} octets of ${nonce.length} alike in two nonces`,
          );
        }
      }
    },
  }),
  serverCase({
    id: 'stacie-server/nonces/one-for-each-attempt',
    title: 'Each login and each failed attempt bring a nonce that was not given before.',
    decides: ['STACIE-162'],
    revision: '03',
    async check(server, _, context) {
      const account = await server.account();
      const first = await server.login(account.username);
      const second = await server.login(account.username);
      const failed = await server.ask('authenticate', {
        username: account.username,
        nonce: base64url(second.nonce),
        token: base64url(fresh(64)),
      });
      const third = readOffer(failed);
      const nonces = [first, second, ...(third === null ? [] : [third])].map(({ nonce }) => base64url(nonce));
      context.require('STACIE-162', new Set(nonces).size === nonces.length, 'another nonce each time', shown(failed));
      await server.authenticate(account);
    },
  }),
  serverCase({
    id: 'stacie-server/nonces/validated-once',
    title: 'A nonce with the right token is taken once.',
    decides: ['STACIE-161'],
    revision: '00',
    async check(server, _, context) {
      const account = await server.account();
      const proof = await server.prove(account);
      await server.step('authenticate', proof, (answer) => server.succeeded(answer));
      const again = await server.ask('authenticate', proof);
      context.require('STACIE-161', !server.succeeded(again), 'the second attempt with a nonce to fail', shown(again));
      await server.authenticate(account);
    },
  }),
  serverCase({
    id: 'stacie-server/nonces/spent-unknown-or-of-another',
    title: 'A nonce that was spent, was never given, or was given for another username fails as a wrong token does.',
    decides: ['STACIE-183'],
    given: fc.constantFrom('spent' as const, 'unknown' as const, 'of another username' as const),
    async check(server, kind, context) {
      const account = await server.account();
      const { username } = account;
      let nonce: Octets;
      if (kind === 'unknown') nonce = fresh(128);
      else if (kind === 'of another username') nonce = (await server.login(server.freshName())).nonce;
      else {
        nonce = (await server.login(username)).nonce;
        const proof = { username, nonce: base64url(nonce), token: base64url(server.tokenFor(account, nonce)) };
        await server.step('authenticate', proof, (answer) => server.succeeded(answer));
      }
      const token = base64url(server.tokenFor(account, nonce));
      const answer = await server.ask('authenticate', { username, nonce: base64url(nonce), token });
      const wrong = await server.login(username);
      const failed = await server.ask('authenticate', {
        username,
        nonce: base64url(wrong.nonce),
        token: base64url(fresh(64)),
      });
      context.require('STACIE-183', !server.succeeded(answer), `a nonce that is ${kind} to fail`, shown(answer));
      context.require(
        'STACIE-183',
        answer.kind === failed.kind,
        `the answer to a wrong token, ${shown(failed)}`,
        shown(answer),
      );
      await server.authenticate(account);
    },
  }),
  serverCase({
    id: 'stacie-server/nonces/spent-by-failure',
    title: 'A wrong token, and a malformed request from which the nonce can be read, spend the nonce.',
    decides: ['STACIE-191'],
    revision: '03',
    given: fc.constantFrom('wrong token' as const, 'no token' as const),
    async check(server, kind, context) {
      const account = await server.account();
      const { username, nonce, token } = await server.prove(account);
      const failing = kind === 'wrong token' ? { username, nonce, token: base64url(fresh(64)) } : { username, nonce };
      await server.step('authenticate', failing, (answer) => !server.succeeded(answer));
      const answer = await server.ask('authenticate', { username, nonce, token });
      context.require(
        'STACIE-191',
        !server.succeeded(answer),
        `the nonce to be spent by a request with ${kind}`,
        shown(answer),
      );
      await server.authenticate(account);
    },
  }),
  serverCase({
    id: 'stacie-server/nonces/another-attempt-offered',
    title: 'A failed attempt is answered with a login response and a new nonce that serves, or with an error.',
    decides: ['STACIE-190'],
    revision: '03',
    async check(server, _, context) {
      const account = await server.account();
      const { username, nonce } = await server.prove(account);
      const failed = await server.ask('authenticate', { username, nonce, token: base64url(fresh(64)) });
      const offer = readOffer(failed);
      const renewed = offer !== null && base64url(offer.nonce) !== nonce;
      context.require(
        'STACIE-190',
        failed.kind === 'error' || renewed,
        'methods with a new nonce, or error',
        shown(failed),
      );
      if (offer === null) {
        context.note('a wrong token is answered with an error at once: no other attempt is offered');
      } else {
        const token = base64url(server.tokenFor(account, offer.nonce));
        const answer = await server.ask('authenticate', { username, nonce: base64url(offer.nonce), token });
        context.require('STACIE-190', server.succeeded(answer), 'the offered nonce to serve', shown(answer));
      }
    },
  }),
  serverCase({
    id: 'stacie-server/nonces/attempts-run-out',
    title: `After many failed attempts, ${attempts} at most, the server may answer with an error.`,
    decides: ['STACIE-192'],
    revision: '03',
    mostRuns: 1,
    async check(server, _, context) {
      // Nobody's name: a lock must not hit an account that others use.
      const username = server.freshName();
      let refusal = 0;
      for (let count = 1; count <= attempts && refusal === 0; count++) {
        const answer = await server.ask('login', { username });
        const offer = readOffer(answer);
        if (answer.kind === 'error' || offer === null) refusal = count;
        else {
          const nonce = base64url(offer.nonce);
          const failed = await server.ask('authenticate', {
            username: offer.username,
            nonce,
            token: base64url(fresh(64)),
          });
          if (failed.kind === 'error') refusal = count;
        }
      }
      context.took(
        'STACIE-192',
        refusal > 0,
        refusal > 0 ? `an error at attempt ${refusal}` : `no error in ${attempts} attempts`,
      );
    },
  }),
];
