import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonAncestor, compareNames, isWithin, nameFromText, nameOctets, parentOf, readName } from './name.js';

const wire = (...labels: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([
    ...labels.flatMap((label) => [Buffer.of(label.length), typeof label === 'string' ? Buffer.from(label) : label]),
    Buffer.of(0),
  ]);
const nameOf = (octets: Buffer): string | undefined => readName(octets, 0, true)?.name;

describe('names in messages', () => {
  it('tell a dot in a label from one between two, and keep octets that are no text', () => {
    expect(nameOf(wire('a.b', 'example'))).toBe('a\\046b.example');
    expect(nameOf(wire('a', 'b', 'example'))).toBe('a.b.example');
    expect(nameOf(wire(Buffer.of(0xff, 0x00, 0x5c, 0x20)))).toBe('\\255\\000\\092\\032');
    expect(nameOf(wire())).toBe('');
  });

  it('come back to the same octets, in lower case', () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((octets) => Buffer.from(octets));
    fc.assert(
      fc.property(fc.array(label, { maxLength: 8 }), (labels) => {
        const lower = labels.map((octets) => octets.map((octet) => (octet >= 65 && octet <= 90 ? octet + 32 : octet)));
        expect(nameOctets(nameOf(wire(...labels)) ?? '?')).toEqual(wire(...lower.map((octets) => Buffer.from(octets))));
      }),
    );
  });

  it.each([
    ['a pointer to itself', Buffer.of(0xc0, 0)],
    ['a pointer forward', Buffer.of(0xc0, 2, 0)],
    ['a label that goes past the end', Buffer.of(5, 97)],
    ['no root', Buffer.of(1, 97)],
    ['a label type of its own', Buffer.of(0x80, 0)],
    ['more than 255 octets', wire(...Array.from({ length: 128 }, () => 'a'))],
  ])('are refused with %s', (_, octets) => {
    expect(readName(octets, 0, true)).toBeNull();
  });

  it('follow pointers back, where these are allowed', () => {
    const message = Buffer.concat([wire('example'), Buffer.of(1, 97, 0xc0, 0), Buffer.of(0xc0, 9)]);
    expect(readName(message, 9, true)).toEqual({ name: 'a.example', end: 13 });
    expect(readName(message, 13, true)).toEqual({ name: 'a.example', end: 15 });
    expect(readName(message, 9, false)).toBeNull();
  });
});

describe('names', () => {
  it('are read from text in lower case without the last dot', () => {
    expect(nameFromText('WWW.Example.')).toBe('www.example');
    expect(nameFromText('.')).toBe('');
    for (const wrong of ['', '..', 'a..b', 'a b', 'ü.example', 'a\\.b', 'a'.repeat(64)]) {
      expect(nameFromText(wrong)).toBeNull();
    }
  });

  it('stand above each other by whole labels', () => {
    expect(isWithin('a.example', 'example')).toBe(true);
    expect(isWithin('aexample', 'example')).toBe(false);
    expect(parentOf('a.example')).toBe('example');
    expect(parentOf('')).toBeNull();
    expect(commonAncestor('x.a.example', 'y.a.example')).toBe('a.example');
    expect(commonAncestor('a.example', 'a.test')).toBe('');
  });

  it('are ordered by octets of their labels from the root, not by their text', () => {
    expect(compareNames('\\200.example', 'z.example')).toBeGreaterThan(0);
    expect(compareNames('z.example', 'a.z.example')).toBeLessThan(0);
    expect(compareNames('a.example', 'a.example')).toBe(0);
  });
});
