import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf } from './generate.js';
import { recordLeaves } from './leaves.js';
import { fitsRule, GrammarError } from './parse.js';
import { formatRecordFields, parseRecordFields, type RecordField } from './record.js';

const values = (text: string): [string, string, string | number][] =>
  parseRecordFields(text).map(({ field, key, value }) => [field, key, value]);
const placeless = (fields: RecordField[]): object[] => fields.map(({ field, key, value }) => ({ field, key, value }));
const key43 = 'A'.repeat(43);
const signature86 = 'B'.repeat(86);

describe('the fields of a record', () => {
  it('come in their order, with the key as written and the place in the text', () => {
    expect(parseRecordFields(`VER=1 pok=${key43};dx=dx.example.com`)).toEqual([
      { field: 'version', key: 'VER', value: 1, offset: 0 },
      { field: 'primary', key: 'pok', value: key43, offset: 6 },
      { field: 'deliver', key: 'dx', value: 'dx.example.com', offset: 54 },
    ]);
  });

  // Section 3.1 of the management record digest.
  it.each([
    ['version=00001', 'version', 1],
    [`primary=${key43}`, 'primary', key43],
    [`TLS=${signature86}`, 'tls', signature86],
    ['policy=Mixed', 'policy', 'mixed'],
    ['pol=experimental', 'policy', 'experimental'],
    ['syndicates=a,b', 'syndicates', 'a,b'],
    ['deliver=dx.example.com', 'deliver', 'dx.example.com'],
    ['expiry=007', 'expiry', 7],
    ['sub=EXPLICIT', 'subdomain', 'explicit'],
    ['subdomain=relaxed', 'subdomain', 'relaxed'],
  ])('%s', (text, field, value) => {
    expect(parseRecordFields(text)).toMatchObject([{ field, value }]);
  });

  // Section 2.2, column "recommended".
  it.each([
    ['pol=strict', [['policy', 'pol', 'strict']]],
    [' ;; pol=strict;', [['policy', 'pol', 'strict']]],
    ['', []],
    ['; ;', []],
    ['syn=b=c', [['syndicates', 'syn', 'b=c']]],
    ['a=b=c', [['unknown', 'a', 'a=b=c']]],
    ['word', [['unknown', 'word', 'word']]],
    ['foo=', [['unknown', 'foo', 'foo=']]],
    ['policyx=1', [['unknown', 'policyx', 'policyx=1']]],
    ['x\tpol=bad', [['unknown', 'x\tpol', 'x\tpol=bad']]],
  ] as const)('%j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });
  it.each([
    ['pol', 3],
    ['pol= strict', 4],
    ['pol=;', 4],
    ['dx=;', 3],
    [`pok=${key43}=`, 47],
    [`pok=${key43};tls=${'B'.repeat(85)}`, 52],
    ['ver=1abc', 5],
    ['ver=123456', 9],
    ['exp=-1', 4],
    ['foo=1 POL=loose', 10],
  ])('%j is refused at %i', (text, offset) => {
    expect(() => parseRecordFields(text)).toThrow(GrammarError);
    expect(() => parseRecordFields(text)).toThrow(`at offset ${offset} `);
  });
});

describe('laws of the record grammar', () => {
  it.each([
    ['plausible', { leaves: recordLeaves }],
    ['wild', {}],
  ])('a %s record parses, and its fields written out parse to the same', (_, options) => {
    fc.assert(
      fc.property(arbitraryOf('record', 'Record', options), (text) => {
        const fields = parseRecordFields(text);
        expect(placeless(parseRecordFields(formatRecordFields(fields)))).toEqual(placeless(fields));
        for (const { key, offset } of fields) expect(text.startsWith(key, offset)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('a known key always needs its value, wherever it stands', () => {
    const known = fc.constantFrom(
      'ver',
      'version',
      'pok',
      'primary',
      'tls',
      'pol',
      'policy',
      'syn',
      'dx',
      'exp',
      'sub',
    );
    fc.assert(
      fc.property(known, arbitraryOf('record', 'Record', { leaves: recordLeaves }), (key, rest) => {
        expect(fitsRule('record', 'Record', `${key} ${rest}`)).toBe(false);
        expect(fitsRule('record', 'Record', `${rest};${key}=`)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
