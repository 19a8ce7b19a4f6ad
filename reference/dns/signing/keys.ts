/** Keys of a zone, and what is derived from their DNSKEY records: the tag and the DS record. */
import { createHash, type KeyObject } from 'node:crypto';
import { keyName } from '../name.js';
import { encodeName, encodeRecordTail } from '../record-codec.js';
import type { ZoneRecord } from '../zone-record.js';
import { makePrivateKey, publicKeyOctets, type SigningAlgorithm } from './algorithms.js';

/** Zone key (256), and secure entry point on top of it (257). (RFC 4034 section 2.1.1) */
export type KeyFlags = 256 | 257;

/** A key that signs. */
export interface ZoneKey {
  readonly flags: KeyFlags;
  readonly algorithm: SigningAlgorithm;
  /** As in the DNSKEY record. */
  readonly publicKey: Uint8Array;
  /** RFC 4034 appendix B; the same for a key in every zone. */
  readonly tag: number;
  readonly privateKey: KeyObject;
}

/** DS digests: 1 SHA-1, 2 SHA-256, 4 SHA-384. */
export type DigestType = 1 | 2 | 4;

const digests: Readonly<Record<DigestType, string>> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' };

const rdataStart = 10;

/** Makes a key from a private key of the algorithm's kind. */
export function zoneKey(algorithm: SigningAlgorithm, flags: KeyFlags, privateKey: KeyObject): ZoneKey {
  const publicKey = publicKeyOctets(algorithm, privateKey);
  return { flags, algorithm, publicKey, tag: keyTag(flags, algorithm, publicKey), privateKey };
}

/**
 * Gives a maker of keys. RSA keys are slow to make: there are two, one for all keys of zones and one for the stranger.
 *
 * @param random gives so many octets
 */
export function keyMaker(algorithm: SigningAlgorithm, random: (octets: number) => Uint8Array): KeyMaker {
  if (algorithm > 10) return (flags) => zoneKey(algorithm, flags, makePrivateKey(algorithm, random));
  const [own, stranger] = [makePrivateKey(algorithm, random), makePrivateKey(algorithm, random)];
  return (flags, whose) => zoneKey(algorithm, flags, whose === 'zone' ? own : stranger);
}

/** Makes a key for a zone, or for one who has no right to sign there. */
export type KeyMaker = (flags: KeyFlags, whose: 'zone' | 'stranger') => ZoneKey;

/** The DNSKEY record of a key. */
export function dnskeyRecord(
  origin: string,
  { flags, algorithm, publicKey }: Pick<ZoneKey, 'flags' | 'algorithm' | 'publicKey'>,
  ttl: number,
): ZoneRecord {
  return { name: keyName(origin), ttl, type: 'DNSKEY', flags, algorithm, publicKey };
}

/** The DS record with which the zone above vouches for a key; `origin` is a key as nameKey gives it. */
export function dsRecord(
  origin: string,
  key: Pick<ZoneKey, 'flags' | 'algorithm' | 'publicKey'>,
  ttl: number,
  digestType: DigestType = 2,
): ZoneRecord & { readonly type: 'DS' } {
  const data = dnskeyData(key.flags, key.algorithm, key.publicKey);
  const hash = createHash(digests[digestType]).update(encodeName(origin)).update(data);
  return {
    name: keyName(origin),
    ttl,
    type: 'DS',
    keyTag: keyTag(key.flags, key.algorithm, key.publicKey),
    algorithm: key.algorithm,
    digestType,
    digest: new Uint8Array(hash.digest()),
  };
}

/** A DS record in presentation form without TTL, as validators take trust anchors: `. IN DS 12345 13 2 0A1B...`. */
export function anchorText(record: ZoneRecord & { readonly type: 'DS' }): string {
  const name = record.name.endsWith('.') ? record.name : `${record.name}.`;
  const digest = Buffer.from(record.digest).toString('hex').toUpperCase();
  return `${name} IN DS ${record.keyTag} ${record.algorithm} ${record.digestType} ${digest}`;
}

function dnskeyData(flags: number, algorithm: number, publicKey: Uint8Array): Uint8Array {
  return encodeRecordTail({ name: '.', ttl: 0, type: 'DNSKEY', flags, algorithm, publicKey }).subarray(rdataStart);
}

/** RFC 4034 appendix B. */
function keyTag(flags: number, algorithm: number, publicKey: Uint8Array): number {
  let sum = 0;
  for (const [at, octet] of dnskeyData(flags, algorithm, publicKey).entries()) sum += at % 2 === 0 ? octet << 8 : octet;
  return (sum + (sum >> 16)) & 0xffff;
}
