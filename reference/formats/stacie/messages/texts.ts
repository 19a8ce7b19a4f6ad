/** The texts inside a message's strings: base64url and whole numbers, and why one is none. */
import { fitsRule, GrammarError, parseRule } from '../../../../grammar/parse.js';
import { bounds } from './message.js';
import { quote } from './message-error.js';
import type { StacieReadings } from './readings.js';

/** Why a text is refused; the reader adds the place. */
export interface TextFault {
  readonly what: string;
  readonly bound: string;
  readonly requirement?: string;
  readonly interpretation?: string;
}

export type TextResult<Value> = { readonly value: Value } | { readonly fault: TextFault };

/** Reads base64url of `min` to `max` octets, in the only form that is right (section 1.10 of the STACIE digest). */
export function readOctets(text: string, { min, max }: { min: number; max: number }): TextResult<Uint8Array> {
  const octets = Buffer.from(text, 'base64url');
  // Node's decoder takes anything; only the canonical text comes back the same.
  if (octets.toString('base64url') !== text) return { fault: misspelled(text) };
  if (octets.length < min || octets.length > max) {
    const bound = min === max ? `${min} octets` : `${min} to ${max} octets`;
    return { fault: { what: `base64url of ${octets.length} octets`, bound } };
  }
  return { value: new Uint8Array(octets) };
}

function misspelled(text: string): TextFault {
  const rows = (requirement: string, interpretation: string) => ({ requirement, interpretation });
  const bound = 'base64url without padding';
  const other = /[+/]/.exec(text);
  if (other !== null)
    return { what: `"${other[0]}" at character ${other.index}`, bound, ...rows('STACIE-010', 'STACIE-I-58') };
  if (/^[A-Za-z0-9_-]*=+$/.test(text)) return { what: 'padding', bound, ...rows('STACIE-011', 'STACIE-I-59') };
  const space = /[\s\p{Cc}]/u.exec(text);
  if (space !== null)
    return { what: `white space at character ${space.index}`, bound, ...rows('STACIE-012', 'STACIE-I-59') };
  const foreign = /[^A-Za-z0-9_-]/u.exec(text);
  if (foreign !== null) {
    return { what: `a foreign character at character ${foreign.index}`, bound, ...rows('STACIE-010', 'STACIE-I-59') };
  }
  const what =
    text.length % 4 === 1 ? `${text.length} characters, one too many or too few` : 'spare bits that are not zero';
  return { what, bound, ...rows('STACIE-010', 'STACIE-I-59') };
}

/** Takes off what the readings allow beyond canonical base64url. */
export function canonical(text: string, { padding, alphabet, spareBits }: StacieReadings): string {
  let made = alphabet === 'either' ? text.replaceAll('+', '-').replaceAll('/', '_') : text;
  if (padding === 'ignored') made = made.replace(/={1,2}$/, '');
  if (spareBits === 'dropped' && /^[A-Za-z0-9_-]*$/.test(made) && made.length % 4 !== 1) {
    made = Buffer.from(made, 'base64url').toString('base64url');
  }
  return made;
}

/**
 * Reads a bonus or an index (STACIE-I-12): a string of decimal digits, or a JSON integer.
 *
 * @param value the string, or of a number the text as it was written
 */
export function readDecimal(text: string, form: 'string' | 'number', max: number): TextResult<number> {
  const bound = `decimal digits without sign or leading zeros, 0 to ${max}`;
  const what = form === 'string' ? quote(text) : text.slice(0, 20);
  if (/^[1-9][0-9]*$/.test(text) && Number(text) > max) {
    return { fault: { what, bound, interpretation: max === bounds.index ? 'STACIE-I-44' : 'STACIE-I-11' } };
  }
  if (!fitsRule('stacie', 'Decimal', text)) return { fault: { what, bound, interpretation: 'STACIE-I-12' } };
  return { value: Number(text) };
}

/** Whether a text is a label that messages carry (STACIE-I-35), and what is wrong when it is not. */
export function labelFault(text: string): TextFault | null {
  try {
    parseRule('stacie', 'Label', text);
    return null;
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    const what = text === '' ? 'an empty label' : `a label that breaks off at character ${error.offset}`;
    return { what, bound: '1 to 64 characters of a-z 0-9 . _ -, the first a letter or digit' };
  }
}
