import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord, longestRecordText, type ManagementRecord, parseRecord, RecordError } from './index.js';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly input: string;
  readonly inputHex?: string;
  readonly expected:
    | { readonly result: 'error' }
    | {
        readonly result: 'ok';
        readonly version: number;
        readonly pok: readonly string[];
        readonly tls: readonly string[];
        readonly policy: string;
        readonly subdomain: string;
        readonly dx: readonly string[];
        readonly expiry: number;
        readonly syndicates: string | null;
      };
}

const fixture = new URL('../../../fixtures/records-libdime.json', import.meta.url);
const vectors = (JSON.parse(readFileSync(fixture, 'utf8')) as { cases: readonly Vector[] }).cases;

/** Where the digest recommends another reading than what libdime does: the requirement that refuses, or what is read. */
const otherReadings: Readonly<Record<number, string | Partial<ManagementRecord>>> = {
  16: 'REC-023', // 65537 is 1 only in 16 bits (OQ-14)
  17: 'REC-023', // "1x" is a number with something behind it (OQ-14)
  27: 'REC-016', // "dx" alone took the value of the token before (OQ-5)
  28: 'REC-017', // "dx= " was taken for an unknown key (OQ-6)
  29: { deliver: ['a=b'] }, // the first equals sign splits (OQ-6)
  30: 'REC-022', // "ver==1": the value is "=1" (OQ-6)
  38: { expiry: 30, syndicates: 'example.org' }, // libdime reads both and drops them (OQ-8, OQ-9)
  40: 'REC-035', // only space and semicolon separate (REC-008), so NUL is part of the policy's value
};

const goodKey = 'qkv32ZKhAdj6PeiqbzruNqWmXbCCd6+CBkqYm9VVM4o';
const goodSignature = 'gNtU51hWSsLDsXqvM+bfZsES3jnu0z1N5EzE7WrNUgGP4Ze0Khl8aPKdd2BlhOsG/Ezw5QwL3DMzGlcz4SQZEw';

function refusal(text: string): RecordError {
  try {
    parseRecord(text);
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
  throw new Error(`parsed: ${text}`);
}

describe('what libdime was seen to do', () => {
  it.each(vectors)('tcId $tcId: $comment', ({ tcId, input, inputHex, expected }) => {
    const text = inputHex === undefined ? input : Buffer.from(inputHex, 'hex').toString('latin1');
    const other = otherReadings[tcId];
    if (typeof other === 'string') {
      expect(expected.result).toBe('ok');
      expect(refusal(text).requirement).toBe(other);
    } else if (expected.result === 'error') {
      expect(refusal(text).requirement).toMatch(/^REC-0\d\d$/);
    } else {
      const record = parseRecord(text);
      expect({ ...record, primary: record.primary.map(hex), tls: record.tls.map(hex) }).toEqual({
        version: expected.version,
        primary: expected.pok,
        tls: expected.tls,
        policy: expected.policy,
        subdomain: expected.subdomain,
        deliver: expected.dx,
        expiry: expected.expiry,
        syndicates: expected.syndicates,
        ...other,
      });
    }
  });

  it('has a vector for every listed difference', () => {
    const ids = vectors.map(({ tcId }) => tcId);
    expect(Object.keys(otherReadings).filter((id) => !ids.includes(Number(id)))).toEqual([]);
  });
});

describe('the example of section 3.11', () => {
  it('gives the key in hexadecimal that the section names', () => {
    const record = parseRecord(
      'ver=1 pok=POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms pol=mixed dx=dx1.example.com dx=dx2.example.com sub=relaxed',
    );
    expect(record.primary.map(hex)).toEqual(['3ce04f97967426dab7ffc40af059162809644729f2d89d1d5ea637c61d22de6b']);
    expect(record.deliver).toEqual(['dx1.example.com', 'dx2.example.com']);
  });
});

describe('a refusal names the requirement, the place, the value and the section', () => {
  const longKey = `${goodKey}A`;
  it.each([
    // text after "pok=<good> ", requirement, offset of the value in that text, what the message says
    ['ver=2', 'REC-022', 4, 'ver is 2, and only version 1 is known (section 3.2'],
    ['version=x', 'REC-022', 8, 'version is "x"'],
    ['ver=100000', 'REC-023', 4, 'ver is "100000", not one to five digits'],
    ['ver=99999', 'REC-023', 4, 'above 65535'],
    ['pol', 'REC-016', 3, 'the known key "pol" has no "="'],
    ['SUB=', 'REC-017', 4, 'the known key "SUB" has an empty value'],
    ['dx=;', 'REC-017', 3, 'empty value'],
    ['pok=abc', 'REC-026', 4, '3 characters long; expected 43 characters'],
    [`pok=${longKey}`, 'REC-026', 4, '44 characters long'],
    [`pok=-${goodKey.slice(1)}`, 'REC-027', 4, 'outside the alphabet'],
    [`pok=${goodKey}=`, 'REC-032', 4, 'padded'],
    [`tls=${goodSignature}==`, 'REC-032', 4, 'padded'],
    [`tls=${goodSignature.slice(1)}`, 'REC-029', 4, '85 characters long; expected 86'],
    [`tls=_${goodSignature.slice(1)}`, 'REC-030', 4, 'outside the alphabet'],
    ['policy=loose', 'REC-035', 7, 'policy is "loose", not experimental, mixed or strict (section 3.5'],
    ['sub=none', 'REC-038', 4, 'sub is "none", not strict, relaxed or explicit'],
    ['exp=soon', 'REC-040', 4, 'exp is "soon", not a number of days'],
    ['dx=a\tb', 'REC-015', 3, 'dx is "a\\x09b"'],
  ])('%j breaks %s', (token, requirement, place, said) => {
    const before = `pok=${goodKey} `;
    const error = refusal(before + token);
    expect(error.requirement).toBe(requirement);
    expect(error.offset).toBe(before.length + place);
    expect(error.message).toContain(said);
  });

  const keys = 'ver version pok primary tls pol policy syn syndicates dx deliver exp expiry sub subdomain'.split(' ');
  it.each([...keys, ...keys.map((key) => key.toUpperCase())])('the known key %s needs "=" and a value', (key) => {
    expect(refusal(`pok=${goodKey} ${key}`).requirement).toBe('REC-016');
    expect(refusal(`pok=${goodKey};${key}= x`).requirement).toBe('REC-017');
    expect(() => parseRecord(`pok=${goodKey} ${key}x= ${key}x`)).not.toThrow();
  });

  it('refuses text without a primary key (REC-024) and text beyond the bound', () => {
    expect(refusal('dx=a.example').requirement).toBe('REC-024');
    expect(refusal('').requirement).toBe('REC-024');
    const fits = `pok=${goodKey} `.padEnd(longestRecordText, 'x');
    expect(parseRecord(fits).primary).toHaveLength(1);
    expect(refusal(`${fits}x`).code).toBe('too-long');
  });

  it('cuts and escapes what a peer wrote', () => {
    const { message } = refusal(`pok=${goodKey} pol=\x1b[31m${'A'.repeat(3000)}`);
    expect(message).toMatch(/^[ -~]*$/);
    expect(message.length).toBeLessThan(250);
  });
});

describe('every text', () => {
  it('is read or refused with a RecordError', () => {
    const word = fc.constantFrom(
      ...[
        'ver',
        'pok',
        'TLS',
        'pol',
        'dx',
        'exp',
        'syn',
        'sub',
        'foo',
        '=',
        '==',
        ' ',
        ';',
        '1',
        'strict',
        '\0',
        '\xff',
      ],
      goodKey,
      goodSignature,
    );
    const near = fc
      .array(fc.oneof({ weight: 9, arbitrary: word }, fc.string({ unit: 'binary', maxLength: 3 })))
      .map((words) => words.join(''));
    const octets = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    fc.assert(
      fc.property(
        fc.oneof(
          near,
          octets,
          near.map((text) => `pok=${goodKey} ${text}`),
        ),
        (text) => {
          const outcome = attempt(text);
          if (outcome instanceof RecordError) {
            expect(outcome.offset).toBeLessThanOrEqual(text.length);
            expect(outcome.message).toMatch(/^[ -~]+$/);
          } else {
            expect(outcome.primary.every((key) => key.length === 32)).toBe(true);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('that was read is written in one canonical form, which reads the same', () => {
    const spaces = fc.stringMatching(/^[ ;]{1,3}$/);
    const token = fc.oneof(
      fc.constantFrom(
        `PRIMARY=${goodKey}`,
        `tls=${goodSignature}`,
        'pol=Mixed',
        'policy=strict',
        'ver=00001',
        'unknown',
      ),
      fc.constantFrom('sub=relaxed', 'subdomain=STRICT', 'exp=0030', 'exp=0', 'x=y'),
      fc.stringMatching(/^dx=[a-z0-9.-]{1,30}$/),
      fc.stringMatching(/^syn=[!-:<-~]{1,30}$/),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(token, spaces), { maxLength: 12 }), (tokens) => {
        const read = parseRecord(`pok=${goodKey} ${tokens.flat().join('')}`);
        const written = formatRecord(read);
        expect(parseRecord(written)).toEqual(read);
        expect(formatRecord(parseRecord(written))).toBe(written);
      }),
      { numRuns: 500 },
    );
  });
});

function attempt(text: string): ManagementRecord | RecordError {
  try {
    return parseRecord(text);
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
