/** What a known key with a wrong, missing, empty or repeated value does to a record (sections 2.2 and 2.3). */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { isRefusal, mustRead, mustRefuse, parseRecordText, quote, show } from './record-calls.js';
import { keyTexts, knownNames, plainText, policyWords, signatureTexts, subdomainWords } from './record-inputs.js';

const parses = { class: 'record', needs: ['adapter'], operation: 'record.parse' } as const;

/** Fields that have to parse, each once right and once wrong. The values of syn, dx and exp have no wrong form here. */
const judged = fc
  .record({ key: keyTexts, signature: signatureTexts })
  .chain(({ key, signature }) =>
    fc
      .constantFrom(
        { name: 'pok', right: key, wrong: key.slice(0, -2) },
        { name: 'tls', right: signature, wrong: signature.slice(0, -3) },
        { name: 'pol', right: 'mixed', wrong: 'maybe' },
        { name: 'sub', right: 'relaxed', wrong: 'sometimes' },
        { name: 'ver', right: '1', wrong: 'one' },
      )
      .map((field) => ({ key, ...field })),
  );

const wholeRecord = defineCase({
  ...parses,
  id: 'record/values/one-wrong-value-refuses-the-whole-record',
  title: 'A known key with a wrong value refuses the whole record, also beside a right value of the same key.',
  decides: ['REC-015'],
  given: () => judged,
  check: async ({ key, name, right, wrong }, context) => {
    const base = `pok=${key} dx=dx.example`;
    await mustRead(context, 'REC-015', `${base} ${name}=${right}`, { deliver: ['dx.example'] });
    await mustRead(context, 'REC-015', `${base} x${name}=${wrong}`, { primary: [key], deliver: ['dx.example'] });
    for (const fields of [
      `${name}=${wrong}`,
      `${name}=${right} ${name}=${wrong}`,
      `${name}=${wrong} ${name}=${right}`,
    ]) {
      await mustRefuse(context, 'REC-015', `${base} ${fields}`, `${wrong} is no value of ${name}`);
    }
  },
});

const withoutEquals = defineCase({
  ...parses,
  id: 'record/values/known-key-without-equals-sign-refused',
  title: 'A known key without an equals sign refuses the record; an unknown word is ignored.',
  decides: ['REC-016'],
  given: () =>
    fc.record({
      key: keyTexts,
      name: fc.constantFrom(...knownNames),
      word: fc.constantFrom('note', 'dime', 'x', 'v1'),
    }),
  check: async ({ key, name, word }, context) => {
    for (const withToken of [
      (token: string) => `ver=1 pok=${key} ${token}`,
      (token: string) => `${token} pok=${key}`,
    ]) {
      await mustRead(context, 'REC-016', withToken(word), { version: 1, primary: [key] });
      await mustRefuse(context, 'REC-016', withToken(name), `${name} has no value`);
    }
  },
});

const emptyValue = defineCase({
  ...parses,
  id: 'record/values/known-key-with-empty-value-refused',
  title: 'A known key with nothing behind its equals sign refuses the record; an unknown one is ignored.',
  decides: ['REC-017'],
  given: () =>
    fc.record({
      key: keyTexts,
      // Any value of syn is accepted (REC-039), so that an empty one is left alone.
      name: fc.constantFrom(...knownNames.filter((name) => name !== 'syn' && name !== 'syndicates')),
      behind: fc.constantFrom(' sub=relaxed', ';sub=relaxed', '; sub=relaxed', ''),
    }),
  check: async ({ key, name, behind }, context) => {
    await mustRead(context, 'REC-017', plainText(key, `note=${behind}`), {
      primary: [key],
      subdomain: behind === '' ? 'strict' : 'relaxed',
    });
    await mustRefuse(context, 'REC-017', plainText(key, `${name}=${behind}`), `${name} has an empty value`);
  },
});

const repeated = defineCase({
  ...parses,
  id: 'record/values/last-of-repeated-values',
  title: 'Of a single-valued key that is repeated the last value may be taken.',
  decides: ['REC-020'],
  given: () =>
    fc.record({
      key: keyTexts,
      field: fc.oneof(
        fc.record({
          names: fc.constantFrom(['pol', 'pol'], ['pol', 'policy']),
          member: fc.constant('policy'),
          values: fc.shuffledSubarray([...policyWords], { minLength: 2, maxLength: 2 }),
        }),
        fc.record({
          names: fc.constantFrom(['sub', 'sub'], ['subdomain', 'sub']),
          member: fc.constant('subdomain'),
          values: fc.shuffledSubarray([...subdomainWords], { minLength: 2, maxLength: 2 }),
        }),
      ),
    }),
  check: async ({ key, field: { names, member, values } }, context) => {
    const text = plainText(key, ...values.map((value, index) => `${names[index]}=${value}`));
    const answer = await parseRecordText(context, text);
    const given = answer.kind === 'result' ? answer.value[member] : null;
    context.require(
      'REC-020',
      isRefusal(answer) || values.some((value) => value === given),
      `${quote(text)} to be refused as invalid, or read with one of the two values`,
      show(answer),
    );
    context.took(
      'REC-020',
      given === values[1],
      `of a repeated key ${given === null ? 'no value' : String(given)} is taken`,
    );
  },
});

export const cases: readonly Case[] = [wholeRecord, withoutEquals, emptyValue, repeated];
