/**
 * Ed25519 (RFC 8032, pure) over more octets than fit in memory. node:crypto wants all of them at once; a signature over
 * a message of 100 MiB needs only two passes of SHA-512 and some arithmetic, which stands here.
 *
 * Not constant in time: for long messages of a test tool, not for keys that are worth an attack.
 */
import { createHash } from 'node:crypto';
import { publicKeyOf, rawPublicKey, signWith, verifies } from '../signet/ed25519.js';
import { concat, joined } from './octets.js';

/** Octets that can be gone through more than once. */
export type Pieces = Iterable<Uint8Array>;

/** Up to here the octets are joined and node:crypto does the work. */
export const mostJoinedOctets = 4 * 1024 * 1024;

/** The signature, 64 octets, over the pieces one after the other: the same as over the joined octets. */
export function signPieces(seed: Uint8Array, pieces: Pieces, mostJoined = mostJoinedOctets): Uint8Array {
  const whole = gather(pieces, mostJoined);
  if (whole !== null) return signWith(seed, whole);
  const hash = createHash('sha512').update(seed).digest();
  const publicKey = rawPublicKey(seed);
  const nonce = hashInteger([hash.subarray(32)], pieces) % order;
  const commitment = encode(multiply(base, nonce));
  const challenge = hashInteger([commitment, publicKey], pieces) % order;
  return concat(commitment, littleEndian((nonce + challenge * clamped(hash)) % order));
}

/** Whether a signature over the pieces holds. Refuses a scalar half at or above the group order (section 6). */
export function verifyPieces(
  publicKey: Uint8Array,
  pieces: Pieces,
  signature: Uint8Array,
  mostJoined = mostJoinedOctets,
): boolean {
  const whole = gather(pieces, mostJoined);
  if (whole !== null) return verifies(publicKeyOf(publicKey), whole, signature);
  const point = decode(publicKey);
  const commitment = signature.subarray(0, 32);
  const scalar = integer(signature.subarray(32, 64));
  if (signature.length !== 64 || point === null || scalar >= order) return false;
  const challenge = hashInteger([commitment, publicKey], pieces) % order;
  // R = [S]B - [k]A, compared as octets: RFC 8032 section 5.1.7 without the cofactor, as OpenSSL does.
  const expected = add(multiply(base, scalar), multiply(negate(point), challenge));
  return Buffer.compare(encode(expected), commitment) === 0;
}

/** All octets; null when there are more than `most`. */
function gather(pieces: Pieces, most: number): Uint8Array | null {
  const gathered: Uint8Array[] = [];
  let octets = 0;
  for (const piece of pieces) {
    octets += piece.length;
    if (octets > most) return null;
    gathered.push(piece);
  }
  return joined(gathered);
}

function hashInteger(before: readonly Uint8Array[], pieces: Pieces): bigint {
  const hash = createHash('sha512');
  for (const piece of before) hash.update(piece);
  for (const piece of pieces) hash.update(piece);
  return integer(hash.digest());
}

const prime = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const d = mod(-121665n * power(121666n, prime - 2n));
const rootOfMinusOne = power(2n, (prime - 1n) / 4n);

/** Extended coordinates of RFC 8032 section 5.1.4: x = X/Z, y = Y/Z, x * y = T/Z. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
  readonly t: bigint;
}

const neutral: Point = { x: 0n, y: 1n, z: 1n, t: 0n };
const base = decode(Buffer.from(`58${'66'.repeat(31)}`, 'hex')) ?? neutral;

function mod(value: bigint): bigint {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}

function power(value: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let factor = mod(value), left = exponent; left > 0n; left >>= 1n, factor = mod(factor * factor)) {
    if ((left & 1n) === 1n) result = mod(result * factor);
  }
  return result;
}

/** RFC 8032 section 5.1.4; complete, so that doubling needs no formula of its own. */
function add(p: Point, q: Point): Point {
  const a = mod((p.y - p.x) * (q.y - q.x));
  const b = mod((p.y + p.x) * (q.y + q.x));
  const c = mod(2n * d * p.t * q.t);
  const e = mod(2n * p.z * q.z);
  const [f, g, h, i] = [b - a, e - c, e + c, b + a];
  return { x: mod(f * g), y: mod(h * i), z: mod(g * h), t: mod(f * i) };
}

function negate({ x, y, z, t }: Point): Point {
  return { x: mod(-x), y, z, t: mod(-t) };
}

function multiply(point: Point, scalar: bigint): Point {
  let result = neutral;
  for (let addend = point, left = scalar; left > 0n; left >>= 1n, addend = add(addend, addend)) {
    if ((left & 1n) === 1n) result = add(result, addend);
  }
  return result;
}

function encode({ x, y, z }: Point): Uint8Array {
  const inverse = power(z, prime - 2n);
  const sign = mod(x * inverse) & 1n;
  return littleEndian(mod(y * inverse) | (sign << 255n));
}

/** RFC 8032 section 5.1.3; like OpenSSL it takes a y at or above the prime, and a sign where x is zero. */
function decode(octets: Uint8Array): Point | null {
  const value = integer(octets);
  const sign = value >> 255n;
  const y = mod(value & (2n ** 255n - 1n));
  const u = mod(y * y - 1n);
  const v = mod(d * y * y + 1n);
  let x = mod(u * v ** 3n * power(u * v ** 7n, (prime - 5n) / 8n));
  const check = mod(v * x * x);
  if (check === mod(-u)) x = mod(x * rootOfMinusOne);
  else if (check !== u) return null;
  if ((x & 1n) !== sign) x = mod(-x);
  return { x, y, z: 1n, t: mod(x * y) };
}

/** The secret scalar: the lower half of SHA-512 of the seed with its fixed bits. (RFC 8032 section 5.1.5) */
function clamped(hash: Uint8Array): bigint {
  const lower = integer(hash.subarray(0, 32));
  return (lower & (2n ** 254n - 8n)) | (2n ** 254n);
}

function integer(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).reverse().toString('hex') || '0'}`);
}

function littleEndian(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}
