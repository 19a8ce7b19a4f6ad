/** Lengths of salts and nonces: what is refused, and what only deserves a warning (section 1.2). */
import fc from 'fast-check';
import { type Derivation, keyOf, type Octets, type Rules, seedOf, tokenOf } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { type Asked, askDerivation, derived, describeInput, mustBe, mustRefuse } from './stacie-calls.js';
import { derivations, exactly, nonces, ofLengths, salts, shortLengths } from './stacie-inputs.js';

const derives = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.derive' } as const;

type Formula = (rules?: Rules) => Octets | null;

/** States that an input is derived, each value right by the one before it. */
async function mustDerive(context: CaseContext, requirement: string, asked: Asked): Promise<void> {
  const answer = await derived(context, requirement, asked);
  const { rounds, seed, masterKey, passwordKey, verificationToken } = answer;
  const formulas: readonly (readonly [keyof Derivation, Formula])[] = [
    ['seed', (rules) => seedOf(asked, rounds, rules)],
    ['masterKey', (rules) => keyOf(seed, rounds, asked, rules)],
    ['passwordKey', (rules) => keyOf(masterKey, rounds, asked, rules)],
    ['verificationToken', (rules) => tokenOf(passwordKey, { ...asked, nonce: null }, rules)],
    ['ephemeralLoginToken', (rules) => (asked.nonce === null ? null : tokenOf(verificationToken, asked, rules))],
  ];
  for (const [name, by] of formulas) {
    mustBe(context, by(), { requirement, name, value: answer[name], by, of: describeInput(asked), rounds });
  }
}

type Part = 'salt' | 'nonce';
const right = { salt: salts, nonce: nonces };

function refusedWhenShort(part: Part, id: string, title: string, decides: string, lengths: readonly number[]): Case {
  return defineCase({
    ...derives,
    id: `stacie/${part}s/${id}`,
    title,
    decides: [decides],
    given: () =>
      fc.record({ asked: derivations({ [part]: right[part] }), least: exactly(64), wrong: ofLengths(lengths) }),
    check: async ({ asked, least, wrong }, context) => {
      await mustDerive(context, decides, { ...asked, [part]: least });
      await mustDerive(context, decides, { ...asked, [part]: null });
      const answer = await askDerivation(context, { ...asked, [part]: wrong });
      mustRefuse(context, decides, answer, `a ${part} of ${wrong.length} octets`);
    },
  });
}

function takenWhenOdd(part: Part, id: string, title: string, decides: string, lengths: readonly number[]): Case {
  return defineCase({
    ...derives,
    id: `stacie/${part}s/${id}`,
    title,
    decides: [decides],
    given: () => derivations({ [part]: ofLengths(lengths) }),
    check: (asked, context) => mustDerive(context, decides, asked),
  });
}

/** Below 1,024 octets, and over it: 4,096 is where an implementation may stop (STACIE-I-18). */
const unaligned = [65, 95, 100, 127, 129, 161, 1000, 1023];
const long = [1056, 1088, 2048, 4096];

export const cases: readonly Case[] = [
  refusedWhenShort('salt', 'at-least-64-octets', 'A salt has 64 octets or more.', 'STACIE-022', shortLengths),
  refusedWhenShort(
    'salt',
    'shorter-never-used',
    'A salt of fewer than 64 octets is an error: nothing is derived with it.',
    'STACIE-064',
    [1, 16, 32, 63],
  ),
  refusedWhenShort('nonce', 'at-least-64-octets', 'A nonce has 64 octets or more.', 'STACIE-027', shortLengths),
  refusedWhenShort(
    'nonce',
    'shorter-never-used',
    'A nonce of fewer than 64 octets is an error: no token is made with it.',
    'STACIE-087',
    [1, 16, 32, 63],
  ),
  takenWhenOdd(
    'salt',
    'to-1024-octets-taken',
    'A salt of up to 1,024 octets is taken.',
    'STACIE-158',
    [64, 512, 736, 992, 1024],
  ),
  takenWhenOdd(
    'salt',
    'unaligned-taken',
    'A salt that is no multiple of 32 octets is worth a warning, and is used.',
    'STACIE-065',
    unaligned,
  ),
  takenWhenOdd(
    'salt',
    'over-1024-octets-taken',
    'A salt of more than 1,024 octets is worth a warning, and is used.',
    'STACIE-066',
    long,
  ),
  takenWhenOdd(
    'nonce',
    'odd-shapes-taken',
    'A nonce that is no multiple of 32 octets or longer than 1,024 is worth a warning, and is used.',
    'STACIE-088',
    [...unaligned, ...long],
  ),
];
