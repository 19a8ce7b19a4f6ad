/** What proves who logs in, and what does not (sections 1.6 and 3.5 of the STACIE digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { base64url, shown } from './messages.js';
import { fresh } from './server.js';
import { serverCase } from './server-case.js';

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/tokens/of-the-stored-token',
    title: 'The login token that follows from the verification token of the account logs in.',
    decides: ['STACIE-035'],
    async check(server, _, context) {
      const answer = await server.authenticate(await server.account());
      context.require('STACIE-035', server.succeeded(answer), `the answer ${server.ringKind}`, shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/tokens/not-the-verification-token',
    title: 'The verification token itself does not log in, nor does a request without a token.',
    decides: ['STACIE-036'],
    given: fc.boolean(),
    async check(server, bare, context) {
      const account = await server.account();
      const { username, nonce } = await server.prove(account);
      const token = bare ? {} : { token: base64url(account.verificationToken) };
      const answer = await server.ask('authenticate', { username, nonce, ...token });
      const what = bare ? 'an attempt without a token' : 'the verification token in place of the login token';
      context.require('STACIE-036', !server.succeeded(answer), `${what} to fail`, shown(answer));
      await server.authenticate(account);
    },
  }),
  serverCase({
    id: 'stacie-server/tokens/wrong-ones-fail',
    title: 'A token that differs in one bit, is cut short, or belongs to another nonce fails.',
    decides: ['STACIE-186'],
    given: fc.oneof(
      fc.nat(511).map((bit) => ({ kind: 'bit' as const, bit })),
      fc.integer({ min: 0, max: 63 }).map((octets) => ({ kind: 'short' as const, octets })),
      fc.constant({ kind: 'other nonce' as const }),
    ),
    async check(server, wrong, context) {
      const account = await server.account();
      const { username, nonce } = await server.login(account.username);
      let token = server.tokenFor(account, wrong.kind === 'other nonce' ? fresh(128) : nonce);
      if (wrong.kind === 'bit')
        token = token.map((octet, at) => (at === wrong.bit >> 3 ? octet ^ (1 << (wrong.bit & 7)) : octet));
      if (wrong.kind === 'short') token = token.subarray(0, wrong.octets);
      const answer = await server.ask('authenticate', { username, nonce: base64url(nonce), token: base64url(token) });
      context.require(
        'STACIE-186',
        !server.succeeded(answer),
        `a wrong token (${JSON.stringify(wrong)}) to fail`,
        shown(answer),
      );
      await server.authenticate(account);
    },
  }),
  serverCase({
    id: 'stacie-server/tokens/no-shards-without',
    title: 'No shard comes before a right token has come.',
    decides: ['STACIE-093'],
    revision: '03',
    accounts: true,
    async check(server, _, context) {
      const account = await server.account();
      const [added] = await server.addShards(account, ['mail']);
      const { username, nonce } = await server.prove(account);
      const wrong = { username, nonce, token: base64url(fresh(64)) };
      const answers = [
        await server.ask('login', { username }),
        await server.ask('authenticate', wrong),
        await server.ask('fetch', { username }),
        await server.ask('fetch', { ...(await server.prove(account)), token: base64url(fresh(64)) }),
      ];
      for (const answer of answers) {
        const leaks = added !== undefined && answer.text.includes(added.shard);
        context.require('STACIE-093', !leaks && answer.kind !== 'realms', 'no shards', shown(answer));
      }
    },
  }),
];
