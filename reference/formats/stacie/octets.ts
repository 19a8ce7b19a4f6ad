/** Small operations on octets that the stages share. */
import { timingSafeEqual } from 'node:crypto';

/** `a XOR b`, octet by octet; both have the length of `a`. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, at) => octet ^ (b[at] ?? 0));
}

/** `I3(n)`: three octets, most significant first. (Section 1.1 of the STACIE digest, STACIE-I-25) */
export function threeOctets(n: number): Uint8Array {
  return Uint8Array.of((n >> 16) & 0xff, (n >> 8) & 0xff, n & 0xff);
}

/**
 * Whether two secrets are equal, in a time that depends on their lengths only (STACIE-I-86). Lengths are no secret:
 * every key and token has 64 octets.
 */
export function equalSecrets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
