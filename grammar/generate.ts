/** Texts that fit a grammar, as fast-check arbitraries made from the grammar's own tree. */
import fc from 'fast-check';
import { fitsRule, type GrammarName } from './parse.js';
import { recursionOf } from './recursion.js';
import {
  type CharacterNode,
  type ChoiceNode,
  definition,
  type LiteralNode,
  type Node,
  type RunNode,
  type SequenceNode,
  type SyntaxTree,
  syntaxTree,
} from './tree.js';

/** Arbitraries that stand in for rules, by rule name. Every text must fit the rule that it stands for. */
export type Leaves = Readonly<Record<string, fc.Arbitrary<string>>>;

export interface GenerateOptions {
  readonly leaves?: Leaves;
  /** The most that an unbounded run exceeds its minimum; 8 by default. */
  readonly longestRun?: number;
}

const usualRun = 8;
/** How many rules that come back to themselves may stand inside each other. */
const mostNested = 6;

const cache = new WeakMap<Leaves, Map<string, fc.Arbitrary<string>>>();
const noLeaves: Leaves = {};

/**
 * Texts (one character an octet) that fit `rule`. Each alternative of each choice is as likely as its neighbours.
 * They shrink to short runs, first alternatives, literals as the grammar writes them, and the simplest characters.
 *
 * @throws RangeError when the grammar has no such rule
 */
export function arbitraryOf(grammar: GrammarName, rule: string, options: GenerateOptions = {}): fc.Arbitrary<string> {
  const leaves = options.leaves ?? noLeaves;
  const known = cache.get(leaves) ?? new Map<string, fc.Arbitrary<string>>();
  cache.set(leaves, known);
  const key = `${grammar} ${rule} ${options.longestRun ?? usualRun}`;
  const made =
    known.get(key) ?? textsOf(syntaxTree(grammar), rule, options).filter((text) => fitsRule(grammar, rule, text));
  known.set(key, made);
  return made;
}

/**
 * The same for any tree, before the last filter: where a lookahead or an earlier alternative that takes the same text
 * is in the way, a text may not fit.
 *
 * @throws RangeError when the grammar has no such rule, or the rule can never end
 */
export function textsOf(tree: SyntaxTree, rule: string, options: GenerateOptions = {}): fc.Arbitrary<string> {
  return new Builder(tree, options.leaves ?? noLeaves, options.longestRun ?? usualRun).rule(rule, mostNested);
}

/** The characters with which what comes next has to begin, or null. */
type Beginning = ReadonlySet<string> | null;

class Builder {
  readonly #recursion;
  readonly #made = new Map<string, fc.Arbitrary<string>>();
  constructor(
    readonly tree: SyntaxTree,
    readonly leaves: Leaves,
    readonly longestRun: number,
  ) {
    this.#recursion = recursionOf(tree);
  }

  /** `budget`: how many more times a rule may be entered that can come back to itself. */
  rule(rule: string, budget: number, beginning: Beginning = null): fc.Arbitrary<string> {
    const body = definition(this.tree, rule);
    const leaf = Object.hasOwn(this.leaves, rule) ? this.leaves[rule] : undefined;
    if (leaf !== undefined) return leaf;
    if (this.#recursion.height(body) === Number.POSITIVE_INFINITY) throw new RangeError(`${rule} can never end`);
    const left = this.#recursion.recursive.has(rule) ? Math.max(0, budget - 1) : budget;
    if (beginning !== null) return this.#node(body, left, beginning);
    const key = `${rule} ${left}`;
    const made = this.#made.get(key) ?? this.#node(body, left, null);
    this.#made.set(key, made);
    return made;
  }

  #node(node: Node, budget: number, beginning: Beginning): fc.Arbitrary<string> {
    switch (node.kind) {
      case 'literal':
        return literal(node);
      case 'character':
        return character(node, beginning);
      case 'reference':
        return this.rule(node.rule, budget, beginning);
      case 'sequence':
        return this.#sequence(node, budget, beginning);
      case 'choice':
        return this.#choice(node, budget, beginning);
      case 'run':
        return this.#run(node, budget, beginning);
      case 'look':
        return fc.constant('');
    }
  }

  #sequence(node: SequenceNode, budget: number, beginning: Beginning): fc.Arbitrary<string> {
    let wanted = beginning;
    const parts = node.parts.map((part) => {
      const look = this.#lookedFor(part);
      if (look !== null) {
        wanted = look;
        return fc.constant('');
      }
      const begins = wanted;
      wanted = null;
      const made = this.#node(part, budget, begins);
      return begins === null ? made : made.filter((text) => text === '' || begins.has(text.charAt(0)));
    });
    return fc.tuple(...parts).map((texts) => texts.join(''));
  }

  #choice(node: ChoiceNode, budget: number, beginning: Beginning): fc.Arbitrary<string> {
    const { height, recursive } = this.#recursion;
    const lowest = Math.min(...node.alternatives.map(height));
    const allowed = node.alternatives.filter((alternative) =>
      budget > 0 || recursive.size === 0
        ? height(alternative) < Number.POSITIVE_INFINITY
        : height(alternative) === lowest,
    );
    const made = allowed.map((alternative) => this.#node(alternative, budget, beginning));
    return fc.oneof({ withCrossShrink: true }, ...made);
  }

  #run(node: RunNode, budget: number, beginning: Beginning): fc.Arbitrary<string> {
    // Runs get shorter the deeper they stand, or nested ones would multiply.
    const nests = this.#recursion.isRecursive(node.of);
    const spare = nests ? Math.ceil((this.longestRun * budget) / mostNested) : this.longestRun;
    const max = Math.min(node.max, node.min + spare);
    if (max === 0) return fc.constant('');
    const item = this.#node(node.of, budget, null);
    const delimiter = node.delimiter === null ? fc.constant('') : this.#node(node.delimiter, budget, null);
    const later = node.delimiter === null ? item : fc.tuple(delimiter, item).map((texts) => texts.join(''));
    const first = beginning === null ? item : this.#node(node.of, budget, beginning);
    if (node.delimiter === null && beginning === null) return repeated(item, node.min, max);
    const some = fc.tuple(first, repeated(later, Math.max(0, node.min - 1), max - 1)).map((texts) => texts.join(''));
    return node.min > 0 ? some : fc.oneof({ withCrossShrink: true }, fc.constant(''), some);
  }

  /** The characters that a wanted lookahead for one character leaves, or null for every other node. */
  #lookedFor(node: Node): Beginning {
    if (node.kind === 'look') return node.wanted ? this.#beginnings(node.of) : null;
    return node.kind === 'reference' ? this.#lookedFor(definition(this.tree, node.rule)) : null;
  }

  #beginnings(node: Node): Beginning {
    if (node.kind === 'character') return new Set(node.members);
    if (node.kind === 'literal') return new Set([node.text.charAt(0)]);
    return node.kind === 'reference' ? this.#beginnings(definition(this.tree, node.rule)) : null;
  }
}

/** Mostly few, sometimes up to `max`. */
function repeated(item: fc.Arbitrary<string>, min: number, max: number): fc.Arbitrary<string> {
  const upTo = (maxLength: number): fc.Arbitrary<string> =>
    fc.array(item, { minLength: min, maxLength, size: 'max' }).map((texts) => texts.join(''));
  return max - min <= 2 ? upTo(max) : fc.oneof(upTo(min + 2), upTo(max));
}

function literal({ text, ignoreCase }: LiteralNode): fc.Arbitrary<string> {
  const letters = [...text].filter((each) => each.toLowerCase() !== each.toUpperCase()).length;
  if (!ignoreCase || letters === 0) return fc.constant(text);
  const flipped = fc.nat({ max: 2 ** Math.min(letters, 30) - 1 }).map((flips) => flipLetters(text, flips));
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: flipped },
  );
}

/** Flips the case of the letters whose bit is set, the lowest bit for the first letter. */
function flipLetters(text: string, flips: number): string {
  let bit = 0;
  return text.replace(/[a-z]/gi, (letter) => {
    const flip = (flips >>> bit) & 1;
    bit += 1;
    if (flip === 0) return letter;
    return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  });
}

function character(node: CharacterNode, beginning: Beginning): fc.Arbitrary<string> {
  const allowed = beginning === null ? node.members : node.members.filter((member) => beginning.has(member));
  // Nothing is left where the grammar contradicts itself; the last filter then says so.
  const members = allowed.length === 0 ? node.members : allowed;
  const oneOf = (some: readonly string[]): fc.Arbitrary<string> =>
    fc.nat({ max: some.length - 1 }).map((index) => some[index] ?? '');
  const visible = members.filter((member) => /[ -~]/.test(member));
  if (visible.length === members.length || visible.length === 0) return oneOf(members);
  // Control characters and octets above 127 make up most of an inverted class; a few of them are enough.
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 9, arbitrary: oneOf(visible) },
    { weight: 1, arbitrary: oneOf(members) },
  );
}
