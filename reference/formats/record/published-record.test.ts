import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinStrings, publishedRecord, RecordError, recordName, splitStrings } from './index.js';

const key = 'qkv32ZKhAdj6PeiqbzruNqWmXbCCd6+CBkqYm9VVM4o';

describe('character-strings', () => {
  it('are at most 255 octets and join to the text (REC-005, REC-007)', () => {
    const texts = fc.uint8Array({ maxLength: 1200 }).map((octets) => Buffer.from(octets).toString('latin1'));
    fc.assert(
      fc.property(texts, (text) => {
        const strings = splitStrings(text);
        expect(strings.length).toBe(Math.max(1, Math.ceil(text.length / 255)));
        expect(Math.max(...strings.map((string) => Buffer.byteLength(string, 'latin1')))).toBeLessThanOrEqual(255);
        expect(joinStrings(strings)).toBe(text);
      }),
    );
  });

  it('hold octets only', () => {
    expect(() => splitStrings('dx=\u2026')).toThrow(RecordError);
  });
});

describe('recordName', () => {
  it.each([
    ['example.com', '_dx.example.com'],
    ['Example.COM.', '_dx.example.com'],
    ['Bücher.example', '_dx.xn--bcher-kva.example'],
    ['1.2.3', '_dx.1.2.3'],
  ])('of %s is %s (REC-079)', (domain, name) => expect(recordName(domain)).toBe(name));

  it.each(['', '.', 'bü cher.example'])('of %j does not exist', (domain) => {
    expect(() => recordName(domain)).toThrow(RecordError);
  });
});

describe('publishedRecord', () => {
  const reading = (...answers: string[][]) => expect(() => publishedRecord(answers));
  const requirement = (id: string) => expect.objectContaining({ name: 'RecordError', requirement: id });

  it('reads keys and values across strings (REC-006)', () => {
    const record = publishedRecord([[`ver=1 p`, `ok=${key.slice(0, 20)}`, `${key.slice(20)} dx=a.exam`, 'ple']]);
    expect(record.primary).toHaveLength(1);
    expect(record.deliver).toEqual(['a.example']);
  });

  it('wants exactly one RR (REC-001, REC-003), all the more when several are records (REC-004)', () => {
    reading().toThrow(requirement('REC-001'));
    reading([`pok=${key}`], ['v=spf1 -all']).toThrow(requirement('REC-003'));
    reading([`pok=${key}`], [`ver=1 pok=${key}`]).toThrow(requirement('REC-004'));
  });

  it('refuses one that is no record, and a string that no RR can hold', () => {
    reading(['v=spf1 -all']).toThrow(requirement('REC-024'));
    reading([`pok=${key} ${'x'.repeat(256)}`]).toThrow(requirement('REC-007'));
  });
});
