/** Ed25519 (RFC 8032, pure) over raw keys: 32-octet seeds and public keys, 64-octet signatures. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

export const seedOctets = 32;
export const publicKeyOctets = 32;

/** @throws RangeError when the seed has not 32 octets */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  checkSize('an Ed25519 seed', seed, seedOctets);
  // Several times as fast as DER, which goes through OpenSSL's general decoder. The public half has to be there and is not
  // looked at: it is computed from the seed.
  const d = Buffer.from(seed).toString('base64url');
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x: d }, format: 'jwk' });
}

/** Any 32 octets are taken; those that are no point of the curve verify nothing. @throws RangeError for another size */
export function publicKeyOf(raw: Uint8Array): KeyObject {
  checkSize('an Ed25519 public key', raw, publicKeyOctets);
  // Several times as fast as DER, which goes through OpenSSL's general decoder.
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The 32-octet public half of a seed. */
export function rawPublicKey(seed: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(der.subarray(-publicKeyOctets));
}

export function signWith(seed: Uint8Array, octets: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, octets, privateKeyOf(seed)));
}

/** OpenSSL refuses a scalar half at or above the group order, as RFC 8032 section 5.1.7 demands (section 5.1). */
export function verifies(key: KeyObject, octets: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, octets, key, signature);
}

function checkSize(what: string, octets: Uint8Array, size: number): void {
  if (octets.length !== size) throw new RangeError(`${what} has ${size} octets, not ${octets.length}`);
}
