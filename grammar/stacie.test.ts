import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf } from './generate.js';
import { stacieLeaves } from './leaves.js';
import { nearMissOf } from './mutate.js';
import { fitsRule, GrammarError } from './parse.js';
import { deepestStacieText, formatStacieText, type JsonNode, longestStacieText, parseStacieText } from './stacie.js';

function refusal(text: string | Uint8Array): GrammarError {
  try {
    parseStacieText(text);
  } catch (error) {
    if (error instanceof GrammarError) return error;
    throw error;
  }
  throw new Error(`taken: ${String(text).slice(0, 80)}`);
}

/** What JSON.parse would have given. */
function plain(node: JsonNode): unknown {
  if (node.kind === 'object') return Object.fromEntries(node.members.map(({ name, value }) => [name, plain(value)]));
  if (node.kind === 'array') return node.items.map(plain);
  return node.kind === 'number' ? Number(node.text) : node.value;
}

const jsonText = (octets: string): string | null => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(octets, 'latin1'));
    JSON.parse(text);
    return text;
  } catch {
    return null;
  }
};

describe('a JSON text', () => {
  it('is read as another JSON parser reads it', () => {
    const named = fc
      .jsonValue({ noUnicodeString: false })
      .filter((value) => !JSON.stringify(value).includes('__proto__'));
    fc.assert(
      fc.property(named, (value) => {
        const text = JSON.stringify(value, null, 1);
        expect(plain(parseStacieText(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });
  it('that the grammar makes is JSON and UTF-8 to others', () => {
    for (const text of fc.sample(arbitraryOf('stacie', 'Json'), { numRuns: 500, seed: 1 })) {
      expect(jsonText(text), JSON.stringify(text)).not.toBeNull();
    }
  });
  it('that nearly fits is none to others either, but for lone surrogates', () => {
    for (const { text } of fc.sample(nearMissOf('stacie', 'Json'), { numRuns: 500, seed: 1 })) {
      if (!/\\u[dD][89a-fA-F]/.test(text)) expect(jsonText(text), JSON.stringify(text)).toBeNull();
    }
  });

  it('tells where each value and name begins, in octets', () => {
    expect(parseStacieText('{"é": [1, "x"]}')).toEqual({
      kind: 'object',
      offset: 0,
      members: [
        {
          name: 'é',
          offset: 1,
          value: {
            kind: 'array',
            offset: 7,
            items: [
              { kind: 'number', offset: 8, text: '1' },
              { kind: 'string', offset: 11, value: 'x' },
            ],
          },
        },
      ],
    });
  });
  it('keeps members that stand twice, and numbers as they were written', () => {
    expect(parseStacieText('{"a":1e3,"a":-0}')).toMatchObject({
      members: [
        { name: 'a', value: { text: '1e3' } },
        { name: 'a', value: { text: '-0' } },
      ],
    });
  });

  it.each([
    ['a byte order mark', '\u{feff}{}', 0],
    ['a lone surrogate', '{"\ud800":1}', 2],
    ['an escaped lone surrogate', '{"\\udc00":1}', 2],
    ['half a pair', '"\\ud83dx"', 1],
    ['a control character', '"a\nb"', 2],
    ['NaN', '[NaN]', 1],
    ['a leading zero', '[01]', 2],
    ['a comment', '{}//', 2],
    ['single quotation marks', "{'a':1}", 1],
    ['two texts', '{}{}', 2],
    ['nothing', '', 0],
  ])('is not %s', (_, text, offset) => {
    expect(refusal(text)).toMatchObject({ grammar: 'stacie', offset });
  });
  it.each([
    ['overlong', [0xc0, 0xaf]],
    ['overlong, three octets', [0xe0, 0x80, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['cut short', [0xe2, 0x82]],
    ['a lone continuation', [0x80]],
  ])('is not UTF-8 that is %s', (_, octets) => {
    expect(refusal(Uint8Array.of(0x22, ...octets, 0x22)).offset).toBe(1);
  });

  it('nests sixteen deep and no deeper, whatever else is wrong with it', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseStacieText(nested(deepestStacieText)).kind).toBe('array');
    expect(refusal(nested(deepestStacieText + 1))).toMatchObject({ offset: deepestStacieText, found: '[' });
    expect(refusal('{"a":'.repeat(13_000))).toMatchObject({ offset: 5 * deepestStacieText });
    expect(parseStacieText(`"${'['.repeat(100)}"`).kind).toBe('string');
    expect(parseStacieText('["\\"[[[[[[[[[[[[[[[[["]').kind).toBe('array');
  });
  it('is bounded in octets, not characters', () => {
    expect(parseStacieText(`"${'x'.repeat(longestStacieText - 2)}"`).kind).toBe('string');
    expect(refusal(`"${'x'.repeat(longestStacieText - 1)}"`).offset).toBe(longestStacieText);
    expect(refusal(`"${'é'.repeat(longestStacieText / 2)}"`).message).toContain('at most 65536 octets');
    expect(() => parseStacieText('[1,2]', { longest: 4 })).toThrow(/at most 4 octets/);
  });
  it('is written without white space', () => {
    expect(formatStacieText({ login: { username: 'ü"' } })).toBe('{"login":{"username":"ü\\""}}');
  });
});

describe('the reading as-printed (STACIE-I-56)', () => {
  const read = (text: string): unknown => plain(parseStacieText(text, { spelling: 'as-printed' }));
  // The first is the example of -03 section 7.2.1 (stacie.json, tcId 300); the others have the defects the digest lists.
  it.each([
    [
      'unquoted names',
      '{ login:\n    { username: "user-alias@example.tld" }\n}',
      { login: { username: 'user-alias@example.tld' } },
    ],
    ['unquoted base64', '{ nonce: 9+/A_-b }', { nonce: '9+/A_-b' }],
    ['missing commas', '{ a: "1" b: "2" }', { a: '1', b: '2' }],
    ['trailing commas', '[ { a: "1", }, ]', [{ a: '1' }]],
    ['a missing last brace', '{ methods: [ { a: "1" } ]', { methods: [{ a: '1' }] }],
    ['strings over lines', '{ salt: "AAAA\n      BBBB" }', { salt: 'AAAABBBB' }],
    ['members in an array', '{ methods: [ password: { a: "1" } ] }', { methods: [{ password: { a: '1' } }] }],
  ])('takes %s, which strict JSON does not', (_, text, value) => {
    expect(read(text)).toEqual(value);
    expect(refusal(text).rule).toBe('Json');
  });
  it('takes the normal form too', () => {
    expect(read('{"methods":[{"password":{"bonus":"8"}}]}')).toEqual({ methods: [{ password: { bonus: '8' } }] });
  });
});

describe('texts inside strings', () => {
  it.each([63, 64, 65, 66, 96, 127, 128, 1024])('base64url of %i octets, as another encoder writes it', (octets) => {
    const text = Buffer.alloc(octets, 0xa7).toString('base64url');
    expect(fitsRule('stacie', 'Base64Url', text)).toBe(true);
    expect(fitsRule('stacie', 'Octets64', text)).toBe(octets === 64);
    expect(fitsRule('stacie', 'Octets64Up', text)).toBe(octets >= 64);
  });
  it.each(['AA=', 'AA==', 'A', 'AAAAA', 'A A', 'AA\n', '+A', '/A', 'AB', 'AAB'])('%j is no base64url', (text) => {
    expect(fitsRule('stacie', 'Base64Url', text)).toBe(false);
  });
  it('are what the leaves give', () => {
    for (const rule of Object.keys(stacieLeaves)) {
      for (const text of fc.sample(stacieLeaves[rule] ?? fc.constant(''), 50)) {
        expect(fitsRule('stacie', rule, text), `${rule} ${text}`).toBe(true);
      }
    }
  });
});
