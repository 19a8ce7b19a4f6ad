import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCharacters, labelOctets, passwordOctets, usernameOctets } from './text.js';

describe('text as STACIE hashes it', () => {
  it('is what TextEncoder makes of it, and one character a code point', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (password) => {
        const octets = passwordOctets(password);
        expect(octets).toEqual(new TextEncoder().encode(password));
        expect(countCharacters(octets)).toBe([...password].length);
        expect(passwordOctets(octets)).toEqual(octets);
      }),
    );
  });

  it('is neither trimmed nor normalized, and a byte order mark counts', () => {
    expect(countCharacters(passwordOctets(' \ufeffe\u0301\0 '))).toBe(6);
    expect(countCharacters(passwordOctets('e\u0301'))).toBe(2);
    expect(countCharacters(passwordOctets('\u00e9'))).toBe(1);
  });

  it('is refused as octets exactly when it is no UTF-8', () => {
    // Octets that are likely to make sequences, right and wrong ones.
    const octet = fc.constantFrom(
      0x41,
      0x80,
      0x9f,
      0xa0,
      0xbf,
      0xc1,
      0xc2,
      0xe0,
      0xe2,
      0xed,
      0xf0,
      0xf1,
      0xf4,
      0xf5,
      0xff,
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 5 }),
        fc.array(octet, { minLength: 1, maxLength: 5 }),
        (any, likely) => {
          for (const octets of [any, Uint8Array.from(likely)]) expect(isTaken(octets)).toBe(isUtf8(octets));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('is refused when it is empty, ill-formed or too long, each with the rule', () => {
    expect(() => passwordOctets('')).toThrow(
      'STACIE password is empty; right is at least 1 character (section 1.2, STACIE-I-04)',
    );
    expect(() => usernameOctets('')).toThrow(
      'STACIE username is empty; right is at least 1 octet (section 1.2, STACIE-I-22)',
    );
    expect(() => labelOctets(new Uint8Array())).toThrow(/realm is empty; .*STACIE-100/);
    expect(() => passwordOctets('ab\ud83d')).toThrow(
      'STACIE password has a lone surrogate at UTF-16 unit 2; right is well-formed Unicode text (section 1.3, STACIE-I-05)',
    );
    expect(() => usernameOctets(Uint8Array.of(0x61, 0xc0, 0xaf))).toThrow(/username is no UTF-8 at octet 1/);
    expect(passwordOctets('x'.repeat(4096))).toHaveLength(4096);
    expect(() => passwordOctets('x'.repeat(4097))).toThrow(
      /password has 4,097 octets or more; right is at most 4,096 octets/,
    );
    // 1,366 characters of three octets.
    expect(() => passwordOctets('\u4e2d'.repeat(1366))).toThrow(/STACIE-I-06/);
  });

  it('never shows a secret in an error', () => {
    expect(() => passwordOctets('hunter2\udc00')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter') }),
    );
  });
});

function isTaken(octets: Uint8Array): boolean {
  try {
    passwordOctets(octets);
    return true;
  } catch {
    return false;
  }
}

function isUtf8(octets: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(octets);
    return true;
  } catch {
    return false;
  }
}
