/** Strings of DMAP: what the grammar gives of them, and their UTF-8. */
import { DmapValueError } from './dmap-error.js';
import type { LiteralOctets, RawLiteral } from './dmap-framed.js';
import type { Value } from './dmap-values.js';

/** The text itself, one character an octet, without quotation marks; or the literal that holds it. */
export type RawString = string | RawLiteral;

export type RawValue =
  | { readonly kind: 'list'; readonly items: readonly RawValue[] }
  | { readonly kind: 'string'; readonly octets: RawString }
  | { readonly kind: 'atom'; readonly text: string };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const tolerantDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const highOctet = /[\x80-\xff]/;

/** @throws PendingLiteral */
export function octetsOf(raw: RawString, literals: LiteralOctets): Uint8Array {
  return typeof raw === 'string' ? latin1Octets(raw) : literals.of(raw);
}

/**
 * The text of a name, decoded from UTF-8.
 *
 * @throws DmapValueError when it is no UTF-8 or has a NUL; `what` names it
 * @throws PendingLiteral
 */
export function textOf(raw: RawString, literals: LiteralOctets, what: string): string {
  if (typeof raw === 'string' && !highOctet.test(raw)) return raw;
  const octets = octetsOf(raw, literals);
  const offset = typeof raw === 'string' ? null : raw.offset;
  let text: string;
  try {
    text = decoder.decode(octets);
  } catch {
    throw new DmapValueError(`the ${what} is no UTF-8`, 'DMAP-I-16', offset, 'NO');
  }
  if (text.includes('\0')) throw new DmapValueError(`the ${what} has a NUL in it`, 'DMAP-I-18', offset);
  return text;
}

/** For a person to read: octets that are no UTF-8 become U+FFFD. */
export function readableText(octets: string): string {
  return highOctet.test(octets) ? tolerantDecoder.decode(latin1Octets(octets)) : octets;
}

/** @throws PendingLiteral */
export function readValue(raw: RawValue, literals: LiteralOctets): Value {
  switch (raw.kind) {
    case 'list':
      return { kind: 'list', items: raw.items.map((item) => readValue(item, literals)) };
    case 'string':
      return { kind: 'string', octets: octetsOf(raw.octets, literals) };
    case 'atom':
      return raw;
  }
}

/** One octet a character. */
function latin1Octets(text: string): Uint8Array {
  const octets = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) octets[at] = text.charCodeAt(at);
  return octets;
}
