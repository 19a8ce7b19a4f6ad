/**
 * Text as STACIE hashes it. Readings: a character is a code point (STACIE-I-01), every one counts (STACIE-I-03), and
 * nothing is normalized, folded or trimmed: that is left to the caller (STACIE-I-02, STACIE-I-23).
 * (Sections 1.1 to 1.3 of the STACIE digest)
 */
import { count } from './checks.js';
import { mostTextOctets } from './limits.js';
import { StacieError } from './stacie-error.js';

/** A text, or its UTF-8 octets. */
export type Text = string | Uint8Array;

/**
 * The UTF-8 octets of a username.
 *
 * @throws StacieError `empty` (STACIE-I-22), `ill-formed` (STACIE-I-05), `too-long`
 */
export function usernameOctets(username: Text): Uint8Array {
  return octetsOf(username, { field: 'username', whenEmpty: 'STACIE-I-22', least: '1 octet' });
}

/**
 * The UTF-8 octets of a password: a copy that the caller may zero.
 *
 * @throws StacieError `empty` (STACIE-I-04), `ill-formed` (STACIE-I-05), `too-long`
 */
export function passwordOctets(password: Text): Uint8Array {
  return octetsOf(password, { field: 'password', whenEmpty: 'STACIE-I-04', least: '1 character' });
}

/**
 * The UTF-8 octets of a realm's label. Any text that is not empty: messages are stricter (STACIE-I-35).
 *
 * @throws StacieError `empty` (STACIE-100), `ill-formed`, `too-long`
 */
export function labelOctets(label: Text, whenEmpty = 'STACIE-100'): Uint8Array {
  return octetsOf(label, { field: 'realm', whenEmpty, least: '1 octet' });
}

/** How many code points valid UTF-8 encodes: every octet but the continuations begins one. */
export function countCharacters(utf8: Uint8Array): number {
  let characters = 0;
  for (const octet of utf8) if ((octet & 0xc0) !== 0x80) characters++;
  return characters;
}

interface Place {
  readonly field: string;
  readonly whenEmpty: string;
  readonly least: string;
}

function octetsOf(text: Text, { field, whenEmpty, least }: Place): Uint8Array {
  if (text.length === 0) {
    throw new StacieError({
      code: 'empty',
      requirement: whenEmpty,
      field,
      value: 0,
      what: 'is empty',
      bound: `at least ${least}`,
      section: '1.2',
    });
  }
  // UTF-8 never has fewer octets than UTF-16 has units, so that a longer text needs no encoding to be refused.
  if (text.length > mostTextOctets) throw tooLong(field, text.length);
  if (typeof text !== 'string') {
    checkUtf8(text, field);
    return Uint8Array.from(text);
  }
  const lone = loneSurrogate(text);
  if (lone !== -1) {
    const what = `has a lone surrogate at UTF-16 unit ${lone}`;
    throw illFormed(field, lone, what);
  }
  const octets = new TextEncoder().encode(text);
  if (octets.length > mostTextOctets) throw tooLong(field, octets.length);
  return octets;
}

function tooLong(field: string, value: number): StacieError {
  const requirement = field === 'password' ? { requirement: 'STACIE-I-06' } : {};
  const bound = `at most ${count(mostTextOctets)} of UTF-8`;
  return new StacieError({
    code: 'too-long',
    ...requirement,
    field,
    value,
    what: `has ${count(value)} or more`,
    bound,
    section: '1.2',
  });
}

function illFormed(field: string, value: number, what: string): StacieError {
  return new StacieError({
    code: 'ill-formed',
    requirement: 'STACIE-I-05',
    field,
    value,
    what,
    bound: 'well-formed Unicode text',
    section: '1.3',
  });
}

function loneSurrogate(text: string): number {
  let at = 0;
  for (const character of text) {
    if (character.length === 1 && (character.charCodeAt(0) & 0xf800) === 0xd800) return at;
    at += character.length;
  }
  return -1;
}

/** RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF, nothing cut short. */
function checkUtf8(octets: Uint8Array, field: string): void {
  let at = 0;
  while (at < octets.length) {
    const length = sequenceLength(octets, at);
    if (length === 0) throw illFormed(field, at, `is no UTF-8 at octet ${at}`);
    at += length;
  }
}

/** Octets of the sequence that begins at `at`; 0 when there is no valid one. */
function sequenceLength(octets: Uint8Array, at: number): number {
  const lead = octets[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  for (let next = 1; next < length; next++) if (((octets[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = octets[at + 1] ?? 0;
  const outside =
    (lead === 0xe0 && second < 0xa0) ||
    (lead === 0xed && second > 0x9f) ||
    (lead === 0xf0 && second < 0x90) ||
    (lead === 0xf4 && second > 0x8f);
  return outside ? 0 : length;
}
