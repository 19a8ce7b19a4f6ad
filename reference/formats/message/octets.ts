/** Small operations on octets that the parts of the codec share. Integers are unsigned and big-endian. */
import { createHash } from 'node:crypto';

/** A few pieces, one after the other. */
export function concat(...pieces: readonly Uint8Array[]): Uint8Array {
  return joined(pieces);
}

/** Any number of pieces; a single one is given back as it is. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const only = pieces[0];
  if (pieces.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The integer that these octets are; at most 6 of them. */
export function integerOf(octets: Uint8Array): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

/** `value` in `size` octets. */
export function integerOctets(value: number, size: number): Uint8Array {
  const octets = new Uint8Array(size);
  for (let at = size - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256)) octets[at] = rest % 256;
  return octets;
}

/** `a XOR b`; both have the length of `a`. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, at) => octet ^ (b[at] ?? 0));
}

export function sha512(...pieces: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha512');
  for (const piece of pieces) hash.update(piece);
  return new Uint8Array(hash.digest());
}

/** "1 octet", "4,096 octets". */
export function count(octets: number): string {
  return `${octets.toLocaleString('en-US')} octet${octets === 1 ? '' : 's'}`;
}

/** The same memory, not as a Buffer: what comes out of the codec are plain octets. */
export function plain({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
