/** How a record falls into fields, and how fields are named (section 2 of the management record digest). */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { type ExpectedRecord, mustRead, mustRefuse, parseRecordText, quote, show } from './record-calls.js';
import {
  fieldNames,
  hostLists,
  hostNames,
  inOtherCase,
  keyTexts,
  knownNames,
  plainFields,
  plainText,
  policyWords,
  recordText,
  signatureTexts,
  subdomainWords,
  valueCharacters,
  type WrittenField,
} from './record-inputs.js';

const parses = { class: 'record', needs: ['adapter'], operation: 'record.parse' } as const;

const runs = fc.string({ unit: fc.constantFrom(' ', ';'), minLength: 1, maxLength: 4 });

const separators = defineCase({
  ...parses,
  id: 'record/fields/separated-by-spaces-and-semicolons',
  title: 'Spaces and semicolons separate the fields of a record, singly, in runs, and at both ends.',
  decides: ['REC-008'],
  given: () =>
    fc
      .record({ key: keyTexts, hosts: hostLists(1, 3), policy: fc.constantFrom(...policyWords) })
      .chain(({ key, hosts, policy }) => {
        const fields: WrittenField[] = [
          ...plainFields(key),
          { key: 'pol', value: policy },
          ...hosts.map((value) => ({ key: 'dx', value })),
        ];
        return fc.record({
          key: fc.constant(key),
          hosts: fc.constant(hosts),
          policy: fc.constant(policy),
          text: fc
            .record({
              before: fc.oneof(fc.constant(''), runs),
              between: fc.array(runs, { minLength: fields.length - 1, maxLength: fields.length - 1 }),
              after: fc.oneof(fc.constant(''), runs),
            })
            .map(
              ({ before, between, after }) =>
                before + fields.map((field, index) => recordText([field]) + (between[index] ?? '')).join('') + after,
            ),
        });
      }),
  check: async ({ key, hosts, policy, text }, context) => {
    await mustRead(context, 'REC-008', text, { primary: [key], policy, deliver: hosts });
    await mustRefuse(context, 'REC-008', text.replace(/[ ;]/g, ''), 'nothing separates its fields');
  },
});

const otherWhiteSpace = defineCase({
  ...parses,
  id: 'record/fields/not-separated-by-other-white-space',
  title: 'Tab, carriage return and line feed do not separate fields: they stand in the value.',
  decides: ['REC-009'],
  given: () => keyTexts,
  check: async (key, context) => {
    for (const space of ['\t', '\n', '\r', '\r\n']) {
      await mustRead(context, 'REC-009', plainText(key, `note=some${space}pol=strict`), {
        primary: [key],
        policy: 'experimental',
      });
      const text = `${plainText(key)}${space}pol=strict`;
      await mustRefuse(context, 'REC-009', text, `the value of pok holds ${quote(space)}`);
      await mustRefuse(context, 'REC-009', plainText(key, `pol=mixed${space}sub=relaxed`), 'no policy is called that');
    }
  },
});

/** Characters that some other format splits at. */
const otherMarks = [':', '-', '.', '>', '/', '~', '|', ','];

const equalsSign = defineCase({
  ...parses,
  id: 'record/fields/key-split-from-value-at-the-equals-sign',
  title: 'An equals sign, and no other character, splits the key from the value.',
  decides: ['REC-010'],
  given: () => fc.record({ key: keyTexts, host: hostNames, policy: fc.constantFrom('mixed', 'strict') }),
  check: async ({ key, host, policy }, context) => {
    await mustRead(context, 'REC-010', plainText(key, `pol=${policy}`, `dx=${host}`), {
      primary: [key],
      policy,
      deliver: [host],
    });
    const unsplit = otherMarks.flatMap((mark) => [`pol${mark}${policy}`, `dx${mark}${host}`]);
    await mustRead(context, 'REC-010', plainText(key, ...unsplit), { policy: 'experimental', deliver: [] });
    const keys = otherMarks.map((mark) => `pok${mark}${key}`);
    await mustRefuse(context, 'REC-010', `ver=1 ${keys.join(' ')}`, 'no key of it is given with an equals sign');
  },
});

/** A field whose value can be seen in what a parser gives. */
interface SeenField {
  readonly field: keyof typeof fieldNames;
  readonly value: string;
  /** A value that is refused; null where every value is taken. */
  readonly bad: string | null;
  readonly expected: ExpectedRecord;
}

/** One of each kind. */
const seenFields: fc.Arbitrary<SeenField[]> = fc.tuple(
  fc.constant<SeenField>({ field: 'version', value: '1', bad: '2', expected: { version: 1 } }),
  fc
    .constantFrom(...policyWords)
    .map((value): SeenField => ({ field: 'policy', value, bad: `${value}er`, expected: { policy: value } })),
  fc
    .constantFrom(...subdomainWords)
    .map((value): SeenField => ({ field: 'subdomain', value, bad: `${value}er`, expected: { subdomain: value } })),
  hostNames.map((value): SeenField => ({ field: 'deliver', value, bad: null, expected: { deliver: [value] } })),
  keyTexts.map(
    (value): SeenField => ({ field: 'primary', value, bad: value.slice(1), expected: { primary: [value] } }),
  ),
  signatureTexts.map((value): SeenField => ({ field: 'tls', value, bad: value.slice(1), expected: { tls: [value] } })),
);

/** A record in which the field under test is the only one of its kind. */
function recordWith(key: string, field: string, written: WrittenField): string {
  return recordText(field === 'primary' ? [written] : [{ key: 'pok', value: key }, written]);
}

const keysInAnyCase = defineCase({
  ...parses,
  id: 'record/fields/keys-in-any-case',
  title: 'A key is the same in upper, lower and mixed case.',
  decides: ['REC-011'],
  given: () =>
    fc
      .record({ key: keyTexts, seen: seenFields.chain((fields) => fc.constantFrom(...fields)) })
      .chain(({ key, seen }) =>
        fc.record({
          key: fc.constant(key),
          seen: fc.constant(seen),
          name: fc.constantFrom(...fieldNames[seen.field]).chain(inOtherCase),
        }),
      ),
  check: async ({ key, seen, name }, context) => {
    await mustRead(context, 'REC-011', recordWith(key, seen.field, { key: name, value: seen.value }), seen.expected);
    if (seen.bad === null) return;
    const text = recordWith(key, seen.field, { key: name, value: seen.bad });
    await mustRefuse(context, 'REC-011', text, `${name} is a known key and its value is wrong`);
  },
});

const bothNames = defineCase({
  ...parses,
  id: 'record/fields/known-under-both-names',
  title: 'Every field but tls is known under its short and its long name, with the same effect.',
  decides: ['REC-012'],
  given: () => fc.record({ key: keyTexts, fields: seenFields }),
  check: async ({ key, fields }, context) => {
    const named = fields.flatMap((seen) => fieldNames[seen.field].map((name) => ({ ...seen, name })));
    for (const { field, name, value, bad, expected } of named.filter(({ field }) => field !== 'tls')) {
      await mustRead(context, 'REC-012', recordWith(key, field, { key: name, value }), expected);
      if (bad === null) continue;
      const text = recordWith(key, field, { key: name, value: bad });
      await mustRefuse(context, 'REC-012', text, `${name} is a known key and its value is wrong`);
    }
  },
});

const bothNamesOfUnusedFields = defineCase({
  ...parses,
  id: 'record/fields/expiry-and-syndicates-known-under-both-names',
  title: 'exp and expiry, and syn and syndicates, give the same, whatever a parser makes of these fields.',
  decides: ['REC-012'],
  given: () => fc.record({ key: keyTexts, days: fc.nat(3650), host: hostNames }),
  check: async ({ key, days, host }, context) => {
    for (const [field, value] of [
      ['expiry', String(days)],
      ['syndicates', host],
    ] as const) {
      const [short, long] = fieldNames[field];
      const text = plainText(key, `${short}=${value}`);
      await mustRead(context, 'REC-012', text, { primary: [key] });
      const first = await parseRecordText(context, text);
      const second = await parseRecordText(context, plainText(key, `${long}=${value}`));
      const same = show(first)() === show(second)();
      context.require(
        'REC-012',
        same,
        `${long}=${value} to give the same as ${short}=${value}: ${show(first)()}`,
        show(second),
      );
    }
  },
});

/** What tls could be called, had it a second name as the other fields have. */
const namesLikeTls = ['signature', 'certificate', 'transport', 'tlssig', 'cert', 'sig', 'ssl', 'security'];

const tlsName = defineCase({
  ...parses,
  id: 'record/fields/tls-known-under-one-name',
  title: 'A certificate signature is known as tls and under no other name.',
  decides: ['REC-013'],
  given: () => fc.record({ key: keyTexts, signature: signatureTexts }),
  check: async ({ key, signature }, context) => {
    await mustRead(context, 'REC-013', plainText(key, `tls=${signature}`), { tls: [signature] });
    await mustRefuse(context, 'REC-013', plainText(key, 'tls=x'), 'tls is a known key and its value is wrong');
    for (const value of [signature, 'x']) {
      const others = namesLikeTls.map((name) => `${name}=${value}`);
      await mustRead(context, 'REC-013', plainText(key, ...others), { primary: [key], tls: [] });
    }
  },
});

/** Beginnings and continuations of known names. */
const almostKnown = [
  'po',
  'poke',
  'd',
  'dxx',
  'verb',
  'vers',
  'poli',
  'tl',
  'tlsa',
  'expire',
  'subs',
  'synd',
  'primaries',
];

const unknownNames = fc
  .string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 1, maxLength: 10 })
  .filter((name) => !knownNames.includes(name));

const unknownKeys = defineCase({
  ...parses,
  id: 'record/fields/unknown-keys-ignored',
  title: 'A field with an unknown key changes nothing, wherever it stands and whatever its value.',
  decides: ['REC-014'],
  given: () =>
    fc.record({
      key: keyTexts,
      name: unknownNames,
      value: fc.oneof(
        fc.string({ unit: valueCharacters, minLength: 1, maxLength: 30 }),
        keyTexts,
        fc.constantFrom('1', '2', 'strict', 'a=b', '==', '"quoted"', '<>'),
      ),
      place: fc.nat(3),
    }),
  check: async ({ key, name, value, place }, context) => {
    const fields = [...plainFields(key), { key: 'pol', value: 'mixed' }];
    const text = recordText(fields.toSpliced(place, 0, { key: name, value }));
    const plain = { version: 1, primary: [key], tls: [], policy: 'mixed', deliver: [], subdomain: 'strict' };
    await mustRead(context, 'REC-014', text, plain);
    const near = almostKnown.map((other) => ({ key: other, value: key }));
    await mustRead(context, 'REC-014', recordText([...near, ...fields]), plain);
    await mustRefuse(context, 'REC-014', `ver=1 ${name}=${key}`, `${name} is not the name of a key field`);
  },
});

export const cases: readonly Case[] = [
  separators,
  otherWhiteSpace,
  equalsSign,
  keysInAnyCase,
  bothNames,
  bothNamesOfUnusedFields,
  tlsName,
  unknownKeys,
];
