/** What reading does to `\Seen` (sections 2.12 and 5.8 of the DMAP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { answered, flagsNow, flagsOf, flagText, inFilled, type Letter, letters, shown } from '../dmap/messages.js';

const one = (): fc.Arbitrary<Letter> => letters(1, 1).map(([letter]) => letter as Letter);

const setsSeen = (requirement: string, id: string, title: string, word: 'BODY' | 'BODY.PEEK'): Case =>
  dmapCase({
    id: `dmap-server/body/${id}`,
    title,
    decides: [requirement],
    given: () =>
      fc.record({
        letter: one(),
        section: fc.constantFrom('', '67.1', '2.1'),
        partial: fc.constantFrom('', '<0.10>'),
        seen: fc.boolean(),
      }),
    async check(context, { letter, section, partial, seen }) {
      const before = letter.flags.filter((flag) => flag !== '\\Seen').concat(seen ? ['\\Seen'] : []);
      await inFilled(context, [{ ...letter, flags: before }], async ({ connection }) => {
        const result = await connection.command(`FETCH 1 ${word}[${section}]${partial}`);
        answered(context, requirement, result, 'OK', `FETCH 1 ${word}[${section}]${partial}`);
        const flags = word === 'BODY' ? [...before, '\\Seen'] : before;
        const now = await flagsNow(connection, 1);
        context.require(requirement, now === flagText(flags), flagText(flags), now);
      });
    },
  });

export const cases: readonly Case[] = [
  setsSeen('DMAP-328', 'reading-sets-seen', 'BODY with a section sets \\Seen and leaves the other flags.', 'BODY'),
  setsSeen('DMAP-330', 'peeking-does-not-set-seen', 'BODY.PEEK leaves all flags as they are.', 'BODY.PEEK'),
  dmapCase({
    id: 'dmap-server/body/reading-tells-the-flags',
    title: 'A FETCH that sets \\Seen tells the new flags.',
    decides: ['DMAP-329'],
    mostRuns: 6,
    given: () => fc.record({ letter: one(), section: fc.constantFrom('', '67.1') }),
    async check(context, { letter, section }) {
      const flags = letter.flags.filter((flag) => flag !== '\\Seen');
      await inFilled(context, [{ ...letter, flags }], async ({ connection }) => {
        const result = await connection.command(`FETCH 1 BODY[${section}]`);
        const expected = flagText([...flags, '\\Seen']);
        context.require('DMAP-329', flagText(flagsOf(result, 1)) === expected, expected, () => shown(result));
      });
    },
  }),
];
