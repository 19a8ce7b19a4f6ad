/** The signature algorithms of DNSSEC, on node:crypto. (RFC 3110, 5702, 6605, 8080) */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';

interface Algorithm {
  /** Null for the Edwards curves, which hash themselves. */
  readonly hash: string | null;
  /** The octets of a DNSKEY as a key; null when they are none. */
  readonly key: (octets: Buffer) => KeyObject | null;
}

/** Bits of an RSA modulus: section 5.2 of the management record digest. */
const leastModulus = 512;
const largestModulus = 4096;
/** Octets of an RSA exponent; longer ones only cost time. */
const longestExponent = 8;

/** 5 and 7 rest on SHA-1; they are known because the digest asks for 5 (section 5.2, REC-049), and 7 is the same. */
const algorithms: ReadonlyMap<number, Algorithm> = new Map<number, Algorithm>([
  [5, { hash: 'sha1', key: rsa }],
  [7, { hash: 'sha1', key: rsa }],
  [8, { hash: 'sha256', key: rsa }],
  [10, { hash: 'sha512', key: rsa }],
  [13, { hash: 'sha256', key: (octets) => ecdsa(octets, 'P-256', 32) }],
  [14, { hash: 'sha384', key: (octets) => ecdsa(octets, 'P-384', 48) }],
  [15, { hash: null, key: (octets) => edwards(octets, 'Ed25519', 32) }],
  [16, { hash: null, key: (octets) => edwards(octets, 'Ed448', 57) }],
]);

export function knowsAlgorithm(algorithm: number): boolean {
  return algorithms.has(algorithm);
}

/**
 * What the last signatures came to, by a digest of all that went in: a chain of zones is proven for every name that is
 * asked for, and a signature costs a hundred times its digest.
 */
const outcomes = new Map<string, boolean>();
const mostOutcomes = 1_000;

/** Whether the signature over `data` is by the key with these octets; false for keys and signatures that are none. */
export function holds(algorithm: number, publicKey: Buffer, data: Buffer, signature: Buffer): boolean {
  const lengths = Buffer.from([algorithm, 0, 0, 0, 0, 0, 0, 0, 0]);
  lengths.writeUInt32BE(publicKey.length, 1);
  lengths.writeUInt32BE(signature.length, 5);
  const id = hash('sha256', Buffer.concat([lengths, publicKey, signature, data]), 'base64');
  const outcome = outcomes.get(id) ?? judge(algorithm, publicKey, data, signature);
  outcomes.delete(id);
  outcomes.set(id, outcome);
  for (const oldest of outcomes.keys()) {
    if (outcomes.size <= mostOutcomes) break;
    outcomes.delete(oldest);
  }
  return outcome;
}

function judge(algorithm: number, publicKey: Buffer, data: Buffer, signature: Buffer): boolean {
  const known = algorithms.get(algorithm);
  try {
    const key = known?.key(publicKey) ?? null;
    if (known === undefined || key === null) return false;
    return verify(known.hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    // OpenSSL throws for keys that are on no curve and the like.
    return false;
  }
}

const text = (octets: Buffer): string => octets.toString('base64url');

/** Length of the exponent in one octet, or in two behind a zero; exponent; modulus. (RFC 3110 section 2) */
function rsa(octets: Buffer): KeyObject | null {
  const first = octets[0] ?? 0;
  const start = first === 0 ? 3 : 1;
  if (octets.length <= start) return null;
  const length = first === 0 ? octets.readUInt16BE(1) : first;
  const modulus = octets.subarray(start + length);
  const bits = modulus.length === 0 ? 0 : modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (length === 0 || length > longestExponent || bits < leastModulus || bits > largestModulus) return null;
  const exponent = octets.subarray(start, start + length);
  return createPublicKey({ key: { kty: 'RSA', n: text(modulus), e: text(exponent) }, format: 'jwk' });
}

function ecdsa(octets: Buffer, curve: string, size: number): KeyObject | null {
  if (octets.length !== 2 * size) return null;
  const point = { x: text(octets.subarray(0, size)), y: text(octets.subarray(size)) };
  return createPublicKey({ key: { kty: 'EC', crv: curve, ...point }, format: 'jwk' });
}

function edwards(octets: Buffer, curve: string, size: number): KeyObject | null {
  if (octets.length !== size) return null;
  return createPublicKey({ key: { kty: 'OKP', crv: curve, x: text(octets) }, format: 'jwk' });
}
