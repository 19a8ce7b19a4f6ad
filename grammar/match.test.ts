import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, type Leaves } from './generate.js';
import { dmtpLeaves, recordLeaves, stacieLeaves } from './leaves.js';
import { derive } from './match.js';
import { nearMissOf } from './mutate.js';
import { fitsRule, type GrammarName } from './parse.js';
import { type Piece, syntaxTree, treeOf } from './tree.js';

const rules: [GrammarName, string][] = [
  ['dmtp', 'CommandLine'],
  ['dmtp', 'NamedLine'],
  ['dmtp', 'Breach'],
  ['dmtp', 'BannerReply'],
  ['dmtp', 'EhloReply'],
  ['dmtp', 'VerifyReply'],
  ['record', 'Record'],
  ['stacie', 'Json'],
  ['stacie', 'Octets64Up'],
];

const leavesOf: Readonly<Partial<Record<GrammarName, Leaves>>> = {
  dmtp: dmtpLeaves,
  record: recordLeaves,
  stacie: stacieLeaves,
};

function joins(piece: Piece): boolean {
  const whole = piece.parts.length === 0 || piece.node.kind === 'look';
  return whole || (piece.parts.map(({ text }) => text).join('') === piece.text && piece.parts.every(joins));
}

describe('the tree matcher', () => {
  it.each(rules)('takes of %s %s what the compiled parser takes, and nothing else', (grammar, rule) => {
    const tree = syntaxTree(grammar);
    const leaves = leavesOf[grammar];
    const texts = fc.oneof(
      arbitraryOf(grammar, rule),
      arbitraryOf(grammar, rule, leaves === undefined ? {} : { leaves }),
      ...(rule === 'Breach' ? [] : [nearMissOf(grammar, rule).map(({ text }) => text)]),
      fc.string({ unit: 'binary-ascii' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(derive(tree, rule, text) !== null).toBe(fitsRule(grammar, rule, text));
      }),
      { numRuns: 300 },
    );
  });

  it('gives pieces whose texts make up the whole', () => {
    const tree = syntaxTree('dmtp');
    fc.assert(
      fc.property(arbitraryOf('dmtp', 'CommandLine'), (text) => {
        const piece = derive(tree, 'CommandLine', text);
        expect(piece?.text).toBe(text);
        expect(piece !== null && joins(piece)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('orders choices, is greedy, and counts runs with delimiters', () => {
    expect(derive(treeOf('A = "a" / "ab"', 'order'), 'A', 'ab')).toBeNull();
    expect(derive(treeOf('A = "a"* "a"', 'greedy'), 'A', 'aa')).toBeNull();
    const list = treeOf('A = [0-9]|2..3, ","|', 'list');
    expect(['1', '1,2', '1,2,3', '1,2,3,4', '1,2,'].map((text) => derive(list, 'A', text) !== null)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  it('refuses what is nested too deep instead of running out of stack', () => {
    const tree = treeOf('A = "(" A ")" / "x"', 'deep');
    const nested = (depth: number): string => `${'('.repeat(depth)}x${')'.repeat(depth)}`;
    expect(derive(tree, 'A', nested(200))).not.toBeNull();
    expect(derive(tree, 'A', nested(100_000))).toBeNull();
  });
});

describe('a tree', () => {
  it('is refused for what only code decides, with the line', () => {
    expect(() => treeOf('A = "a"\nB = &{ return true }', 'code')).toThrow('code line 2: "semantic_and"');
    expect(() => treeOf('A = n:"a" "b"|n|', 'count')).toThrow('count line 1: a computed count');
  });
});
