/** secp256k1 keys: 32-octet scalars, and points of 33 octets in compressed form (SEC 1). (Section 4.3) */
import { createECDH, ECDH } from 'node:crypto';

const curve = 'secp256k1';
/** The order of the group, big-endian. */
const order = Buffer.from('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141', 'hex');

export const scalarOctets = 32;
export const pointOctets = 33;

/** 32 octets, neither zero nor at or above the group order (SIG-072). */
export function isScalar(octets: Uint8Array): boolean {
  return octets.length === scalarOctets && octets.some((octet) => octet !== 0) && Buffer.compare(octets, order) < 0;
}

/** 33 octets of a compressed point that is on the curve (SIG-036, SIG-037). */
export function isCompressedPoint(octets: Uint8Array): boolean {
  if (octets.length !== pointOctets || (octets[0] !== 2 && octets[0] !== 3)) return false;
  try {
    ECDH.convertKey(octets, curve, undefined, undefined, 'compressed');
    return true;
  } catch {
    // The only thing that can be wrong with 33 octets that begin like a compressed point: there is no such point.
    return false;
  }
}

/** The compressed point that belongs to a scalar. @throws RangeError for a scalar out of range */
export function compressedPoint(scalar: Uint8Array): Uint8Array {
  if (!isScalar(scalar))
    throw new RangeError('a secp256k1 scalar has 32 octets and is from 1 to the group order less 1');
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(scalar);
  return new Uint8Array(ecdh.getPublicKey(null, 'compressed'));
}
