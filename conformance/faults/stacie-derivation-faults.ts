/** Seeded faults of an implementation of STACIE: of its derivation, and with them those of realms and envelopes. */
import { drafts, exclusiveOr, keyOf } from '../model/stacie-derivation.js';
import { slips } from '../model/stacie-slips.js';
import type { Fault } from './fault.js';
import { bendResult } from './record-and-codec-bending.js';
import {
  byRules,
  changeInput,
  derivationInput,
  derivedBy,
  forgiveRefusal,
  isLong,
  isOdd,
  isShort,
  lengthOf,
  octetsOf,
  refuseInput,
  without,
  write,
} from './stacie-bending.js';
import { envelopeFaults } from './stacie-envelope-faults.js';
import { realmFaults } from './stacie-realm-faults.js';

const rounds = 'stacie.rounds';
const derive = 'stacie.derive';

const slipFaults: readonly Fault[] = slips.map(({ id, breaks, title, rules }) => ({
  id: `stacie/${id}`,
  breaks,
  title,
  operations: byRules(rules),
  // The model derives round by round, several times slower than the kernel.
  limits: { replyMs: 20_000 },
}));

const isBonusWrong = (bonus: unknown): boolean => Number(bonus) < 0 || !Number.isInteger(Number(bonus));

/** Salts and nonces, texts and bonus: what is to be refused and is not, and the other way round. */
const inputFaults: readonly Fault[] = [
  ...(['STACIE-022', 'STACIE-064'] as const).map(
    (breaks): Fault => ({
      id: `stacie/short-salt-used-${breaks.slice(-3)}`,
      breaks,
      title: 'uses a salt of fewer than 64 octets',
      operations: forgiveRefusal(
        derive,
        ({ salt }) => isShort(salt),
        (input) => derivedBy(input),
      ),
    }),
  ),
  {
    id: 'stacie/empty-salt-is-none',
    breaks: 'STACIE-022',
    title: 'takes an empty salt for an absent one (STACIE-I-17)',
    operations: changeInput(derive, (input) => (input.salt === '' ? without(input, 'salt') : input)),
  },
  ...(['STACIE-027', 'STACIE-087'] as const).map(
    (breaks): Fault => ({
      id: `stacie/short-nonce-used-${breaks.slice(-3)}`,
      breaks,
      title: 'uses a nonce of fewer than 64 octets',
      operations: forgiveRefusal(
        derive,
        ({ nonce }) => isShort(nonce),
        (input) => derivedBy(input),
      ),
    }),
  ),
  {
    id: 'stacie/unaligned-salt-refused',
    breaks: 'STACIE-065',
    title: 'refuses a salt that is no multiple of 32 octets',
    operations: refuseInput(derive, ({ salt }) => isOdd(salt)),
  },
  {
    id: 'stacie/long-salt-refused',
    breaks: 'STACIE-066',
    title: 'refuses a salt of more than 1,024 octets',
    operations: refuseInput(derive, ({ salt }) => isLong(salt)),
  },
  {
    id: 'stacie/salt-over-512-refused',
    breaks: 'STACIE-158',
    title: 'refuses a salt of more than 512 octets',
    operations: refuseInput(derive, ({ salt }) => (lengthOf(salt) ?? 0) > 512),
  },
  {
    id: 'stacie/odd-nonce-refused',
    breaks: 'STACIE-088',
    title: 'refuses a nonce that is no multiple of 32 octets',
    operations: refuseInput(derive, ({ nonce }) => isOdd(nonce)),
  },
  {
    id: 'stacie/long-nonce-refused',
    breaks: 'STACIE-088',
    title: 'refuses a nonce of more than 1,024 octets',
    operations: refuseInput(derive, ({ nonce }) => isLong(nonce)),
  },
  {
    id: 'stacie/password-mended',
    breaks: 'STACIE-039',
    title: 'puts U+FFFD in the place of octets that are no UTF-8 (STACIE-I-05)',
    operations: changeInput(rounds, ({ passwordOctets, ...input }) =>
      passwordOctets === undefined
        ? input
        : { ...input, password: Buffer.from(octetsOf(passwordOctets)).toString('utf8') },
    ),
  },
  {
    id: 'stacie/surrogate-mended',
    breaks: 'STACIE-039',
    title: 'puts U+FFFD in the place of half a surrogate pair (STACIE-I-05)',
    operations: changeInput(rounds, (input) =>
      typeof input.password === 'string' ? { ...input, password: mended(input.password) } : input,
    ),
  },
  {
    id: 'stacie/byte-order-mark-lost',
    breaks: 'STACIE-020',
    title: 'takes a byte order mark off the username',
    operations: byRules({ usernameOctets: (text) => Buffer.from(text.replaceAll('\ufeff', '')) }),
  },
  {
    id: 'stacie/empty-password-derived',
    breaks: 'STACIE-021',
    title: 'derives from an empty password (STACIE-I-04)',
    operations: forgiveRefusal(
      derive,
      ({ password }) => password === '',
      (input) => derivedBy({ ...input, password: 'x'.repeat(24) }),
    ),
  },
  {
    id: 'stacie/empty-username-derived',
    breaks: 'STACIE-020',
    title: 'derives from an empty username (STACIE-I-22)',
    operations: forgiveRefusal(
      derive,
      ({ username }) => username === '',
      (input) => derivedBy(input),
    ),
  },
  {
    id: 'stacie/username-mended',
    breaks: 'STACIE-020',
    title: 'puts U+FFFD in the place of half a surrogate pair in a username (STACIE-I-05)',
    operations: changeInput(derive, (input) => ({ ...input, username: mended(String(input.username)) })),
  },
  {
    id: 'stacie/negative-bonus-taken',
    breaks: 'STACIE-043',
    title: 'takes the amount of a negative bonus (STACIE-I-12)',
    operations: changeInput(rounds, (input) => ({ ...input, bonus: Math.abs(Number(input.bonus)) })),
  },
  {
    id: 'stacie/fractional-bonus-cut',
    breaks: 'STACIE-043',
    title: 'takes the whole part of a bonus (STACIE-I-12)',
    operations: changeInput(rounds, (input) => ({
      ...input,
      bonus: isBonusWrong(input.bonus) ? Math.trunc(Number(input.bonus)) : input.bonus,
    })),
  },
  {
    id: 'stacie/bonus-in-32-bits',
    breaks: 'STACIE-045',
    title: 'takes the low 32 bits of a bonus',
    operations: changeInput(rounds, (input) => ({ ...input, bonus: Number(input.bonus) % 2 ** 32 })),
  },
  {
    id: 'stacie/bonus-over-512-refused',
    breaks: 'STACIE-164',
    title: 'refuses a bonus of more than 512',
    operations: refuseInput(derive, ({ bonus }) => Number(bonus ?? 0) > 512),
  },
  {
    id: 'stacie/bonus-cut-to-1024',
    breaks: 'STACIE-165',
    title: 'takes a bonus of more than 1,024 for 1,024',
    operations: changeInput(rounds, (input) => ({ ...input, bonus: Math.min(1024, Number(input.bonus)) })),
  },
];

const mended = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** Faults that no single rule of the derivation makes. */
const stageFaults: readonly Fault[] = [
  {
    id: 'stacie/two-chains',
    breaks: 'STACIE-074',
    title: 'runs the even and the odd rounds of a key side by side and mixes what comes out',
    operations: bendResult(derive, (result, input) => {
      const account = derivationInput(input);
      const half = Math.ceil(Number(result.rounds) / 2);
      const odd = { ...drafts, keyCounter: (count: number) => drafts.keyCounter(2 * count + 1) };
      const even = { ...drafts, keyCounter: (count: number) => drafts.keyCounter(2 * count) };
      const seed = octetsOf(result.seed);
      return {
        ...result,
        masterKey: write(exclusiveOr(keyOf(seed, half, account, even), keyOf(seed, half, account, odd))),
      };
    }),
  },
  {
    id: 'stacie/verification-token-with-nonce',
    breaks: 'STACIE-079',
    title: 'gives the login token for the verification token as well',
    operations: bendResult(derive, (result) => ({
      ...result,
      verificationToken: result.ephemeralLoginToken ?? result.verificationToken,
    })),
  },
];

export const faults: readonly Fault[] = [
  ...slipFaults,
  ...inputFaults,
  ...stageFaults,
  ...realmFaults,
  ...envelopeFaults,
];
