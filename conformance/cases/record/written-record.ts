/**
 * What the text of a record looks like, for the rules on its writer. It tells fields apart by separators and the first
 * equals sign and knows nothing of values, so that a text which breaks one rule can still be judged by the others.
 */
import { fieldNames } from './record-inputs.js';

export type FieldName = keyof typeof fieldNames;

export interface TextField {
  /** Null for a key that nobody knows. */
  readonly field: FieldName | null;
  readonly value: string;
}

/** The fields of a text in their order. */
export function fieldsOf(text: string): TextField[] {
  return text
    .split(/[ ;]+/)
    .filter((token) => token !== '')
    .map((token) => {
      const at = token.indexOf('=');
      const key = (at === -1 ? token : token.slice(0, at)).toLowerCase();
      const known = Object.entries(fieldNames).find(([, names]) => names.some((name) => name === key));
      return { field: (known?.[0] as FieldName | undefined) ?? null, value: at === -1 ? '' : token.slice(at + 1) };
    });
}

/** The values of all fields of one kind, in their order. */
export function valuesOf(text: string, field: FieldName): string[] {
  return fieldsOf(text)
    .filter((candidate) => candidate.field === field)
    .map(({ value }) => value);
}

/** A rule on what is written, for a formatter and for a published record alike. */
export interface TextRule {
  readonly requirement: string;
  /** The middle and the end of the case's id. */
  readonly name: string;
  readonly title: string;
  readonly expected: string;
  /** What breaks the rule; null when it holds. */
  readonly finding: (text: string) => string | null;
  /** The field without which the rule has nothing to judge. */
  readonly about?: 'primary' | 'tls';
}

/** Section 3.10. */
const canonicalOrder: readonly FieldName[] = [
  'version',
  'primary',
  'tls',
  'policy',
  'syndicates',
  'deliver',
  'expiry',
  'subdomain',
];

/** How often syn may stand in a record is not defined (section 3.1), so it is not among them. */
const singleValued: readonly FieldName[] = ['version', 'policy', 'expiry', 'subdomain'];

const everyValue = (field: FieldName, form: RegExp, text: string): string | null =>
  valuesOf(text, field).find((value) => !form.test(value)) ?? null;

export const textRules: readonly TextRule[] = [
  {
    requirement: 'REC-018',
    name: 'no-white-space-beside-equals',
    title: 'No white space stands beside an equals sign.',
    expected: 'no white space beside an equals sign',
    // An equals sign at the end of a value is padding, which another rule judges.
    finding: (text) => /\s=|(?:^|[\s;])[A-Za-z]+=(?=[\s;]|$)/.exec(text)?.[0] ?? null,
  },
  {
    requirement: 'REC-019',
    name: 'single-valued-keys-once',
    title: 'No single-valued key stands twice, under either of its names.',
    expected: 'ver, pol, exp and sub at most once each',
    finding: (text) => {
      const repeated = singleValued.find((field) => valuesOf(text, field).length > 1);
      return repeated === undefined ? null : `${fieldNames[repeated][0]} twice`;
    },
  },
  {
    requirement: 'REC-024',
    name: 'at-least-one-key',
    title: 'There is at least one primary key.',
    expected: 'at least one pok',
    finding: (text) => (valuesOf(text, 'primary').length === 0 ? 'no pok' : null),
  },
  {
    requirement: 'REC-026',
    name: 'keys-of-43-characters',
    title: 'Every primary key is 43 characters of unpadded standard base64.',
    expected: 'every pok of exactly 43 characters of standard base64 without padding',
    finding: (text) => everyValue('primary', /^[A-Za-z0-9+/]{43}$/, text),
    about: 'primary',
  },
  {
    requirement: 'REC-028',
    name: 'keys-without-prefix',
    title: 'No primary key has the octet 0x40 before its 32 octets.',
    expected: 'no pok of 33 octets that begin with 0x40',
    finding: (text) =>
      valuesOf(text, 'primary').find((value) => {
        const octets = Buffer.from(value, 'base64');
        return octets.length === 33 && octets[0] === 0x40;
      }) ?? null,
    about: 'primary',
  },
  {
    requirement: 'REC-029',
    name: 'signatures-of-86-characters',
    title: 'Every certificate signature is 86 characters of unpadded standard base64.',
    expected: 'every tls of exactly 86 characters of standard base64 without padding',
    finding: (text) => everyValue('tls', /^[A-Za-z0-9+/]{86}$/, text),
    about: 'tls',
  },
  {
    requirement: 'REC-044',
    name: 'canonical-order',
    title: 'The fields stand in the order ver, pok, tls, pol, syn, dx, exp, sub, one space apart.',
    expected: 'the fields in the order ver, pok, tls, pol, syn, dx, exp, sub with one space between',
    finding: (text) => {
      const separator = /;| {2,}|^ | $/.exec(text);
      if (separator !== null) return `${JSON.stringify(separator[0])} at offset ${separator.index}`;
      const places = fieldsOf(text).flatMap(({ field }) => (field === null ? [] : [canonicalOrder.indexOf(field)]));
      const late = places.findIndex((place, index) => place < (places[index - 1] ?? 0));
      if (late === -1) return null;
      const [before, after] = [places[late - 1], places[late]].map((place) => canonicalOrder[place ?? 0]);
      return `${after} behind ${before}`;
    },
  },
];
