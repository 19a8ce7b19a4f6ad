/**
 * The syntax tree of a grammar, cut down to what text is made of: actions, labels and display names are gone. What
 * generates, breaks and counts texts is made from it.
 */
import peggy from 'peggy';
import { type GrammarName, grammarSource } from './parse.js';

interface Base {
  /** The expression as the grammar writes it, without its action, on one line. */
  readonly source: string;
}

export interface LiteralNode extends Base {
  readonly kind: 'literal';
  readonly text: string;
  readonly ignoreCase: boolean;
}

/** One character: of a class, or any. */
export interface CharacterNode extends Base {
  readonly kind: 'character';
  readonly admits: (code: number) => boolean;
  /** The admitted characters from 0 to 255, the simplest first. */
  readonly members: readonly string[];
}

export interface ReferenceNode extends Base {
  readonly kind: 'reference';
  readonly rule: string;
}

export interface SequenceNode extends Base {
  readonly kind: 'sequence';
  readonly parts: readonly Node[];
}

export interface ChoiceNode extends Base {
  readonly kind: 'choice';
  readonly alternatives: readonly Node[];
}

/** `of` from `min` to `max` times; an option is a run of at most one. */
export interface RunNode extends Base {
  readonly kind: 'run';
  readonly of: Node;
  readonly min: number;
  readonly max: number;
  readonly delimiter: Node | null;
}

/** A lookahead: it takes no text. */
export interface LookNode extends Base {
  readonly kind: 'look';
  readonly of: Node;
  readonly wanted: boolean;
}

export type Node = LiteralNode | CharacterNode | ReferenceNode | SequenceNode | ChoiceNode | RunNode | LookNode;

export interface SyntaxTree {
  readonly rules: ReadonlyMap<string, Node>;
}

/**
 * A text together with how the grammar comes to it. The texts of `parts` joined are `text`, save that a run of single
 * characters has no parts, and a lookahead has the empty text whatever its part looked at.
 */
export interface Piece {
  readonly node: Node;
  /** The rule in whose definition `node` stands. */
  readonly rule: string;
  readonly text: string;
  readonly parts: readonly Piece[];
  /** Of a choice: the index of the alternative that was taken. */
  readonly alternative?: number;
}

const trees = new Map<GrammarName, SyntaxTree>();

/** The tree of one of this folder's grammars; made once. */
export function syntaxTree(grammar: GrammarName): SyntaxTree {
  const known = trees.get(grammar);
  if (known !== undefined) return known;
  const tree = treeOf(grammarSource(grammar), `${grammar}.peggy`);
  trees.set(grammar, tree);
  return tree;
}

/**
 * The tree of a grammar given as text.
 *
 * @throws Error for what only code can decide (semantic predicates, counted repetitions, imports), with its line
 */
export function treeOf(source: string, name: string): SyntaxTree {
  const grammar = peggy.parser.parse(source, { grammarSource: name, reservedWords: [] });
  const convert = converter(source, name);
  return { rules: new Map(grammar.rules.map((rule) => [rule.name, convert(rule.expression)])) };
}

/**
 * The definition of a rule.
 *
 * @throws RangeError when there is none of that name
 */
export function definition(tree: SyntaxTree, rule: string): Node {
  const node = tree.rules.get(rule);
  if (node === undefined) throw new RangeError(`the grammar has no rule ${JSON.stringify(rule)}`);
  return node;
}

/** The nodes directly below a node; of a reference none. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'character':
    case 'reference':
      return [];
    case 'sequence':
      return node.parts;
    case 'choice':
      return node.alternatives;
    case 'run':
      return node.delimiter === null ? [node.of] : [node.of, node.delimiter];
    case 'look':
      return [node.of];
  }
}

function converter(source: string, name: string): (expression: peggy.ast.Expression | peggy.ast.Named) => Node {
  const written = (of: { location: peggy.LocationRange }): string =>
    source.slice(of.location.start.offset, of.location.end.offset).replace(/\s+/g, ' ').trim();
  const refuse = (what: string, at: { location: peggy.LocationRange }): never => {
    throw new Error(`${name} line ${at.location.start.line}: ${what} cannot be turned into a tree: ${written(at)}`);
  };
  const count = (boundary: peggy.ast.RepeatedBoundary, whole: peggy.ast.Repeated): number =>
    boundary.type === 'constant' ? (boundary.value ?? Number.POSITIVE_INFINITY) : refuse('a computed count', whole);

  const convert = (expression: peggy.ast.Expression | peggy.ast.Named): Node => {
    const base = { source: written(expression) };
    const run = (min: number, max: number, of: peggy.ast.Expression): Node => ({
      ...base,
      kind: 'run',
      of: convert(of),
      min,
      max,
      delimiter: null,
    });
    switch (expression.type) {
      case 'named':
      case 'action':
      case 'labeled':
      case 'text':
      case 'group':
        return convert(expression.expression);
      case 'literal':
        return { ...base, kind: 'literal', text: expression.value, ignoreCase: expression.ignoreCase };
      case 'class':
        return characterNode(base, classTest(expression), expression.inverted ? [] : expression.parts.map(firstOf));
      case 'any':
        return characterNode(base, () => true, []);
      case 'rule_ref':
        return { ...base, kind: 'reference', rule: expression.name };
      case 'sequence':
        return { ...base, kind: 'sequence', parts: expression.elements.map(convert) };
      case 'choice':
        return { ...base, kind: 'choice', alternatives: expression.alternatives.map(convert) };
      case 'optional':
        return run(0, 1, expression.expression);
      case 'zero_or_more':
        return run(0, Number.POSITIVE_INFINITY, expression.expression);
      case 'one_or_more':
        return run(1, Number.POSITIVE_INFINITY, expression.expression);
      case 'repeated': {
        const max = count(expression.max, expression);
        const min = expression.min === null ? max : count(expression.min, expression);
        const delimiter = expression.delimiter === null ? null : convert(expression.delimiter);
        return { ...base, kind: 'run', of: convert(expression.expression), min, max, delimiter };
      }
      case 'simple_and':
        return { ...base, kind: 'look', of: convert(expression.expression), wanted: true };
      case 'simple_not':
        return { ...base, kind: 'look', of: convert(expression.expression), wanted: false };
      default:
        return refuse(`"${expression.type}"`, expression);
    }
  };
  return convert;
}

function classTest({ parts, inverted, ignoreCase }: peggy.ast.CharacterClass): (code: number) => boolean {
  const ranges = parts.map((part): readonly [number, number] => {
    if (typeof part === 'string') return [part.charCodeAt(0), part.charCodeAt(0)];
    if (Array.isArray(part)) return [String(part[0]).charCodeAt(0), String(part[1]).charCodeAt(0)];
    throw new Error('a class of Unicode properties has no members among octets');
  });
  const within = (code: number): boolean => ranges.some(([from, to]) => code >= from && code <= to);
  const either = (code: number): boolean => {
    const character = String.fromCharCode(code);
    return within(character.toLowerCase().charCodeAt(0)) || within(character.toUpperCase().charCodeAt(0));
  };
  const matches = ignoreCase ? either : within;
  return inverted ? (code) => !matches(code) : matches;
}

function firstOf(part: peggy.ast.CharacterClass['parts'][number]): string {
  if (typeof part === 'string') return part;
  return Array.isArray(part) ? String(part[0]) : '';
}

/** Letters, digits, other visible characters, blank, the rest: what a reader finds simple comes first. */
const ranks = [/[a-z]/, /[A-Z]/, /[0-9]/, /[!-~]/, / /];

function characterNode(base: Base, admits: (code: number) => boolean, writtenFirst: readonly string[]): CharacterNode {
  const table = Array.from({ length: 256 }, (_, code) => admits(code));
  const rank = (character: string): number => {
    const found = ranks.findIndex((range) => range.test(character));
    return found === -1 ? ranks.length : found;
  };
  // The first letter or digit that the class writes is its simplest member.
  const simplest = writtenFirst.find((character) => /[A-Za-z0-9]/.test(character));
  const members = table
    .flatMap((admitted, code) => (admitted ? [String.fromCharCode(code)] : []))
    .sort((a, b) => Number(b === simplest) - Number(a === simplest) || rank(a) - rank(b) || (a < b ? -1 : 1));
  return { ...base, kind: 'character', admits: (code) => table[code] ?? admits(code), members };
}
