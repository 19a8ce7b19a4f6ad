/** The policies of a record and its other fields (sections 3.5 to 3.9 and 4). */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { mustRead, mustRefuse, parseRecordText } from './record-calls.js';
import {
  hostLists,
  hostNames,
  inAnyCase,
  keyTexts,
  plainText,
  policyWords,
  subdomainWords,
  valueCharacters,
} from './record-inputs.js';

const parses = { class: 'record', needs: ['adapter'], operation: 'record.parse' } as const;

/** One word in any case of its letters. */
const written = (words: readonly string[]) =>
  fc.constantFrom(...words).chain((word) => fc.record({ word: fc.constant(word), as: inAnyCase(word) }));

/** Words that are near a right one, or right for the other policy, or anything. */
const wrongWords = (right: readonly string[]): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.constantFrom(...policyWords, ...subdomainWords),
      fc.constantFrom(...right).map((word) => `${word}s`),
      fc.constantFrom(...right).map((word) => word.slice(0, -1)),
      fc.constantFrom(...right).map((word) => `${word},`),
      fc.constantFrom('0', '1', '2', 'none', 'default'),
      fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 1, maxLength: 12 }),
    )
    .filter((word) => !right.includes(word));

const policyTaken = defineCase({
  ...parses,
  id: 'record/policy/words-in-any-case',
  title: 'The policies experimental, mixed and strict are taken in any case.',
  decides: ['REC-033'],
  given: () => fc.record({ key: keyTexts, policy: written(policyWords) }),
  check: async ({ key, policy }, context) => {
    await mustRead(context, 'REC-033', plainText(key, `pol=${policy.as}`), { policy: policy.word });
  },
});

const policyDefault = defineCase({
  ...parses,
  id: 'record/policy/experimental-when-absent',
  title: 'A record without a policy has the policy experimental.',
  decides: ['REC-034'],
  given: () => fc.record({ key: keyTexts, subdomain: fc.constantFrom(...subdomainWords) }),
  check: async ({ key, subdomain }, context) => {
    await mustRead(context, 'REC-034', plainText(key, `sub=${subdomain}`), { policy: 'experimental', subdomain });
    await mustRead(context, 'REC-034', plainText(key, 'pol=mixed'), { policy: 'mixed' });
  },
});

const policyOthers = defineCase({
  ...parses,
  id: 'record/policy/other-words-refused',
  title: 'A policy of another name refuses the record.',
  decides: ['REC-035'],
  given: () => fc.record({ key: keyTexts, right: fc.constantFrom(...policyWords), wrong: wrongWords(policyWords) }),
  check: async ({ key, right, wrong }, context) => {
    await mustRead(context, 'REC-035', plainText(key, `pol=${right}`), { policy: right });
    await mustRefuse(context, 'REC-035', plainText(key, `pol=${wrong}`), `no policy is called ${wrong}`);
  },
});

const subdomainTaken = defineCase({
  ...parses,
  id: 'record/subdomain/words-in-any-case',
  title: 'The subdomain policies strict, relaxed and explicit are taken in any case.',
  decides: ['REC-036'],
  given: () => fc.record({ key: keyTexts, subdomain: written(subdomainWords) }),
  check: async ({ key, subdomain }, context) => {
    await mustRead(context, 'REC-036', plainText(key, `sub=${subdomain.as}`), { subdomain: subdomain.word });
  },
});

const subdomainDefault = defineCase({
  ...parses,
  id: 'record/subdomain/strict-when-absent',
  title: 'A record without a subdomain policy has the subdomain policy strict.',
  decides: ['REC-037'],
  given: () => fc.record({ key: keyTexts, policy: fc.constantFrom(...policyWords) }),
  check: async ({ key, policy }, context) => {
    await mustRead(context, 'REC-037', plainText(key, `pol=${policy}`), { policy, subdomain: 'strict' });
    await mustRead(context, 'REC-037', plainText(key, 'sub=explicit'), { subdomain: 'explicit' });
  },
});

const subdomainOthers = defineCase({
  ...parses,
  id: 'record/subdomain/other-words-refused',
  title: 'A subdomain policy of another name refuses the record.',
  decides: ['REC-038'],
  given: () =>
    fc.record({ key: keyTexts, right: fc.constantFrom(...subdomainWords), wrong: wrongWords(subdomainWords) }),
  check: async ({ key, right, wrong }, context) => {
    await mustRead(context, 'REC-038', plainText(key, `sub=${right}`), { subdomain: right });
    await mustRefuse(context, 'REC-038', plainText(key, `sub=${wrong}`), `no subdomain policy is called ${wrong}`);
  },
});

const syndicates = defineCase({
  ...parses,
  id: 'record/syndicates/any-value',
  title: 'Any value of syn is accepted and changes nothing else.',
  decides: ['REC-039'],
  given: () =>
    fc.record({
      key: keyTexts,
      value: fc.oneof(
        hostNames,
        hostLists(2, 3).map((hosts) => hosts.join(',')),
        fc.constantFrom('a=b', '1', '*', 'strict'),
        fc.string({ unit: valueCharacters, minLength: 1, maxLength: 40 }),
      ),
    }),
  check: async ({ key, value }, context) => {
    await mustRead(context, 'REC-039', plainText(key, `syn=${value}`, 'pol=mixed'), {
      version: 1,
      primary: [key],
      tls: [],
      policy: 'mixed',
      deliver: [],
      subdomain: 'strict',
    });
  },
});

const expiry = defineCase({
  ...parses,
  id: 'record/expiry/decimal-days',
  title: 'A decimal value of exp is accepted and changes nothing else.',
  decides: ['REC-040'],
  given: () => fc.record({ key: keyTexts, days: fc.oneof(fc.constantFrom(0, 1, 30, 365), fc.nat(36_500)) }),
  check: async ({ key, days }, context) => {
    const text = plainText(key, `exp=${days}`, 'pol=mixed');
    await mustRead(context, 'REC-040', text, { version: 1, primary: [key], policy: 'mixed', deliver: [] });
    const answer = await parseRecordText(context, text);
    // The row asks for no more than acceptance: the reference implementation throws the number away (OQ-8).
    if (days > 0 && answer.kind === 'result') {
      context.note(`the value of exp is ${answer.value.expiry === days ? 'kept as days' : 'not kept as days'}`);
    }
  },
});

const hosts = defineCase({
  ...parses,
  id: 'record/delivery/several-hosts-in-their-order',
  title: 'Several delivery hosts are all taken, in the order of the record.',
  decides: ['REC-042'],
  given: () => fc.record({ key: keyTexts, hosts: hostLists(2, 6), together: fc.boolean() }),
  check: async ({ key, hosts, together }, context) => {
    const fields = hosts.map((host) => `dx=${host}`);
    const text = plainText(key, fields.join(together ? ' ' : ' note=x '));
    await mustRead(context, 'REC-042', text, { primary: [key], deliver: hosts });
  },
});

const fewFields = defineCase({
  ...parses,
  id: 'record/fields/few-are-needed',
  title: 'A record without dx, tls, exp and syn is valid.',
  decides: ['REC-043'],
  given: () => fc.record({ key: keyTexts, others: fc.subarray(['ver=1', 'pol=strict', 'sub=explicit', 'note=short']) }),
  check: async ({ key, others }, context) => {
    const text = [...others, `pok=${key}`].join(' ');
    await mustRead(context, 'REC-043', text, { version: 1, primary: [key], tls: [], deliver: [] });
    await mustRefuse(context, 'REC-043', others.join(' '), 'it lacks its key');
  },
});

export const cases: readonly Case[] = [
  policyTaken,
  policyDefault,
  policyOthers,
  subdomainTaken,
  subdomainDefault,
  subdomainOthers,
  syndicates,
  expiry,
  hosts,
  fewFields,
];
