/** Keys, slots, payloads and padding of messages from sections 4, 5 and 12.4 of the messages digest, on node:crypto alone. */
import { createCipheriv, createDecipheriv, createECDH } from 'node:crypto';
import { integer, type MessageProfile } from './message-tables.js';
import { concat, ed25519, encryptionKey, type Octets, type SigningKey, sha512 } from './signet-builder.js';

export const xor = (left: Octets, right: Octets): Octets => left.map((octet, at) => octet ^ (right[at] ?? 0));

/** What was computed last with keys: a right and a wrong message are mostly made with the same ones. */
const computed = new Map<string, Octets>();
const mostComputed = 512;

function remembered(keys: readonly Octets[], compute: () => Octets): Octets {
  const name = keys.map((key) => Buffer.from(key).toString('hex')).join(' ');
  const known = computed.get(name);
  if (known !== undefined) return known;
  const value = compute();
  const [oldest] = computed.keys();
  if (oldest !== undefined && computed.size >= mostComputed) computed.delete(oldest);
  computed.set(name, value);
  return value;
}

/** The x coordinate of the shared point, 32 octets. @throws Error for what is no point */
export function sharedX(scalar: Octets, point: Octets): Octets {
  return remembered([scalar, point], () => {
    const ecdh = createECDH('secp256k1');
    ecdh.setPrivateKey(scalar);
    const x = new Uint8Array(ecdh.computeSecret(point));
    return concat(new Uint8Array(32 - x.length), x);
  });
}

/** The compressed public key of a scalar, 33 octets. */
export function pointOf(scalar: Octets): Octets {
  return remembered([scalar], () => encryptionKey(scalar).point);
}

/** The key-encryption key: of `dime-2015` vector (16) and key (32), of `prime` the coordinate itself (32). */
export function kekOf(profile: MessageProfile, x: Octets): Octets {
  if (profile === 'prime') return x;
  const hash = sha512(x);
  return concat(xor(hash.subarray(0, 16), hash.subarray(16, 32)), hash.subarray(32));
}

/** What encrypts one chunk: of `dime-2015` its vector and key, of `prime` a key whose hash is cut into three. */
export interface ChunkKey {
  readonly key: Octets;
  /** `dime-2015`: the vector. `prime`: the octets that stand in the chunk. */
  readonly vector: Octets;
}

export function cbc(direction: 'encrypt' | 'decrypt', key: Octets, vector: Octets, octets: Octets): Octets {
  const cipher = (direction === 'encrypt' ? createCipheriv : createDecipheriv)('aes-256-cbc', key, vector);
  cipher.setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(octets), cipher.final()]));
}

/** The plaintext of a slot of `dime-2015` (section 5.3). */
export function slotPlain(random: Octets, { key, vector }: ChunkKey): Octets {
  return concat(random, xor(vector, random), key);
}

export function sealSlot(profile: MessageProfile, kek: Octets, plain: Octets): Octets {
  if (profile === 'prime') return xor(plain, kek);
  return cbc('encrypt', kek.subarray(16), kek.subarray(0, 16), plain);
}

/** `random`: what masks the vector in a slot of `dime-2015`; empty in `prime`, where the vector is in the chunk. */
export function openSlot(
  profile: MessageProfile,
  kek: Octets,
  slot: Octets,
): { random: Octets; key: Octets; vector: Octets } {
  if (profile === 'prime') return { random: new Uint8Array(0), key: xor(slot, kek), vector: new Uint8Array(0) };
  const plain = cbc('decrypt', kek.subarray(16), kek.subarray(0, 16), slot);
  const random = plain.subarray(0, 16);
  return { random, vector: xor(plain.subarray(16, 32), random), key: plain.subarray(32) };
}

/** The payload of a standard chunk of `prime`: vector, masked tag, ciphertext (section 12.4). */
export function sealPrime({ key, vector }: ChunkKey, plain: Octets): Octets {
  const shards = sha512(key);
  const cipher = createCipheriv('aes-256-gcm', shards.subarray(32), xor(vector, shards.subarray(0, 16)));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return concat(vector, xor(new Uint8Array(cipher.getAuthTag()), shards.subarray(16, 32)), ciphertext);
}

/** @throws Error when the tag does not hold */
export function openPrime(key: Octets, payload: Octets): Octets {
  const shards = sha512(key);
  const vector = xor(payload.subarray(0, 16), shards.subarray(0, 16));
  const cipher = createDecipheriv('aes-256-gcm', shards.subarray(32), vector, { authTagLength: 16 });
  cipher.setAuthTag(xor(payload.subarray(16, 32), shards.subarray(16, 32)));
  return new Uint8Array(Buffer.concat([cipher.update(payload.subarray(32)), cipher.final()]));
}

/** A standard payload before encryption (sections 4.3 and 12.4). */
export interface Payload {
  readonly data: Octets;
  readonly flags: number;
  readonly padding: Octets;
  /** The padding octet. */
  readonly octet: number;
  /** As it is written; that of the data unless given. */
  readonly length?: number;
}

/** Signed by `key` over all behind the signature. */
export function payloadOctets({ data, flags, padding, octet, length = data.length }: Payload, key: SigningKey): Octets {
  const body = concat(integer(length, 3), Uint8Array.of(flags, octet), data, padding);
  return concat(ed25519(key, body), body);
}

export interface ReadPayload extends Required<Payload> {
  readonly signature: Octets;
  readonly signed: Octets;
}

/** Takes the length as it stands; data and padding are what is there of them. */
export function readPayload(octets: Octets): ReadPayload {
  const [high = 0, middle = 0, low = 0, flags = 0, octet = 0] = octets.subarray(64);
  const length = (high << 16) | (middle << 8) | low;
  const end = Math.min(69 + length, octets.length);
  return {
    signature: octets.subarray(0, 64),
    signed: octets.subarray(64),
    length,
    flags,
    octet,
    data: octets.subarray(69, end),
    padding: octets.subarray(end),
  };
}

/** Lengths that primary padding may have for so much data (section 4.5). */
export function primaryLengths(data: number): number[] {
  const size = 69 + data;
  if (size < 256) return Array.from({ length: Math.floor(size / 16) + 1 }, (_, times) => 256 - size + 16 * times);
  return Array.from({ length: 16 }, (_, times) => 16 - (size % 16) + 16 * times);
}

/** The one that a random octet chooses. */
export function primaryLength(data: number, random: number): number {
  const lengths = primaryLengths(data);
  return lengths[random % lengths.length] ?? 0;
}

export function alternateLength(data: number, random: number): number {
  return 16 - ((69 + data) % 16) + 16 * random;
}

/** Of `prime` (section 12.4). */
export function primeLength(data: number): number {
  const size = 69 + data;
  return Math.max((16 - (size % 16)) % 16, 256 - size);
}

/** Data with the padding that a right writer gives it. */
export function padded(profile: MessageProfile, data: Octets, flags: number, random: number): Payload {
  const alternate = profile === 'dime-2015' && (flags & 1) !== 0;
  const length =
    profile === 'prime'
      ? primeLength(data.length)
      : alternate
        ? alternateLength(data.length, random)
        : primaryLength(data.length, random);
  const octet = alternate ? random : length % 256;
  return { data, flags, octet, padding: new Uint8Array(length).fill(octet) };
}
