/** How many rounds a password costs (section 1.3). */
import fc from 'fast-check';
import { keyOf, roundsOf } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { Unsupported } from '../../runner/outcome.js';
import { type Case, defineCase } from '../case.js';
import { base64url, derived, describeInput, isRefusal, mustBe, mustRefuse, quote, show } from './stacie-calls.js';
import {
  bonuses,
  derivations,
  ignorableCharacters,
  longTexts,
  plainText,
  texts,
  trickyCharacters,
} from './stacie-inputs.js';

const counts = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.rounds' } as const;

/** States that the password costs the rounds that it should. */
async function mustCost(context: CaseContext, requirement: string, password: string, bonus: number): Promise<void> {
  const answer = await context.call('stacie.rounds', { password, bonus });
  const what = `password ${quote(password)} (${[...password].length} characters) with bonus ${bonus}`;
  if (answer.kind !== 'result') {
    if (bonus > 1024 && isRefusal(answer)) {
      throw new Unsupported('a bonus over 1,024 is optional (STACIE-165), and it is refused here');
    }
    context.require(requirement, false, `${what} to be counted`, show(answer));
    return;
  }
  mustBe(context, roundsOf(password, bonus), {
    requirement,
    name: 'rounds',
    value: Number(answer.value.rounds),
    by: (rules) => roundsOf(password, bonus, rules),
    of: what,
    rounds: 8,
  });
}

function costCase(id: string, title: string, decides: string, bonus: fc.Arbitrary<number>): Case {
  return defineCase({
    ...counts,
    id: `stacie/rounds/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ length: fc.integer({ min: 1, max: 20 }), bonus }),
    check: (input, context) => mustCost(context, decides, plainText(input.length), input.bonus),
  });
}

const characters = defineCase({
  ...counts,
  id: 'stacie/rounds/characters-are-code-points',
  title: 'Characters are code points: not octets, not UTF-16 units, not graphemes.',
  decides: ['STACIE-038'],
  given: () =>
    fc.record({ text: texts(1, 12), place: fc.nat(11), character: trickyCharacters, unseen: ignorableCharacters }),
  check: async ({ text, place, character, unseen }, context) => {
    const before = [...text];
    const password = [...before.slice(0, place), character, ...before.slice(place)].join('');
    await mustCost(context, 'STACIE-038', password, 0);
    await observeIgnorable(context, `${password}${unseen}x`);
  },
});

/** A password that ends with a code point that is not seen: counted, or not (STACIE-I-03). */
async function observeIgnorable(context: CaseContext, password: string): Promise<void> {
  const answer = await context.call('stacie.rounds', { password, bonus: 0 });
  const counted = roundsOf(password, 0);
  const rounds = answer.kind === 'result' ? answer.value.rounds : null;
  context.require(
    'STACIE-038',
    rounds === counted || rounds === 2 * counted,
    `password ${quote(password)} to cost ${counted} rounds, or ${2 * counted} where its last but one code point is not counted`,
    show(answer),
  );
  context.follows('stacie-ignorable-code-points', rounds === counted ? 'counted' : 'left out');
}

/** Octets that are no UTF-8 (RFC 3629), each with what is wrong. */
const wrongUtf8: readonly (readonly [because: string, octets: readonly number[]])[] = [
  ['a sequence is cut short', [0xc3]],
  ['a slash is written in two octets', [0xc0, 0xaf]],
  ['a NUL is written in two octets', [0xc0, 0x80]],
  ['a surrogate is written', [0xed, 0xa0, 0x80]],
  ['a code point is over U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a continuation octet stands alone', [0x80]],
  ['FF is no octet of UTF-8', [0xff]],
  ['it is Latin-1', [0xe1, 0x73]],
];

const utf8 = defineCase({
  ...counts,
  id: 'stacie/rounds/password-in-utf-8',
  title: 'A password is UTF-8 before it is counted and hashed; what cannot be written so is refused, never mended.',
  decides: ['STACIE-039'],
  given: () =>
    fc.record({
      asked: derivations({ password: longTexts(16, 26) }),
      head: texts(8, 12),
      wrong: fc.constantFrom(...wrongUtf8),
      tail: fc.constantFrom('', ' and more'),
      surrogate: fc.integer({ min: 0xd800, max: 0xdfff }),
    }),
  check: async ({ asked, head, wrong: [because, octets], tail, surrogate }, context) => {
    const value = await derived(context, 'STACIE-039', { ...asked, passwordOctets: Buffer.from(asked.password) });
    const text = await derived(context, 'STACIE-039', asked);
    context.require(
      'STACIE-039',
      base64url(value.passwordKey) === base64url(text.passwordKey) && value.rounds === text.rounds,
      `${describeInput(asked)}, the password as text and as its UTF-8 octets, to give the same`,
      `${value.rounds} and ${text.rounds} rounds, ${base64url(value.passwordKey)} and ${base64url(text.passwordKey)}`,
    );
    mustBe(context, keyOf(text.seed, roundsOf(asked.password, asked.bonus), asked), {
      requirement: 'STACIE-039',
      name: 'masterKey',
      value: text.masterKey,
      by: (rules) => keyOf(text.seed, roundsOf(asked.password, asked.bonus, rules), asked, rules),
      of: describeInput(asked),
      rounds: text.rounds,
    });
    const broken = Buffer.concat([Buffer.from(head), Uint8Array.from(octets), Buffer.from(tail)]);
    const refused = await context.call('stacie.rounds', { passwordOctets: base64url(broken), bonus: 0 });
    mustRefuse(context, 'STACIE-039', refused, `password octets ${base64url(broken)}, in which ${because},`);
    const lone = `${head}${String.fromCharCode(surrogate)}`;
    const unwritable = await context.call('stacie.rounds', { password: lone, bonus: 0 });
    mustRefuse(context, 'STACIE-039', unwritable, `password ${quote(lone)}, which ends with half a surrogate pair,`);
  },
});

const floor = defineCase({
  ...counts,
  id: 'stacie/rounds/exponent-not-below-1',
  title: 'The exponent is not below 1: 24 and more characters are 2 rounds before the bonus.',
  decides: ['STACIE-041'],
  given: () =>
    fc.record({
      length: fc.oneof(fc.constant(24), fc.integer({ min: 23, max: 80 })),
      bonus: fc.integer({ min: 6, max: 1024 }),
    }),
  check: ({ length, bonus }, context) => mustCost(context, 'STACIE-041', plainText(length), bonus),
});

const bonusAdded = defineCase({
  ...counts,
  id: 'stacie/rounds/bonus-added',
  title: 'The bonus is added to the rounds of the password; one that is no whole number from 0 is refused.',
  decides: ['STACIE-043'],
  given: () =>
    fc.record({
      length: fc.integer({ min: 8, max: 40 }),
      bonus: fc.integer({ min: 8, max: 1024 }),
      wrong: fc.oneof(
        fc.integer({ min: -1_000_000, max: -1 }),
        fc.integer({ min: 0, max: 1023 }).map((whole) => whole + 0.5),
      ),
    }),
  check: async ({ length, bonus, wrong }, context) => {
    await mustCost(context, 'STACIE-043', plainText(length), bonus);
    const answer = await context.call('stacie.rounds', { password: plainText(length), bonus: wrong });
    mustRefuse(context, 'STACIE-043', answer, `bonus ${wrong} (STACIE-I-12)`);
  },
});

const least = defineCase({
  ...counts,
  id: 'stacie/rounds/at-least-8',
  title: 'The sum of both is raised to 8 when it is less.',
  decides: ['STACIE-044'],
  given: () => fc.record({ length: fc.integer({ min: 21, max: 60 }), bonus: fc.integer({ min: 0, max: 9 }) }),
  check: ({ length, bonus }, context) => mustCost(context, 'STACIE-044', plainText(length), bonus),
});

const most = defineCase({
  ...counts,
  id: 'stacie/rounds/at-most-16777216',
  title: 'The sum of both is cut to 16,777,216 when it is more, however large the bonus is.',
  decides: ['STACIE-045'],
  given: () =>
    fc.integer({ min: 1, max: 30 }).chain((length) =>
      fc.record({
        length: fc.constant(length),
        bonus: fc.oneof(
          fc.integer({ min: -2, max: 2 }).map((over) => 16_777_216 - 2 ** Math.max(1, 24 - length) + over),
          fc.constantFrom(16_777_216, 2 ** 31, 2 ** 32, 2 ** 32 + 1024, 2 ** 40),
        ),
      }),
    ),
  check: ({ length, bonus }, context) => mustCost(context, 'STACIE-045', plainText(length), bonus),
});

const everyBonus = defineCase({
  ...counts,
  operation: 'stacie.derive',
  id: 'stacie/rounds/bonus-to-1024-taken',
  title: 'Every bonus from 0 to 1,024 is taken.',
  decides: ['STACIE-164'],
  given: () => derivations({ bonus: fc.oneof(fc.constantFrom(0, 1, 1023, 1024), fc.integer({ min: 0, max: 1024 })) }),
  check: async (asked, context) => {
    const { rounds } = await derived(context, 'STACIE-164', asked);
    mustBe(context, roundsOf(asked.password, asked.bonus), {
      requirement: 'STACIE-164',
      name: 'rounds',
      value: rounds,
      by: (rules) => roundsOf(asked.password, asked.bonus, rules),
      of: describeInput(asked),
      rounds: 8,
    });
  },
});

const largeBonus = defineCase({
  ...counts,
  id: 'stacie/rounds/bonus-over-1024',
  title: 'A bonus over 1,024 may be taken; when it is, it counts as it stands.',
  decides: ['STACIE-165'],
  given: () =>
    fc.record({ length: fc.integer({ min: 8, max: 30 }), bonus: fc.constantFrom(1025, 4096, 131_072, 1_000_000) }),
  check: async ({ length, bonus }, context) => {
    const answer = await context.call('stacie.rounds', { password: plainText(length), bonus });
    context.took('STACIE-165', answer.kind === 'result', `bonus ${bonus}`);
    if (answer.kind === 'result') await mustCost(context, 'STACIE-165', plainText(length), bonus);
    else mustRefuse(context, 'STACIE-165', answer, `bonus ${bonus}, which is not taken,`);
  },
});

export const cases: readonly Case[] = [
  costCase(
    'of-length-and-bonus',
    'The rounds come from the length of the password and the bonus.',
    'STACIE-037',
    bonuses,
  ),
  costCase('24-less-the-characters', 'The exponent is 24 less the number of characters.', 'STACIE-040', fc.constant(0)),
  costCase('2-to-the-exponent', 'The variable rounds are 2 raised to the exponent.', 'STACIE-042', fc.constant(0)),
  characters,
  utf8,
  floor,
  bonusAdded,
  least,
  most,
  everyBonus,
  largeBonus,
];
