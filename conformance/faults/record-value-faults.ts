/** Seeded faults of a parser of management records: in what it makes of the values of single fields. */
import type { Fault } from './fault.js';
import { bend, refuse } from './record-and-codec-bending.js';
import {
  forgives,
  gives,
  listOf,
  parse,
  primaryKey,
  refuses,
  tlsKey,
  values,
  versionKey,
} from './record-text-bending.js';

const versionFaults: readonly Fault[] = [
  {
    id: 'record/version-needed',
    breaks: 'REC-021',
    title: 'refuses a record without a version',
    operations: refuse(parse, 'text', (text) => !/(?:^|[ ;])ver(?:sion)?=/i.test(text)),
  },
  {
    id: 'record/absent-version-is-zero',
    breaks: 'REC-021',
    title: 'gives version 0 to a record without a version',
    operations: gives((record, text) => (/(?:^|[ ;])ver(?:sion)?=/i.test(text) ? record : { ...record, version: 0 })),
  },
  {
    id: 'record/any-version-taken',
    breaks: 'REC-022',
    title: 'takes every version up to 65535',
    operations: values(versionKey, (value) => (/^\d{1,5}$/.test(value) && Number(value) < 65_536 ? '1' : value)),
  },
  {
    id: 'record/last-version-counts',
    breaks: 'REC-022',
    title: 'looks at the last version field only',
    operations: forgives(
      (token, index, all) => token.startsWith('ver=') && all.slice(index + 1).some((later) => later.startsWith('ver=')),
    ),
  },
  {
    id: 'record/text-behind-version-ignored',
    breaks: 'REC-023',
    title: 'ignores what stands behind the digits of the version',
    operations: values(versionKey, (value) => /^\d+/.exec(value)?.[0] ?? value),
  },
  {
    id: 'record/version-cut-to-16-bits',
    breaks: 'REC-023',
    title: 'keeps the low 16 bits of the version',
    operations: values(versionKey, (value) => (/^\d+$/.test(value) ? String(BigInt(value) % 65_536n) : value)),
  },
];

/** 43 characters, for a parser that has to be given some key. */
const someKey = 'A'.repeat(43);

const keyFaults: readonly Fault[] = [
  {
    id: 'record/no-key-taken',
    breaks: 'REC-024',
    title: 'takes a record without a key',
    operations: bend(parse, (operation) => (input) => {
      const text = String(input.text);
      if (text.split(/[ ;]+/).some((token) => /^(?:pok|primary)(?:=|$)/i.test(token))) return operation(input);
      return { ...operation({ ...input, text: `${text} pok=${someKey}` }), primary: [] };
    }),
  },
  {
    id: 'record/keys-sorted',
    breaks: 'REC-025',
    title: 'gives the keys sorted',
    operations: gives((record) => ({ ...record, primary: listOf(record, 'primary').toSorted() })),
  },
  {
    id: 'record/last-key-only',
    breaks: 'REC-025',
    title: 'keeps the last key only',
    operations: gives((record) => ({ ...record, primary: listOf(record, 'primary').slice(-1) })),
  },
  {
    id: 'record/url-safe-key-taken',
    breaks: 'REC-026',
    title: 'takes a key in URL-safe base64',
    operations: values(primaryKey, standardAlphabet),
  },
  {
    id: 'record/long-key-cut',
    breaks: 'REC-026',
    title: 'takes the first 43 characters of a key of 44',
    operations: values(primaryKey, (value) => (/^[A-Za-z0-9+/]{44}$/.test(value) ? value.slice(0, 43) : value)),
  },
  {
    id: 'record/stray-character-in-key-taken',
    breaks: 'REC-027',
    title: 'takes 43 characters with a stray one among them for a key',
    operations: values(primaryKey, (value) => strayTaken(value, 43)),
  },
  {
    id: 'record/short-key-filled-up',
    breaks: 'REC-027',
    title: 'fills a key of 31 octets up',
    operations: values(primaryKey, (value) => (value.length === 42 ? `${value}A` : value)),
  },
];

const signatureFaults: readonly Fault[] = [
  {
    id: 'record/url-safe-signature-taken',
    breaks: 'REC-029',
    title: 'takes a signature in URL-safe base64',
    operations: values(tlsKey, standardAlphabet),
  },
  {
    id: 'record/long-signature-cut',
    breaks: 'REC-029',
    title: 'takes the first 86 characters of a signature of 87',
    operations: values(tlsKey, (value) => (/^[A-Za-z0-9+/]{87}$/.test(value) ? value.slice(0, 86) : value)),
  },
  {
    id: 'record/stray-character-in-signature-taken',
    breaks: 'REC-030',
    title: 'takes 86 characters with a stray one among them for a signature',
    operations: values(tlsKey, (value) => strayTaken(value, 86)),
  },
  {
    id: 'record/short-signature-filled-up',
    breaks: 'REC-030',
    title: 'fills a signature of 63 octets up',
    operations: values(tlsKey, (value) => (value.length === 84 ? `${value}AA` : value)),
  },
  {
    id: 'record/one-signature-kept',
    breaks: 'REC-031',
    title: 'keeps the first signature only',
    operations: gives((record) => ({ ...record, tls: listOf(record, 'tls').slice(0, 1) })),
  },
  {
    id: 'record/second-signature-refused',
    breaks: 'REC-031',
    title: 'refuses a second signature',
    operations: refuses(/(?:^|[ ;])tls=[^ ;]+.*[ ;]tls=/i),
  },
  {
    id: 'record/padded-key-taken',
    breaks: 'REC-032',
    title: 'takes a key with padding',
    operations: values(primaryKey, (value) => value.replace(/=$/, '')),
  },
  {
    id: 'record/padded-signature-taken',
    breaks: 'REC-032',
    title: 'takes a signature with padding',
    operations: values(tlsKey, (value) => value.replace(/==$/, '')),
  },
];

/** Faults of the two policies, which have the same rules. */
function policyFaults(
  key: string,
  member: string,
  words: readonly [string, string, string],
  [inAnyCase, byDefault, others]: readonly [string, string, string],
): readonly Fault[] {
  const [first, second, third] = words;
  const keyPattern = new RegExp(`^(?:${key}|${member})$`, 'i');
  return [
    {
      id: `record/upper-case-${member}-refused`,
      breaks: inAnyCase,
      title: `refuses a ${member} with letters in upper case`,
      operations: refuses(new RegExp(`(?:^|[ ;])${key}=[^ ;]*[A-Z]`)),
    },
    {
      id: `record/${member}-${third}-unknown`,
      breaks: inAnyCase,
      title: `does not know the ${member} ${third}`,
      operations: values(keyPattern, (value) => (value.toLowerCase() === third ? 'unknown' : value)),
    },
    {
      id: `record/${member}-default-${second}`,
      breaks: byDefault,
      title: `reads an absent ${member} as ${second}`,
      operations: gives((record, text) =>
        new RegExp(`(?:^|[ ;])(?:${key}|${member})=`, 'i').test(text) ? record : { ...record, [member]: second },
      ),
    },
    {
      id: `record/other-${member}-is-${first}`,
      breaks: others,
      title: `reads a ${member} of another name as ${first}`,
      operations: values(keyPattern, (value) => (words.includes(value.toLowerCase()) || value === '' ? value : first)),
    },
    {
      id: `record/${member}-told-by-its-beginning`,
      breaks: others,
      title: `reads a word that begins as a ${member} for it`,
      operations: values(keyPattern, (value) => words.find((word) => value.startsWith(word)) ?? value),
    },
  ];
}

const otherFaults: readonly Fault[] = [
  {
    id: 'record/several-syndicates-refused',
    breaks: 'REC-039',
    title: 'refuses syn with a comma',
    operations: refuses(/(?:^|[ ;])syn=[^ ;]*,/),
  },
  {
    id: 'record/syndicates-need-a-dot',
    breaks: 'REC-039',
    title: 'refuses syn without a dot',
    operations: refuses(/(?:^|[ ;])syn=[^ ;.]+(?:[ ;]|$)/),
  },
  {
    id: 'record/expiry-refused',
    breaks: 'REC-040',
    title: 'refuses exp',
    operations: refuses(/(?:^|[ ;])exp=/),
  },
  {
    id: 'record/long-expiry-refused',
    breaks: 'REC-040',
    title: 'refuses more than 365 days',
    operations: refuse(parse, 'text', (text) => Number(/(?:^|[ ;])exp=(\d+)/.exec(text)?.[1] ?? 0) > 365),
  },
  {
    id: 'record/hosts-sorted',
    breaks: 'REC-042',
    title: 'gives the delivery hosts sorted',
    operations: gives((record) => ({ ...record, deliver: listOf(record, 'deliver').toSorted() })),
  },
  {
    id: 'record/last-host-only',
    breaks: 'REC-042',
    title: 'keeps the last delivery host only',
    operations: gives((record) => ({ ...record, deliver: listOf(record, 'deliver').slice(-1) })),
  },
  {
    id: 'record/host-needed',
    breaks: 'REC-043',
    title: 'refuses a record with both policies and no delivery host',
    operations: refuse(
      parse,
      'text',
      (text) => /(?:^|[ ;])pol=/.test(text) && /(?:^|[ ;])sub=/.test(text) && !/(?:^|[ ;])(?:dx|deliver)=/i.test(text),
    ),
  },
];

export const valueFaults: readonly Fault[] = [
  ...versionFaults,
  ...keyFaults,
  ...signatureFaults,
  ...policyFaults('pol', 'policy', ['experimental', 'mixed', 'strict'], ['REC-033', 'REC-034', 'REC-035']),
  ...policyFaults('sub', 'subdomain', ['strict', 'relaxed', 'explicit'], ['REC-036', 'REC-037', 'REC-038']),
  ...otherFaults,
];

function standardAlphabet(value: string): string {
  return value.replaceAll('-', '+').replaceAll('_', '/');
}

function strayTaken(value: string, length: number): string {
  return value.length === length ? value.replace(/[^A-Za-z0-9+/=_-]/g, 'A') : value;
}
