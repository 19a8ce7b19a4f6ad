/**
 * Matches a text against a grammar's tree and tells how it came to fit. It follows the same rules as the compiled
 * parsers (ordered choice, greedy runs, no going back into what has matched); a test holds the two together. The
 * compiled parsers are for reading; this is for counting and breaking, which need the way and not the value.
 */
import { definition, type LookNode, type Node, type Piece, type RunNode, type SyntaxTree } from './tree.js';

/** References nested deeper than this do not match, so that no text can exhaust the stack. */
const deepest = 800;

/** A piece and where its text ends. */
interface Match {
  readonly piece: Piece;
  readonly end: number;
}

/**
 * How `text` fits `rule`, or null when it does not.
 *
 * @throws RangeError when the grammar has no such rule
 */
export function derive(tree: SyntaxTree, rule: string, text: string): Piece | null {
  const found = new Matcher(tree, text).match(definition(tree, rule), rule, 0);
  return found !== null && found.end === text.length ? found.piece : null;
}

class Matcher {
  #depth = 0;
  constructor(
    readonly tree: SyntaxTree,
    readonly text: string,
  ) {}

  match(node: Node, rule: string, at: number): Match | null {
    switch (node.kind) {
      case 'literal':
        return this.#literal(node.text, node.ignoreCase, at) ? this.#done(node, rule, at, at + node.text.length) : null;
      case 'character':
        return at < this.text.length && node.admits(this.text.charCodeAt(at))
          ? this.#done(node, rule, at, at + 1)
          : null;
      case 'reference': {
        if (this.#depth >= deepest) return null;
        this.#depth += 1;
        const body = this.match(definition(this.tree, node.rule), node.rule, at);
        this.#depth -= 1;
        return body && this.#done(node, rule, at, body.end, [body.piece]);
      }
      case 'sequence': {
        const parts: Piece[] = [];
        let end = at;
        for (const part of node.parts) {
          const found = this.match(part, rule, end);
          if (found === null) return null;
          parts.push(found.piece);
          end = found.end;
        }
        return this.#done(node, rule, at, end, parts);
      }
      case 'choice':
        for (const [alternative, each] of node.alternatives.entries()) {
          const found = this.match(each, rule, at);
          if (found === null) continue;
          const piece = { node, rule, text: found.piece.text, parts: [found.piece], alternative };
          return { piece, end: found.end };
        }
        return null;
      case 'run':
        return this.#run(node, rule, at);
      case 'look':
        return this.#look(node, rule, at);
    }
  }

  #done(node: Node, rule: string, at: number, end: number, parts: readonly Piece[] = []): Match {
    return { piece: { node, rule, text: this.text.slice(at, end), parts }, end };
  }

  #literal(wanted: string, ignoreCase: boolean, at: number): boolean {
    if (!ignoreCase) return this.text.startsWith(wanted, at);
    return this.text.slice(at, at + wanted.length).toLowerCase() === wanted.toLowerCase();
  }

  #run(node: RunNode, rule: string, at: number): Match | null {
    const parts: Piece[] = [];
    let end = at;
    let count = 0;
    while (count < node.max) {
      const delimiter = node.delimiter === null || count === 0 ? null : this.match(node.delimiter, rule, end);
      if (node.delimiter !== null && count > 0 && delimiter === null) break;
      const found = this.match(node.of, rule, delimiter?.end ?? end);
      if (found === null) break;
      const stuck = found.end === end;
      if (node.of.kind !== 'character') parts.push(...(delimiter === null ? [] : [delimiter.piece]), found.piece);
      end = found.end;
      count += 1;
      // What takes no text matches as often as is asked.
      if (stuck) count = Math.max(count, node.min);
      if (stuck) break;
    }
    return count < node.min ? null : this.#done(node, rule, at, end, parts);
  }

  #look(node: LookNode, rule: string, at: number): Match | null {
    const found = this.match(node.of, rule, at);
    if ((found !== null) !== node.wanted) return null;
    return this.#done(node, rule, at, at, found === null ? [] : [found.piece]);
  }
}
