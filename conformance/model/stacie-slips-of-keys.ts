/** Slips in the key stages and the token stages (sections 1.5 and 1.6 of the STACIE digest). */
import { drafts, type Octets, sha512 } from './stacie-derivation.js';
import { counterSlips, type Slip } from './stacie-slip.js';

const none = new Uint8Array(0);
/** Without its first octet: the counter starts anew every 65,536 rounds. */
const twoOctets = (count: number): Octets => Uint8Array.of(0, ...drafts.keyCounter(count).subarray(1));

export const keySlips: readonly Slip[] = [
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
  ...counterSlips('key', 'STACIE-078'),
  {
    id: 'key-counter-in-2-octets',
    breaks: 'STACIE-078',
    title: 'starts the counter of a key anew after 65,536 rounds',
    rules: { keyCounter: twoOctets },
  },
];

export const tokenSlips: readonly Slip[] = [
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
  ...counterSlips('token', 'STACIE-084'),
  {
    id: 'token-previous-last',
    breaks: 'STACIE-085',
    title: 'puts the digest before at the end in the tokens',
    rules: { tokenInput: (round) => [...drafts.tokenInput({ ...round, previous: none }), round.previous] },
  },
];
