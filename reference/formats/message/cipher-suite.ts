/** What differs between the profiles in keys, slots and ciphers: one object of functions each. */
import { createCipheriv, createDecipheriv, createECDH } from 'node:crypto';
import type { MessageProfile } from './chunk-table.js';
import { concat, plain, sha512, xor } from './octets.js';

/** What a chunk is encrypted with: fresh for every chunk (MSG-036). */
export interface ChunkSecret {
  /** 32 octets. */
  readonly key: Uint8Array;
  /** 16 octets: the initialization vector of `dime-2015`, the masked one, `V`, of `prime`. */
  readonly vector: Uint8Array;
}

export interface CipherSuite {
  /**
   * Key-encryption key of one actor in one message.
   *
   * @param shared x coordinate of the shared secp256k1 point, 32 octets (MSG-035)
   */
  kekOf(shared: Uint8Array): Uint8Array;
  /** @param random 16 octets, fresh for every slot (MSG-039); not used by `prime` */
  writeSlot(kek: Uint8Array, secret: ChunkSecret, random: Uint8Array): Uint8Array;
  readSlot(kek: Uint8Array, slot: Uint8Array): ChunkSecret;
  /** Whether nobody can read the slot: all zero octets in `prime` (MSG-086). */
  isEmptySlot(slot: Uint8Array): boolean;
  encrypt(secret: ChunkSecret, plaintext: Uint8Array): Uint8Array;
  /** Null when the ciphertext has an authentication tag, and it is wrong. */
  decrypt(secret: ChunkSecret, payload: Uint8Array): Uint8Array | null;
  encryptSignature(secret: ChunkSecret, signature: Uint8Array): Uint8Array;
  decryptSignature(secret: ChunkSecret, payload: Uint8Array): Uint8Array;
}

/** AES-256-CBC without the padding of the cipher (MSG-037). */
function encryptBlocks(key: Uint8Array, vector: Uint8Array, octets: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-cbc', key, vector).setAutoPadding(false);
  const encrypted = cipher.update(octets);
  cipher.final();
  return plain(encrypted);
}

function decryptBlocks(key: Uint8Array, vector: Uint8Array, octets: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-cbc', key, vector).setAutoPadding(false);
  const decrypted = decipher.update(octets);
  decipher.final();
  return plain(decrypted);
}

/** Section 5. The key-encryption key is kept as vector (16) and key (32). */
const dime2015: CipherSuite = {
  kekOf(shared) {
    const hash = sha512(shared);
    return concat(xor(hash.subarray(0, 16), hash.subarray(16, 32)), hash.subarray(32));
  },
  writeSlot(kek, { key, vector }, random) {
    return encryptBlocks(kek.subarray(16), kek.subarray(0, 16), concat(random, xor(vector, random), key));
  },
  readSlot(kek, slot) {
    const plain = decryptBlocks(kek.subarray(16), kek.subarray(0, 16), slot);
    return { vector: xor(plain.subarray(16, 32), plain.subarray(0, 16)), key: plain.subarray(32) };
  },
  isEmptySlot: () => false,
  encrypt: ({ key, vector }, plaintext) => encryptBlocks(key, vector, plaintext),
  decrypt: ({ key, vector }, payload) => decryptBlocks(key, vector, payload),
  encryptSignature: ({ key, vector }, signature) => encryptBlocks(key, vector, signature),
  decryptSignature: ({ key, vector }, payload) => decryptBlocks(key, vector, payload),
};

/** SHA512(K) of section 12.4: vector shard, tag shard, AES key. */
function shards(key: Uint8Array): { vectorShard: Uint8Array; tagShard: Uint8Array; aesKey: Uint8Array } {
  const hash = sha512(key);
  return { vectorShard: hash.subarray(0, 16), tagShard: hash.subarray(16, 32), aesKey: hash.subarray(32) };
}

/** Sections 12.4 and 12.5. */
const prime: CipherSuite = {
  kekOf: (shared) => new Uint8Array(shared),
  writeSlot: (kek, { key }) => xor(key, kek),
  readSlot: (kek, slot) => ({ key: xor(slot, kek), vector: new Uint8Array() }),
  isEmptySlot: (slot) => slot.every((octet) => octet === 0),
  encrypt({ key, vector }, plaintext) {
    const { vectorShard, tagShard, aesKey } = shards(key);
    const cipher = createCipheriv('aes-256-gcm', aesKey, xor(vector, vectorShard));
    const encrypted = cipher.update(plaintext);
    cipher.final();
    return concat(vector, xor(cipher.getAuthTag(), tagShard), encrypted);
  },
  decrypt({ key }, payload) {
    const { vectorShard, tagShard, aesKey } = shards(key);
    const decipher = createDecipheriv('aes-256-gcm', aesKey, xor(payload.subarray(0, 16), vectorShard));
    decipher.setAuthTag(xor(payload.subarray(16, 32), tagShard));
    const decrypted = decipher.update(payload.subarray(32));
    try {
      decipher.final();
    } catch {
      // The only thing that final can find wrong here is the tag.
      return null;
    }
    return plain(decrypted);
  },
  encryptSignature: ({ key }, signature) => xor(signature, sha512(key)),
  decryptSignature: ({ key }, payload) => xor(payload, sha512(key)),
};

export const cipherSuites: Readonly<Record<MessageProfile, CipherSuite>> = { 'dime-2015': dime2015, prime };

/**
 * The x coordinate of the shared point, 32 octets with leading zeros (MSG-034, MSG-035); null when `point` is not on the
 * curve.
 *
 * @param scalar private secp256k1 key, 32 octets
 * @param point public key of the other side, 33 octets, compressed
 */
export function sharedX(scalar: Uint8Array, point: Uint8Array): Uint8Array | null {
  return agreement(scalar)(point);
}

/** The same for several points and one scalar. */
export function agreement(scalar: Uint8Array): (point: Uint8Array) => Uint8Array | null {
  const ecdh = createECDH('secp256k1');
  ecdh.setPrivateKey(scalar);
  return (point) => {
    try {
      return new Uint8Array(ecdh.computeSecret(point));
    } catch {
      // The scalar has been taken above, so it is the point that is wrong.
      return null;
    }
  };
}
