/** The change of the password, by the message that the digest proposes (section 3.3, STACIE-I-53). Accounts of the suite alone. */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { type Answer, base64url, type Entry, entriesOf, shown } from './messages.js';
import { type Account, accountOf, fresh, type Server } from './server.js';
import { serverCase } from './server-case.js';

/** The account as it will be, with the request that makes it so, all but the proof. */
interface Change {
  readonly next: Account;
  readonly content: Readonly<Record<string, unknown>>;
}

function changeOf(old: Account, entries: readonly Entry[]): Change {
  const salt = old.salt === null ? null : fresh(128);
  const next = accountOf(old.username, salt, fresh(64));
  return {
    next,
    content: {
      'password-key': base64url(old.passwordKey),
      ...(salt === null ? {} : { salt: base64url(salt) }),
      'verification-token': base64url(next.verificationToken),
      realms: entries.map(({ label, index }) => ({ index: String(index), label, shard: base64url(fresh(64)) })),
    },
  };
}

/** An account with these shards, and the change that rewrites them. */
async function prepared(server: Server, labels: readonly string[]): Promise<Change & { readonly old: Account }> {
  server.context.follows('stacie-proposed-messages', 'the messages that the digest proposes');
  const old = await server.account();
  await server.addShards(old, labels);
  const answer = await server.authenticate(old);
  return { old, ...changeOf(old, entriesOf(answer) ?? []) };
}

async function send(server: Server, old: Account, content: Change['content']): Promise<Answer> {
  return await server.ask('change', { ...(await server.prove(old)), ...content });
}

/** A change that has to succeed on the way. @throws Unreachable */
async function changed(server: Server, labels: readonly string[] = []): Promise<Change & { readonly old: Account }> {
  const made = await prepared(server, labels);
  await server.step('change', { ...(await server.prove(made.old)), ...made.content }, (answer) =>
    server.succeeded(answer),
  );
  return made;
}

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/change/needs-the-password-key',
    title: 'A change with a password key that does not lead to the stored token is refused and changes nothing.',
    decides: ['STACIE-072'],
    accounts: true,
    given: fc.constantFrom('another' as const, 'none' as const, 'the verification token' as const),
    async check(server, kind, context) {
      const { old, content } = await prepared(server, ['mail']);
      const { 'password-key': _, ...rest } = content;
      const key = { another: fresh(64), 'the verification token': old.verificationToken, none: null }[kind];
      const answer = await send(server, old, { ...rest, ...(key === null ? {} : { 'password-key': base64url(key) }) });
      context.require(
        'STACIE-072',
        answer.kind === 'error',
        `a change with ${kind} as password key to be refused`,
        shown(answer),
      );
      const after = await server.authenticate(old);
      context.require('STACIE-072', server.succeeded(after), 'nothing to be changed', shown(after));
    },
  }),
  serverCase({
    id: 'stacie-server/change/new-verification-token',
    title: 'After a change the new verification token logs in and the old one does not.',
    decides: ['STACIE-193'],
    accounts: true,
    async check(server, _, context) {
      const { old, next } = await changed(server);
      // The salt is for another case: what the login says is taken.
      const { salt } = await server.login(old.username);
      const answer = await server.authenticate({ ...next, salt });
      context.require('STACIE-193', server.succeeded(answer), 'the new token to log in', shown(answer));
      const again = await server.authenticate({ ...old, salt });
      context.require('STACIE-193', !server.succeeded(again), 'the old token to fail', shown(again));
      await server.authenticate({ ...next, salt });
    },
  }),
  serverCase({
    id: 'stacie-server/change/salt-of-the-change',
    title: 'After a change the login tells the salt that the change brought.',
    decides: ['STACIE-194'],
    revision: '03',
    accounts: true,
    async check(server, _, context) {
      const { next } = await changed(server);
      const { salt, answer } = await server.login(next.username);
      const holds = next.salt === null ? salt === null : salt !== null && Buffer.from(salt).equals(next.salt);
      context.require('STACIE-194', holds, 'the salt of the change', shown(answer));
    },
  }),
  ...(['STACIE-135', 'STACIE-206'] as const).map((row) =>
    serverCase({
      id: `stacie-server/change/${row === 'STACIE-135' ? 'salt-differs-03' : 'salt-is-replaced'}`,
      title: 'After a change the login tells another salt than before.',
      decides: [row],
      ...(row === 'STACIE-135' ? { revision: '03' as const } : {}),
      accounts: true,
      mostRuns: 3,
      async check(server, _, context) {
        const { old } = await changed(server);
        const { salt, answer } = await server.login(old.username);
        const same = salt !== null && old.salt !== null && Buffer.from(salt).equals(old.salt);
        context.require(row, !same, 'another salt than before', shown(answer));
      },
    }),
  ),
  serverCase({
    id: 'stacie-server/change/no-short-salt',
    title: 'A change with a salt of fewer than 64 octets is refused and changes nothing.',
    decides: ['STACIE-022'],
    accounts: true,
    given: fc.constantFrom(0, 1, 32, 63),
    async check(server, octets, context) {
      const { old, content } = await prepared(server, []);
      const answer = await send(server, old, { ...content, salt: base64url(fresh(octets)) });
      context.require('STACIE-022', answer.kind === 'error', `a salt of ${octets} octets to be refused`, shown(answer));
      const after = await server.authenticate(old);
      context.require('STACIE-022', server.succeeded(after), 'nothing to be changed', shown(after));
    },
  }),
  serverCase({
    id: 'stacie-server/change/rewrites-the-shards',
    title: 'A change rewrites every shard, and one that leaves a shard out is refused and changes nothing.',
    decides: ['STACIE-195'],
    accounts: true,
    given: fc.boolean(),
    async check(server, partial, context) {
      const { old, next, content } = await prepared(server, ['mail', 'mail', 'contacts']);
      const realms = content.realms as readonly { index: string; label: string; shard: string }[];
      if (partial) {
        const answer = await send(server, old, { ...content, realms: realms.slice(1) });
        context.require(
          'STACIE-195',
          answer.kind === 'error',
          'a change that leaves a shard out to be refused',
          shown(answer),
        );
        const after = await server.authenticate(old);
        context.require('STACIE-195', entriesOf(after)?.length === 3, 'nothing to be changed', shown(after));
        return;
      }
      await server.step('change', { ...(await server.prove(old)), ...content }, (answer) => server.succeeded(answer));
      const { salt } = await server.login(old.username);
      const after = await server.authenticate({ ...next, salt });
      const entries = entriesOf(after) ?? [];
      const rewritten = realms.every(({ index, label, shard }) =>
        entries.some((entry) => entry.index === Number(index) && entry.label === label && entry.shard === shard),
      );
      context.require('STACIE-195', rewritten && entries.length === 3, 'the shards of the change', shown(after));
    },
  }),
];
