/** UID COPY, FETCH, SEARCH and STORE, and the key UID (sections 2.7, 3.3 and 5.8 of the DMAP digest). */
import fc from 'fast-check';
import { keysOf, SearchModel, someKeys } from '../../model/dmap-search.js';
import type { CaseContext } from '../../runner/context.js';
import { type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import {
  answered,
  bare,
  type Filled,
  flagsNow,
  flagText,
  inFilled,
  type Letter,
  letters,
  type Placed,
  placed,
  shown,
  valuesOf,
} from '../dmap/messages.js';
import { mustDo, select } from '../dmap/session.js';

/** UIDs with a gap, so that they are not the sequence numbers: the first message of all is removed. */
async function inGapped(
  context: CaseContext,
  messages: readonly Letter[],
  use: (filled: Filled) => Promise<void>,
): Promise<void> {
  const unmarked = messages.map((letter) => ({
    ...letter,
    flags: letter.flags.filter((flag) => flag !== '\\Deleted'),
  }));
  const [first] = unmarked;
  if (first === undefined) return;
  await inFilled(context, [bare(first.sealed), ...unmarked], async (filled) => {
    await mustDo(filled.connection, 'STORE 1 +FLAGS.SILENT (\\Deleted)');
    await mustDo(filled.connection, 'EXPUNGE');
    await use({ ...filled, messages: await placed(filled.connection, unmarked) });
  });
}

const model = (known: readonly Placed[]): SearchModel =>
  new SearchModel(
    known.map(({ number, uid, flags, sealed }) => ({
      number,
      uid,
      seen: flags.includes('\\Seen'),
      deleted: flags.includes('\\Deleted'),
      size: sealed.octets.length,
      day: null,
    })),
  );

const numbersIn = (result: DmapResult): string =>
  untagged(result, 'search')
    .flatMap(({ numbers }) => numbers)
    .sort((one, other) => one - other)
    .join();

/** The messages that FETCH tells of. */
const fetchedNumbers = (result: DmapResult): string =>
  [...new Set(untagged(result, 'fetch').map(({ number }) => number))].sort((one, other) => one - other).join();

/** A set of UIDs over those that there are, and the numbers of the messages that it holds. */
const setCase = (
  requirement: string,
  id: string,
  title: string,
  setOf: (known: readonly Placed[], pick: number) => { readonly set: string; readonly holds: readonly number[] },
): Case =>
  dmapCase({
    id: `dmap-sync/uid-commands/${id}`,
    title,
    decides: [requirement],
    given: () => fc.record({ messages: letters(2, 4), pick: fc.nat(100) }),
    async check(context, { messages, pick }) {
      await inGapped(context, messages, async ({ connection, messages: known }) => {
        const { set, holds } = setOf(known, pick);
        const result = await connection.command(`UID FETCH ${set} (UID FLAGS)`);
        answered(context, requirement, result, 'OK', `UID FETCH ${set} (UID FLAGS)`);
        const expected = holds.join();
        context.require(requirement, fetchedNumbers(result) === expected, `messages (${expected})`, () =>
          shown(result),
        );
      });
    },
  });

const lastOf = (known: readonly Placed[]): Placed => known[known.length - 1] as Placed;

export const cases: readonly Case[] = [
  dmapCase({
    id: 'dmap-sync/uid-commands/key-uid',
    title: 'The key UID matches the messages with UIDs of its set, ranges included.',
    decides: ['DMAP-313'],
    given: () =>
      fc.record({
        messages: letters(2, 4),
        keys: fc.array(keysOf('UID'), { minLength: 3, maxLength: 6, size: 'max' }),
      }),
    async check(context, { messages, keys }) {
      await inGapped(context, messages, async ({ connection, messages: known }) => {
        const right = model(known);
        for (const key of keys) {
          const command = `SEARCH ${right.text(key)}`;
          const result = await connection.command(command);
          const expected = right
            .found([key])
            .map(({ number }) => number)
            .join();
          const holds = result.status === 'OK' && numbersIn(result) === expected;
          context.require('DMAP-313', holds, `(${expected}) to ${command}`, () => shown(result));
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uid-commands/sets-of-uids',
    title: 'UID COPY, UID FETCH and UID STORE take UIDs, ranges included.',
    decides: ['DMAP-373'],
    given: () => fc.record({ messages: letters(2, 4), from: fc.nat(3) }),
    async check(context, { messages, from }) {
      await inGapped(context, messages, async ({ connection, mailbox, messages: known }) => {
        const chosen = known.slice(from % known.length);
        const set = chosen.length === 1 ? String(chosen[0]?.uid) : `${chosen[0]?.uid}:${lastOf(known).uid}`;
        const numbers = chosen.map(({ number }) => number).join();
        const fetched = await connection.command(`UID FETCH ${set} SIZE`);
        context.require('DMAP-373', fetchedNumbers(fetched) === numbers, `messages ${numbers}`, () => shown(fetched));
        const stored = await connection.command(`UID STORE ${set} FLAGS (\\Draft)`);
        answered(context, 'DMAP-373', stored, 'OK', `UID STORE ${set}`);
        for (const { number, flags } of known) {
          const expected = flagText(chosen.some((each) => each.number === number) ? ['\\Draft'] : flags);
          const now = await flagsNow(connection, number);
          context.require('DMAP-373', now === expected, `${expected} on message ${number}`, now);
        }
        await mustDo(connection, `CREATE ${mailbox}/target`);
        const copied = await connection.command(`UID COPY ${set} ${mailbox}/target`);
        answered(context, 'DMAP-373', copied, 'OK', `UID COPY ${set}`);
        const { exists } = await select(connection, `${mailbox}/target`);
        context.require('DMAP-373', exists === chosen.length, `${chosen.length} copies`, String(exists));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uid-commands/absent-uids',
    title: 'A UID that does not exist is passed over, and the result is OK when none exists.',
    decides: ['DMAP-374'],
    given: () => fc.record({ messages: letters(1, 3), beside: fc.boolean() }),
    async check(context, { messages, beside }) {
      await inGapped(context, messages, async ({ connection, mailbox, messages: known }) => {
        const gone = (known[0]?.uid ?? 2) - 1;
        const set = `${gone},${lastOf(known).uid + 50}${beside ? `,${lastOf(known).uid}` : ''}`;
        for (const command of [`FETCH ${set} FLAGS`, `STORE ${set} +FLAGS (\\Flagged)`, `COPY ${set} ${mailbox}`]) {
          const result = await connection.command(`UID ${command}`);
          answered(context, 'DMAP-374', result, 'OK', `UID ${command}`);
          if (command.startsWith('COPY')) continue;
          const expected = beside ? String(known.length) : '';
          const told = fetchedNumbers(result);
          context.require('DMAP-374', told === expected, `messages (${expected})`, () => shown(result));
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uid-commands/search-brings-uids',
    title: 'UID SEARCH takes the keys of SEARCH and brings UIDs.',
    decides: ['DMAP-375'],
    given: () =>
      fc.record({ messages: letters(2, 4), keys: fc.array(someKeys, { minLength: 2, maxLength: 5, size: 'max' }) }),
    async check(context, { messages, keys }) {
      await inGapped(context, messages, async ({ connection, messages: known }) => {
        const right = model(known);
        for (const key of [{ key: 'ALL' } as const, ...keys]) {
          const command = `UID SEARCH ${right.text(key)}`;
          const result = await connection.command(command);
          const expected = right
            .found([key])
            .map(({ uid }) => uid)
            .join();
          const holds = untagged(result, 'search').length === 1 && numbersIn(result) === expected;
          context.require('DMAP-375', holds, `(${expected}) to ${command}`, () => shown(result));
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uid-commands/bare-set-means-numbers',
    title: 'A bare set within UID SEARCH means sequence numbers.',
    decides: ['DMAP-376'],
    given: () =>
      fc.record({
        messages: letters(2, 4),
        keys: fc.array(keysOf('SEQUENCE'), { minLength: 2, maxLength: 4, size: 'max' }),
      }),
    async check(context, { messages, keys }) {
      await inGapped(context, messages, async ({ connection, messages: known }) => {
        const right = model(known);
        for (const key of [{ key: 'SEQUENCE', places: [[1, 1]] } as const, ...keys]) {
          const command = `UID SEARCH ${right.text(key)}`;
          const result = await connection.command(command);
          const expected = right
            .found([key])
            .map(({ uid }) => uid)
            .join();
          context.require('DMAP-376', numbersIn(result) === expected, `(${expected}) to ${command}`, () =>
            shown(result),
          );
        }
      });
    },
  }),
  setCase(
    'DMAP-377',
    'range-with-an-asterisk',
    'A range of UIDs with an asterisk holds the last message, also when its other end is higher.',
    (known, pick) => {
      const last = lastOf(known);
      const from = pick % 2 === 0 ? last.uid + 1 + pick : known[pick % known.length]?.uid;
      const holds = known.filter(({ uid, number }) => uid >= Number(from) || number === last.number);
      return { set: pick % 3 === 0 ? `*:${from}` : `${from}:*`, holds: holds.map(({ number }) => number) };
    },
  ),
  dmapCase({
    id: 'dmap-sync/uid-commands/asterisk-in-an-empty-mailbox',
    title: 'In an empty mailbox a range with an asterisk holds nothing, and that is no error.',
    decides: ['DMAP-377'],
    mostRuns: 3,
    given: () => fc.constantFrom('1:*', '*', '*:7'),
    async check(context, set) {
      await inFilled(context, [], async ({ connection }) => {
        const result = await connection.command(`UID FETCH ${set} FLAGS`);
        answered(context, 'DMAP-377', result, 'OK', `UID FETCH ${set} FLAGS`);
        context.require('DMAP-377', untagged(result, 'fetch').length === 0, 'no FETCH', () => shown(result));
      });
    },
  }),
  setCase('DMAP-378', 'ends-in-any-order', 'The two ends of a range stand in any order.', (known, pick) => {
    const [one, other] = [known[pick % known.length], lastOf(known)];
    const holds = known.filter(({ uid }) => uid >= (one?.uid ?? 0));
    return { set: `${other.uid}:${one?.uid}`, holds: holds.map(({ number }) => number) };
  }),
  dmapCase({
    id: 'dmap-sync/uid-commands/fetch-has-the-number',
    title: 'The number in a FETCH is the sequence number, in answers to UID commands too.',
    decides: ['DMAP-379'],
    given: () => letters(2, 4),
    async check(context, messages) {
      await inGapped(context, messages, async ({ connection, messages: known }) => {
        for (const command of ['FETCH', 'STORE'] as const) {
          for (const { uid, number } of known) {
            const result = await connection.command(
              `UID ${command} ${uid} ${command === 'STORE' ? '+FLAGS (\\Seen)' : 'FLAGS'}`,
            );
            const told = fetchedNumbers(result);
            context.require('DMAP-379', told === String(number), `${number} FETCH`, () => shown(result));
          }
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uid-commands/fetch-has-the-uid',
    title: 'Every FETCH of a UID command holds the UID, asked for or not.',
    decides: ['DMAP-380'],
    given: () =>
      fc.record({
        messages: letters(1, 3),
        command: fc.constantFrom(
          'FETCH 1:* FLAGS',
          'FETCH 1:* FAST',
          'FETCH 1:* BODY[]',
          'FETCH 1:* (UID SIZE)',
          'STORE 1:* +FLAGS (\\Seen)',
        ),
      }),
    async check(context, { messages, command }) {
      await inGapped(context, messages, async ({ connection, messages: known }) => {
        const result = await connection.command(`UID ${command}`);
        answered(context, 'DMAP-380', result, 'OK', `UID ${command}`);
        for (const { number, uid } of known) {
          const told = valuesOf(result, number, 'UID').map((value) => value.uid);
          const every = untagged(result, 'fetch').every(({ items }) => items.some(({ item }) => item === 'UID'));
          context.require('DMAP-380', every && told.includes(uid), `UID ${uid}`, () => shown(result));
        }
        const other = await connection.command('UID NOOP');
        answered(context, 'DMAP-380', other, 'refusal', 'UID before another command');
      });
    },
  }),
];
