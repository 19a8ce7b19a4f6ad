import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dmtpLeaves, recordLeaves } from '../../grammar/leaves.js';
import { nearMissOf } from '../../grammar/mutate.js';
import { syntaxTree } from '../../grammar/tree.js';
import { sampleTexts, wireRules } from './grammar-speed.js';
import { lineExpressions } from './line-expressions.js';

const leaves = { dmtp: dmtpLeaves, record: recordLeaves };

describe.each(wireRules)('the expression for %s %s', (grammar, rule, expression) => {
  it('takes the whole of what the grammar takes', () => {
    const refused = sampleTexts(grammar, rule, 150).filter((text) => !expression.test(text));
    expect(refused).toEqual([]);
  });

  // Every text is a breach of some kind.
  it.skipIf(rule === 'Breach')('refuses near misses', () => {
    const misses = fc.sample(nearMissOf(grammar, rule, { leaves: leaves[grammar] }), { numRuns: 100, seed: 1 });
    expect(misses.filter(({ text }) => expression.test(text)).map(({ text, element }) => [element, text])).toEqual([]);
  });
});

it('there is one for each reply of the grammar', () => {
  const replies = [...syntaxTree('dmtp').rules.keys()].filter((rule) => rule.endsWith('Reply'));
  expect(
    Object.keys(lineExpressions.dmtp)
      .filter((rule) => rule.endsWith('Reply'))
      .sort(),
  ).toEqual(replies.sort());
});
