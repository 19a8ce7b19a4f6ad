import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord, longestRecordText, type ManagementRecord, parseRecord, RecordError } from './index.js';

const key = new Uint8Array(Buffer.from('3ce04f97967426dab7ffc40af059162809644729f2d89d1d5ea637c61d22de6b', 'hex'));
const plain: ManagementRecord = {
  version: 1,
  primary: [key],
  tls: [],
  policy: 'experimental',
  syndicates: null,
  deliver: [],
  expiry: 0,
  subdomain: 'strict',
};

const visible = fc.stringMatching(/^[!-:<-~]{1,40}$/);
const records: fc.Arbitrary<ManagementRecord> = fc.record({
  version: fc.constant(1 as const),
  primary: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 4 }),
  tls: fc.array(fc.uint8Array({ minLength: 64, maxLength: 64 }), { maxLength: 4 }),
  policy: fc.constantFrom('experimental', 'mixed', 'strict'),
  syndicates: fc.option(visible),
  deliver: fc.array(visible, { maxLength: 5 }),
  expiry: fc.oneof(fc.constant(0), fc.nat({ max: 999_999_999 })),
  subdomain: fc.constantFrom('strict', 'relaxed', 'explicit'),
});

describe('formatRecord', () => {
  it('writes the example of section 3.11', () => {
    const record = { ...plain, policy: 'mixed', subdomain: 'relaxed', deliver: ['dx1.example.com', 'dx2.example.com'] };
    expect(formatRecord(record as ManagementRecord)).toBe(
      'ver=1 pok=POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms pol=mixed dx=dx1.example.com dx=dx2.example.com sub=relaxed',
    );
  });

  it('leaves out what holds by default, except the version (section 3.10)', () => {
    expect(formatRecord(plain)).toBe('ver=1 pok=POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms');
  });

  it('writes all fields in the order of section 3.10 (REC-044)', () => {
    const all: ManagementRecord = {
      ...plain,
      primary: [key, key],
      tls: [new Uint8Array(64), new Uint8Array(64)],
      policy: 'strict',
      syndicates: 'example.org',
      deliver: ['a.example', 'b.example'],
      expiry: 30,
      subdomain: 'explicit',
    };
    const keys = formatRecord(all)
      .split(' ')
      .map((field) => field.split('=')[0]);
    expect(keys).toEqual(['ver', 'pok', 'pok', 'tls', 'tls', 'pol', 'syn', 'dx', 'dx', 'exp', 'sub']);
  });

  it('is undone by parseRecord for every record', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(parseRecord(formatRecord(record))).toEqual(record);
      }),
    );
  });

  it.each<[string, string | undefined, object]>([
    ['no key', 'REC-024', { primary: [] }],
    ['a key with the prefix of signet fields', 'REC-028', { primary: [Uint8Array.of(0x40, ...key)] }],
    ['a short key', 'REC-026', { primary: [key.subarray(1)] }],
    ['a short signature', 'REC-029', { tls: [new Uint8Array(63)] }],
    ['version 2', 'REC-022', { version: 2 }],
    ['an unknown policy', 'REC-035', { policy: 'loose' }],
    ['an unknown subdomain policy', 'REC-038', { subdomain: 'loose' }],
    ['a host with a space', 'REC-008', { deliver: ['a.example pok=x'] }],
    ['a host with a semicolon', 'REC-008', { deliver: ['a.example;'] }],
    ['an empty host', 'REC-008', { deliver: [''] }],
    ['a syndicate with a line end', 'REC-008', { syndicates: 'a\nb' }],
    ['a part of a day', 'REC-040', { expiry: 1.5 }],
    ['negative days', 'REC-040', { expiry: -1 }],
    ['more text than readers take', undefined, { syndicates: 'x'.repeat(longestRecordText) }],
  ])('refuses %s', (_what, requirement, change) => {
    const attempt = (): string => formatRecord({ ...plain, ...change });
    expect(attempt).toThrow(RecordError);
    expect(attempt).toThrow(expect.objectContaining({ requirement }));
  });
});
