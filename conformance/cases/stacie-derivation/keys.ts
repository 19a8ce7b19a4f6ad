/** The two key stages (section 1.5). Each is judged from the value before it in the same answer. */
import fc from 'fast-check';
import { type Derivation, keyOf, roundsOf, seedOf } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { type Asked, derived, describeInput, mustBe } from './stacie-calls.js';
import { derivations, ofLengths, salts, texts } from './stacie-inputs.js';

const derives = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.derive' } as const;

const bases = { masterKey: 'seed', passwordKey: 'masterKey' } as const;

/** States that a key is what the stage gives from the value before it. */
function keyMustFollow(
  context: CaseContext,
  requirement: string,
  asked: Asked,
  answer: Derivation,
  name: keyof typeof bases,
): void {
  const { rounds } = answer;
  const base = answer[bases[name]];
  mustBe(context, keyOf(base, rounds, asked), {
    requirement,
    name,
    value: answer[name],
    by: (rules) => {
      // A stage may also have started from something else.
      const others = { seed: answer.seed, masterKey: answer.masterKey };
      const from = name === 'masterKey' ? rules.masterBase(others, asked) : rules.passwordBase(others);
      return keyOf(from, rounds, asked, rules);
    },
    of: `${describeInput(asked)}, from the ${bases[name]} of the answer`,
    rounds,
  });
}

interface KeyCase {
  readonly id: string;
  readonly title: string;
  readonly decides: string;
  readonly of?: readonly (keyof typeof bases)[];
  readonly given?: fc.Arbitrary<Asked>;
  readonly mostRuns?: number;
}

function keyCase({ id, title, decides, of = ['masterKey', 'passwordKey'], given, mostRuns }: KeyCase): Case {
  return defineCase({
    ...derives,
    id: `stacie/keys/${id}`,
    title,
    decides: [decides],
    ...(mostRuns === undefined ? {} : { mostRuns }),
    given: () => given ?? derivations(),
    check: async (asked, context) => {
      const answer = await derived(context, decides, asked);
      for (const name of of) keyMustFollow(context, decides, asked, answer, name);
    },
  });
}

const stages = defineCase({
  ...derives,
  id: 'stacie/keys/stages-in-order',
  title: 'The stages run in order, each from the result of the one before: rounds, seed, master key, password key.',
  decides: ['STACIE-013'],
  given: () => derivations(),
  check: async (asked, context) => {
    const answer = await derived(context, 'STACIE-013', asked);
    const { rounds } = answer;
    mustBe(context, seedOf(asked, rounds), {
      requirement: 'STACIE-013',
      name: 'seed',
      value: answer.seed,
      by: (rules) => seedOf(asked, rounds, rules),
      of: describeInput(asked),
      rounds,
    });
    keyMustFollow(context, 'STACIE-013', asked, answer, 'masterKey');
    keyMustFollow(context, 'STACIE-013', asked, answer, 'passwordKey');
  },
});

const sameRounds = defineCase({
  ...derives,
  id: 'stacie/keys/same-rounds-everywhere',
  title: 'The same number of rounds, bonus included, governs the seed stage and both key stages.',
  decides: ['STACIE-034'],
  given: () => derivations({ bonus: fc.integer({ min: 1, max: 1024 }) }),
  check: async (asked, context) => {
    const answer = await derived(context, 'STACIE-034', asked);
    const rounds = roundsOf(asked.password, asked.bonus);
    mustBe(context, seedOf(asked, rounds), {
      requirement: 'STACIE-034',
      name: 'seed',
      value: answer.seed,
      by: (rules) => seedOf(asked, rounds, rules),
      of: describeInput(asked),
      rounds,
    });
    keyMustFollow(context, 'STACIE-034', asked, { ...answer, rounds }, 'masterKey');
    keyMustFollow(context, 'STACIE-034', asked, { ...answer, rounds }, 'passwordKey');
  },
});

/** So that the counter sometimes reaches its second octet. */
const someBonus = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 256, max: 300 }) },
);

/** Eight characters are 65,536 rounds: with a bonus the counter reaches its third octet. */
const longRuns = fc.noShrink(
  derivations({ password: texts(8, 8), bonus: fc.integer({ min: 1, max: 20 }), salt: ofLengths([64]) }),
);

export const cases: readonly Case[] = [
  stages,
  sameRounds,
  keyCase({
    id: 'sha2-512',
    title: 'The hash of every round is SHA2-512.',
    decides: 'STACIE-001',
  }),
  keyCase({
    id: 'master-key',
    title: 'The master key is the key stage over seed, rounds, username, password and, where there is one, salt.',
    decides: 'STACIE-068',
    of: ['masterKey'],
    given: derivations({ salt: fc.oneof(salts, fc.constant(null)) }),
  }),
  keyCase({
    id: 'password-key',
    title: 'The password key is the same with the master key in the place of the seed.',
    decides: 'STACIE-069',
    of: ['passwordKey'],
  }),
  keyCase({
    id: 'as-many-hashes-as-rounds',
    title: 'A key stage hashes exactly as often as there are rounds.',
    decides: 'STACIE-073',
  }),
  keyCase({
    id: 'rounds-one-after-another',
    title: 'Each round needs the digest of the one before, so that rounds cannot run side by side.',
    decides: 'STACIE-074',
    given: derivations({ bonus: fc.integer({ min: 8, max: 300 }) }),
  }),
  keyCase({
    id: 'order-of-a-round',
    title: 'A round hashes base, username, salt, password and counter, in this order.',
    decides: 'STACIE-076',
    given: derivations({ salt: salts }),
  }),
  keyCase({
    id: 'digest-before-comes-first',
    title: 'From the second round on the digest before comes first.',
    decides: 'STACIE-077',
  }),
  keyCase({
    id: 'counter-of-3-octets',
    title: 'The counter of a round has 3 octets, the most significant first, and starts at 0.',
    decides: 'STACIE-078',
    given: derivations({ bonus: someBonus }),
  }),
  keyCase({
    id: 'counter-past-65535',
    title: 'The counter goes on over 65,535.',
    decides: 'STACIE-078',
    of: ['masterKey'],
    given: longRuns,
    mostRuns: 1,
  }),
];
