import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrammarCoverage } from './coverage.js';
import { arbitraryOf, textsOf } from './generate.js';
import { derive } from './match.js';
import { fitsRule, type GrammarName } from './parse.js';
import { syntaxTree, treeOf } from './tree.js';

const replyRules = [...syntaxTree('dmtp').rules.keys()].filter((rule) => rule.endsWith('Reply'));
const wireRules: [GrammarName, string][] = [
  ...['CommandLine', 'PositionalLine', 'NamedLine', 'Breach', ...replyRules].map((rule): [GrammarName, string] => [
    'dmtp',
    rule,
  ]),
  ['record', 'Record'],
  ['stacie', 'Json'],
  ['stacie', 'Base64Url'],
  ['stacie', 'Octets64Up'],
  ['stacie', 'Label'],
  ['stacie', 'Printed'],
];

/** The smallest text with the property, as fast-check finds it. */
function smallest(arbitrary: fc.Arbitrary<string>, has: (text: string) => boolean, seed: number): string | undefined {
  const result = fc.check(
    fc.property(arbitrary, (text) => !has(text)),
    { seed, numRuns: 5_000 },
  );
  return result.counterexample?.[0];
}

describe.each(wireRules)('texts made from %s %s', (grammar, rule) => {
  it('parse', () => {
    fc.assert(
      fc.property(arbitraryOf(grammar, rule), (text) => fitsRule(grammar, rule, text)),
      { numRuns: 200 },
    );
  });

  it('are seldom refused by the last filter', () => {
    const made = fc.sample(textsOf(syntaxTree(grammar), rule), { numRuns: 300, seed: 1 });
    expect(made.filter((text) => !fitsRule(grammar, rule, text)).length).toBeLessThan(0.2 * made.length);
  });

  // A Breach takes any text, and which of its alternatives hangs on what few texts begin with: see mutate.test.ts.
  it.skipIf(rule === 'Breach')('go through every rule and alternative', () => {
    const coverage = new GrammarCoverage(grammar, [rule]);
    for (const text of fc.sample(arbitraryOf(grammar, rule), { numRuns: 2_000, seed: 1 })) coverage.record(rule, text);
    expect(coverage.summary().missed).toEqual([]);
  });
});

describe('shrinking', () => {
  const line = arbitraryOf('dmtp', 'CommandLine');
  it.each([1, 2, 3])('ends at the shortest line that still fails (seed %i)', (seed) => {
    expect(smallest(arbitraryOf('dmtp', 'PositionalLine'), (text) => /^vrfy/i.test(text), seed)).toBe(
      'VRFY<A@A>[a]\r\n',
    );
    expect(smallest(line, (text) => /size=/i.test(text), seed)).toBe('MAIL FROM<A>[a]SIZE=1\r\n');
  });
  it('turns odd letter case back to what the grammar writes', () => {
    expect(smallest(line, (text) => /sgnt.*@/i.test(text), 7)).toMatch(/^SGNT *(USER=)?<[^>]*@[^>]*>/);
  });
  it('ends at the first alternative when any does', () => {
    expect(smallest(arbitraryOf('record', 'Record'), (text) => text.includes('='), 4)).toBe('version=0');
  });
});

describe('options', () => {
  it('puts the given texts in the place of a rule', () => {
    const leaves = { AngleDomain: fc.constant('<dx.example.com>') };
    const lines = fc.sample(arbitraryOf('dmtp', 'Ehlo', { leaves }), 50);
    for (const line of lines) expect(line).toMatch(/^EHLO[ \t]*<dx\.example\.com>$/i);
  });
  it('leaves out what a given text makes unfit', () => {
    const leaves = { Domain: fc.constantFrom('a b', 'a.b') };
    for (const text of fc.sample(arbitraryOf('dmtp', 'AngleDomain', { leaves }), 20)) expect(text).toBe('<a.b>');
  });
  it('bounds the runs', () => {
    const lengths = fc.sample(arbitraryOf('dmtp', 'Domain', { longestRun: 40 }), 300).map((text) => text.length);
    expect(Math.max(...lengths)).toBeGreaterThan(20);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(41);
  });
  it('gives the same arbitrary for the same wish', () => {
    expect(arbitraryOf('dmtp', 'Sgnt')).toBe(arbitraryOf('dmtp', 'Sgnt'));
  });
  it('refuses a rule that does not exist', () => {
    expect(() => arbitraryOf('record', 'Nothing')).toThrow(new RangeError('the grammar has no rule "Nothing"'));
  });
});

describe('grammars that come back to themselves', () => {
  const json = treeOf(
    `Value = Array / Object / [0-9]+ / "null"
     Array = "[" Value|.., ","| "]"
     Object = "{" (Key ":" Value)|.., ","| "}"
     Key = "\\"" [a-z]|1..3| "\\""`,
    'json',
  );
  it('make texts that end, are nested, and fit', () => {
    const texts = fc.sample(textsOf(json, 'Value'), { numRuns: 400, seed: 1 });
    for (const text of texts) expect(() => JSON.parse(text.replace(/\b0+(?=\d)/g, ''))).not.toThrow();
    for (const text of texts) expect(derive(json, 'Value', text)).not.toBeNull();
    expect(texts.some((text) => text.includes('[['))).toBe(true);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(5_000);
  });
  it('end where the way out is a run of none', () => {
    const lists = treeOf(`Value = "(" Value|.., " "| ")" / [a-z]`, 'lists');
    const texts = fc.sample(textsOf(lists, 'Value'), { numRuns: 100, seed: 1 });
    for (const text of texts) expect(derive(lists, 'Value', text)).not.toBeNull();
    expect(texts.some((text) => text.includes('(('))).toBe(true);
  });
  it('are refused when a rule can never end', () => {
    expect(() => textsOf(treeOf('A = "a" A', 'endless'), 'A')).toThrow(new RangeError('A can never end'));
  });
});

describe('lookaheads', () => {
  it('choose what comes next', () => {
    const tree = treeOf('A = &[bc] [a-z]+ End\nEnd = &"!" .', 'look');
    for (const text of fc.sample(textsOf(tree, 'A'), 50)) expect(text).toMatch(/^[bc][a-z]*!$/);
  });
});
