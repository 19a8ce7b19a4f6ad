/** Seeded faults of a parser of management records. */
import type { Fault } from './fault.js';
import { bend, bendInput, bendResult, refuse } from './record-and-codec-bending.js';

const parse = 'record.parse';

/** The parser sees another text. */
const reads = (change: (text: string) => string) => bendInput(parse, 'text', change);
const refuses = (when: RegExp) => refuse(parse, 'text', (text) => when.test(text));
const gives = (change: (record: Record<string, unknown>, text: string) => Record<string, unknown>) =>
  bendResult(parse, (record, input) => change(record, String(input.text)));

/** Changes the tokens of a text; one that becomes null is left out. The separators stay. */
function eachToken(text: string, change: (token: string, index: number, tokens: readonly string[]) => string | null) {
  const parts = text.split(/([ ;]+)/);
  const tokens = parts.filter((_, place) => place % 2 === 0);
  return parts.map((part, place) => (place % 2 === 0 ? (change(part, place / 2, tokens) ?? '') : part)).join('');
}

const tokens = (change: Parameters<typeof eachToken>[1]) => reads((text) => eachToken(text, change));

/** Changes the values of one key. */
const values = (key: RegExp, change: (value: string) => string) =>
  tokens((token) => {
    const at = token.indexOf('=');
    return at !== -1 && key.test(token.slice(0, at)) ? token.slice(0, at + 1) + change(token.slice(at + 1)) : token;
  });

const primaryKey = /^(?:pok|primary)$/i;
const tlsKey = /^tls$/i;
const versionKey = /^(?:ver|version)$/i;
const knownKey = /^(?:ver|version|pok|primary|tls|pol|policy|syn|syndicates|dx|deliver|exp|expiry|sub|subdomain)$/i;

const listOf = (record: Record<string, unknown>, member: string): readonly unknown[] =>
  Array.isArray(record[member]) ? record[member] : [];

/** A field name of which the parser has not heard. */
const unheardOf = (name: string) =>
  tokens((token) => (token.toLowerCase().startsWith(`${name}=`) ? `x${token}` : token));

const separatorFaults: readonly Fault[] = [
  {
    id: 'record/semicolon-in-value',
    breaks: 'REC-008',
    title: 'takes a semicolon for a character of the value',
    operations: reads((text) => text.replaceAll(';', '_')),
  },
  {
    id: 'record/runs-of-separators-refused',
    breaks: 'REC-008',
    title: 'refuses two separators in a row',
    operations: refuses(/[ ;]{2}/),
  },
  {
    id: 'record/separator-at-start-refused',
    breaks: 'REC-008',
    title: 'refuses a text that begins with a separator',
    operations: refuses(/^[ ;]/),
  },
  {
    id: 'record/tab-separates',
    breaks: 'REC-009',
    title: 'takes a tab for a separator',
    operations: reads((text) => text.replaceAll('\t', ' ')),
  },
  {
    id: 'record/line-end-separates',
    breaks: 'REC-009',
    title: 'takes line ends for separators',
    operations: reads((text) => text.replace(/[\r\n]/g, ' ')),
  },
  {
    id: 'record/colon-splits',
    breaks: 'REC-010',
    title: 'splits key and value at a colon too',
    operations: tokens((token) => token.replace(/^([A-Za-z]+):/, '$1=')),
  },
  {
    id: 'record/equals-kept-in-value',
    breaks: 'REC-010',
    title: 'leaves the equals sign in the value of dx',
    operations: gives((record) => ({
      ...record,
      deliver: listOf(record, 'deliver').map((host) => `=${String(host)}`),
    })),
  },
];

const nameFaults: readonly Fault[] = [
  {
    id: 'record/upper-case-keys-unknown',
    breaks: 'REC-011',
    title: 'does not know keys that are all in upper case',
    operations: tokens((token) => (/^[A-Z]+=/.test(token) ? `x${token}` : token)),
  },
  {
    id: 'record/mixed-case-keys-unknown',
    breaks: 'REC-011',
    title: 'does not know keys in mixed case',
    operations: tokens((token) => (/^(?=.*[a-z].*=)(?=.*[A-Z].*=)[A-Za-z]+=/.test(token) ? `x${token}` : token)),
  },
  ...['version', 'primary', 'policy', 'syndicates', 'deliver', 'expiry', 'subdomain', 'dx', 'sub'].map(
    (name): Fault => ({
      id: `record/name-${name}-unknown`,
      breaks: 'REC-012',
      title: `does not know the name ${name}`,
      operations: unheardOf(name),
    }),
  ),
  {
    id: 'record/second-name-of-tls',
    breaks: 'REC-013',
    title: 'knows tls as signature too',
    operations: tokens((token) => token.replace(/^signature=/, 'tls=')),
  },
  {
    id: 'record/unknown-key-refused',
    breaks: 'REC-014',
    title: 'refuses a key that it does not know',
    operations: refuse(parse, 'text', (text) =>
      text.split(/[ ;]+/).some((token) => token.includes('=') && !knownKey.test(token.slice(0, token.indexOf('=')))),
    ),
  },
  {
    id: 'record/keys-told-by-their-beginning',
    breaks: 'REC-014',
    title: 'takes a key that begins with pok for it',
    operations: tokens((token) => token.replace(/^pok[a-z]+=/, 'pok=')),
  },
];

/** The field is left out where it says something that a right parser refuses. */
const forgives = (wrong: (token: string, index: number, all: readonly string[]) => boolean) =>
  tokens((token, index, all) => (wrong(token, index, all) ? null : token));

const wrongValueFaults: readonly Fault[] = [
  {
    id: 'record/last-policy-forgives-earlier',
    breaks: 'REC-015',
    title: 'looks at the last policy only, whatever the earlier ones say',
    operations: forgives(
      (token, index, all) => token.startsWith('pol=') && all.slice(index + 1).some((later) => later.startsWith('pol=')),
    ),
  },
  {
    id: 'record/first-signature-forgives-later',
    breaks: 'REC-015',
    title: 'ignores a tls value that it cannot read when there is another',
    operations: forgives(
      (token, _index, all) =>
        /^tls=.{0,85}$/.test(token) && all.some((other) => other !== token && other.startsWith('tls=')),
    ),
  },
  {
    id: 'record/key-without-equals-ignored',
    breaks: 'REC-016',
    title: 'ignores a known key without an equals sign',
    operations: forgives((token) => knownKey.test(token)),
  },
  {
    id: 'record/key-without-equals-takes-earlier-value',
    breaks: 'REC-016',
    title: 'gives a known key without an equals sign the value of the field before',
    operations: tokens((token, index, all) => {
      const before = all[index - 1]?.split('=')[1];
      return knownKey.test(token) && before !== undefined ? `${token}=${before}` : token;
    }),
  },
  {
    id: 'record/empty-value-ignored',
    breaks: 'REC-017',
    title: 'ignores a field with an empty value',
    operations: forgives((token) => /^[A-Za-z]+=$/.test(token)),
  },
  {
    id: 'record/empty-value-before-semicolon-ignored',
    breaks: 'REC-017',
    title: 'ignores an empty value that ends at a semicolon',
    operations: reads((text) => text.replace(/(?<=^|[ ;])[A-Za-z]+=(?=;)/g, '')),
  },
  {
    id: 'record/repeated-policy-is-neither',
    breaks: 'REC-020',
    title: 'takes a policy that was not given when two are',
    operations: gives((record, text) => {
      const given = [...text.matchAll(/(?<=^| )pol(?:icy)?=([a-z]+)/g)].map((match) => match[1]);
      const other = ['experimental', 'mixed', 'strict'].find((word) => !given.includes(word));
      return given.length > 1 && other !== undefined ? { ...record, policy: other } : record;
    }),
  },
];

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

export const faults: readonly Fault[] = [
  ...separatorFaults,
  ...nameFaults,
  ...wrongValueFaults,
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
