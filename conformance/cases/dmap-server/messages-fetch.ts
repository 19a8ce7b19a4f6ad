/** FETCH: single items, several, macros and the form of their values (sections 2.7 and 2.12 of the DMAP digest). */
import fc from 'fast-check';
import { dateTimeText, secondsOf } from '../../../grammar/dmap-dates.js';
import { plainMessage } from '../../model/dmap-message.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { answered, bare, bodyOf, flagText, hex, inFilled, letters, same, shown, valuesOf } from '../dmap/messages.js';

/** Items whose values this file knows. */
const items = ['FLAGS', 'INTERNALDATE', 'SIZE', 'UID'] as const;

const anyCase = (word: string): fc.Arbitrary<string> =>
  fc.constantFrom(word, word.toLowerCase(), word.charAt(0) + word.slice(1).toLowerCase());

const macroCase = (requirement: string, macro: 'FAST' | 'FULL', expansion: readonly string[]): Case =>
  dmapCase({
    id: `dmap-server/fetch/macro-${macro.toLowerCase()}`,
    title: `The macro ${macro} brings ${expansion.join(', ')} and nothing else.`,
    decides: [requirement],
    mostRuns: 4,
    given: () => fc.record({ messages: letters(1, 2), word: anyCase(macro) }),
    async check(context, { messages, word }) {
      await inFilled(context, messages, async ({ connection }) => {
        const result = await connection.command(`FETCH 1:* ${word}`);
        answered(context, requirement, result, 'OK', `FETCH with the macro ${word}`);
        for (const [index] of messages.entries()) {
          const names = untagged(result, 'fetch')
            .filter(({ number }) => number === index + 1)
            .flatMap((fetched) => fetched.items.map(({ item }): string => item));
          context.require(
            requirement,
            names.sort().join(' ') === [...expansion].sort().join(' '),
            `the items ${expansion.join(', ')} of message ${index + 1}`,
            () => shown(result),
          );
        }
      });
    },
  });

/** How the values are written, by item; MODSEQ in parentheses is right as well (DMAP-I-40). */
const forms: readonly (readonly [string, RegExp])[] = [
  ['FLAGS', /[( ]FLAGS \((?:\\?[^\s(){%*"\\\]]+(?: \\?[^\s(){%*"\\\]]+)*)?\)[ )]/i],
  ['INTERNALDATE', /[( ]INTERNALDATE "[ \d]\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}"[ )]/i],
  ['SIZE', /[( ]SIZE \d+[ )]/i],
  ['UID', /[( ]UID [1-9]\d*[ )]/i],
  ['MODSEQ', /[( ]MODSEQ (?:[1-9]\d*|\([1-9]\d*\))[ )]/i],
];

export const cases: readonly Case[] = [
  dmapCase({
    id: 'dmap-server/fetch/items-one-by-one-and-together',
    title: 'Each item can be fetched alone, with others in a list, and with a text beside them.',
    decides: ['DMAP-039'],
    given: () =>
      fc.record({
        messages: letters(1, 2),
        wanted: fc.shuffledSubarray([...items], { minLength: 1 }),
        listed: fc.boolean(),
        text: fc.boolean(),
      }),
    async check(context, { messages, wanted, listed, text }) {
      await inFilled(context, messages, async ({ connection }) => {
        const names = [...wanted, ...(text ? ['BODY.PEEK[]'] : [])];
        const what = names.length === 1 && !listed ? names.join('') : `(${names.join(' ')})`;
        const result = await connection.command(`FETCH 1 ${what}`);
        answered(context, 'DMAP-039', result, 'OK', `FETCH 1 ${what}`);
        for (const item of wanted) {
          const came = valuesOf(result, 1, item).length;
          context.require('DMAP-039', came > 0, `a value of ${item}`, () => shown(result));
        }
        const octets = messages[0]?.sealed.octets ?? new Uint8Array();
        if (text) context.require('DMAP-039', same(bodyOf(result, 1, ''), octets), hex(octets), () => shown(result));
      });
    },
  }),
  macroCase('DMAP-320', 'FAST', ['FLAGS', 'INTERNALDATE', 'SIZE']),
  macroCase('DMAP-321', 'FULL', ['FLAGS', 'INTERNALDATE', 'SIZE', 'BODYSTRUCTURE']),
  dmapCase({
    id: 'dmap-server/fetch/macros-stand-alone',
    title: 'A macro beside another macro or an item is refused.',
    decides: ['DMAP-319'],
    given: () =>
      fc.constantFrom('(FAST FULL)', '(FAST UID)', '(UID FAST)', '(FAST FAST)', '(BODY.PEEK[] FULL)', 'FAST FULL'),
    async check(context, what) {
      await inFilled(context, [bare(plainMessage)], async ({ connection }) => {
        const result = await connection.command(`FETCH 1:* ${what}`);
        answered(context, 'DMAP-319', result, 'refusal', `FETCH 1:* ${what}`);
        const told = untagged(result, 'fetch').length;
        context.require('DMAP-319', told === 0, 'no data', () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/fetch/values-are-those-of-the-message',
    title: 'FLAGS, INTERNALDATE, SIZE and UID are those that the message got.',
    decides: ['DMAP-332'],
    given: () => letters(1, 3),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, selected, messages: known }) => {
        const result = await connection.command('FETCH 1:* (FLAGS INTERNALDATE SIZE UID)');
        answered(context, 'DMAP-332', result, 'OK', 'FETCH of four items');
        const searched = await connection.command('UID SEARCH ALL');
        const uids = untagged(searched, 'search').flatMap(({ numbers }) => numbers);
        for (const { number, flags, date, sealed } of known) {
          const [told] = valuesOf(result, number, 'INTERNALDATE');
          const uid = valuesOf(result, number, 'UID')[0]?.uid;
          const right =
            flagText(valuesOf(result, number, 'FLAGS')[0]?.flags) === flagText(flags) &&
            valuesOf(result, number, 'SIZE')[0]?.size === sealed.octets.length &&
            told !== undefined &&
            (date === null || secondsOf(told.date) === secondsOf(date)) &&
            uid !== undefined &&
            uids.includes(uid) &&
            uid < (selected.uidNext ?? Number.POSITIVE_INFINITY);
          const when = date === null ? 'a date' : dateTimeText(date);
          const expected = `${flagText(flags)}, ${when}, ${sealed.octets.length} octets and a UID of ${uids.join()}`;
          context.require('DMAP-332', right, expected, () => shown(result));
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/fetch/values-in-their-form',
    title: 'FLAGS is a list, INTERNALDATE a string, and SIZE, UID and MODSEQ are numbers.',
    decides: ['DMAP-445'],
    mostRuns: 6,
    given: () => letters(1, 2),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection }) => {
        for (const [item, form] of forms) {
          const result = await connection.command(`FETCH 1 ${item}`);
          const line = result.data.find(({ text }) => /^\* 1 FETCH /i.test(text))?.text ?? '';
          context.require('DMAP-445', form.test(line), `${item} in its form`, () => shown(result));
          if (item === 'MODSEQ') {
            context.follows('dmap-modseq-form', line.includes('MODSEQ (') ? 'in parentheses' : 'a bare number');
          }
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/fetch/size-is-the-number-of-octets',
    title: 'SIZE is the number of octets of the message, and as many come with BODY[].',
    decides: ['DMAP-086'],
    given: () => letters(1, 2, 400),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, messages: known }) => {
        const result = await connection.command('FETCH 1:* (SIZE BODY.PEEK[])');
        answered(context, 'DMAP-086', result, 'OK', 'FETCH of size and text');
        for (const { number, sealed } of known) {
          const size = valuesOf(result, number, 'SIZE')[0]?.size;
          const length = bodyOf(result, number, '')?.length;
          const octets = sealed.octets.length;
          const got = `SIZE ${String(size)} and ${String(length)} octets`;
          context.require('DMAP-086', size === octets && length === octets, `${octets} twice`, got);
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-server/fetch/refuses-what-cannot-be-fetched',
    title: 'Items that there are none of, and numbers above the count, are refused.',
    decides: ['DMAP-335'],
    given: () =>
      fc.record({
        messages: letters(1, 2),
        wrong: fc.constantFrom('ENVELOPE', 'RFC822', 'RFC822.SIZE', 'BODY', 'BODY[HEADER]', 'BODY[TEXT]', 'beyond'),
      }),
    async check(context, { messages, wrong }) {
      await inFilled(context, messages, async ({ connection }) => {
        const beyond = wrong === 'beyond';
        const command = beyond ? `FETCH ${messages.length + 1} FLAGS` : `FETCH 1 ${wrong}`;
        const result = await connection.command(command);
        answered(context, 'DMAP-335', result, 'refusal', command);
        context.require('DMAP-335', untagged(result, 'fetch').length === 0, 'no data', () => shown(result));
        context.follows(beyond ? 'dmap-number-above-count' : 'dmap-unlisted-items', String(result.status));
      });
    },
  }),
];
