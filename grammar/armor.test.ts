import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armorLabels, formatArmorBlock, parseArmorBlock } from './armor.js';
import { GrammarCoverage } from './coverage.js';
import { arbitraryOf } from './generate.js';
import { nearMissOf } from './mutate.js';
import { fitsRule, GrammarError } from './parse.js';

const block = (body: string, label = 'USER KEY'): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

describe('an armored block', () => {
  it('gives label, base64 without line ends, checksum and its place', () => {
    expect(parseArmorBlock(block('QUJD\nREVG\n=njUN'))).toEqual({
      label: 'USER KEY',
      base64: 'QUJDREVG',
      checksum: 'njUN',
      offset: 35,
    });
  });

  it.each(armorLabels)('%s is a label, with the same at the end', (label) => {
    expect(parseArmorBlock(block('QQ==\n=AAAA', label)).label).toBe(label);
    const mixed = block('QQ==\n=AAAA', label).replace(
      `END ${label}`,
      label === 'USER KEY' ? 'END USER SIGNET' : 'END USER KEY',
    );
    expect(() => parseArmorBlock(mixed)).toThrow(GrammarError);
  });

  // Section 10 of the signets digest: SIG-077, OQ-39.
  it.each([
    ['CRLF', block('QQ==\n=AAAA').replaceAll('\n', '\r\n')],
    ['indentation', block('QQ==\n=AAAA').replace(/^/gm, ' \t')],
    ['blanks at the end', block('QQ==\n=AAAA').replaceAll('\n', ' \n')],
    ['empty lines', block('QQ==\n\n\n=AAAA')],
    ['text before and after', `Hello\n\n${block('QQ==\n=AAAA')}bye`],
    ['another block before', `${block('QQ==', 'PGP MESSAGE')}${block('QQ==\n=AAAA')}`],
    ['no line end at the end', block('QQ==\n=AAAA').trimEnd()],
    ['lines of many lengths', block(`Q\n${'Q'.repeat(200)}\nQ\nQ==\n=AAAA`)],
  ])('may have %s', (_, text) => {
    expect(parseArmorBlock(text)).toMatchObject({ label: 'USER KEY', checksum: 'AAAA' });
  });

  it.each([
    ['nothing', ''],
    ['no base64', block('=AAAA')],
    ['no checksum (SIG-076)', block('QUJD')],
    ['a checksum on the line of the base64', block('QUJD=AAAA')],
    ['two checksums', block('QUJD\n=AAAA\n=AAAA')],
    ['a checksum of three characters', block('QUJD\n=AAA')],
    ['padding on a line before the last', block('QQ==\nQUJD\n=AAAA')],
    ['three padding characters', block('Q===\n=AAAA')],
    ['a character outside the alphabet', block('QUJ-\n=AAAA')],
    ['white space inside a line', block('QU JD\n=AAAA')],
    ['an unknown label', block('QUJD\n=AAAA', 'USER KEYS')],
    ['text before BEGIN on its line', `x${block('QUJD\n=AAAA')}`],
    ['text behind END on its line', `${block('QUJD\n=AAAA').trimEnd()}x`],
    ['no end', block('QUJD\n=AAAA').split('-----END')[0] ?? ''],
  ])('may not have %s', (_, text) => {
    expect(() => parseArmorBlock(text)).toThrow(GrammarError);
  });

  it('is written with lines of 64 characters and LF (SIG-074), without an empty line before the checksum (SIG-080)', () => {
    const lines = formatArmorBlock({ label: 'USER KEY', base64: 'A'.repeat(128), checksum: 'abcd' }).split('\n');
    expect(lines.map(({ length }) => length)).toEqual([24, 64, 64, 5, 22, 0]);
  });

  it('comes back from what was written', () => {
    const base64 = fc.stringMatching(/^[A-Za-z0-9+/]{1,200}={0,2}$/);
    fc.assert(
      fc.property(fc.constantFrom(...armorLabels), base64, (label, text) => {
        const back = parseArmorBlock(formatArmorBlock({ label, base64: text, checksum: 'AAAA' }));
        expect(back).toMatchObject({ label, base64: text, checksum: 'AAAA' });
      }),
      { numRuns: 50 },
    );
  });
});

describe('texts made from the grammar', () => {
  const texts = arbitraryOf('armor', 'Armor');

  it('parse, and go through every rule and alternative', () => {
    const coverage = new GrammarCoverage('armor', ['Armor']);
    for (const text of fc.sample(texts, { numRuns: 400, seed: 1 })) expect(coverage.record('Armor', text)).toBe(true);
    expect(coverage.summary().missed).toEqual([]);
  });

  it('do not parse with one thing broken', () => {
    fc.assert(
      fc.property(nearMissOf('armor', 'Armor'), ({ text }) => !fitsRule('armor', 'Armor', text)),
      { numRuns: 100 },
    );
  });
});
