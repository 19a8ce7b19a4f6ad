/** Which rules of a grammar, and which alternatives of its choices, the texts of a run went through. */
import { derive } from './match.js';
import type { GrammarName } from './parse.js';
import { type ChoiceNode, children, definition, type Node, type Piece, type SyntaxTree, syntaxTree } from './tree.js';

export interface CoverageSummary {
  readonly grammar: string;
  readonly rules: { readonly hit: number; readonly of: number };
  readonly alternatives: { readonly hit: number; readonly of: number };
  /** `alternative`: as the grammar writes it; null when no text went through the rule at all. */
  readonly missed: readonly { readonly rule: string; readonly alternative: string | null }[];
}

/** Texts that are remembered, so that one seen before costs a look-up only. */
const mostRemembered = 20_000;
const longestRemembered = 1024;

/**
 * Counts over what can be reached from the start rules; what stands in a negative lookahead is left out, since no text
 * that fits goes through it.
 */
export class GrammarCoverage {
  readonly #tree: SyntaxTree;
  readonly #starts: ReadonlySet<string>;
  /** Every reachable rule, with whether it was hit. */
  readonly #rules = new Map<string, boolean>();
  readonly #choices = new Map<ChoiceNode, { readonly rule: string; readonly hit: boolean[] }>();
  readonly #seen = new Map<string, boolean>();

  /** @throws RangeError when a start rule is not in the grammar */
  constructor(
    readonly grammar: GrammarName,
    startRules: readonly string[],
  ) {
    this.#tree = syntaxTree(grammar);
    this.#starts = new Set(startRules);
    for (const rule of startRules) this.#reach(rule);
  }

  /**
   * Counts what took part in fitting `text` (one character an octet) to `rule`; alternatives tried and left are not
   * counted. Gives false, and counts nothing, when the text does not fit.
   *
   * @throws RangeError when `rule` is none of the start rules
   */
  record(rule: string, text: string): boolean {
    if (!this.#starts.has(rule)) throw new RangeError(`${this.grammar} ${rule}: not a start rule of this coverage`);
    const key = `${rule} ${text}`;
    const seen = this.#seen.get(key);
    if (seen !== undefined) return seen;
    const piece = derive(this.#tree, rule, text);
    if (piece !== null) {
      this.#rules.set(rule, true);
      this.#count(piece);
    }
    if (text.length <= longestRemembered && this.#seen.size < mostRemembered) this.#seen.set(key, piece !== null);
    return piece !== null;
  }

  summary(): CoverageSummary {
    const rules = [...this.#rules];
    const alternatives = [...this.#choices.values()].flatMap(({ hit }) => hit);
    return {
      grammar: this.grammar,
      rules: { hit: rules.filter(([, hit]) => hit).length, of: rules.length },
      alternatives: { hit: alternatives.filter((hit) => hit).length, of: alternatives.length },
      missed: rules.flatMap(([rule, hit]) => [
        ...(hit ? [] : [{ rule, alternative: null }]),
        ...this.#missedAlternatives(rule).map((alternative) => ({ rule, alternative })),
      ]),
    };
  }

  #missedAlternatives(rule: string): string[] {
    // Two choices of a rule may hold the same text; a number keeps them apart for mergeCoverage.
    const names = new Map<string, number>();
    return [...this.#choices].flatMap(([choice, counted]) =>
      counted.rule !== rule
        ? []
        : choice.alternatives.flatMap(({ source }, index) => {
            const nth = (names.get(source) ?? 0) + 1;
            names.set(source, nth);
            return counted.hit[index] === true ? [] : [nth === 1 ? source : `${source} (${nth})`];
          }),
    );
  }

  #reach(rule: string): void {
    if (this.#rules.has(rule)) return;
    this.#rules.set(rule, false);
    const walk = (node: Node): void => {
      if (node.kind === 'look' && !node.wanted) return;
      if (node.kind === 'reference') this.#reach(node.rule);
      if (node.kind === 'choice') this.#choices.set(node, { rule, hit: node.alternatives.map(() => false) });
      children(node).forEach(walk);
    };
    walk(definition(this.#tree, rule));
  }

  #count(piece: Piece): void {
    if (piece.node.kind === 'reference') this.#rules.set(piece.node.rule, true);
    if (piece.node.kind === 'choice' && piece.alternative !== undefined) {
      const counted = this.#choices.get(piece.node);
      if (counted !== undefined) counted.hit[piece.alternative] = true;
    }
    for (const part of piece.parts) this.#count(part);
  }
}

/**
 * What several runs of the same grammar and start rules covered together (shards of one run).
 *
 * @throws RangeError when there is none, or they are of different grammars or start rules
 */
export function mergeCoverage(summaries: readonly CoverageSummary[]): CoverageSummary {
  const [first, ...rest] = summaries;
  if (first === undefined) throw new RangeError('no coverage to merge');
  for (const { grammar, rules, alternatives } of rest) {
    if (grammar !== first.grammar || rules.of !== first.rules.of || alternatives.of !== first.alternatives.of) {
      throw new RangeError(
        `coverage of ${first.grammar} (${first.rules.of} rules, ${first.alternatives.of} alternatives) cannot be merged with that of ${grammar} (${rules.of}, ${alternatives.of})`,
      );
    }
  }
  const key = (entry: CoverageSummary['missed'][number]): string => JSON.stringify([entry.rule, entry.alternative]);
  const others = rest.map(({ missed }) => new Set(missed.map(key)));
  const missed = first.missed.filter((entry) => others.every((keys) => keys.has(key(entry))));
  const missedRules = missed.filter(({ alternative }) => alternative === null).length;
  return {
    grammar: first.grammar,
    rules: { hit: first.rules.of - missedRules, of: first.rules.of },
    alternatives: { hit: first.alternatives.of - (missed.length - missedRules), of: first.alternatives.of },
    missed,
  };
}
