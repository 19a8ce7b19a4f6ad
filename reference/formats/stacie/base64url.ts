/** Binary values as text: base64url of RFC 4648, without padding. (Section 1.10 of the STACIE digest) */
import { StacieError } from './stacie-error.js';

/** Writes canonical base64url: no padding, no white space. */
export function encodeBase64url(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64url');
}

/**
 * Reads canonical base64url and nothing else: padding, white space, the other alphabet, an impossible length and spare
 * bits other than zero are refused (STACIE-I-59). The empty text is zero octets.
 *
 * @param field what the value is, for the error
 * @throws StacieError `not-base64url`; its value is the place of the wrong character, or the number of characters
 */
export function decodeBase64url(text: string, field: string): Uint8Array {
  const wrong = text.search(/[^A-Za-z0-9_-]/);
  if (wrong !== -1) throw refusal(field, wrong, reasonFor(text.charCodeAt(wrong), wrong));
  if (text.length % 4 === 1) {
    throw refusal(field, text.length, {
      what: `has ${text.length} characters, which no octets encode to`,
      requirement: 'STACIE-011',
    });
  }
  const octets = Buffer.from(text, 'base64url');
  if (octets.toString('base64url') !== text) {
    const last = text.length - 1;
    throw refusal(field, last, {
      what: 'has spare bits in its last character that are not zero',
      requirement: 'STACIE-I-59',
    });
  }
  return new Uint8Array(octets);
}

interface Reason {
  readonly what: string;
  readonly requirement: string;
}

function reasonFor(character: number, at: number): Reason {
  const where = `at character ${at}`;
  if (character === 0x3d) return { what: `is padded with "=" ${where}`, requirement: 'STACIE-011' };
  if (character <= 0x20 || character === 0x7f) {
    return { what: `has white space or a control character ${where}`, requirement: 'STACIE-012' };
  }
  if (character === 0x2b || character === 0x2f) {
    return { what: `has a character of the standard alphabet ${where}`, requirement: 'STACIE-010' };
  }
  return { what: `has a character outside the alphabet ${where}`, requirement: 'STACIE-010' };
}

function refusal(field: string, value: number, { what, requirement }: Reason): StacieError {
  const bound = 'unpadded base64url (A-Z a-z 0-9 - _) with no spare bits set';
  return new StacieError({ code: 'not-base64url', requirement, field, value, what, bound, section: '1.10' });
}
