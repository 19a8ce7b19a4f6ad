/** Which rules of a grammar come back to themselves, and which way leads out soonest. */
import { children, type Node, type SyntaxTree } from './tree.js';

export interface Recursion {
  /** Rules that can stand inside themselves. */
  readonly recursive: ReadonlySet<string>;
  /** Whether a recursive rule is referred to directly in a node. */
  readonly isRecursive: (node: Node) => boolean;
  /** The fewest references nested in each other with which a node comes to an end; infinite when it never does. */
  readonly height: (node: Node) => number;
}

export function recursionOf(tree: SyntaxTree): Recursion {
  const heights = new Map([...tree.rules.keys()].map((rule) => [rule, Number.POSITIVE_INFINITY]));
  const height = (node: Node): number => {
    switch (node.kind) {
      case 'literal':
      case 'character':
      case 'look':
        return 0;
      case 'reference':
        return 1 + (heights.get(node.rule) ?? Number.POSITIVE_INFINITY);
      case 'sequence':
        return Math.max(0, ...node.parts.map(height));
      case 'choice':
        return Math.min(...node.alternatives.map(height));
      case 'run':
        return node.min === 0 ? 0 : height(node.of);
    }
  };
  let changed = true;
  while (changed) {
    changed = false;
    for (const [rule, body] of tree.rules) {
      const found = height(body);
      if (found === heights.get(rule)) continue;
      heights.set(rule, found);
      changed = true;
    }
  }

  const direct = new Map([...tree.rules].map(([rule, body]) => [rule, references(body)]));
  const recursive = new Set([...tree.rules.keys()].filter((rule) => reachable(rule, direct).has(rule)));
  return { recursive, height, isRecursive: (node) => [...references(node)].some((rule) => recursive.has(rule)) };
}

function references(node: Node): ReadonlySet<string> {
  if (node.kind === 'reference') return new Set([node.rule]);
  // A lookahead takes no text, so nothing is generated from it.
  if (node.kind === 'look') return new Set();
  return new Set(children(node).flatMap((child) => [...references(child)]));
}

function reachable(from: string, direct: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (rule: string): void => {
    for (const next of direct.get(rule) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(from);
  return found;
}
