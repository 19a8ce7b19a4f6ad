/** Commands taken apart by the rules on lines alone (sections 1.2 and 6.2 of the DMAP digest), whatever they say. */
import type { FramedText } from '../../../grammar/dmap.js';

export interface Token {
  readonly kind: 'atom' | 'quoted' | 'literal' | '(' | ')';
  /** Without quotes and escapes, or the octets; empty for parentheses. */
  readonly text: string;
}

/** A rule that is broken, and how. */
interface Flaw {
  readonly row: string;
  readonly what: string;
}

interface Lexed {
  readonly tokens: readonly Token[];
  /** The first one. */
  readonly flaw: Flaw | null;
}

const header = /^(~?)\{([0-9]+)\+?\}\r\n/;
/** Atoms, and what stands in sets, patterns, flags and sections. */
const atom = /^[!#$%&'*+,\-./0-9:;<=>?@A-Z[\\\]^_`a-z|}~]+/;
const quotedString = /^"((?:[^"\\]|\\.)*)"/s;

/** Splits a command, its tag first. */
export function lex({ text, literals }: FramedText): Lexed {
  const tokens: Token[] = [];
  let rest = text;
  let read = 0;
  while (rest !== '\r\n') {
    const gap = /^ */.exec(rest)?.[0].length ?? 0;
    const next = rest.slice(gap);
    const octets = literals[read];
    const literal = octets instanceof Uint8Array ? header.exec(next) : null;
    const found = literal !== null && octets instanceof Uint8Array ? literalOf(literal, octets) : tokenOf(next);
    const flaw = 'row' in found ? found : flawOf(found, gap, tokens.at(-1));
    if ('row' in found || flaw !== null) return { tokens, flaw };
    if (literal !== null) read += 1;
    tokens.push(found);
    rest = next.slice(found.length);
  }
  return { tokens, flaw: null };
}

type Found = Token & { readonly length: number; readonly flaw: Flaw | null };

function literalOf([whole, eight]: RegExpExecArray, octets: Uint8Array): Found {
  const nul = eight === '' && octets.includes(0);
  const flaw = nul ? { row: 'DMAP-454', what: 'NUL in a literal that is not for binary data' } : null;
  return { kind: 'literal', text: Buffer.from(octets).toString('latin1'), length: whole.length, flaw };
}

function tokenOf(rest: string): Found | Flaw {
  const [character = ''] = rest;
  const at = JSON.stringify(rest.slice(0, 20));
  if (character === '(' || character === ')') return { kind: character, text: '', length: 1, flaw: null };
  if (character === '"') return quotedOf(rest);
  const found = atom.exec(rest)?.[0];
  if (found !== undefined) return { kind: 'atom', text: found, length: found.length, flaw: null };
  if (character === '\0') return { row: 'DMAP-454', what: `NUL outside of literals for binary data: ${at}` };
  if (character === '\t' || rest === '\r\n') return { row: 'DMAP-453', what: `white space too much: ${at}` };
  if (character === '' || character === '\r' || character === '\n') {
    return { row: 'DMAP-014', what: `a line that does not end in CR LF alone: ${at}` };
  }
  return { row: 'DMAP-018', what: `a character that no atom has: ${at}` };
}

function quotedOf(rest: string): Found | Flaw {
  const [whole, inside = ''] = quotedString.exec(rest) ?? [];
  if (whole === undefined) return { row: 'DMAP-018', what: `a quoted string without an end: ${rest.slice(0, 40)}` };
  const shown = JSON.stringify(whole.slice(0, 40));
  const flaw = /[^\0-\x7f]|[\r\n]/.test(inside)
    ? { row: 'DMAP-117', what: `in a quoted string: ${shown}` }
    : /\\[^"\\]/.test(inside.replace(/\\\\/g, ''))
      ? { row: 'DMAP-018', what: `a backslash that escapes nothing: ${shown}` }
      : inside.includes('\0')
        ? { row: 'DMAP-454', what: `NUL in a quoted string: ${shown}` }
        : null;
  return { kind: 'quoted', text: inside.replace(/\\(["\\])/g, '$1'), length: whole.length, flaw };
}

/** What is wrong with a token in its place: one space stands between items, and none inside parentheses. */
function flawOf({ kind, flaw }: Found, gap: number, before: Token | undefined): Flaw | null {
  const due = before !== undefined && before.kind !== '(' && kind !== ')' ? 1 : 0;
  if (gap === due) return flaw;
  const what = `${gap} spaces where ${due} is due, behind ${before === undefined ? 'nothing' : JSON.stringify(before.text || before.kind)}`;
  return { row: gap === 0 && before?.kind === 'literal' ? 'DMAP-449' : 'DMAP-453', what };
}
