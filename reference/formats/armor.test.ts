import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armorLabels, parseArmorBlock } from '../../grammar/armor.js';
import { arbitraryOf } from '../../grammar/generate.js';
import { nearMissOf } from '../../grammar/mutate.js';
import { GrammarError } from '../../grammar/parse.js';
import { ArmorError, armorLabelOf, checksumText, crc24, decodeArmor, encodeArmor, longestArmorText } from './armor.js';
import { readArmorBlock } from './armor-reader.js';

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

function refusal(act: () => unknown): ArmorError {
  try {
    act();
  } catch (error) {
    if (error instanceof ArmorError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the checksum', () => {
  it('is CRC-24 of RFC 4880', () => {
    // The check value of CRC-24/OPENPGP, and its start value.
    expect(crc24(ascii('123456789'))).toBe(0x21cf02);
    expect(crc24(new Uint8Array())).toBe(0xb704ce);
    expect(checksumText(ascii('123456789'))).toBe('Ic8C');
  });

  it('changes with every single octet', () => {
    const data = fc.uint8Array({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(data, fc.nat(), fc.integer({ min: 1, max: 255 }), (octets, at, flip) => {
        const place = at % octets.length;
        return crc24(octets.with(place, (octets[place] ?? 0) ^ flip)) !== crc24(octets);
      }),
    );
  });
});

describe('armor', () => {
  it('is undone by decodeArmor for every label and object', () => {
    fc.assert(
      fc.property(fc.constantFrom(...armorLabels), fc.uint8Array({ minLength: 1, maxLength: 300 }), (label, data) => {
        expect(decodeArmor(encodeArmor(label, data))).toEqual({ label, data });
      }),
    );
  });

  it('has the label of the magic number when written (SIG-078), and any label when read (SIG-079)', () => {
    const request = Uint8Array.of(0x04, 0xbf, 0, 0, 0);
    expect(armorLabelOf(request)).toBe('SIGNET SIGNING REQUEST');
    expect(decodeArmor(encodeArmor('ORGANIZATIONAL SIGNET', request)).data).toEqual(request);
    expect(armorLabelOf(Uint8Array.of(0xff, 0xff))).toBeNull();
    expect(armorLabelOf(new Uint8Array())).toBeNull();
  });

  it.each([
    ['no block at all', 'Hello', 'no-block', 'SIG-073', 5],
    [
      'a block with another label',
      encodeArmor('USER KEY', ascii('ABC')).replaceAll('USER KEY', 'PGP'),
      'no-block',
      'SIG-073',
      49,
    ],
    ['no checksum', '-----BEGIN USER KEY-----\nQUJD\n-----END USER KEY-----', 'no-checksum', 'SIG-076', 30],
    [
      'a wrong checksum',
      '-----BEGIN USER KEY-----\nQUJD\n=AAAA\n-----END USER KEY-----',
      'bad-checksum',
      'SIG-076',
      30,
    ],
    ['half a checksum', '-----BEGIN USER KEY-----\nQUJD\n=AA\n-----END USER KEY-----', 'bad-checksum', 'SIG-076', 30],
    [
      'another label at the end',
      '-----BEGIN USER KEY-----\nQUJD\n=AAAA\n-----END USER SIGNET-----',
      'wrong-label',
      'SIG-073',
      36,
    ],
    [
      'one padding character too few',
      '-----BEGIN USER KEY-----\nQQ=\n=AAAA\n-----END USER KEY-----',
      'bad-base64',
      'SIG-074',
      29,
    ],
    [
      'one character too many',
      '-----BEGIN USER KEY-----\nQUJDR\n=AAAA\n-----END USER KEY-----',
      'bad-base64',
      'SIG-074',
      31,
    ],
    ['excess bits', '-----BEGIN USER KEY-----\nQR==\n=AAAA\n-----END USER KEY-----', 'bad-base64', 'SIG-074', 30],
    [
      'a character outside the alphabet',
      '-----BEGIN USER KEY-----\nQU\u00e9D\n=AAAA\n-----END USER KEY-----',
      'syntax',
      'SIG-073',
      27,
    ],
    ['no end', '-----BEGIN USER KEY-----\nQUJD\n=AAAA\n', 'syntax', 'SIG-073', 36],
  ])('with %s is refused', (_, text, code, requirement, offset) => {
    expect(refusal(() => decodeArmor(text))).toMatchObject({ code, requirement, offset });
  });

  it('needs no padding when read (section 9)', () => {
    const text = encodeArmor('USER KEY', ascii('A'));
    expect(text).toContain('QQ==');
    expect(decodeArmor(text.replace('QQ==', 'QQ')).data).toEqual(ascii('A'));
  });

  it('is not written with an unknown label, and not for nothing', () => {
    expect(refusal(() => encodeArmor('USER\nKEY', ascii('A'))).message).toContain('"USER\\nKEY" is no label');
    expect(refusal(() => encodeArmor('USER KEY', new Uint8Array())).code).toBe('bad-base64');
  });
});

describe('the reader and the grammar', () => {
  const byGrammar = (text: string): object | null => {
    try {
      return parseArmorBlock(text);
    } catch (error) {
      if (error instanceof GrammarError) return null;
      throw error;
    }
  };
  const byReader = (text: string): object | null => {
    try {
      return readArmorBlock(text);
    } catch (error) {
      if (error instanceof ArmorError) return null;
      throw error;
    }
  };

  it('take the same texts, and read the same in them', () => {
    const right = arbitraryOf('armor', 'Armor');
    const wrong = nearMissOf('armor', 'Armor').map(({ text }) => text);
    fc.assert(
      fc.property(fc.oneof(right, wrong), (text) => {
        expect(byReader(text)).toEqual(byGrammar(text));
      }),
      { numRuns: 400 },
    );
  });

  it('differ in no text with one character lost, changed or added', () => {
    const text = '\n-----BEGIN USER KEY----- \r\n QUJD\nQQ==\n\n=AAAA\t\n-----END USER KEY-----\nx';
    for (let at = 0; at <= text.length; at++) {
      for (const put of ['', '\n', '=', ' ', 'A', '-']) {
        for (const changed of [
          text.slice(0, at) + put + text.slice(at),
          text.slice(0, at) + put + text.slice(at + 1),
        ]) {
          expect(byReader(changed)).toEqual(byGrammar(changed));
        }
      }
    }
  });
});

describe('hostile texts', () => {
  const begin = '-----BEGIN USER KEY-----\n';
  it.each([
    ['empty lines', '\n'.repeat(4_000_000)],
    ['blanks', ' '.repeat(4_000_000)],
    ['begins', begin.repeat(160_000)],
    ['unknown begins', '-----BEGIN '.repeat(400_000)],
    ['lines of one character', begin + 'A\n'.repeat(2_000_000)],
    ['empty lines in a block', begin + '\n'.repeat(4_000_000)],
  ])('of four million characters of %s take time in proportion', (_, text) => {
    const from = process.cpuUsage();
    expect(refusal(() => decodeArmor(text)).code).toMatch(/^(no-block|syntax)$/);
    const { user } = process.cpuUsage(from);
    expect(user).toBeLessThan(2_000_000);
  });

  it('beyond the limit are not read', () => {
    expect(refusal(() => decodeArmor(' '.repeat(longestArmorText + 1))).code).toBe('too-long');
  });
});
