import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileTexts } from './sample-report.test-support.js';
import { longestField, octetLines, visible, visibleBlock } from './visible.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
);
const octets = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

describe('visible', () => {
  it.each([
    ['\u001b[31mred', '\\x1b[31mred'],
    ['a\r\n\tb', 'a\\r\\n\\tb'],
    ['\u009b2J', '\\x9b2J'],
    ['abc\u202egnp', 'abc\\u202egnp'],
    ['\ud83d', '\\ud83d'],
    ['\u{1f600} é', '\u{1f600} é'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ufffe', '\\ufffe'],
  ])('shows %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves nothing that acts instead of being seen', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(visibleBlock(text).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('cuts what is long and says how much is missing', () => {
    const shown = visible(hostileTexts.long ?? '');
    expect(shown).toBe(`${'A'.repeat(longestField)} … (${100_000 - longestField} more characters)`);
  });
});

describe('octetLines', () => {
  it('breaks after each line feed and shows it', () => {
    expect(octetLines('250-one\r\n250 two\r\n')).toEqual(['250-one\\r\\n', '250 two\\r\\n']);
    expect(octetLines('')).toEqual(['']);
  });

  it('shows a CR LF and the four characters \\r\\n differently', () => {
    expect(octetLines('\r\n')).not.toEqual(octetLines('\\r\\n'));
  });

  it('can be read back: no two texts look the same', () => {
    fc.assert(
      fc.property(octets, (text) => {
        expect(read(octetLines(text).join(''))).toBe(text);
      }),
    );
  });
});

/** The inverse, by the escapes' own meaning. */
function read(shown: string): string {
  return shown.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_all, hex: string | undefined, letter: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return { n: '\n', r: '\r', t: '\t' }[letter ?? ''] ?? letter ?? '';
  });
}
