/** Seeded faults of a parser of management records: in how it tells fields apart, knows them, and refuses them. */
import type { Fault } from './fault.js';
import { refuse } from './record-and-codec-bending.js';
import { forgives, gives, knownKey, listOf, parse, reads, refuses, tokens, unheardOf } from './record-text-bending.js';

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

export const fieldFaults: readonly Fault[] = [...separatorFaults, ...nameFaults, ...wrongValueFaults];
