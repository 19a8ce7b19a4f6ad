import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrammarCoverage } from './coverage.js';
import { dmtpLeaves, recordLeaves, stacieLeaves } from './leaves.js';
import { type BreachLabel, breachKinds, breakText, type NearMiss, type NearMissOptions, nearMissOf } from './mutate.js';
import { fitsRule, type GrammarName } from './parse.js';
import { syntaxTree } from './tree.js';

const replyRules = [...syntaxTree('dmtp').rules.keys()].filter((rule) => rule.endsWith('Reply'));
const wireRules: [GrammarName, string, NearMissOptions][] = [
  ['dmtp', 'CommandLine', {}],
  ['dmtp', 'PositionalLine', { leaves: dmtpLeaves }],
  ['dmtp', 'NamedLine', { leaves: dmtpLeaves }],
  ...replyRules.map((rule): [GrammarName, string, NearMissOptions] => ['dmtp', rule, {}]),
  ['record', 'Record', { leaves: recordLeaves }],
  ['stacie', 'Json', { leaves: stacieLeaves }],
  ['stacie', 'Octets64', { leaves: stacieLeaves }],
  ['stacie', 'Octets64Up', { leaves: stacieLeaves }],
  ['stacie', 'Decimal', { leaves: stacieLeaves }],
  ['stacie', 'Label', { leaves: stacieLeaves }],
];

/** What comes of breaking one text in all its places, with the first few variants of each. */
function allBreaks(grammar: GrammarName, rule: string, origin: string): NearMiss[] {
  const found = new Map<string, NearMiss>();
  for (const breach of breachKinds) {
    for (let site = 0; site < 30; site += 1) {
      for (let variant = 0; variant < 3; variant += 1) {
        const miss = breakText(grammar, rule, origin, { breach: 0, site, variant }, { breaches: [breach] });
        if (miss !== null) found.set(`${miss.breach} ${miss.element} ${miss.text}`, miss);
      }
    }
  }
  return [...found.values()];
}

describe.each(wireRules)('near misses of %s %s', (grammar, rule, options) => {
  it('never parse, come from what does, and part from it where they say', () => {
    fc.assert(
      fc.property(nearMissOf(grammar, rule, options), ({ text, origin, breach, element, offset }) => {
        expect(fitsRule(grammar, rule, text)).toBe(false);
        expect(fitsRule(grammar, rule, origin)).toBe(true);
        expect(text.slice(0, offset)).toBe(origin.slice(0, offset));
        expect(text.charAt(offset)).not.toBe(origin.charAt(offset));
        expect(breachKinds).toContain(breach);
        expect(syntaxTree(grammar).rules.has(element) || /^"/.test(element)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the breaches of one line', () => {
  const fingerprint = 'cgzyxHnyxNXKw+/aQbTLLpOjI8fBZjDS0aYliKidtlZYhWzV9wc0u8vo2QOaopezcTH1EbQI8jm78On6e7HhHA';
  const line = `MAIL FROM=<a.b> FINGERPRINT=[${fingerprint}]\n`;
  const misses = allBreaks('dmtp', 'NamedLine', line);

  // What libdime refuses (dmtp-commands-libdime.json, tcId in front), each found by breaking the line above.
  it.each([
    [18, 'wrong-case', '"MAIL"', `mail FROM=<a.b> FINGERPRINT=[${fingerprint}]\n`],
    [19, 'wrong-case', '"FROM="', `MAIL from=<a.b> FINGERPRINT=[${fingerprint}]\n`],
    [22, 'missing-element', '"<"', `MAIL FROM=a.b> FINGERPRINT=[${fingerprint}]\n`],
    [23, 'missing-element', '">"', `MAIL FROM=<a.b FINGERPRINT=[${fingerprint}]\n`],
    [25, 'missing-element', 'Blank', `MAIL FROM=<a.b>FINGERPRINT=[${fingerprint}]\n`],
    [27, 'surplus', 'NamedLine', `MAIL FROM=<a.b> FINGERPRINT=[${fingerprint}]\n x`],
    [29, 'missing-element', 'LineEnd', `MAIL FROM=<a.b> FINGERPRINT=[${fingerprint}]`],
    [30, 'doubled-element', 'LineEnd', `MAIL FROM=<a.b> FINGERPRINT=[${fingerprint}]\n\n`],
    [32, 'unknown-word', '"MAIL"', `XAIL FROM=<a.b> FINGERPRINT=[${fingerprint}]\n`],
    [33, 'unknown-word', '"MAIL"', `MAILX FROM=<a.b> FINGERPRINT=[${fingerprint}]\n`],
  ])('tcId %i: %s of %s', (_, breach, element, text) => {
    expect(misses).toContainEqual(expect.objectContaining({ text, breach, element, origin: line }));
  });

  it('never name a change that leaves the line right', () => {
    // NamedAngleText may be empty: taking it away is no breach.
    expect(misses.map(({ text }) => text)).not.toContain(`MAIL FROM=<> FINGERPRINT=[${fingerprint}]\n`);
  });
});

describe('labels', () => {
  const breaks = (text: string, breach: BreachLabel): string[] =>
    allBreaks('record', 'Record', text)
      .filter((miss) => miss.breach === breach)
      .map((miss) => miss.text);
  it('too-short and too-long go one past the bound', () => {
    const key = 'A'.repeat(43);
    expect(breaks(`pok=${key}`, 'too-short')).toEqual([`pok=${'A'.repeat(42)}`]);
    expect(breaks(`pok=${key}`, 'too-long')).toEqual([`pok=${'A'.repeat(44)}`]);
    expect(breaks('exp=7', 'too-long')).toEqual([`exp=${'7'.repeat(10)}`]);
  });
  it('too-long counts items as well as characters', () => {
    const texts = allBreaks('dmtp', 'NamedLine', 'NOOP =a\n').map(({ breach, text }) => [breach, text]);
    expect(texts).toContainEqual(['too-long', 'NOOP =a =a =a =a\n']);
  });
  it('unknown words, cut texts and illegal octets', () => {
    expect(breaks('pol=mixed', 'unknown-word')).toContain('pol=mixedX');
    expect(breaks('pol=mixed', 'truncated')).toEqual(expect.arrayContaining(['pol', 'pol=', 'pol=mix']));
    expect(breaks('exp=7', 'illegal-octet')).toContain('exp=!');
  });
  it('wrong order across the blank between two arguments', () => {
    const texts = allBreaks('dmtp', 'PositionalLine', 'VRFY <a.b> [c]\n').flatMap(({ breach, text }) =>
      breach === 'wrong-order' ? [text] : [],
    );
    expect(texts).toContain('VRFY [c] <a.b>\n');
  });
});

describe('options', () => {
  it('keepLineEnd leaves one line with its line end', () => {
    const options = { keepLineEnd: true, leaves: dmtpLeaves };
    fc.assert(
      fc.property(nearMissOf('dmtp', 'CommandLine', options), ({ text, origin }) => {
        const end = origin.endsWith('\r\n') ? '\r\n' : '\n';
        expect(text.endsWith(end)).toBe(true);
        expect(text.indexOf('\n')).toBe(text.length - 1);
      }),
      { numRuns: 300 },
    );
  });
  it('keepLineEnd is refused for what is no single line', () => {
    const choices = { breach: 0, site: 0, variant: 0 };
    expect(() => breakText('dmtp', 'Reply', '250-A\r\n250 B\r\n', choices, { keepLineEnd: true })).toThrow(RangeError);
    expect(() => breakText('record', 'Record', 'ver=1', choices, { keepLineEnd: true })).toThrow(RangeError);
  });
  it('breaches picks the ways', () => {
    const only = nearMissOf('dmtp', 'NamedLine', { breaches: ['wrong-case'] });
    for (const { breach } of fc.sample(only, 50)) expect(breach).toBe('wrong-case');
  });
  it('against keeps out what another rule takes', () => {
    const options: NearMissOptions = { against: ['PositionalLine'], breaches: ['wrong-case'], keepLineEnd: true };
    for (const { text } of fc.sample(nearMissOf('dmtp', 'NamedLine', options), 100)) {
      expect(fitsRule('dmtp', 'CommandLine', text)).toBe(false);
    }
  });
  it('a text that does not fit is no origin', () => {
    expect(() => breakText('dmtp', 'NamedLine', 'mail\n', { breach: 0, site: 0, variant: 0 })).toThrow(RangeError);
  });
});

describe('the near misses together', () => {
  const sample = fc.sample(nearMissOf('dmtp', 'CommandLine', { keepLineEnd: true }), { numRuns: 2_000, seed: 1 });
  it('break in every way that command lines have room for', () => {
    const kinds = new Set(sample.map(({ breach }) => breach));
    // No part of a command that a server takes has a bounded length of more than one.
    expect(breachKinds.filter((kind) => !kinds.has(kind))).toEqual(['too-short', 'too-long']);
  });
  it('reach every kind of breach that section 12.4 of the DMTP digest answers', () => {
    const coverage = new GrammarCoverage('dmtp', ['Breach']);
    for (const { text } of sample) coverage.record('Breach', text);
    expect(coverage.summary().missed.filter(({ rule }) => rule === 'KnownBreach')).toEqual([]);
  });
});
