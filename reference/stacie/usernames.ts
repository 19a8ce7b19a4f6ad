/** One name for all the ways to write it (STACIE-149; the policy of STACIE-I-23). */
import { bounds } from '../formats/stacie/messages/index.js';

export interface UsernamePolicy {
  /** Put behind names without an at sign. */
  readonly domain: string;
  /** From one normalised name to another. */
  readonly aliases?: ReadonlyMap<string, string>;
}

/** Why a name is no name here (STACIE-204). */
export class UsernameError extends Error {
  override readonly name = 'UsernameError';
}

/**
 * Normalises: white space at the ends is taken off, compatible spellings become one (NFC), letters lower case, the
 * domain is added, an alias followed once.
 *
 * @throws UsernameError for invisible characters, white space inside, at signs in a wrong place, or a name
 * that is too long
 */
export function normaliseUsername(text: string, { domain, aliases }: UsernamePolicy): string {
  // Lower case can take a text out of NFC and the other way round, so NFC comes first and last.
  const plain = text.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const name = plain.includes('@') ? plain : `${plain}@${domain}`;
  // What cannot be seen would let two names look like one.
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Z}]/u.test(name)) {
    throw new UsernameError('the username has white space or an invisible character in it');
  }
  if (!/^[^@]+@[^@]+$/.test(name)) throw new UsernameError('the username is not a name, an at sign and a domain');
  const octets = Buffer.byteLength(name);
  if (octets > bounds.username) {
    throw new UsernameError(`the username has ${octets} octets; at most ${bounds.username} are taken`);
  }
  return aliases?.get(name) ?? name;
}
