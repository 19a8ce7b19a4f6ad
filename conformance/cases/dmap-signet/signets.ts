/** The signet ring (sections 2.6 and 5.10 of the DMAP digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { requireStatus } from '../dmap/answers.js';
import { hex, same, shown } from '../dmap/messages.js';
import { mustDo } from '../dmap/session.js';
import { signetOf } from './keys-for-rings.js';
import { answers, ownSignets, type Ring, ringCase } from './ring-case.js';

const literal = (octets: Uint8Array) => ({ literal: octets, binary: true }) as const;

async function mustAdd({ connection }: Ring, address: string, octets: Uint8Array): Promise<void> {
  await mustDo(connection, `ADDSIGNET ${address} `, literal(octets));
}

/** One SIGNET with these octets, under the spelling that it was added with. */
async function requireSignet(
  context: CaseContext,
  ring: Ring,
  requirement: string,
  asked: string,
  [address, octets]: readonly [string, Uint8Array],
): Promise<void> {
  const result = await answers(context, ring, requirement, `GETSIGNET ${asked}`, ['OK']);
  const told = untagged(result, 'signet');
  const [one] = told;
  context.require(requirement, told.length === 1 && one?.address === address, `one SIGNET of ${address}`, () =>
    shown(result),
  );
  context.require(requirement, same(one?.signet, octets), hex(octets), hex(one?.signet));
}

async function requireNone(context: CaseContext, ring: Ring, requirement: string, asked: string): Promise<void> {
  const result = await answers(context, ring, requirement, `GETSIGNET ${asked}`, ['NO']);
  context.require(requirement, untagged(result, 'signet').length === 0, 'no SIGNET', () => shown(result));
}

/** `*` is any run and `%` any run without "@"; letter case does not count (DMAP-I-101). */
function matches(pattern: string, address: string): boolean {
  const source = pattern.toLowerCase().replace(/[.+]/g, '\\$&').replaceAll('*', '.*').replaceAll('%', '[^@]*');
  return new RegExp(`^${source}$`).test(address.toLowerCase());
}

/** Patterns that match nothing but names of one run: its name stands in them. */
const patterns: readonly ((prefix: string) => string)[] = [
  (prefix) => `*${prefix}*`,
  (prefix) => `%${prefix}%`,
  (prefix) => `ann@${prefix}.example`,
  (prefix) => `ann@${prefix.toUpperCase()}.example`,
  (prefix) => `%@${prefix}.example`,
  (prefix) => `*@${prefix}.example`,
  (prefix) => `a%@%${prefix}.example`,
  (prefix) => `%${prefix}.example`,
  (prefix) => `*${prefix}.example`,
  (prefix) => `%n%@${prefix}%`,
  (prefix) => `nobody@*${prefix}*`,
  (prefix) => `%.${prefix}.example`,
];

const known = (prefix: string): string[] => [
  `ann@${prefix}.example`,
  `Anna.Lee@${prefix}.example`,
  `bob@${prefix}.example`,
  `bob@mail.${prefix}.example`,
  `${prefix}.example`,
];

const listing = (addresses: readonly string[]): string => (addresses.length === 0 ? 'none' : addresses.join(' '));

export const cases: readonly Case[] = [
  ringCase({
    id: 'dmap-signet/signet-ring/four-commands',
    title: 'Signets are added, given back octet for octet, listed and removed, whether a mailbox is selected or not.',
    decides: ['DMAP-286'],
    given: () => fc.record({ seed: fc.nat(), selected: fc.boolean() }),
    async check(ring, context, { seed, selected }) {
      const { connection, prefix } = ring;
      if (selected) await mustDo(connection, 'EXAMINE INBOX');
      const address = `ann@${prefix}.example`;
      const listed = async (): Promise<string> =>
        listing(ownSignets(ring, await answers(context, ring, 'DMAP-286', 'LISTSIGNETS', ['OK'])));
      const [one, other] = [signetOf(address, seed), signetOf(address, seed + 1)];
      await requireNone(context, ring, 'DMAP-286', address);
      const added = await connection.command(`ADDSIGNET ${address} `, literal(one));
      requireStatus(context, 'DMAP-286', added, ['OK'], 'ADDSIGNET');
      await requireSignet(context, ring, 'DMAP-286', address, [address, one]);
      const there = await listed();
      context.require('DMAP-286', there === address, `SIGNET ${address} in LISTSIGNETS`, there);
      const again = await connection.command(`ADDSIGNET ${address} `, literal(other));
      requireStatus(context, 'DMAP-286', again, ['NO'], 'ADDSIGNET of an address that is there');
      await requireSignet(context, ring, 'DMAP-286', address, [address, one]);
      await answers(context, ring, 'DMAP-286', `DELETESIGNET ${address}`, ['OK']);
      const left = await listed();
      context.require('DMAP-286', left === 'none', `no SIGNET of ${address} after DELETESIGNET`, left);
      await requireNone(context, ring, 'DMAP-286', address);
      await answers(context, ring, 'DMAP-286', `DELETESIGNET ${address}`, ['NO']);
    },
  }),
  ringCase({
    id: 'dmap-signet/signet-ring/by-address',
    title: 'A signet is found by the address of its owner in any letter case, and by no other address.',
    decides: ['DMAP-287'],
    given: () => fc.nat(),
    async check(ring, context, seed) {
      const entries = known(ring.prefix).map((address, at) => [address, signetOf(address, seed + at)] as const);
      for (const [address, octets] of entries) await mustAdd(ring, address, octets);
      for (const entry of entries) {
        for (const asked of [entry[0], entry[0].toUpperCase(), `"${entry[0].toLowerCase()}"`]) {
          await requireSignet(context, ring, 'DMAP-287', asked, entry);
        }
      }
      const others = [`anne@${ring.prefix}.example`, `ann@${ring.prefix}.examples`, `mail.${ring.prefix}.example`];
      for (const other of others) await requireNone(context, ring, 'DMAP-287', other);
      const twice = await ring.connection.command(
        `ADDSIGNET ANN@${ring.prefix}.example `,
        literal(signetOf('ann', seed)),
      );
      requireStatus(context, 'DMAP-287', twice, ['NO'], 'ADDSIGNET of an address in other letters');
      await answers(context, ring, 'DMAP-287', `DELETESIGNET BOB@${ring.prefix}.example`, ['OK']);
      await requireNone(context, ring, 'DMAP-287', `bob@${ring.prefix}.example`);
    },
  }),
  ringCase({
    id: 'dmap-signet/signet-ring/wildcards',
    title: 'LISTSIGNETS takes * for any run and % for any run without @, and lists what matches, once each.',
    decides: ['DMAP-288'],
    given: () => fc.shuffledSubarray([...patterns], { minLength: 6, maxLength: 8 }),
    async check(ring, context, chosen) {
      const all = known(ring.prefix);
      for (const [at, address] of all.entries()) await mustAdd(ring, address, signetOf(address, at));
      for (const pattern of chosen.map((make) => make(ring.prefix))) {
        const expected = listing(all.filter((address) => matches(pattern, address)).sort());
        const result: DmapResult = await answers(context, ring, 'DMAP-288', `LISTSIGNETS ${pattern}`, ['OK']);
        const told = listing(ownSignets(ring, result));
        context.require('DMAP-288', told === expected, `LISTSIGNETS ${pattern}: ${expected}`, told);
      }
    },
  }),
];
