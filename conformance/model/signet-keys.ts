/** Private key objects, plain and encrypted, and armor, from sections 3.4, 10 and 11.9 of the signets digest. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import {
  concat,
  type Field,
  fieldWithLength,
  type Identity,
  type Octets,
  objectOf,
  type Profile,
} from './signet-builder.js';

export type KeysType = 'organization' | 'user';

export const keyMagics = { organization: 1952, user: 2013 } as const;
export const encryptedMagics = { organization: 1947, user: 1976 } as const;

/** The id of the private encryption key. */
export const encryptionId = { organization: 3, user: 2 } as const;

/** A key object with fields of the caller's choice. */
export function keyObject(profile: Profile, type: KeysType, seed: Octets, scalar: Octets): Octets {
  return objectOf(keyMagics[type], keyFields(profile, type, seed, scalar));
}

export function keysOctets(profile: Profile, type: KeysType, { signing, encryption }: Identity): Octets {
  return keyObject(profile, type, signing.seed, encryption.scalar);
}

function keyFields(profile: Profile, type: KeysType, seed: Octets, scalar: Octets): Octets {
  const encryption: Field = { id: encryptionId[type], data: scalar };
  return concat(
    fieldWithLength(1, { id: 1, data: seed }),
    fieldWithLength(profile === 'dime-2015' ? 2 : 1, encryption),
  );
}

/** The octets of a realm key, and how they are used. */
interface Shards {
  readonly vector: Octets;
  readonly tag: Octets;
  readonly key: Octets;
}

const shardsOf = (realmKey: Octets): Shards => ({
  vector: realmKey.subarray(0, 16),
  tag: realmKey.subarray(16, 32),
  key: realmKey.subarray(32, 64),
});

const xor = (left: Octets, right: Octets): Octets => left.map((octet, index) => octet ^ (right[index] ?? 0));

/** How an encrypted key object is made; each part can be made wrong. */
export interface Encryption {
  readonly magic: number;
  readonly realmKey: Octets;
  readonly vector: Octets;
  /** Size (3), pad count (1), fields, padding. */
  readonly plain: Octets;
  /** Octets that give the length: 4 (OQ-38). */
  readonly lengthOctets: 3 | 4;
}

export function encryptedKeys({ magic, realmKey, vector, plain, lengthOctets }: Encryption): Octets {
  const { vector: vectorShard, tag: tagShard, key } = shardsOf(realmKey);
  const cipher = createCipheriv('aes-256-gcm', key, xor(vector, vectorShard));
  const content = Buffer.concat([cipher.update(plain), cipher.final()]);
  const tag = xor(cipher.getAuthTag(), tagShard);
  const header = Buffer.alloc(2 + lengthOctets);
  header.writeUInt16BE(magic);
  header.writeUIntBE(32 + content.length, 2, lengthOctets);
  return concat(header, vector, tag, content);
}

/** The plaintext under a key object, its padding as the digest has it. */
export function keyPlain(fields: Octets, pad = 16 - ((4 + fields.length) % 16), filled = pad): Octets {
  const size = fields.length;
  return concat(
    Uint8Array.of(size >> 16, (size >> 8) & 0xff, size & 0xff, pad),
    fields,
    new Uint8Array(pad).fill(filled),
  );
}

/** The key fields of an object of profile prime, header dropped. */
export const primeKeyFields = (type: KeysType, { signing, encryption }: Identity): Octets =>
  keyFields('prime', type, signing.seed, encryption.scalar);

/** The plaintext of an encrypted key object; null when header, sizes or tag are wrong. */
export function decryptedPlain(
  octets: Octets,
  realmKey: Octets,
): { readonly magic: number; readonly plain: Octets } | null {
  const object = Buffer.from(octets);
  if (object.length < 38 || object.readUInt32BE(2) !== object.length - 6) return null;
  const shards = shardsOf(realmKey);
  const decipher = createDecipheriv('aes-256-gcm', shards.key, xor(octets.subarray(6, 22), shards.vector), {
    authTagLength: 16,
  });
  decipher.setAuthTag(xor(octets.subarray(22, 38), shards.tag));
  try {
    const plain = concat(decipher.update(octets.subarray(38)), decipher.final());
    return { magic: object.readUInt16BE(0), plain };
  } catch {
    return null;
  }
}

/** CRC-24 of RFC 4880, bit by bit. */
export function crc24(octets: Octets): number {
  let crc = 0xb704ce;
  for (const octet of octets) {
    crc ^= octet << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

export function checksum(octets: Octets): string {
  const crc = crc24(octets);
  return Buffer.from([crc >> 16, (crc >> 8) & 0xff, crc & 0xff]).toString('base64');
}

/** The parts of an armored text, each of which a case may change. */
export interface ArmorParts {
  readonly begin: string;
  readonly lines: readonly string[];
  readonly checksum: string;
  readonly end: string;
}

export function armorParts(label: string, octets: Octets): ArmorParts {
  return {
    begin: `-----BEGIN ${label}-----`,
    lines:
      Buffer.from(octets)
        .toString('base64')
        .match(/.{1,64}/g) ?? [],
    checksum: `=${checksum(octets)}`,
    end: `-----END ${label}-----`,
  };
}

export const armorLines = ({ begin, lines, checksum: last, end }: ArmorParts): string[] => [begin, ...lines, last, end];

/** As section 10 has it. */
export function armored(label: string, octets: Octets): string {
  return `${armorLines(armorParts(label, octets)).join('\n')}\n`;
}

/** Labels of section 10 and 11.8 for objects that are not messages. */
export const signetLabels = ['ORGANIZATIONAL SIGNET', 'USER SIGNET', 'SIGNET SIGNING REQUEST'] as const;
export const keyLabels = ['ORGANIZATIONAL KEY', 'USER KEY'] as const;
