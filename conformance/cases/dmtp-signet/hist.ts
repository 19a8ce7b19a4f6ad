/** HIST: the form of a history, its range and order, and the custody that holds it together. */
import fc from 'fast-check';
import { custodyOf } from '../../model/dmtp-signets.js';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import type { PeerReply } from '../../target/dmtp-connection.js';
import { type Case, defineCase } from '../case.js';
import { asks, succeeded, textOf } from '../dmtp/answers.js';
import { ownDomain } from '../dmtp/lines.js';
import {
  askIn,
  chainOf,
  dialects,
  fingerprintIn,
  hist,
  historyIn,
  isSignet,
  type KnownSignet,
  kindFor,
  names,
  octetsOf,
  requireNotFound,
  sgnt,
  signetIn,
} from './asking.js';

const users = { of: 'user' } as const;
const histories = { of: 'user', atLeast: 2 } as const;
/** Places in a chain, taken modulo its length. */
const places = fc.nat(11);

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp-signet/hist/one-signet-a-line',
    title: 'HIST is answered with one signet in base64 and square brackets on each line, and a last line OK.',
    class: 'dmtp-signet',
    decides: ['DMTP-061'],
    needs: ['dmtp', 'signets'],
    given: (profile) => fc.record({ name: names(profile, users), dialect: dialects, start: places }),
    async check({ name, dialect, start }, context) {
      const { connection } = await context.open();
      const { signets } = chainOf(context, name);
      const first = signets[start % signets.length];
      for (const { text } of first?.fingerprints ?? []) {
        const reply = await askIn(context, connection, dialect, hist(name, text));
        if (!succeeded(reply)) continue;
        const lines = reply.lines.slice(0, -1);
        const filled = lines.every((line) => octetsOf(/^\[([^\]]*)\]$/.exec(line.text)?.[1] ?? '') !== null);
        context.require('DMTP-061', lines.length > 0 && filled, '[base64] on each line before the last', reply);
        context.require('DMTP-061', textOf(reply) === 'OK', 'OK on the last line', reply);
        return;
      }
      const expected = `a history of ${name} from signet ${(start % signets.length) + 1} on, by one kind of fingerprint`;
      context.require('DMTP-061', false, expected, 'every kind is refused');
    },
  }),
  defineCase({
    id: 'dmtp-signet/hist/from-first-to-last',
    title:
      'HIST lists from the first fingerprint to the last, both included, or to the newest; the oldest comes first.',
    class: 'dmtp-signet',
    decides: ['DMTP-109'],
    needs: ['dmtp', 'history'],
    timesRuns: 2,
    given: (profile) =>
      fc.record({
        name: names(profile, histories),
        from: places,
        more: fc.option(places, { freq: 3, nil: null }),
        dialect: dialects,
      }),
    async check({ name, from, more, dialect }, context) {
      const { connection } = await context.open();
      const chain = chainOf(context, name);
      const kind = await kindFor(context, connection, chain, (fingerprint) => hist(name, fingerprint));
      const start = from % chain.signets.length;
      const stop = more === null ? chain.signets.length - 1 : start + (more % (chain.signets.length - start));
      const last = more === null ? undefined : fingerprintIn(chain.signets[stop], kind);
      const line = hist(name, fingerprintIn(chain.signets[start], kind), last);
      const reply = await askIn(context, connection, dialect, line);
      requireSignets(context, reply, chain.signets, start, stop);
    },
  }),
  defineCase({
    id: 'dmtp-signet/hist/from-the-oldest',
    title: 'HIST of the named dialect without a first fingerprint lists from the oldest signet.',
    class: 'dmtp-signet',
    decides: ['DMTP-109'],
    needs: ['dmtp', 'history'],
    given: (profile) => fc.record({ name: names(profile, histories), until: fc.option(places, { nil: null }) }),
    async check({ name, until }, context) {
      const { connection } = await context.open();
      const chain = chainOf(context, name);
      const kind = await kindFor(context, connection, chain, (fingerprint) => hist(name, fingerprint));
      const stop = until === null ? chain.signets.length - 1 : until % chain.signets.length;
      const line = hist(
        name,
        undefined,
        until === null ? undefined : fingerprintIn(chain.signets[stop], kind),
      )('named');
      const reply = await context.ask(connection, line);
      if (reply.code === 500 || reply.code === 501) throw new Unreachable('the named dialect is not understood');
      requireSignets(context, reply, chain.signets, 0, stop);
    },
  }),
  defineCase({
    id: 'dmtp-signet/hist/custody-from-one-to-the-next',
    title: 'In a history each signet is signed with the key of the one before it, and by the organization.',
    class: 'dmtp-signet',
    decides: ['DMTP-109'],
    needs: ['dmtp', 'history'],
    given: (profile) => names(profile, histories),
    async check(name, context) {
      const { connection } = await context.open();
      const chain = chainOf(context, name);
      const organization = signetIn(await context.ask(connection, sgnt(ownDomain(context.profile))('positional')));
      if (organization === null)
        throw new Unreachable('SGNT gives no signet of the domain, so this could not be tried');
      const kind = await kindFor(context, connection, chain, (fingerprint) => hist(name, fingerprint));
      const reply = await context.ask(connection, hist(name, fingerprintIn(chain.signets[0], kind))('positional'));
      const history = historyIn(reply);
      const trouble = history === null ? 'it is no history' : custodyIn(history, organization);
      context.require('DMTP-109', trouble === null, 'a chain of custody, the oldest signet first', trouble ?? '');
    },
  }),
  defineCase({
    id: 'dmtp-signet/hist/needs-a-first-fingerprint',
    title: 'HIST without a first fingerprint is answered with 501 in the positional dialect.',
    class: 'dmtp-signet',
    decides: ['DMTP-108'],
    needs: ['dmtp', 'signets'],
    given: (profile) => fc.record({ name: names(profile, users), tail: fc.constantFrom('', ' ', ' []') }),
    async check({ name, tail }, context) {
      const { connection } = await context.open();
      const line = `${hist(chainOf(context, name).name)('positional')}${tail}`;
      await asks(context, connection, 'DMTP-108', line, [501]);
    },
  }),
  defineCase({
    id: 'dmtp-signet/hist/last-before-first',
    title: 'HIST is refused when the last fingerprint is not reached from the first.',
    class: 'dmtp-signet',
    decides: ['DMTP-110'],
    needs: ['dmtp', 'history'],
    given: (profile) => fc.record({ name: names(profile, histories), first: places, back: places, dialect: dialects }),
    async check({ name, first, back, dialect }, context) {
      const { connection } = await context.open();
      const chain = chainOf(context, name);
      const kind = await kindFor(context, connection, chain, (fingerprint) => hist(name, fingerprint));
      const start = 1 + (first % (chain.signets.length - 1));
      const [from, to] = [chain.signets[start], chain.signets[back % start]];
      const line = hist(name, fingerprintIn(from, kind), fingerprintIn(to, kind));
      requireNotFound(context, 'DMTP-110', await askIn(context, connection, dialect, line), line('positional'));
    },
  }),
  defineCase({
    id: 'dmtp-signet/hist/of-a-domain',
    title: 'HIST for a domain is answered with its signets, or with 501.',
    class: 'dmtp-signet',
    decides: ['DMTP-111'],
    needs: ['dmtp', 'signets'],
    given: (profile) => fc.record({ name: names(profile, { of: 'domain' }), from: places }),
    async check({ name, from }, context) {
      const { connection } = await context.open();
      const { signets } = chainOf(context, name);
      const start = from % signets.length;
      const replies: PeerReply[] = [];
      for (const { text } of signets[start]?.fingerprints ?? []) {
        const reply = await context.ask(connection, hist(name, text)('positional'));
        replies.push(reply);
        if (succeeded(reply)) break;
      }
      const found = replies.find(succeeded);
      context.follows('history-of-domains', found === undefined ? `answered with ${replies[0]?.code}` : 'given');
      const history = found === undefined ? null : historyIn(found);
      const right =
        found === undefined
          ? replies.some(({ code }) => code === 501)
          : history?.length === signets.length - start &&
            history.every((octets, at) => isKnown(context, octets, signets[start + at]));
      const expected = `the signets of ${name} from number ${start + 1} on, or 501`;
      context.require('DMTP-111', right, expected, found ?? replies[0] ?? '');
    },
  }),
];

function requireSignets(
  context: CaseContext,
  reply: PeerReply,
  signets: readonly KnownSignet[],
  start: number,
  stop: number,
): void {
  const history = historyIn(reply);
  const came = history?.map((octets) => signets.findIndex((signet) => isKnown(context, octets, signet)) + 1);
  const expected = signets.slice(start, stop + 1).map((_, at) => start + at + 1);
  const said = came === undefined ? JSON.stringify(reply.raw.slice(0, 120)) : `the signets ${came.join(', ')}`;
  context.require(
    'DMTP-109',
    came?.join() === expected.join(),
    `the signets ${expected.join(', ')} of ${signets.length}`,
    said,
  );
}

const isKnown = (context: CaseContext, octets: Uint8Array, signet: KnownSignet | undefined): boolean =>
  signet !== undefined && isSignet(context, octets, signet);

/** What is wrong, or null. */
function custodyIn(history: readonly Uint8Array[], organization: Uint8Array): string | null {
  try {
    return custodyOf(history, organization);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
