/** Arithmetic on the points of secp256k1, y² = x³ + 7: as much as it takes to tell what is a point. */
import { concat, type Octets } from './signet-builder.js';

/** The field is that of the integers modulo this prime. */
const prime = 2n ** 256n - 2n ** 32n - 977n;

function powerMod(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base % prime;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * factor) % prime;
    factor = (factor * factor) % prime;
  }
  return result;
}

const numberOf = (octets: Octets): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`);

export function isOnCurve(point: Octets): boolean {
  if (point.length !== 33 || (point[0] !== 2 && point[0] !== 3)) return false;
  const x = numberOf(point.subarray(1));
  return x < prime && powerMod((x ** 3n + 7n) % prime, (prime - 1n) / 2n) === 1n;
}

/** The x of a point that is not there: about every other number is the x of none. */
export function offTheCurve(point: Octets): Octets {
  const copy = Uint8Array.from(point);
  do copy[32] = ((copy[32] ?? 0) + 1) & 0xff;
  while (isOnCurve(copy));
  return copy;
}

/** The same point with its y. */
export function uncompressed(point: Octets): Octets {
  const x = numberOf(point.subarray(1));
  const root = powerMod((x ** 3n + 7n) % prime, (prime + 1n) / 4n);
  const y = (root & 1n) === BigInt((point[0] ?? 2) & 1) ? root : prime - root;
  return concat(Uint8Array.of(4), point.subarray(1), Buffer.from(y.toString(16).padStart(64, '0'), 'hex'));
}
