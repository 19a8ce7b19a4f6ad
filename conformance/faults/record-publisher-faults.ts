/** Seeded faults of who writes a management record: of the formatter, and of the domain that publishes it. */
import type { Fault } from './fault.js';
import { bend, bendResult } from './record-and-codec-bending.js';

const format = 'record.format';

/** What can be wrong with a text, whether a formatter writes it or a domain publishes it. */
interface TextFault {
  readonly name: string;
  readonly breaks: string;
  readonly title: string;
  readonly change: (text: string) => string;
}

const textFaults: readonly TextFault[] = [
  {
    name: 'space-behind-equals',
    breaks: 'REC-018',
    title: 'writes a space behind an equals sign',
    change: (text) => text.replace('=', '= '),
  },
  {
    name: 'space-before-equals',
    breaks: 'REC-018',
    title: 'writes a space before an equals sign',
    change: (text) => text.replace('=', ' ='),
  },
  {
    name: 'version-twice',
    breaks: 'REC-019',
    title: 'writes the version under both its names',
    change: (text) => text.replace(/^(?:ver=1 )?/, 'ver=1 version=1 '),
  },
  {
    name: 'no-key',
    breaks: 'REC-024',
    title: 'writes no primary key',
    change: (text) => text.replace(/pok=[^ ]+ ?/g, ''),
  },
  {
    name: 'padded-key',
    breaks: 'REC-026',
    title: 'writes primary keys with padding',
    change: (text) => text.replace(/pok=[^ ]+/g, '$&='),
  },
  {
    name: 'prefixed-key',
    breaks: 'REC-028',
    title: 'writes the octet 0x40 before the primary key, as signets have it',
    change: (text) =>
      text.replace(/(?<=pok=)[^ ]+/g, (key) =>
        Buffer.concat([Buffer.of(0x40), Buffer.from(key, 'base64')]).toString('base64'),
      ),
  },
  {
    name: 'padded-signature',
    breaks: 'REC-029',
    title: 'writes certificate signatures with padding',
    change: (text) => text.replace(/tls=[^ ]+/g, '$&=='),
  },
  {
    name: 'reversed-order',
    breaks: 'REC-044',
    title: 'writes the fields in reversed order',
    change: (text) => text.split(' ').reverse().join(' '),
  },
  {
    name: 'semicolons-between',
    breaks: 'REC-044',
    title: 'writes semicolons between the fields',
    change: (text) => text.replaceAll(' ', '; '),
  },
];

const written = ({ name, breaks, title, change }: TextFault): Fault => ({
  id: `record/formatter-${name}`,
  breaks,
  title: `the formatter ${title}`,
  operations: bendResult(format, (result) => ({ ...result, text: change(String(result.text)) })),
});

const published = ({ name, breaks, title, change }: TextFault): Fault => ({
  id: `record/published-${name}`,
  breaks,
  title: `the domain ${title}`,
  hooks: { record: change },
});

/** Octets of the right number: cut, or filled up with zeros. */
function resized(value: string, octets: number): string {
  const given = Buffer.from(value, 'base64url');
  return Buffer.concat([given, Buffer.alloc(octets)])
    .subarray(0, octets)
    .toString('base64url');
}

const listIn = (input: Readonly<Record<string, unknown>>, member: string): readonly string[] =>
  Array.isArray(input[member]) ? input[member].map(String) : [];

/** The formatter sees other keys or signatures than it was given. */
const takes = (member: string, change: (values: readonly string[]) => readonly string[]) =>
  bend(format, (operation) => (input) => operation({ ...input, [member]: change(listIn(input, member)) }));

const formatterFaults: readonly Fault[] = [
  {
    id: 'record/formatter-url-safe-key',
    breaks: 'REC-026',
    title: 'the formatter writes primary keys in URL-safe base64',
    operations: bendResult(format, (result) => ({
      ...result,
      text: String(result.text).replace(/(?<=pok=)[^ ]+/g, (key) => key.replaceAll('+', '-').replaceAll('/', '_')),
    })),
  },
  {
    id: 'record/formatter-misfit-key-taken',
    breaks: 'REC-026',
    title: 'the formatter makes a key of another size fit',
    operations: takes('primary', (keys) => keys.map((key) => resized(key, 32))),
  },
  {
    id: 'record/formatter-keys-reversed',
    breaks: 'REC-026',
    title: 'the formatter writes the keys in reversed order',
    operations: takes('primary', (keys) => keys.toReversed()),
  },
  {
    id: 'record/formatter-misfit-signature-taken',
    breaks: 'REC-029',
    title: 'the formatter makes a signature of another size fit',
    operations: takes('tls', (signatures) => signatures.map((signature) => resized(signature, 64))),
  },
  {
    id: 'record/formatter-one-signature',
    breaks: 'REC-029',
    title: 'the formatter writes the first certificate signature only',
    operations: takes('tls', (signatures) => signatures.slice(0, 1)),
  },
  {
    id: 'record/formatter-no-key-taken',
    breaks: 'REC-024',
    title: 'the formatter writes a record that it is given no key for',
    operations: bend(format, (operation) => async (input) => {
      if (listIn(input, 'primary').length > 0) return operation(input);
      const result = await operation({ ...input, primary: [Buffer.alloc(32).toString('base64url')] });
      return { ...result, text: String(result.text).replace(/pok=[^ ]+ ?/, '') };
    }),
  },
];

const recordName = /^_dx\./i;

const zoneFaults: readonly Fault[] = [
  {
    id: 'record/published-at-another-name',
    breaks: 'REC-001',
    title: 'the domain publishes its record at _dime. and its name',
    hooks: {
      zone: (records) =>
        records.map((record) =>
          record.type === 'TXT' ? { ...record, name: record.name.replace(recordName, '_dime.') } : record,
        ),
    },
  },
  {
    id: 'record/published-at-the-domain',
    breaks: 'REC-001',
    title: 'the domain publishes its record at its own name',
    hooks: {
      zone: (records) =>
        records.map((record) =>
          record.type === 'TXT' ? { ...record, name: record.name.replace(recordName, '') } : record,
        ),
    },
  },
  {
    id: 'record/published-beside-another-text',
    breaks: 'REC-003',
    title: 'the domain publishes a second TXT record beside its record',
    hooks: {
      zone: (records) =>
        records.flatMap((record) =>
          record.type === 'TXT' && recordName.test(record.name)
            ? [record, { ...record, strings: [`${record.strings.join('')} note=second`] }]
            : [record],
        ),
    },
  },
  {
    id: 'record/published-text-cut-off',
    breaks: 'REC-007',
    title: 'the domain publishes the first 255 octets of a longer record as one string',
    hooks: {
      // So many keys that the limit falls into one of them.
      record: (text) => text.replace(/pok=[^ ]+/, (field) => Array<string>(6).fill(field).join(' ')),
      zone: (records) =>
        records.map((record) =>
          record.type === 'TXT' ? { ...record, strings: [record.strings.join('').slice(0, 255)] } : record,
        ),
    },
  },
  {
    id: 'record/published-signature-of-something-else',
    breaks: 'REC-062',
    title: 'the domain publishes a tls value that does not fit its certificate',
    hooks: {
      record: (text) => text.replace(/(?<=tls=)./g, (character) => (character === 'A' ? 'B' : 'A')),
    },
  },
];

export const faults: readonly Fault[] = [
  ...textFaults.map(written),
  ...textFaults.map(published),
  ...formatterFaults,
  ...zoneFaults,
];
