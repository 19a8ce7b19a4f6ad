/** The data of the DNSSEC types as values. (RFC 4034, RFC 5155) */
import { createHash } from 'node:crypto';
import type { WireRecord } from './message.js';
import { nameOctets, readName } from './name.js';

export interface DnsKey {
  readonly flags: number;
  readonly algorithm: number;
  readonly publicKey: Buffer;
  readonly tag: number;
  /** The whole data. */
  readonly data: Buffer;
}

const zoneKeyFlag = 0x0100;
const revokedFlag = 0x0080;
const protocol = 3;

/** A key that may sign its zone; null for any other, and for a revoked one. (RFC 4034 section 2.1, RFC 5011) */
export function zoneKey({ data }: WireRecord): DnsKey | null {
  if (data.length < 5 || data[2] !== protocol) return null;
  const flags = data.readUInt16BE(0);
  if ((flags & zoneKeyFlag) === 0 || (flags & revokedFlag) !== 0) return null;
  return { flags, algorithm: data[3] ?? 0, publicKey: data.subarray(4), tag: keyTag(data), data };
}

/** RFC 4034 appendix B; algorithm 1, which has another rule, is supported nowhere. */
export function keyTag(data: Buffer): number {
  let sum = 0;
  for (const [index, octet] of data.entries()) sum += (index & 1) === 0 ? octet << 8 : octet;
  return (sum + (sum >>> 16)) & 0xffff;
}

export interface DelegationSigner {
  readonly tag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Buffer;
}

/** Null when the data are too short. */
export function delegationSigner(data: Buffer): DelegationSigner | null {
  if (data.length < 5) return null;
  return { tag: data.readUInt16BE(0), algorithm: data[2] ?? 0, digestType: data[3] ?? 0, digest: data.subarray(4) };
}

/** Digest types by number. 1 is here because section 5.2 of the management record digest asks for it (REC-049). */
const digests: ReadonlyMap<number, string> = new Map([
  [1, 'sha1'],
  [2, 'sha256'],
  [4, 'sha384'],
]);

export function knowsDigest(digestType: number): boolean {
  return digests.has(digestType);
}

/** Whether a DS record of the zone `name` is that of the key. (RFC 4034 section 5.1.4) */
export function isDigestOf(signer: DelegationSigner, name: string, key: DnsKey): boolean {
  const hash = digests.get(signer.digestType);
  if (hash === undefined || signer.tag !== key.tag || signer.algorithm !== key.algorithm) return false;
  return createHash(hash).update(nameOctets(name)).update(key.data).digest().equals(signer.digest);
}

export interface Signature {
  readonly covers: number;
  readonly algorithm: number;
  readonly labels: number;
  /** Seconds. */
  readonly originalTtl: number;
  /** Seconds since 1970, modulo 2^32. */
  readonly expiration: number;
  readonly inception: number;
  readonly tag: number;
  readonly signer: string;
  readonly signature: Buffer;
  /** All before the signature, the signer in lower case: what is signed first. */
  readonly head: Buffer;
  /** Of the RRSIG record itself, in seconds. */
  readonly ttl: number;
}

const fixedOctets = 18;

/** Null when the data are no RRSIG. (RFC 4034 section 3.1) */
export function signatureOf({ data, ttl }: WireRecord): Signature | null {
  if (data.length < fixedOctets) return null;
  const signer = readName(data, fixedOctets, false);
  if (signer === null || signer.end >= data.length) return null;
  return {
    covers: data.readUInt16BE(0),
    algorithm: data[2] ?? 0,
    labels: data[3] ?? 0,
    originalTtl: data.readUInt32BE(4),
    expiration: data.readUInt32BE(8),
    inception: data.readUInt32BE(12),
    tag: data.readUInt16BE(16),
    signer: signer.name,
    signature: data.subarray(signer.end),
    head: Buffer.concat([data.subarray(0, fixedOctets), nameOctets(signer.name)]),
    ttl,
  };
}

export interface Nsec {
  readonly name: string;
  readonly next: string;
  readonly types: ReadonlySet<number>;
}

/** Null when the data are no NSEC. (RFC 4034 section 4.1) */
export function nsecOf({ name, data }: WireRecord): Nsec | null {
  const next = readName(data, 0, false);
  const held = next === null ? null : typeBitmap(data.subarray(next.end));
  return next === null || held === null ? null : { name, next: next.name, types: held };
}

export interface Nsec3 {
  /** Hash of the name, in octets, from the first label of the owner. */
  readonly hash: Buffer;
  /** The zone: the owner without its first label. */
  readonly zone: string;
  readonly algorithm: number;
  readonly optOut: boolean;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly next: Buffer;
  readonly types: ReadonlySet<number>;
}

/** Null when the data are no NSEC3, or its flags are unknown ones. (RFC 5155 section 3) */
export function nsec3Of({ name, data }: WireRecord): Nsec3 | null {
  const saltLength = data[4] ?? 0;
  const nextLength = data[5 + saltLength] ?? 0;
  const nextStart = 6 + saltLength;
  const dot = name.indexOf('.');
  const hash = base32Hex(dot === -1 ? name : name.slice(0, dot));
  if (hash === null || nextLength === 0 || nextStart + nextLength > data.length) return null;
  const flags = data[1] ?? 0;
  const held = typeBitmap(data.subarray(nextStart + nextLength));
  if (held === null || flags > 1) return null;
  return {
    hash,
    zone: dot === -1 ? '' : name.slice(dot + 1),
    algorithm: data[0] ?? 0,
    optOut: flags === 1,
    iterations: data.readUInt16BE(2),
    salt: data.subarray(5, 5 + saltLength),
    next: data.subarray(nextStart, nextStart + nextLength),
    types: held,
  };
}

/** Base 32 with the extended hex alphabet, without padding. (RFC 4648 section 7) */
function base32Hex(text: string): Buffer | null {
  if (!/^[0-9a-v]+$/.test(text)) return null;
  const octets: number[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of text) {
    held = ((held << 5) | Number.parseInt(digit, 32)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      octets.push((held >> bits) & 0xff);
    }
  }
  return Buffer.from(octets);
}

/** Blocks in ascending order, each of 1 to 32 octets. (RFC 4034 section 4.1.2) */
function typeBitmap(octets: Buffer): Set<number> | null {
  const found = new Set<number>();
  let previous = -1;
  for (let at = 0; at < octets.length; ) {
    const block = octets[at] ?? 0;
    const length = octets[at + 1] ?? 0;
    if (block <= previous || length < 1 || length > 32 || at + 2 + length > octets.length) return null;
    for (let index = 0; index < length * 8; index++) {
      if (((octets[at + 2 + (index >> 3)] ?? 0) & (0x80 >> (index & 7))) !== 0) found.add(block * 256 + index);
    }
    previous = block;
    at += 2 + length;
  }
  return found;
}
