/**
 * Ways in which implementations of the STACIE derivation go wrong, each as one rule that differs. A case that meets a
 * wrong value says which of them would give it; the seeded faults are these very slips.
 */
import { createHash } from 'node:crypto';
import { drafts, type Octets, type Rules, sha512 } from './stacie-derivation.js';

export interface Slip {
  /** Of the fault that makes it. */
  readonly id: string;
  /** The requirement that it breaks. */
  readonly breaks: string;
  /** What an implementation does that has it. */
  readonly title: string;
  readonly rules: Partial<Rules>;
}

const none = new Uint8Array(0);
const utf8 = (text: string): Octets => Buffer.from(text, 'utf8');
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const reversed = (count: number): Octets => drafts.keyCounter(count).toReversed();
const fourOctets = (count: number): Octets => Buffer.concat([Uint8Array.of(0), drafts.keyCounter(count)]);
const fromOne = (count: number): Octets => drafts.keyCounter(count + 1);
/** Without its first octet: the counter starts anew every 65,536 rounds. */
const twoOctets = (count: number): Octets => Uint8Array.of(0, ...drafts.keyCounter(count).subarray(1));

const roundsSlips: readonly Slip[] = [
  {
    id: 'rounds-fixed',
    breaks: 'STACIE-037',
    title: 'runs 1,000 rounds whatever the password',
    rules: { total: () => 1000 },
  },
  {
    id: 'characters-in-utf16',
    breaks: 'STACIE-038',
    title: 'counts UTF-16 units',
    rules: { characters: (password) => password.length },
  },
  {
    id: 'characters-in-octets',
    breaks: 'STACIE-038',
    title: 'counts octets',
    rules: { characters: (password) => utf8(password).length },
  },
  {
    id: 'characters-as-graphemes',
    breaks: 'STACIE-038',
    title: 'counts grapheme clusters',
    rules: { characters: (password) => [...graphemes.segment(password)].length },
  },
  {
    id: 'characters-without-ignorable',
    breaks: 'STACIE-038',
    title: 'does not count code points that are ignorable by default (STACIE-I-03)',
    rules: { characters: (password) => [...password.replace(/\p{Default_Ignorable_Code_Point}/gu, '')].length },
  },
  {
    id: 'password-in-utf16',
    breaks: 'STACIE-039',
    title: 'hashes the password as UTF-16',
    rules: { passwordOctets: (text) => Buffer.from(text, 'utf16le') },
  },
  {
    id: 'password-in-latin1',
    breaks: 'STACIE-039',
    title: 'hashes the password as Latin-1',
    rules: { passwordOctets: (text) => Buffer.from(text, 'latin1') },
  },
  {
    id: 'exponent-from-25',
    breaks: 'STACIE-040',
    title: 'subtracts the characters from 25',
    rules: { exponent: (characters) => Math.max(1, 25 - characters) },
  },
  {
    id: 'exponent-down-to-0',
    breaks: 'STACIE-041',
    title: 'lets the exponent be 0 (STACIE-I-08)',
    rules: { exponent: (characters) => Math.max(0, 24 - characters) },
  },
  {
    id: 'exponent-negative',
    breaks: 'STACIE-041',
    title: 'lets the exponent be negative',
    rules: { exponent: (characters) => 24 - characters },
  },
  {
    id: 'rounds-doubled-not-raised',
    breaks: 'STACIE-042',
    title: 'takes twice the exponent for the variable rounds',
    rules: { total: (variable, bonus) => drafts.total(2 * Math.log2(variable), bonus) },
  },
  {
    id: 'bonus-left-out',
    breaks: 'STACIE-043',
    title: 'leaves the bonus out',
    rules: { total: (variable) => drafts.total(variable, 0) },
  },
  {
    id: 'bonus-instead',
    breaks: 'STACIE-043',
    title: 'takes the larger of variable rounds and bonus',
    rules: { total: (variable, bonus) => drafts.total(Math.max(variable, bonus), 0) },
  },
  {
    id: 'no-least-rounds',
    breaks: 'STACIE-044',
    title: 'runs fewer than 8 rounds',
    rules: { total: (variable, bonus) => Math.min(16_777_216, variable + bonus) },
  },
  {
    id: 'least-rounds-before-bonus',
    breaks: 'STACIE-044',
    title: 'raises the variable rounds to 8 before it adds the bonus (STACIE-I-09)',
    rules: { total: (variable, bonus) => Math.min(16_777_216, Math.max(8, variable) + bonus) },
  },
  {
    id: 'no-most-rounds',
    breaks: 'STACIE-045',
    title: 'runs more than 16,777,216 rounds',
    rules: { total: (variable, bonus) => Math.max(8, variable + bonus) },
  },
  {
    id: 'most-rounds-one-less',
    breaks: 'STACIE-045',
    title: 'stops at 16,777,215 rounds',
    rules: { total: (variable, bonus) => Math.min(16_777_215, Math.max(8, variable + bonus)) },
  },
];

const textSlips: readonly Slip[] = [
  {
    id: 'username-folded',
    breaks: 'STACIE-020',
    title: 'folds the username to lower case',
    rules: { usernameOctets: (text) => utf8(text.toLowerCase()) },
  },
  {
    id: 'username-trimmed',
    breaks: 'STACIE-020',
    title: 'trims the username',
    rules: { usernameOctets: (text) => utf8(text.trim()) },
  },
  {
    id: 'username-composed',
    breaks: 'STACIE-020',
    title: 'composes the username (NFC)',
    rules: { usernameOctets: (text) => utf8(text.normalize('NFC')) },
  },
  {
    id: 'password-trimmed',
    breaks: 'STACIE-021',
    title: 'trims the password',
    rules: { passwordOctets: (text) => utf8(text.trim()) },
  },
  {
    id: 'password-composed',
    breaks: 'STACIE-021',
    title: 'composes the password (NFC)',
    rules: { passwordOctets: (text) => utf8(text.normalize('NFC')) },
  },
  {
    id: 'password-ends-at-nul',
    breaks: 'STACIE-021',
    title: 'takes the password up to the first NUL',
    rules: { passwordOctets: (text) => utf8(text.replace(/\0.*/s, '')) },
  },
  {
    id: 'password-cut',
    breaks: 'STACIE-021',
    title: 'cuts the password after 72 octets',
    rules: { passwordOctets: (text) => utf8(text).subarray(0, 72) },
  },
];

const seedSlips: readonly Slip[] = [
  {
    id: 'sha3',
    breaks: 'STACIE-001',
    title: 'hashes with SHA3-512',
    rules: { digest: (...pieces) => createHash('sha3-512').update(Buffer.concat(pieces)).digest() },
  },
  {
    id: 'seed-hashed-without-key',
    breaks: 'STACIE-049',
    title: 'hashes key and password instead of HMAC',
    rules: { mac: (key, pieces) => sha512(key, ...pieces) },
  },
  {
    id: 'mac-key-of-64-octets',
    breaks: 'STACIE-056',
    title: 'keys the seed stage with the first 64 octets',
    rules: { macKey: (salt, digest) => drafts.macKey(salt, digest).subarray(0, 64) },
  },
  {
    id: 'no-salt-is-nothing',
    breaks: 'STACIE-057',
    title: 'expands nothing where there is no salt',
    rules: { noSalt: () => none },
  },
  {
    id: 'no-salt-is-username',
    breaks: 'STACIE-057',
    title: 'takes the username itself where there is no salt',
    rules: { noSalt: (username) => username },
  },
  {
    id: 'salt-of-128-expanded',
    breaks: 'STACIE-058',
    title: 'expands a salt of 128 octets too',
    rules: {
      macKey: (salt, digest) => Buffer.concat([digest(salt, drafts.keyCounter(0)), digest(salt, drafts.keyCounter(1))]),
    },
  },
  {
    id: 'salt-not-expanded',
    breaks: 'STACIE-059',
    title: 'keys the HMAC with the salt as it is, whatever its length',
    rules: { macKey: (salt) => salt },
  },
  {
    id: 'long-salt-cut',
    breaks: 'STACIE-059',
    title: 'keys the HMAC with the first 128 octets of a longer salt',
    rules: { macKey: (salt, digest) => (salt.length > 128 ? salt.subarray(0, 128) : drafts.macKey(salt, digest)) },
  },
  ...(
    [
      ['in-4-octets', 'in 4 octets', fourOctets],
      ['reversed', 'with the least octet first', reversed],
      ['from-1', 'from 1', fromOne],
    ] as const
  ).map(
    ([id, how, counter]): Slip => ({
      id: `expansion-counter-${id}`,
      breaks: 'STACIE-060',
      title: `counts the halves of the expanded salt ${how}`,
      rules: { macKey: expanded(counter) },
    }),
  ),
  {
    id: 'expansion-turned-round',
    breaks: 'STACIE-061',
    title: 'puts the second half of the expanded salt first',
    rules: {
      macKey: (salt, digest) => {
        const key = drafts.macKey(salt, digest);
        return salt.length === 128 ? key : Buffer.concat([key.subarray(64), key.subarray(0, 64)]);
      },
    },
  },
  {
    id: 'password-once',
    breaks: 'STACIE-062',
    title: 'gives the password to the HMAC once',
    rules: { repetitions: () => 1 },
  },
  {
    id: 'password-once-more',
    breaks: 'STACIE-062',
    title: 'repeats the password once more than there are rounds',
    rules: { repetitions: (rounds) => rounds + 1 },
  },
  {
    id: 'seed-halved',
    breaks: 'STACIE-063',
    title: 'cuts the seed to 32 octets',
    rules: { mac: (key, pieces) => drafts.mac(key, pieces).subarray(0, 32) },
  },
  {
    id: 'seed-of-8-rounds',
    breaks: 'STACIE-034',
    title: 'repeats the password 8 times whatever the rounds',
    rules: { repetitions: () => 8 },
  },
  {
    id: 'seed-skipped',
    breaks: 'STACIE-013',
    title: 'starts the master key from the hash of the password',
    rules: { masterBase: (_stages, { password }) => sha512(utf8(password)) },
  },
];

function expanded(counter: (count: number) => Octets): Rules['macKey'] {
  return (salt, digest) =>
    salt.length === 128 ? salt : Buffer.concat([digest(salt, counter(0)), digest(salt, counter(1))]);
}

const keySlips: readonly Slip[] = [
  {
    id: 'key-without-username',
    breaks: 'STACIE-068',
    title: 'leaves the username out of the keys',
    rules: { keyInput: (round) => drafts.keyInput({ ...round, username: none }) },
  },
  {
    id: 'key-without-salt',
    breaks: 'STACIE-068',
    title: 'leaves the salt out of the keys',
    rules: { keyInput: (round) => drafts.keyInput({ ...round, salt: none }) },
  },
  {
    id: 'password-key-from-seed',
    breaks: 'STACIE-069',
    title: 'starts the password key from the seed',
    rules: { passwordBase: ({ seed }) => seed },
  },
  {
    id: 'key-one-round-less',
    breaks: 'STACIE-073',
    title: 'runs one round less for a key',
    rules: { keyRounds: (rounds) => rounds - 1 },
  },
  {
    id: 'key-one-round-more',
    breaks: 'STACIE-073',
    title: 'runs one round more for a key',
    rules: { keyRounds: (rounds) => rounds + 1 },
  },
  {
    id: 'key-rounds-apart',
    breaks: 'STACIE-074',
    title: 'runs the rounds of a key without the digest before, so that they could run side by side',
    rules: { keyInput: (round) => drafts.keyInput({ ...round, previous: none }) },
  },
  {
    id: 'key-salt-before-username',
    breaks: 'STACIE-076',
    title: 'puts the salt before the username in the keys',
    rules: {
      keyInput: ({ previous, base, username, salt, password, counter }) => [
        previous,
        base,
        salt,
        username,
        password,
        counter,
      ],
    },
  },
  {
    id: 'key-password-before-salt',
    breaks: 'STACIE-076',
    title: 'puts the password before the salt in the keys',
    rules: {
      keyInput: ({ previous, base, username, salt, password, counter }) => [
        previous,
        base,
        username,
        password,
        salt,
        counter,
      ],
    },
  },
  {
    id: 'key-counter-before-password',
    breaks: 'STACIE-076',
    title: 'puts the counter before the password in the keys',
    rules: {
      keyInput: ({ previous, base, username, salt, password, counter }) => [
        previous,
        base,
        username,
        salt,
        counter,
        password,
      ],
    },
  },
  {
    id: 'key-previous-last',
    breaks: 'STACIE-077',
    title: 'puts the digest before at the end in the keys',
    rules: { keyInput: (round) => [...drafts.keyInput({ ...round, previous: none }), round.previous] },
  },
  ...counterSlips('key', 'STACIE-078', 'keyCounter'),
  {
    id: 'key-counter-in-2-octets',
    breaks: 'STACIE-078',
    title: 'starts the counter of a key anew after 65,536 rounds',
    rules: { keyCounter: twoOctets },
  },
];

const tokenSlips: readonly Slip[] = [
  {
    id: 'token-with-password',
    breaks: 'STACIE-014',
    title: 'hashes the password into the tokens',
    rules: {
      tokenInput: ({ previous, base, username, salt, password, nonce, counter }) => [
        previous,
        base,
        username,
        salt,
        password,
        nonce,
        counter,
      ],
    },
  },
  {
    id: 'token-without-nonce',
    breaks: 'STACIE-033',
    title: 'leaves the nonce out of the login token',
    rules: { tokenInput: (round) => drafts.tokenInput({ ...round, nonce: none }) },
  },
  {
    id: 'token-rounds-of-password',
    breaks: 'STACIE-047',
    title: 'runs as many rounds for a token as for a key',
    rules: { tokenRounds: (rounds) => rounds },
  },
  {
    id: 'token-of-7-rounds',
    breaks: 'STACIE-048',
    title: 'runs 7 rounds for a token',
    rules: { tokenRounds: () => 7 },
  },
  {
    id: 'token-of-9-rounds',
    breaks: 'STACIE-086',
    title: 'runs 9 rounds for a token',
    rules: { tokenRounds: () => 9 },
  },
  {
    id: 'token-from-master-key',
    breaks: 'STACIE-079',
    title: 'starts the verification token from the master key',
    rules: { verificationBase: ({ masterKey }) => masterKey },
  },
  {
    id: 'login-token-from-password-key',
    breaks: 'STACIE-081',
    title: 'starts the login token from the password key',
    rules: { loginBase: ({ passwordKey }) => passwordKey },
  },
  {
    id: 'token-without-username',
    breaks: 'STACIE-082',
    title: 'leaves the username out of the tokens (STACIE-I-21)',
    rules: { tokenInput: (round) => drafts.tokenInput({ ...round, username: none }) },
  },
  {
    id: 'token-nonce-before-salt',
    breaks: 'STACIE-082',
    title: 'puts the nonce before the salt in the tokens',
    rules: {
      tokenInput: ({ previous, base, username, salt, nonce, counter }) => [
        previous,
        base,
        username,
        nonce,
        salt,
        counter,
      ],
    },
  },
  {
    id: 'token-salt-from-username',
    breaks: 'STACIE-083',
    title: 'hashes the username into the tokens in the place of an absent salt (STACIE-I-15)',
    rules: {
      tokenInput: (round) =>
        drafts.tokenInput(round.salt.length === 0 ? { ...round, salt: sha512(round.username) } : round),
    },
  },
  {
    id: 'token-zeros-for-nonce',
    breaks: 'STACIE-083',
    title: 'takes 64 zeros for an absent nonce',
    rules: {
      tokenInput: (round) =>
        drafts.tokenInput(round.nonce.length === 0 ? { ...round, nonce: new Uint8Array(64) } : round),
    },
  },
  ...counterSlips('token', 'STACIE-084', 'tokenCounter'),
  {
    id: 'token-previous-last',
    breaks: 'STACIE-085',
    title: 'puts the digest before at the end in the tokens',
    rules: { tokenInput: (round) => [...drafts.tokenInput({ ...round, previous: none }), round.previous] },
  },
];

function counterSlips(stage: string, breaks: string, rule: 'keyCounter' | 'tokenCounter'): readonly Slip[] {
  return [
    {
      id: `${stage}-counter-in-4-octets`,
      breaks,
      title: `counts a ${stage} in 4 octets`,
      rules: { [rule]: fourOctets },
    },
    {
      id: `${stage}-counter-reversed`,
      breaks,
      title: `counts a ${stage} with the least octet first`,
      rules: { [rule]: reversed },
    },
    { id: `${stage}-counter-from-1`, breaks, title: `counts a ${stage} from 1`, rules: { [rule]: fromOne } },
  ];
}

export const slips: readonly Slip[] = [...roundsSlips, ...textSlips, ...seedSlips, ...keySlips, ...tokenSlips];

/** The first slip under whose rules `holds` is true; null when none of the known ones does. */
export function slipBehind(holds: (rules: Rules) => boolean): Slip | null {
  return slips.find(({ rules }) => holds({ ...drafts, ...rules })) ?? null;
}
