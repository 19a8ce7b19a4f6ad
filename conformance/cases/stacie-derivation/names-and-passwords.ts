/** Texts go into the hashes as they were given (sections 1.1 to 1.3). */
import fc from 'fast-check';
import { keyOf, roundsOf } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { type Asked, askDerivation, derived, describeInput, mustBe, mustRefuse } from './stacie-calls.js';
import { derivations, longTexts, passwords, texts, trickyCharacters, usernames } from './stacie-inputs.js';

const derives = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.derive' } as const;

/** What is trimmed, folded, composed or cut by those who know better. */
const changeable = fc.constantFrom(
  ' ',
  '\t',
  '\r\n',
  '\0',
  'É',
  'e\u0301',
  '\u212b',
  '\ufb01',
  '\ufeff',
  'İ',
  '\u00a0',
);

/** A text with such characters at its ends and inside it. */
function fragile(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(changeable, inner, changeable, inner, fc.oneof(changeable, trickyCharacters))
    .map((parts) => parts.join(''));
}

/** States that both keys of the answer are made of these very texts. */
async function mustHash(context: CaseContext, requirement: string, asked: Asked): Promise<void> {
  const { rounds, seed, masterKey, passwordKey } = await derived(context, requirement, asked);
  const of = describeInput(asked);
  mustBe(context, roundsOf(asked.password, asked.bonus), {
    requirement,
    name: 'rounds',
    value: rounds,
    by: (rules) => roundsOf(asked.password, asked.bonus, rules),
    of,
    rounds,
  });
  const stages = [
    ['masterKey', masterKey, seed],
    ['passwordKey', passwordKey, masterKey],
  ] as const;
  for (const [name, value, base] of stages) {
    mustBe(context, keyOf(base, rounds, asked), {
      requirement,
      name,
      value,
      by: (rules) => keyOf(base, rounds, asked, rules),
      of,
      rounds,
    });
  }
}

const username = defineCase({
  ...derives,
  id: 'stacie/texts/username-as-given',
  title: 'The username is hashed as it is given: neither trimmed nor folded nor composed. An empty one is refused.',
  decides: ['STACIE-020'],
  given: () => derivations({ username: fc.oneof(fragile(texts(1, 8)), usernames), password: longTexts(18, 26) }),
  check: async (asked, context) => {
    await mustHash(context, 'STACIE-020', asked);
    const nameless = { ...asked, username: '' };
    mustRefuse(context, 'STACIE-020', await askDerivation(context, nameless), 'an empty username (STACIE-I-22)');
    const broken = { ...asked, username: `${asked.username}\udc00` };
    mustRefuse(
      context,
      'STACIE-020',
      await askDerivation(context, broken),
      'a username that ends with half a surrogate pair (STACIE-I-05)',
    );
  },
});

const password = defineCase({
  ...derives,
  id: 'stacie/texts/password-as-given',
  title: 'The password is hashed as it is given, whole, whatever stands in it. An empty one is refused.',
  decides: ['STACIE-021'],
  given: () =>
    derivations({
      password: fc.oneof(
        { weight: 6, arbitrary: fragile(texts(8, 12)) },
        { weight: 2, arbitrary: passwords },
        // STACIE-I-06: at least 1,024 octets are taken.
        {
          weight: 1,
          arbitrary: fc
            .integer({ min: 73, max: 1024 })
            .map((length) => 'long pass phrase '.repeat(64).slice(0, length)),
        },
      ),
    }),
  check: async (asked, context) => {
    await mustHash(context, 'STACIE-021', asked);
    const empty = { ...asked, password: '' };
    mustRefuse(context, 'STACIE-021', await askDerivation(context, empty), 'an empty password (STACIE-I-04)');
  },
});

export const cases: readonly Case[] = [username, password];
