/** How the faults of a record parser bend the text that it sees and the record that it gives. */
import { bendInput, bendResult, refuse } from './record-and-codec-bending.js';

/** The operation that these faults bend. */
export const parse = 'record.parse';

/** The parser sees another text. */
export const reads = (change: (text: string) => string) => bendInput(parse, 'text', change);
export const refuses = (when: RegExp) => refuse(parse, 'text', (text) => when.test(text));
export const gives = (change: (record: Record<string, unknown>, text: string) => Record<string, unknown>) =>
  bendResult(parse, (record, input) => change(record, String(input.text)));

/** Changes the tokens of a text; one that becomes null is left out. The separators stay. */
function eachToken(text: string, change: (token: string, index: number, tokens: readonly string[]) => string | null) {
  const parts = text.split(/([ ;]+)/);
  const tokens = parts.filter((_, place) => place % 2 === 0);
  return parts.map((part, place) => (place % 2 === 0 ? (change(part, place / 2, tokens) ?? '') : part)).join('');
}

export const tokens = (change: Parameters<typeof eachToken>[1]) => reads((text) => eachToken(text, change));

/** Changes the values of one key. */
export const values = (key: RegExp, change: (value: string) => string) =>
  tokens((token) => {
    const at = token.indexOf('=');
    return at !== -1 && key.test(token.slice(0, at)) ? token.slice(0, at + 1) + change(token.slice(at + 1)) : token;
  });

export const primaryKey = /^(?:pok|primary)$/i;
export const tlsKey = /^tls$/i;
export const versionKey = /^(?:ver|version)$/i;
export const knownKey =
  /^(?:ver|version|pok|primary|tls|pol|policy|syn|syndicates|dx|deliver|exp|expiry|sub|subdomain)$/i;

export const listOf = (record: Record<string, unknown>, member: string): readonly unknown[] =>
  Array.isArray(record[member]) ? record[member] : [];

/** A field name of which the parser has not heard. */
export const unheardOf = (name: string) =>
  tokens((token) => (token.toLowerCase().startsWith(`${name}=`) ? `x${token}` : token));

/** The field is left out where it says something that a right parser refuses. */
export const forgives = (wrong: (token: string, index: number, all: readonly string[]) => boolean) =>
  tokens((token, index, all) => (wrong(token, index, all) ? null : token));
