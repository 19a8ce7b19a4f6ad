import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestCommandLine } from './dmtp.js';
import { arbitraryOf, type Leaves } from './generate.js';
import { base64Octets, dmtpLeaves, fingerprints, hostNames, recordLeaves } from './leaves.js';
import { fitsRule, type GrammarName } from './parse.js';
import { longestRecordText } from './record.js';

const named: [GrammarName, string, fc.Arbitrary<string>][] = (
  [
    ['dmtp', dmtpLeaves],
    ['record', recordLeaves],
  ] as [GrammarName, Leaves][]
).flatMap(([grammar, leaves]) =>
  Object.entries(leaves).map(([rule, texts]): [GrammarName, string, fc.Arbitrary<string>] => [grammar, rule, texts]),
);

describe('leaves', () => {
  it.each(named)('of %s %s fit the rule that they stand for', (grammar, rule, texts) => {
    fc.assert(
      fc.property(texts, (text) => fitsRule(grammar, rule, text)),
      { numRuns: 100 },
    );
  });

  it('give host names that DNS would take', () => {
    fc.assert(
      fc.property(hostNames, (host) =>
        /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/.test(host),
      ),
    );
  });

  it('give base64 of whole octets with zero excess bits', () => {
    for (const [octets, characters] of [
      [32, 43],
      [64, 86],
    ] as const) {
      fc.assert(
        fc.property(base64Octets(octets), (text) => {
          expect(text).toHaveLength(characters);
          expect(Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '')).toBe(text);
        }),
      );
    }
    expect(fc.sample(fingerprints, 5).every((text) => text.length === 86)).toBe(true);
  });

  it('keep command lines and records within their limits', () => {
    const lines = arbitraryOf('dmtp', 'CommandLine', { leaves: dmtpLeaves });
    const records = arbitraryOf('record', 'Record', { leaves: recordLeaves });
    fc.assert(
      fc.property(lines, (line) => line.length <= longestCommandLine),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(records, (record) => record.length <= longestRecordText),
      { numRuns: 200 },
    );
  });
});
