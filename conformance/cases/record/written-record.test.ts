import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { textRules, valuesOf } from './written-record.js';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly input: string;
  readonly expected: {
    readonly result: string;
    readonly pok?: readonly string[];
    readonly tls?: readonly string[];
    readonly dx?: readonly string[];
  };
}

const file = new URL('../../../fixtures/records-libdime.json', import.meta.url);
const { cases: vectors } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Vector[] };
const hex = (value: string): string => Buffer.from(value, 'base64').toString('hex');

/** Flags mark what libdime does by accident. */
test.each(vectors.filter(({ expected, flags }) => expected.result === 'ok' && flags.length === 0))(
  'values stand where libdime found them in vector $tcId: $comment',
  ({ input, expected }) => {
    expect(valuesOf(input, 'primary').map(hex)).toEqual(expected.pok);
    expect(valuesOf(input, 'tls').map(hex)).toEqual(expected.tls);
    expect(valuesOf(input, 'deliver')).toEqual(expected.dx);
  },
);

const key = 'qkv32ZKhAdj6PeiqbzruNqWmXbCCd6+CBkqYm9VVM4o';
const signature = 'gNtU51hWSsLDsXqvM+bfZsES3jnu0z1N5EzE7WrNUgGP4Ze0Khl8aPKdd2BlhOsG/Ezw5QwL3DMzGlcz4SQZEw';
const prefixed = Buffer.concat([Buffer.of(0x40), Buffer.from(key, 'base64')]).toString('base64');

describe('a rule on what is written finds the text that breaks it', () => {
  const finding = (requirement: string, text: string): string | null =>
    textRules.find((rule) => rule.requirement === requirement)?.finding(text) ?? null;

  test.each(textRules)('$requirement finds nothing in a record of all fields in their order', ({ finding }) => {
    const all = `ver=1 pok=${key} tls=${signature} pol=mixed syn=a.example dx=b.example exp=7 sub=relaxed`;
    expect(finding(all)).toBeNull();
  });

  test.each([
    ['REC-018', `ver= 1 pok=${key}`, 'ver='],
    ['REC-018', `ver =1 pok=${key}`, ' ='],
    ['REC-018', `pok=${key} dx=`, ' dx='],
    ['REC-019', `ver=1 pok=${key} Version=1`, 'ver twice'],
    ['REC-019', `pok=${key} pol=mixed policy=mixed`, 'pol twice'],
    ['REC-024', 'ver=1 dx=a.example', 'no pok'],
    ['REC-026', `pok=${key}=`, `${key}=`],
    ['REC-026', `pok=${key.replace('+', '-')}`, key.replace('+', '-')],
    ['REC-028', `pok=${prefixed}`, prefixed],
    ['REC-029', `tls=${signature.slice(1)}`, signature.slice(1)],
    ['REC-044', `pok=${key} ver=1`, 'version behind primary'],
    ['REC-044', `ver=1  pok=${key}`, '"  " at offset 5'],
    ['REC-044', `ver=1; pok=${key}`, '";" at offset 5'],
  ])('%s: %s', (requirement, text, found) => {
    expect(finding(requirement, text)).toBe(found);
  });

  test('padding is no white space beside an equals sign, and repeated lists are no repeated keys', () => {
    expect(finding('REC-018', `pok=${key}= ver=1`)).toBeNull();
    expect(finding('REC-019', `pok=${key} pok=${key} dx=a.example dx=b.example`)).toBeNull();
  });
});
