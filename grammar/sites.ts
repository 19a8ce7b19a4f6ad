/** Where a text that fits a grammar can be broken, found from how it came to fit. */
import type { CharacterNode, LiteralNode, Piece, RunNode } from './tree.js';

/** The ways to break an element, the plainest first. */
export const breachKinds = [
  'missing-element',
  'doubled-element',
  'wrong-order',
  'wrong-delimiter',
  'unknown-word',
  'wrong-case',
  'illegal-octet',
  'too-short',
  'too-long',
  'truncated',
  'surplus',
] as const;
export type BreachLabel = (typeof breachKinds)[number];

/** One change: the characters from `at` to `end` become one of `variants`. */
export interface Site {
  readonly breach: BreachLabel;
  /** The rule, or the literal as the grammar writes it, that is broken. */
  readonly element: string;
  readonly at: number;
  readonly end: number;
  readonly variants: readonly string[];
}

const delimiters = ['<', '>', '[', ']', '(', '{', '"', ':', ';', '=', ',', '-', '.', ' ', '\t', '|'];
const surplusTexts = ['x', ' x', ' <x>', ' [x]', ' X=x', '=', ';', '\0'];

/**
 * Every place where the text of `piece` can be changed so that most likely it fits no more. `bodyEnd`: where the part
 * ends that `truncated` cuts into and `surplus` follows.
 */
export function sitesOf(piece: Piece, startRule: string, bodyEnd: number): Site[] {
  const sites: Site[] = [];
  collect(piece, 0, startRule, sites);
  for (let cut = 0; cut < bodyEnd; cut += 1) {
    sites.push({ breach: 'truncated', element: ruleAt(piece, cut, startRule), at: cut, end: bodyEnd, variants: [''] });
  }
  sites.push({ breach: 'surplus', element: startRule, at: bodyEnd, end: bodyEnd, variants: surplusTexts });
  return sites;
}

function collect(piece: Piece, at: number, element: string, sites: Site[]): void {
  const { node, text, parts } = piece;
  switch (node.kind) {
    case 'literal':
      sites.push(...literalSites(node, text, at));
      return;
    case 'character':
      sites.push(...octetSites(node, text, at, element));
      return;
    case 'look':
      return;
    case 'reference':
      sites.push(...wholeSites(text, at, node.rule));
      break;
    case 'sequence':
      sites.push(...orderSites(parts, at, element));
      break;
    case 'run':
      sites.push(...runSites(node, piece, at, element));
      break;
    case 'choice':
      break;
  }
  const inner = node.kind === 'reference' ? node.rule : element;
  let offset = at;
  for (const part of parts) {
    collect(part, offset, inner, sites);
    offset += part.text.length;
  }
}

function wholeSites(text: string, at: number, element: string): Site[] {
  if (text === '') return [];
  const span = { element, at, end: at + text.length };
  return [
    { ...span, breach: 'missing-element', variants: [''] },
    { ...span, breach: 'doubled-element', variants: [text + text] },
  ];
}

function literalSites({ ignoreCase, source }: LiteralNode, text: string, at: number): Site[] {
  const sites = wholeSites(text, at, source);
  const span = { element: source, at, end: at + text.length };
  if (text !== '' && !/[A-Za-z0-9]/.test(text)) {
    sites.push({ ...span, breach: 'wrong-delimiter', variants: delimiters.filter((other) => other !== text) });
  }
  if (/[A-Za-z]{2}/.test(text)) {
    const swapped = text.replace(/([A-Za-z])(?=[A-Za-z])/, 'X');
    sites.push({ ...span, breach: 'unknown-word', variants: [swapped, `X${text}`, `${text}X`, text.slice(0, -1)] });
  }
  if (!ignoreCase && /[A-Za-z]/.test(text)) {
    const variants = [text.toLowerCase(), text.toUpperCase()].filter((other) => other !== text);
    sites.push({ ...span, breach: 'wrong-case', variants });
  }
  return sites;
}

/** One octet that the class refuses in place of each, or alone where nothing stood. */
function octetSites(node: CharacterNode, text: string, at: number, element: string): Site[] {
  const illegal = refused(node);
  if (illegal.length === 0) return [];
  if (text === '') return [{ breach: 'illegal-octet', element, at, end: at, variants: illegal }];
  return [...text].map((_, index) => ({
    breach: 'illegal-octet',
    element,
    at: at + index,
    end: at + index + 1,
    variants: illegal,
  }));
}

const refusedOctets = new WeakMap<CharacterNode, readonly string[]>();

/** Visible characters first. */
function refused(node: CharacterNode): readonly string[] {
  const known = refusedOctets.get(node);
  if (known !== undefined) return known;
  const all = Array.from({ length: 256 }, (_, code) => code).filter((code) => !node.admits(code));
  const visible = (code: number): boolean => code >= 0x20 && code < 0x7f;
  const ordered = [...all.filter(visible), ...all.filter((code) => !visible(code))];
  const made = ordered.map((code) => String.fromCharCode(code));
  refusedOctets.set(node, made);
  return made;
}

function runSites(node: RunNode, { text, parts }: Piece, at: number, element: string): Site[] {
  const sites: Site[] = [];
  const span = { element, at, end: at + text.length };
  if (node.of.kind === 'character') {
    if (text !== '') sites.push({ ...span, breach: 'missing-element', variants: [''] });
    sites.push(...octetSites(node.of, text, at, element));
    if (node.min > 1) sites.push({ ...span, breach: 'too-short', variants: [text.slice(0, node.min - 1)] });
    const more = node.of.members[0];
    if (Number.isFinite(node.max) && node.max > 1 && more !== undefined) {
      sites.push({ ...span, breach: 'too-long', variants: [text.padEnd(node.max + 1, text.at(-1) ?? more)] });
    }
    return sites;
  }
  const items = node.delimiter === null ? parts : parts.filter((_, index) => index % 2 === 0);
  const last = items.at(-1)?.text;
  if (last === undefined || last === '') return sites;
  const between = node.delimiter === null ? '' : (parts[1]?.text ?? null);
  if (Number.isFinite(node.max) && node.max > 1 && between !== null) {
    const surplus = `${between}${last}`.repeat(node.max + 1 - items.length);
    sites.push({ ...span, breach: 'too-long', variants: [text + surplus] });
  }
  if (node.min > 1) {
    const kept = parts.slice(0, node.delimiter === null ? node.min - 1 : 2 * node.min - 3);
    sites.push({ ...span, breach: 'too-short', variants: [kept.map((part) => part.text).join('')] });
  }
  return sites;
}

/** Neighbours change places, also across one element between them, as across the blanks between two arguments. */
function orderSites(parts: readonly Piece[], at: number, element: string): Site[] {
  let offset = at;
  const placed = parts.flatMap((part) => {
    const from = offset;
    offset += part.text.length;
    return part.text === '' ? [] : [{ piece: part, text: part.text, from }];
  });
  return placed.flatMap((first, index) =>
    [1, 2].flatMap((distance): Site[] => {
      const second = placed[index + distance];
      if (second === undefined || second.text === first.text) return [];
      const between = placed.slice(index + 1, index + distance).map(({ text }) => text);
      const swapped = [second.text, ...between, first.text].join('');
      const end = second.from + second.text.length;
      return [
        { breach: 'wrong-order', element: nameOf(first.piece, element), at: first.from, end, variants: [swapped] },
      ];
    }),
  );
}

function nameOf({ node }: Piece, element: string): string {
  if (node.kind === 'reference') return node.rule;
  return node.kind === 'literal' ? node.source : element;
}

/** The innermost rule whose text goes on over `offset`. */
function ruleAt(piece: Piece, offset: number, element: string): string {
  const inner = piece.node.kind === 'reference' ? piece.node.rule : element;
  let from = 0;
  for (const part of piece.parts) {
    if (offset < from + part.text.length) return ruleAt(part, offset - from, inner);
    from += part.text.length;
  }
  return inner;
}
