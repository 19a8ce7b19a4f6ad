/** What a formatter writes, by the rules on who publishes a record. */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { isRefusal, quote, show } from './record-calls.js';
import {
  base64url,
  hostLists,
  hostNames,
  keyLists,
  keyTexts,
  policyWords,
  signatureLists,
  signatureTexts,
  subdomainWords,
} from './record-inputs.js';
import { fieldsOf, type TextRule, textRules, valuesOf } from './written-record.js';

const formats = { class: 'record', needs: ['adapter'], operation: 'record.format' } as const;

/** Members as the adapter takes them. */
const values = fc
  .record({
    primary: keyLists(1, 3),
    tls: signatureLists(1, 2),
    policy: fc.constantFrom(...policyWords),
    syndicates: fc.option(hostNames),
    deliver: hostLists(0, 3),
    expiry: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3650 })),
    subdomain: fc.constantFrom(...subdomainWords),
  })
  .map(({ primary, tls, syndicates, ...rest }) => ({
    version: 1,
    primary: primary.map(base64url),
    tls: tls.map(base64url),
    ...rest,
    ...(syndicates === null ? {} : { syndicates }),
  }));

const written = ({ requirement, name, title, expected, finding, about }: TextRule): Case =>
  defineCase({
    ...formats,
    id: `record/formatter/${name}`,
    title: `In what a formatter writes: ${title}`,
    decides: [requirement],
    given: () => values,
    check: async (input, context) => {
      const answer = await context.call('record.format', input);
      const text = answer.kind === 'result' ? String(answer.value.text) : '';
      // A text without fields would break no rule.
      const whole =
        fieldsOf(text).length > 0 && (about === undefined || valuesOf(text, about).length === input[about].length);
      context.require(requirement, whole, `the text of ${JSON.stringify(input)}`, show(answer));
      context.covered('record', text);
      const wrong = finding(text);
      context.require(requirement, wrong === null, expected, () => `${wrong} in ${quote(text)}`);
    },
  });

/** A value that is one octet short, or one too long at its end. */
const misfit = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.record({ text: texts, short: fc.boolean() }).map(({ text, short }) => {
    const octets = Buffer.from(text, 'base64');
    return (short ? octets.subarray(1) : Buffer.concat([octets, octets.subarray(0, 1)])).toString('base64url');
  });

/** That the values of one kind are written as given, and that a value of another size is refused. */
const asGiven = (requirement: string, field: 'primary' | 'tls', what: string, misfits: fc.Arbitrary<string>): Case =>
  defineCase({
    ...formats,
    id: `record/formatter/${what}-as-given`,
    title: `A formatter writes the ${what} that it is given, and refuses one of another size.`,
    decides: [requirement],
    given: () => fc.record({ input: values, misfit: misfits }),
    check: async ({ input, misfit }, context) => {
      const answer = await context.call('record.format', input);
      const text = answer.kind === 'result' ? String(answer.value.text) : '';
      const same = JSON.stringify(valuesOf(text, field).map(base64url)) === JSON.stringify(input[field]);
      context.require(requirement, same, `a text with these ${what}: ${input[field].join(', ')}`, show(answer));
      const refusal = await context.call('record.format', { ...input, [field]: [misfit] });
      const octets = Buffer.from(misfit, 'base64url').length;
      context.require(
        requirement,
        isRefusal(refusal),
        `${field} of ${octets} octets refused as invalid`,
        show(refusal),
      );
    },
  });

const noKey = defineCase({
  ...formats,
  id: 'record/formatter/refuses-no-key',
  title: 'A formatter refuses to write a record without a primary key.',
  decides: ['REC-024'],
  given: () => values,
  check: async (input, context) => {
    const answer = await context.call('record.format', input);
    context.require('REC-024', answer.kind === 'result', `the text of ${JSON.stringify(input)}`, show(answer));
    const refusal = await context.call('record.format', { ...input, primary: [] });
    context.require('REC-024', isRefusal(refusal), 'a record without a key refused as invalid', show(refusal));
  },
});

export const cases: readonly Case[] = [
  ...textRules.map(written),
  asGiven('REC-026', 'primary', 'keys', misfit(keyTexts)),
  asGiven('REC-029', 'tls', 'signatures', misfit(signatureTexts)),
  noKey,
];
