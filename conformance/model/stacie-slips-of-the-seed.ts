/** Slips in the seed stage and in what comes out of it (section 1.4 of the STACIE digest). */
import { createHash } from 'node:crypto';
import { drafts, type Octets, type Rules, sha512 } from './stacie-derivation.js';
import { type Slip, wrongCounters } from './stacie-slip.js';

const none = new Uint8Array(0);
const utf8 = (text: string): Octets => Buffer.from(text, 'utf8');

export const seedSlips: readonly Slip[] = [
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
  ...wrongCounters.map(
    ({ id, how, counter }): Slip => ({
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
