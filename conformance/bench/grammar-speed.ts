/** The compiled grammars: texts parsed to values a second, against a regular expression that only says yes or no. */
import fc from 'fast-check';
import { arbitraryOf } from '../../grammar/generate.js';
import { dmtpLeaves, recordLeaves } from '../../grammar/leaves.js';
import { parseRule } from '../../grammar/parse.js';
import type { Figure } from './figures.js';
import { lineExpressions } from './line-expressions.js';
import { compare, type Effort, inProcess } from './rounds.js';

/** The same in every run, so that figures of two versions can be compared. */
const seed = 20_150_220;
const textsARule = 100;
const leaves = { dmtp: dmtpLeaves, record: recordLeaves };

type MeasuredGrammar = keyof typeof lineExpressions;

export const wireRules: readonly (readonly [MeasuredGrammar, string, RegExp])[] = (['dmtp', 'record'] as const).flatMap(
  (grammar) =>
    Object.entries(lineExpressions[grammar]).map(([rule, expression]) => [grammar, rule, expression] as const),
);

/** Texts that fit a rule, drawn from the grammar. */
export const sampleTexts = (grammar: MeasuredGrammar, rule: string, count = textsARule): string[] =>
  fc.sample(arbitraryOf(grammar, rule, { leaves: leaves[grammar] }), { numRuns: count, seed });

export async function grammarParses({ rounds, shortSliceMs }: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  // One parser serves all rules, so it is compiled before the first of them is measured.
  for (const [grammar, rule] of wireRules) {
    const texts = sampleTexts(grammar, rule);
    await inProcess(() => parseAll(grammar, rule, texts))(shortSliceMs);
  }
  for (const [grammar, rule, expression] of wireRules) {
    const texts = sampleTexts(grammar, rule);
    figures.push(
      ...(await compare(
        [
          {
            name: `parse ${grammar} ${rule} : expression`,
            unit: '/s',
            goal: null,
            ours: inProcess(() => parseAll(grammar, rule, texts)),
            other: inProcess(() => texts.filter((text) => expression.exec(text) !== null).length),
          },
        ],
        rounds,
        shortSliceMs,
      )),
    );
  }
  return figures;
}

function parseAll(grammar: MeasuredGrammar, rule: string, texts: readonly string[]): number {
  for (const text of texts) parseRule(grammar, rule, text);
  return texts.length;
}
