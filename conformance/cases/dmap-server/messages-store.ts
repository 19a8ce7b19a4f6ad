/** STORE of flags (sections 2.7, 2.12 and 5.8 of the DMAP digest). */
import fc from 'fast-check';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { answered, flagSets, flagsNow, flagsOf, flagText, inFilled, letters, shown } from '../dmap/messages.js';
import { mustDo } from '../dmap/session.js';

const ways = ['FLAGS', '+FLAGS', '-FLAGS'] as const;
type Way = (typeof ways)[number];

/** What STORE makes of flags. */
function after(way: Way, before: readonly string[], given: readonly string[]): string {
  if (way === 'FLAGS') return flagText(given);
  return flagText(way === '+FLAGS' ? [...before, ...given] : before.filter((flag) => !given.includes(flag)));
}

const anyCase = (word: string): fc.Arbitrary<string> => fc.constantFrom(word, word.toLowerCase());
const listOf = (flags: readonly string[]): string => `(${flags.join(' ')})`;

const changes = (way: Way, requirement: string, id: string, title: string): Case =>
  dmapCase({
    id: `dmap-server/store/${id}`,
    title,
    decides: [requirement],
    given: () => fc.record({ messages: letters(2, 3), flags: flagSets, word: anyCase(way) }),
    async check(context, { messages, flags, word }) {
      await inFilled(context, messages, async ({ connection, messages: known }) => {
        const result = await connection.command(`STORE 1 ${word} ${listOf(flags)}`);
        answered(context, requirement, result, 'OK', `STORE 1 ${word} ${listOf(flags)}`);
        for (const { number, flags: before } of known) {
          const expected = number === 1 ? after(way, before, flags) : flagText(before);
          const now = await flagsNow(connection, number);
          context.require(requirement, now === expected, `${expected} on message ${number}`, now);
        }
      });
    },
  });

export const cases: readonly Case[] = [
  changes('FLAGS', 'DMAP-340', 'replaces', 'FLAGS puts the given flags in place of those of the message.'),
  changes('+FLAGS', 'DMAP-341', 'adds', '+FLAGS adds the given flags.'),
  changes('-FLAGS', 'DMAP-342', 'removes', '-FLAGS takes the given flags off.'),
  dmapCase({
    id: 'dmap-server/store/tells-the-new-value',
    title: 'STORE brings the new flags of each message in a FETCH.',
    decides: ['DMAP-336'],
    given: () => fc.record({ messages: letters(1, 3), flags: flagSets, way: fc.constantFrom(...ways) }),
    async check(context, { messages, flags, way }) {
      await inFilled(context, messages, async ({ connection, messages: known }) => {
        const result = await connection.command(`STORE 1:* ${way} ${listOf(flags)}`);
        answered(context, 'DMAP-336', result, 'OK', `STORE 1:* ${way} ${listOf(flags)}`);
        for (const { number, flags: before } of known) {
          const expected = after(way, before, flags);
          const told = flagText(flagsOf(result, number));
          context.require('DMAP-336', told === expected, `FETCH ${number} with ${expected}`, () => shown(result));
        }
        // Flags in no parentheses are for the reader of a report.
        const naked = await connection.command(`STORE 1 ${way} \\Flagged \\Seen`);
        context.follows('dmap-bare-flags', naked.status === 'OK' ? 'taken' : 'refused');
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/store/silent-tells-nothing',
    title: 'With .SILENT no FETCH tells the new value.',
    decides: ['DMAP-337'],
    given: () => fc.record({ messages: letters(1, 2), flags: flagSets, way: fc.constantFrom(...ways) }),
    async check(context, { messages, flags, way }) {
      await inFilled(context, messages, async ({ connection }) => {
        const result = await connection.command(`STORE 1:* ${way}.SILENT ${listOf(flags)}`);
        answered(context, 'DMAP-337', result, 'OK', `STORE 1:* ${way}.SILENT ${listOf(flags)}`);
        context.require('DMAP-337', untagged(result, 'fetch').length === 0, 'no FETCH', () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/store/silent-changes-alike',
    title: 'With .SILENT the flags change as without.',
    decides: ['DMAP-343'],
    given: () => fc.record({ messages: letters(2, 2), flags: flagSets, way: fc.constantFrom(...ways) }),
    async check(context, { messages, flags, way }) {
      await inFilled(context, messages, async ({ connection, messages: known }) => {
        // Flags that are there already would show no difference, so both that are and that are not are tried.
        const given = [...new Set([...flags, '\\Answered', ...(known[0]?.flags.slice(0, 1) ?? [])])];
        const result = await connection.command(`STORE 1 ${way}.SILENT ${listOf(given)}`);
        answered(context, 'DMAP-343', result, 'OK', `STORE 1 ${way}.SILENT ${listOf(given)}`);
        for (const { number, flags: before } of known) {
          const expected = number === 1 ? after(way, before, given) : flagText(before);
          const now = await flagsNow(connection, number);
          context.require('DMAP-343', now === expected, `${expected} on message ${number}`, now);
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/store/refuses-what-cannot-be-stored',
    title:
      'STORE above the count, of a static item and in a mailbox that was examined is refused, and changes nothing.',
    decides: ['DMAP-344'],
    mostRuns: 4,
    given: () => letters(1, 2),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, mailbox, messages: known }) => {
        const flags = 'FLAGS (\\Answered \\Draft \\Flagged)';
        const beyond = await connection.command(`STORE 1:${messages.length + 1} ${flags}`);
        answered(context, 'DMAP-344', beyond, 'refusal', `STORE 1:${messages.length + 1}`);
        context.follows('dmap-number-above-count', String(beyond.status));
        for (const item of ['SIZE 5', 'UID 7', 'INTERNALDATE "01-Jan-2020 00:00:00 +0000"']) {
          answered(context, 'DMAP-344', await connection.command(`STORE 1 ${item}`), 'refusal', `STORE 1 ${item}`);
        }
        await mustDo(connection, `EXAMINE ${mailbox}`);
        const examined = await connection.command(`STORE 1 ${flags}`);
        answered(context, 'DMAP-344', examined, 'refusal', 'STORE in a mailbox that was examined');
        context.follows('dmap-read-only-refusal', String(examined.status));
        for (const { number, flags: before } of known) {
          const now = await flagsNow(connection, number);
          context.require('DMAP-344', now === flagText(before), `${flagText(before)} on message ${number}`, now);
        }
      });
    },
  }),
];
