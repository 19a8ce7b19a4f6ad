/** Private keys encrypted with a realm key of STACIE, in profile prime only. (Section 11.9) */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { readMagic, wrapFields } from './binary-object.js';
import { encryptedKeyMagics, headerOctets, magicNumbers } from './field-table.js';
import { type PrivateKeys, parseKeys, type Random, serializeKeys } from './private-keys.js';
import { SignetError, type SignetFault } from './signet-error.js';

/** Vector shard (16), tag shard (16), AES-256 key (32). */
export const realmKeyOctets = 64;

const blockOctets = 16;
/** Magic (2) and length (4): OQ-38. */
const encryptedHeader = 6;
const cipherStart = encryptedHeader + 2 * blockOctets;
/** Size of the fields (3) and number of padding octets (1), before the fields. */
const prefixOctets = 4;
/** Far above the 80 octets of a key object with both its keys. */
const mostCipherOctets = 0x10000;

/**
 * Encrypts a key object: 118 octets, for the same random vector always the same.
 *
 * @throws SignetError for keys of another profile, or a realm key of a wrong size
 * @throws RangeError when the random source gives another number of octets
 */
export function encryptKeys(keys: PrivateKeys, realmKey: Uint8Array, random: Random): Uint8Array {
  if (keys.profile !== 'prime') {
    throw fault('not-in-profile', 'SIG-093', 0, `profile ${keys.profile} has no encrypted keys, only prime has`);
  }
  const shards = shardsOf(realmKey);
  const vector = random(blockOctets);
  if (vector.length !== blockOctets) throw new RangeError(`the random vector has ${vector.length} octets, not 16`);
  const fields = serializeKeys(keys).subarray(headerOctets);
  const pad = blockOctets - ((prefixOctets + fields.length) % blockOctets);
  const prefix = [fields.length >> 16, (fields.length >> 8) & 0xff, fields.length & 0xff, pad];
  const plain = Buffer.concat([Uint8Array.from(prefix), fields, new Uint8Array(pad).fill(pad)]);
  const cipher = createCipheriv('aes-256-gcm', shards.key, xor(vector, shards.vector));
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  const object = Buffer.alloc(cipherStart + encrypted.length);
  object.writeUInt16BE(encryptedKeyMagics[`${keys.type}-keys`], 0);
  object.writeUInt32BE(object.length - encryptedHeader, 2);
  object.set(vector, encryptedHeader);
  object.set(xor(cipher.getAuthTag(), shards.tag), encryptedHeader + blockOctets);
  object.set(encrypted, cipherStart);
  return new Uint8Array(object);
}

/**
 * Decrypts a key object of profile prime.
 *
 * @throws SignetError for a wrong realm key as for changed octets: they cannot be told apart (SIG-094)
 */
export function decryptKeys(octets: Uint8Array, realmKey: Uint8Array): PrivateKeys {
  const shards = shardsOf(realmKey);
  const type = checkEncrypted(octets);
  const vector = octets.subarray(encryptedHeader, encryptedHeader + blockOctets);
  const decipher = createDecipheriv('aes-256-gcm', shards.key, xor(vector, shards.vector), {
    authTagLength: blockOctets,
  });
  decipher.setAuthTag(xor(octets.subarray(encryptedHeader + blockOctets, cipherStart), shards.tag));
  let plain: Buffer;
  try {
    plain = Buffer.concat([decipher.update(octets.subarray(cipherStart)), decipher.final()]);
  } catch {
    throw fault(
      'cannot-decrypt',
      'SIG-094',
      encryptedHeader,
      'the tag does not fit: another realm key, or changed octets',
    );
  }
  return parseKeys('prime', wrapFields(magicNumbers[type], unpad(plain)));
}

function checkEncrypted(octets: Uint8Array): keyof typeof encryptedKeyMagics {
  if (octets.length < cipherStart) {
    throw fault(
      'too-short',
      'SIG-094',
      octets.length,
      `${octets.length} octets; header, vector and tag have ${cipherStart}`,
    );
  }
  const magic = readMagic(octets);
  const type = magic === 1947 ? 'organization-keys' : magic === 1976 ? 'user-keys' : null;
  if (type === null) throw fault('wrong-magic', 'SIG-088', 0, `${magic} is not the magic number of encrypted keys`);
  const announced = new DataView(octets.buffer, octets.byteOffset).getUint32(2);
  if (announced !== octets.length - encryptedHeader) {
    const what = `the header announces ${announced} octets, but ${octets.length - encryptedHeader} follow it`;
    throw fault('wrong-length', 'SIG-005', 2, what);
  }
  const cipherOctets = octets.length - cipherStart;
  if (cipherOctets === 0 || cipherOctets % blockOctets !== 0 || cipherOctets > mostCipherOctets) {
    const what = `${cipherOctets} octets of ciphertext; it is made of whole blocks of 16, of which there is one at least`;
    throw fault('bad-size', 'SIG-094', cipherStart, what);
  }
  return type;
}

/** The key fields in the plaintext. */
function unpad(plain: Buffer): Uint8Array {
  const size = plain.readUIntBE(0, 3);
  const pad = plain.readUInt8(3);
  const padding = plain.subarray(prefixOctets + size);
  if (pad < 1 || pad > blockOctets || padding.length !== pad || padding.some((octet) => octet !== pad)) {
    const what = `the plaintext of ${plain.length} octets does not end with the padding for ${size} octets of fields`;
    throw fault('cannot-decrypt', 'SIG-094', cipherStart, what);
  }
  return plain.subarray(prefixOctets, prefixOctets + size);
}

function shardsOf(realmKey: Uint8Array): { vector: Uint8Array; tag: Uint8Array; key: Uint8Array } {
  if (realmKey.length !== realmKeyOctets) {
    throw fault('bad-key', 'SIG-093', 0, `a realm key has ${realmKeyOctets} octets, not ${realmKey.length}`);
  }
  return { vector: realmKey.subarray(0, 16), tag: realmKey.subarray(16, 32), key: realmKey.subarray(32) };
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, index) => octet ^ (b[index] ?? 0));
}

function fault(code: SignetFault['code'], requirement: string, offset: number, what: string): SignetError {
  return new SignetError({ code, requirement, offset, what, section: '11.9' });
}
