/** The version of a record (section 3.2). */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { mustRead, mustRefuse } from './record-calls.js';
import { keyTexts, plainText, policyWords } from './record-inputs.js';

const parses = { class: 'record', needs: ['adapter'], operation: 'record.parse' } as const;

const absent = defineCase({
  ...parses,
  id: 'record/version/one-when-absent',
  title: 'A record without a version is of version 1.',
  decides: ['REC-021'],
  given: () => fc.record({ key: keyTexts, policy: fc.constantFrom(...policyWords) }),
  check: async ({ key, policy }, context) => {
    await mustRead(context, 'REC-021', `pok=${key}`, { version: 1, primary: [key] });
    await mustRead(context, 'REC-021', `pok=${key} pol=${policy}`, { version: 1, primary: [key], policy });
  },
});

const others = defineCase({
  ...parses,
  id: 'record/version/others-refused',
  title: 'A version other than 1 refuses the record, also where a second version field says 1.',
  decides: ['REC-022'],
  given: () =>
    fc.record({
      key: keyTexts,
      version: fc.oneof(fc.constantFrom(2, 0, 10, 11), fc.integer({ min: 2, max: 65_535 })),
    }),
  check: async ({ key, version }, context) => {
    await mustRead(context, 'REC-022', plainText(key), { version: 1, primary: [key] });
    for (const text of [
      `ver=${version} pok=${key}`,
      `pok=${key} ver=${version}`,
      `ver=${version} ver=1 pok=${key}`,
      `ver=1 ver=${version} pok=${key}`,
    ]) {
      await mustRefuse(context, 'REC-022', text, `version ${version} is another format`);
    }
  },
});

const malformed = defineCase({
  ...parses,
  id: 'record/version/trailing-text-and-large-numbers-refused',
  title: 'A version with text behind its digits, or above 65535, refuses the record.',
  decides: ['REC-023'],
  given: () =>
    fc.record({
      key: keyTexts,
      version: fc.oneof(
        fc.constantFrom('1abc', '1.0', '1,', '1-', '1x', '1/1'),
        // These are 1 when they are cut to 16, 32 or 64 bits.
        fc.constantFrom(65_537n, 2n ** 17n + 1n, 2n ** 32n + 1n, 2n ** 64n + 1n).map(String),
        fc.integer({ min: 1, max: 9_999 }).map((times) => String(times * 65_536 + 1)),
      ),
    }),
  check: async ({ key, version }, context) => {
    await mustRead(context, 'REC-023', plainText(key), { version: 1, primary: [key] });
    await mustRefuse(context, 'REC-023', `ver=${version} pok=${key}`, `${version} is not the number 1`);
  },
});

export const cases: readonly Case[] = [absent, others, malformed];
