/** The seed stage: what keys it and what goes through it (section 1.4). */
import fc from 'fast-check';
import { seedOf } from '../../model/stacie-derivation.js';
import { type Case, defineCase } from '../case.js';
import { type Asked, derived, describeInput, mustBe } from './stacie-calls.js';
import { derivations, exactly, longTexts, ofLengths, passwords } from './stacie-inputs.js';

const derives = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.derive' } as const;

/** Of a case that looks at the seed of a derivation; the answer's own rounds are taken for right. */
interface SeedCase {
  readonly id: string;
  readonly title: string;
  readonly decides: readonly [string, ...string[]];
  readonly given: fc.Arbitrary<Asked>;
}

function seedCase({ id, title, decides, given }: SeedCase): Case {
  return defineCase({
    ...derives,
    id: `stacie/seed/${id}`,
    title,
    decides,
    given: () => given,
    check: async (asked, context) => {
      const { rounds, seed } = await derived(context, decides[0], asked);
      for (const requirement of decides) {
        mustBe(context, seedOf(asked, rounds), {
          requirement,
          name: 'seed',
          value: seed,
          by: (rules) => seedOf(asked, rounds, rules),
          of: describeInput(asked),
          rounds,
        });
      }
    },
  });
}

/** Neither expanded nor absent. */
const direct = exactly(128);
/** A salt that is expanded. */
const expanded = ofLengths([64, 96, 160, 192, 512, 1024]);

export const cases: readonly Case[] = [
  seedCase({
    id: 'hmac-of-sha2-512',
    title: 'The seed is HMAC with SHA2-512, keyed by the salt, over the password.',
    decides: ['STACIE-049'],
    given: derivations({ salt: direct }),
  }),
  seedCase({
    id: 'key-of-128-octets',
    title: 'The key of that HMAC has 128 octets, whatever the salt.',
    decides: ['STACIE-056'],
    given: derivations({ salt: fc.oneof(direct, expanded, fc.constant(null)) }),
  }),
  seedCase({
    id: 'username-for-no-salt',
    title: 'Where there is no salt, the hash of the username takes its place.',
    decides: ['STACIE-057'],
    given: derivations({ salt: fc.constant(null) }),
  }),
  seedCase({
    id: 'salt-of-128-as-it-is',
    title: 'A salt of exactly 128 octets is the key as it stands.',
    decides: ['STACIE-058'],
    given: derivations({ salt: direct }),
  }),
  seedCase({
    id: 'other-salt-expanded',
    title: 'A salt of another length is expanded: two hashes of it and a counter.',
    decides: ['STACIE-059'],
    given: derivations({ salt: expanded }),
  }),
  seedCase({
    id: 'expansion-counter',
    title: 'The counter of the expansion has 3 octets, the most significant first, and starts at 0.',
    decides: ['STACIE-060'],
    given: derivations({ salt: expanded }),
  }),
  seedCase({
    id: 'halves-in-order',
    title: 'Of the two hashes, the one with counter 0 comes first.',
    decides: ['STACIE-061'],
    given: derivations({ salt: fc.oneof(expanded, fc.constant(null)) }),
  }),
  seedCase({
    id: 'password-as-often-as-rounds',
    title: 'The password is repeated exactly as often as there are rounds.',
    decides: ['STACIE-062'],
    given: derivations({ password: fc.oneof(passwords, longTexts(60, 90)) }),
  }),
  defineCase({
    ...derives,
    id: 'stacie/seed/64-octets',
    title: 'The seed is the whole output of the HMAC: 64 octets.',
    decides: ['STACIE-063'],
    given: () => derivations(),
    check: async (asked, context) => {
      const { rounds, seed } = await derived(context, 'STACIE-063', asked);
      context.require('STACIE-063', seed.length === 64, 'a seed of 64 octets', `${seed.length} octets`);
      mustBe(context, seedOf(asked, rounds), {
        requirement: 'STACIE-063',
        name: 'seed',
        value: seed,
        by: (rules) => seedOf(asked, rounds, rules),
        of: describeInput(asked),
        rounds,
      });
    },
  }),
];
