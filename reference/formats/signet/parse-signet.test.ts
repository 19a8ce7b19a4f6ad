import { describe, expect, it } from 'vitest';
import {
  detectProfiles,
  fieldTable,
  fingerprintHex,
  fingerprintOf,
  fingerprintText,
  parseKeys,
  parseSignet,
  SignetError,
  serializeSignet,
  splitSignet,
  structureOf,
} from './index.js';
import { nearMisses } from './near-miss.js';
import { fromBase64, libdimeVectors, named, primeVectors } from './vectors.test-support.js';

const signet = (name: string): Uint8Array => fromBase64(named(libdimeVectors.signets, name));
const utf8 = (text: string): number[] => [...Buffer.from(text)];

/** A header for these fields, and the fields. */
function object(magic: number, ...fields: number[]): Uint8Array {
  const { length } = fields;
  return Uint8Array.of(magic >> 8, magic & 0xff, length >> 16, (length >> 8) & 0xff, length & 0xff, ...fields);
}

function refusal(act: () => unknown): SignetError {
  try {
    act();
  } catch (error) {
    if (error instanceof SignetError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('a refusal names the requirement, the place and the section', () => {
  const name = [16, 1, ...utf8('x')];
  it.each<[string, string, number, string, Uint8Array]>([
    ['too-short', 'SIG-004', 4, '4 octets are no whole header', Uint8Array.of(6, 0xf0, 0, 0)],
    ['wrong-magic', 'SIG-001', 0, '1952 is not the magic number of a signet', object(1952)],
    ['wrong-length', 'SIG-005', 2, 'announces 0 octets, but 1 follow', Uint8Array.of(...object(1776), 1)],
    ['past-end', 'SIG-019', 5, 'field 1 runs past the end of the object at 7', object(1776, 1, 33)],
    ['past-end', 'SIG-019', 8, 'field 253 runs past the end', object(1776, ...name, 253, 0)],
    ['wrong-order', 'SIG-012', 8, 'field 1 stands behind field 16', object(1776, ...name, 1, 0)],
    ['repeated-field', 'SIG-013', 8, 'field 16 is there a second time', object(1776, ...name, ...name)],
    ['forbidden-field', 'SIG-015', 5, 'field 5 is not allowed in an object of type organization', object(1776, 5)],
    ['forbidden-field', 'SIG-016', 5, 'field 7 is not allowed in an object of type user', object(1789, 7)],
    [
      'forbidden-field',
      'SIG-017',
      5,
      'field 16 is not allowed in an object of type signing-request',
      object(1215, ...name),
    ],
    ['forbidden-field', 'SIG-015', 5, 'field 0 is not allowed', object(1776, 0)],
    ['unnamed-field', 'SIG-018', 5, 'field 30 has no meaning', object(1776, 30, 0)],
    ['empty-name', 'SIG-009', 6, 'a name of 1 to 255 octets', object(1776, 251, 0, 0, 0)],
  ])('%s (%s at %i): %s', (code, requirement, offset, said, octets) => {
    const error = refusal(() => parseSignet('dime-2015', octets));
    expect([error.code, error.requirement, error.offset]).toEqual([code, requirement, offset]);
    expect(error.message).toContain(said);
    expect(error.message).toMatch(/\(section [\d.]+, SIG-\d{3} of the signets digest\)$/);
  });

  it('in key objects too', () => {
    expect(refusal(() => parseKeys('prime', object(1776))).requirement).toBe('SIG-002');
    // The reserved field for a secondary key is never read (section 3.4).
    expect(refusal(() => parseKeys('prime', object(1952, 1, 0, 2, 0))).requirement).toBe('SIG-068');
    expect(refusal(() => parseKeys('prime', object(1952, 1, 1, 0))).message).toContain('has 1 octets instead of 32');
  });
});

describe('every broken rule of the layout is refused under its name', () => {
  it.each([
    ['dime-2015', signet('org')],
    ['dime-2015', signet('previousUser')],
    ['prime', fromBase64(named(primeVectors.signets, 'user'))],
  ] as const)('%s', (profile, octets) => {
    const { type } = parseSignet(profile, octets);
    for (const miss of nearMisses(fieldTable(profile, type), octets)) {
      const error = refusal(() => parseSignet(profile, miss.octets));
      expect([miss.breach, error.requirement]).toEqual([miss.breach, miss.requirement]);
    }
  });
});

describe('a signet', () => {
  it('gives its fields by id, in order, with their places', () => {
    const phones = [21, 1, ...utf8('1'), 21, 1, ...utf8('2')];
    const own = [251, 2, ...utf8('ab'), 0, 3, ...utf8('cde')];
    const { fields } = parseSignet('dime-2015', object(1776, ...phones, ...own));
    expect(fields).toHaveLength(3);
    expect(fields.all(21).map(({ data }) => Buffer.from(data).toString())).toEqual(['1', '2']);
    expect(fields.first(251)).toEqual({
      id: 251,
      name: Uint8Array.from(utf8('ab')),
      data: Uint8Array.from(utf8('cde')),
      offset: 11,
      end: 20,
    });
    expect(fields.first(16)).toBeUndefined();
    expect([fields.has(21), fields.has(22), fields.endOf(21), fields.endOf(255)]).toEqual([true, false, 11, 20]);
  });

  it('keeps undefined fields with the same name, and empty data (SIG-010, SIG-021)', () => {
    const octets = object(1776, 251, 1, 97, 0, 0, 251, 1, 97, 0, 0);
    expect(serializeSignet(parseSignet('dime-2015', octets))).toEqual(octets);
  });

  it('with ids that the table does not name can be read on request, and always is in prime (OQ-42)', () => {
    const octets = object(1776, 30, 1, 0);
    const read = parseSignet('dime-2015-magma', octets, { unnamedFields: 'keep' });
    expect(serializeSignet(read)).toEqual(octets);
    const prime = fromBase64(named(primeVectors.signets, 'organisation'));
    const more = object(1776, ...prime.subarray(5), 30, 1, 0);
    expect(serializeSignet(parseSignet('prime', more))).toEqual(more);
  });

  it('does not change when the octets do that it was read from', () => {
    const octets = signet('org');
    const read = parseSignet('dime-2015', octets);
    octets.fill(0);
    expect(read.octets).toEqual(signet('org'));
  });

  it('of type signing request may have the magic number of before October 2016, and keeps it (SIG-003, OQ-22)', () => {
    const octets = object(1216, 1, 0);
    const read = parseSignet('dime-2015', octets);
    expect(read.type).toBe('signing-request');
    expect(serializeSignet(read)).toEqual(octets);
  });

  it('has no form above its own', () => {
    const full = splitSignet(parseSignet('dime-2015', signet('org')), 'full');
    expect(structureOf(full)).toBe('full');
    expect(splitSignet(full, 'full').octets).toEqual(full.octets);
    expect(refusal(() => splitSignet(full, 'identifiable')).requirement).toBe('SIG-047');
  });
});

describe('fingerprints', () => {
  const user = parseSignet('dime-2015', signet('previousUser'));

  it('of a form are the same from every higher form (section 8)', () => {
    const full = splitSignet(user, 'full');
    expect(fingerprintOf(full, 'full')).toEqual(fingerprintOf(user, 'full'));
    expect(fingerprintOf(full, 'cryptographic')).toEqual(fingerprintOf(user, 'cryptographic'));
    expect(fingerprintOf(full, 'full')).not.toEqual(fingerprintOf(user, 'identifiable'));
  });

  it('have 86 characters of base64 on the wire, and hexadecimal for people (SIG-065, SIG-067)', () => {
    const fingerprint = fingerprintOf(user, 'identifiable');
    expect(fingerprintText(fingerprint)).toMatch(/^[A-Za-z0-9+/]{86}$/);
    expect(fingerprintHex(fingerprint)).toMatch(/^[0-9a-f]{128}$/);
  });

  it('are not had of every kind by every object (SIG-066)', () => {
    expect(() => fingerprintOf(parseSignet('dime-2015', signet('org')), 'signing-request')).toThrow(SignetError);
    const prime = parseSignet('prime', fromBase64(named(primeVectors.signets, 'user')));
    expect(() => fingerprintOf(prime, 'full')).toThrow('profile prime has no full fingerprints');
  });
});

describe('the dialect', () => {
  // Section 2.5.
  it.each<[string, readonly string[], Uint8Array]>([
    [
      'two length octets at the encryption key',
      ['dime-2015'],
      object(1776, 1, 0x21, ...Array(33).fill(0x40), 3, 0, 0x21),
    ],
    ['the same with any field 1', ['dime-2015'], object(1789, 1, 0x20, ...Array(32).fill(1), 2, 0, 0x21)],
    ['one length octet and a prefix', ['dime-2015-magma'], object(1789, 1, 0x21, ...Array(33).fill(0x40), 2, 0x21, 2)],
    ['one length octet and no prefix', ['prime'], object(1789, 1, 0x20, ...Array(32).fill(1), 2, 0x21, 2)],
    ['secondary keys before the encryption key', ['dime-2015'], object(1776, 1, 0, 2, 1, 0, 2, 0, 3, 0, 0x21)],
    ['no encryption key', ['dime-2015', 'dime-2015-magma'], object(1776, 1, 0x21, ...Array(33).fill(0x40))],
    ['a key file with two length octets', ['dime-2015'], object(2013, 1, 0, 2, 0, 0x20)],
    ['a key file with one', ['dime-2015-magma', 'prime'], object(2013, 1, 0, 2, 0x20)],
    ['encrypted keys', ['prime'], object(1976)],
    ['another object', [], object(1847)],
    ['nothing', [], new Uint8Array()],
  ])('is told by %s', (_, expected, octets) => {
    expect(detectProfiles(octets)).toEqual(expected);
  });
});
