/** The two token stages (section 1.6). Each is judged from the value before it in the same answer. */
import fc from 'fast-check';
import { type Derivation, tokenOf } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { type Asked, base64url, derived, describeInput, mustBe, same } from './stacie-calls.js';
import { derivations, longTexts, nonces, salts } from './stacie-inputs.js';

const derives = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.derive' } as const;

const bases = { verificationToken: 'passwordKey', ephemeralLoginToken: 'verificationToken' } as const;
type Token = keyof typeof bases;

/** States that a token is what the stage gives from the value before it: without password and rounds. */
function tokenMustFollow(
  context: CaseContext,
  requirement: string,
  asked: Asked,
  answer: Derivation,
  name: Token,
): void {
  const input = name === 'verificationToken' ? { ...asked, nonce: null } : asked;
  const right = name === 'ephemeralLoginToken' && asked.nonce === null ? null : tokenOf(answer[bases[name]], input);
  mustBe(context, right, {
    requirement,
    name,
    value: answer[name],
    by: (rules) => {
      const from = name === 'verificationToken' ? rules.verificationBase(answer) : rules.loginBase(answer);
      return right === null ? null : tokenOf(from, input, rules, answer.rounds);
    },
    of: `${describeInput(asked)}, from the ${bases[name]} of the answer`,
    rounds: answer.rounds,
  });
}

interface TokenCase {
  readonly id: string;
  readonly title: string;
  readonly decides: string;
  readonly of?: readonly Token[];
  readonly given?: fc.Arbitrary<Asked>;
}

function tokenCase({ id, title, decides, of = ['verificationToken', 'ephemeralLoginToken'], given }: TokenCase): Case {
  return defineCase({
    ...derives,
    id: `stacie/tokens/${id}`,
    title,
    decides: [decides],
    given: () => given ?? derivations({ nonce: nonces }),
    check: async (asked, context) => {
      const answer = await derived(context, decides, asked);
      for (const name of of) tokenMustFollow(context, decides, asked, answer, name);
    },
  });
}

const nonceCounts = defineCase({
  ...derives,
  id: 'stacie/tokens/nonce-makes-the-login-token',
  title: 'The nonce makes the login token: another nonce, another token, from the same verification token.',
  decides: ['STACIE-033'],
  given: () =>
    fc
      .record({ asked: derivations({ nonce: nonces }), place: fc.nat(63), bit: fc.nat(7) })
      .map(({ asked, place, bit }) => ({ asked, place, bit })),
  check: async ({ asked, place, bit }, context) => {
    const other = asked.nonce?.map((octet, index) => (index === place ? octet ^ (1 << bit) : octet)) ?? null;
    const first = await derived(context, 'STACIE-033', asked);
    const second = await derived(context, 'STACIE-033', { ...asked, nonce: other });
    tokenMustFollow(context, 'STACIE-033', asked, first, 'ephemeralLoginToken');
    context.require(
      'STACIE-033',
      same(first.verificationToken, second.verificationToken) &&
        !same(first.ephemeralLoginToken, second.ephemeralLoginToken),
      `two nonces that differ in one bit to give one verification token and two login tokens`,
      () =>
        `${base64url(first.verificationToken)} and ${base64url(second.verificationToken)}, ` +
        `${base64url(first.ephemeralLoginToken ?? new Uint8Array(0))} and ${base64url(second.ephemeralLoginToken ?? new Uint8Array(0))}`,
    );
  },
});

/** Passwords of every length that is cheap, and every bonus. */
const anyCost = derivations({
  password: longTexts(16, 40),
  bonus: fc.integer({ min: 0, max: 1024 }),
  nonce: nonces,
});

export const cases: readonly Case[] = [
  nonceCounts,
  tokenCase({
    id: 'without-the-password',
    title: 'Tokens follow from the password key without the password, so that a server can make them.',
    decides: 'STACIE-014',
  }),
  tokenCase({
    id: 'nothing-of-the-password-told',
    title: 'What a token takes depends on neither the password nor its length: the password key says all of it.',
    decides: 'STACIE-047',
    given: anyCost,
  }),
  tokenCase({
    id: 'eight-rounds-whatever-the-password',
    title: 'A token stage hashes 8 times, whatever the password costs.',
    decides: 'STACIE-048',
    given: anyCost,
  }),
  tokenCase({
    id: 'eight-rounds-each',
    title: 'Each of the two token stages hashes exactly 8 times.',
    decides: 'STACIE-086',
  }),
  tokenCase({
    id: 'verification-token',
    title: 'The verification token is made from the password key, without a nonce.',
    decides: 'STACIE-079',
    of: ['verificationToken'],
    given: derivations(),
  }),
  tokenCase({
    id: 'login-token',
    title: 'The login token is made from the verification token, with the nonce.',
    decides: 'STACIE-081',
    of: ['ephemeralLoginToken'],
  }),
  tokenCase({
    id: 'order-of-a-round',
    title: 'A round hashes base, username, salt, nonce and counter, in this order.',
    decides: 'STACIE-082',
    given: derivations({ salt: salts, nonce: nonces }),
  }),
  tokenCase({
    id: 'absent-is-left-out',
    title: 'A salt and a nonce that are absent are left out of a round; nothing stands in their place.',
    decides: 'STACIE-083',
    given: derivations({ salt: fc.constant(null) }),
  }),
  tokenCase({
    id: 'counter-of-3-octets',
    title: 'The counter of a round has 3 octets, the most significant first, and starts at 0.',
    decides: 'STACIE-084',
  }),
  tokenCase({
    id: 'digest-before-comes-first',
    title: 'From the second round on the digest before comes first.',
    decides: 'STACIE-085',
  }),
];
