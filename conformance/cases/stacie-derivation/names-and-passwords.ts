/** Texts go into the hashes as they were given (sections 1.1 to 1.3). */
import fc from 'fast-check';
import { keyOf } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import {
  type Asked,
  askDerivation,
  base64url,
  derived,
  describeInput,
  mustBe,
  mustRefuse,
  same,
} from './stacie-calls.js';
import { derivations, longTexts, passwords, texts, trickyCharacters, usernames } from './stacie-inputs.js';

const derives = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.derive' } as const;

/** What is trimmed, folded, mapped or cut by those who know better. */
const changeable = fc.constantFrom(' ', '\t', '\r\n', '\0', 'É', '\ufb01', 'İ', '\u00a0');
/** What is composed or dropped as well. */
const composable = fc.oneof(changeable, fc.constantFrom('e\u0301', '\u212b', '\ufeff'));

/** A text with such characters at its ends and inside it. */
function fragile(inner: fc.Arbitrary<string>, ends: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(ends, inner, ends, ends, ends, inner, fc.oneof(ends, trickyCharacters))
    .map((parts) => parts.join(''));
}

/** States that both keys of the answer are made of these very texts; its rounds are taken for right. */
async function mustHash(context: CaseContext, requirement: string, asked: Asked): Promise<void> {
  const { rounds, seed, masterKey, passwordKey } = await derived(context, requirement, asked);
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
      of: describeInput(asked),
      rounds,
    });
  }
}

/** A client may compose a password before it derives (STACIE-I-02): a password for which that is something else. */
async function observeNormalization(context: CaseContext, asked: Asked): Promise<void> {
  const decomposed = { ...asked, password: `e\u0301 \u212b ${asked.password}` };
  const { rounds, seed, masterKey } = await derived(context, 'STACIE-021', decomposed);
  const composed = { ...decomposed, password: decomposed.password.normalize('NFC') };
  const asGiven = same(masterKey, keyOf(seed, rounds, decomposed));
  context.require(
    'STACIE-021',
    asGiven || same(masterKey, keyOf(seed, rounds, composed)),
    `the master key of ${describeInput(decomposed)} to be made of the password as given, or composed (NFC)`,
    `${base64url(masterKey)}`,
  );
  context.follows('stacie-normalization', asGiven ? 'as given' : 'NFC');
}

const username = defineCase({
  ...derives,
  id: 'stacie/texts/username-as-given',
  title: 'The username is hashed as it is given: neither trimmed nor folded nor composed. An empty one is refused.',
  decides: ['STACIE-020'],
  given: () =>
    derivations({ username: fc.oneof(fragile(texts(1, 8), composable), usernames), password: longTexts(18, 26) }),
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
        { weight: 6, arbitrary: fragile(texts(8, 12), changeable) },
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
    await observeNormalization(context, asked);
    const empty = { ...asked, password: '' };
    mustRefuse(context, 'STACIE-021', await askDerivation(context, empty), 'an empty password (STACIE-I-04)');
  },
});

export const cases: readonly Case[] = [username, password];
