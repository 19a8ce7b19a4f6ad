/** The JSON texts of STACIE exchanges: the typed face of stacie.peggy, bounded in size and depth. */
import { GrammarError, parseRule } from './parse.js';

/** A value and where it begins, in octets from the start of the text. */
export type JsonNode = { readonly offset: number } & (
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  /** As it was written: `1e3` is a number that is no plain integer. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: boolean | null }
);

/** Members in the order of the text; names may repeat. */
export interface JsonMember {
  readonly name: string;
  /** Where the name begins. */
  readonly offset: number;
  readonly value: JsonNode;
}

export interface StacieTextOptions {
  /** `as-printed` takes the drafts' malformed examples as well (STACIE-I-56); `json` when not given. */
  readonly spelling?: 'json' | 'as-printed';
  /** Octets; `longestStacieText` when not given. */
  readonly longest?: number;
}

/** The longest text that is read, in octets. The longest message of the drafts has about 3,000. */
export const longestStacieText = 65_536;

/** How many arrays and objects may stand inside each other; the deepest message of the drafts has six. */
export const deepestStacieText = 16;

/** What the grammar's actions give: strings still as they are written. */
type RawNode = { readonly offset: number } & (
  | { readonly kind: 'object'; readonly members: readonly RawMember[] }
  | { readonly kind: 'array'; readonly items: readonly RawNode[] }
  | { readonly kind: 'string'; readonly raw: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: boolean | null }
);
type RawMember = Omit<JsonMember, 'value'> & { readonly value: RawNode };

/**
 * Reads one JSON text (section 3 of the STACIE digest).
 *
 * @param text characters, or octets that should be UTF-8
 * @throws GrammarError when it is no JSON, too long, too deep, or no well-formed Unicode; its offset is in octets
 */
export function parseStacieText(text: string | Uint8Array, options: StacieTextOptions = {}): JsonNode {
  const rule = options.spelling === 'as-printed' ? 'Printed' : 'Json';
  const longest = options.longest ?? longestStacieText;
  const octets = octetsOf(text, rule, longest);
  checkDepth(octets, rule);
  return decoded(parseRule('stacie', rule, octets.toString('latin1')) as RawNode);
}

/** Writes a value in the normal form of section 3: one line, no white space, members in the order given. */
export function formatStacieText(value: unknown): string {
  return JSON.stringify(value);
}

function octetsOf(text: string | Uint8Array, rule: string, longest: number): Buffer {
  // One character has at least one octet, so a text that is far too long is not encoded first.
  if (text.length > longest) throw tooLong(rule, longest);
  if (typeof text !== 'string') return Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const lone = text.search(/\p{Surrogate}/u);
  if (lone !== -1) {
    const offset = Buffer.byteLength(text.slice(0, lone));
    const found = `\\u${text.charCodeAt(lone).toString(16)}`;
    throw new GrammarError('stacie', rule, offset, ['well-formed Unicode, without lone surrogates'], found);
  }
  const octets = Buffer.from(text, 'utf8');
  if (octets.length > longest) throw tooLong(rule, longest);
  return octets;
}

function tooLong(rule: string, longest: number): GrammarError {
  return new GrammarError('stacie', rule, longest, [`the end of a text of at most ${longest} octets`], 'more');
}

const quote = 0x22;
const backslash = 0x5c;

/** Before the parser, which would run out of stack. Brackets in strings do not count; a wrong text may stop it early. */
function checkDepth(octets: Uint8Array, rule: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < octets.length; at += 1) {
    const octet = octets[at];
    if (inString) {
      if (octet === backslash) at += 1;
      else if (octet === quote) inString = false;
    } else if (octet === quote) {
      inString = true;
    } else if (octet === 0x5b || octet === 0x7b) {
      depth += 1;
      if (depth > deepestStacieText) {
        const expected = [`at most ${deepestStacieText} arrays and objects inside each other`];
        throw new GrammarError('stacie', rule, at, expected, String.fromCharCode(octet));
      }
    } else if (octet === 0x5d || octet === 0x7d) {
      depth -= 1;
    }
  }
}

function decoded(node: RawNode): JsonNode {
  switch (node.kind) {
    case 'object':
      return {
        kind: 'object',
        offset: node.offset,
        members: node.members.map(({ name, offset, value }) => ({
          name: unescaped(name),
          offset,
          value: decoded(value),
        })),
      };
    case 'array':
      return { kind: 'array', offset: node.offset, items: node.items.map(decoded) };
    case 'string':
      return { kind: 'string', offset: node.offset, value: unescaped(node.raw) };
    case 'number':
    case 'literal':
      return node;
  }
}

/** The grammar has seen to it that `raw` is the inside of a JSON string. */
function unescaped(raw: string): string {
  const text = Buffer.from(raw, 'latin1').toString('utf8');
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}
