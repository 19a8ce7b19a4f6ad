/** The keys in a signet, and what each may sign. (Sections 4.1 to 4.4) */
import { publicKeyOctets } from './ed25519.js';
import { profileRules } from './profile.js';
import { isCompressedPoint } from './secp256k1.js';
import type { Signet } from './signet-object.js';
import { structureOf } from './structure.js';

/** What an organizational key can be allowed to sign, with its bit in the permission octet (SIG-032). */
export const purposeBits = { signet: 1, message: 2, tls: 4, software: 8 } as const;
export type Purpose = keyof typeof purposeBits;
export const purposes = Object.keys(purposeBits) as Purpose[];

export interface SecondaryKey {
  /** Raw Ed25519 public key, 32 octets. */
  readonly key: Uint8Array;
  readonly purposes: readonly Purpose[];
}

/** The raw Ed25519 public key in field 1, 32 octets; null when there is none or it is not well formed (SIG-029, SIG-030). */
export function signingKeyOf({ profile, fields }: Pick<Signet, 'profile' | 'fields'>): Uint8Array | null {
  const data = fields.first(1)?.data;
  if (data === undefined) return null;
  const prefix = profileRules[profile].signingKeyPrefix;
  return prefix === null ? (data.length === publicKeyOctets ? data : null) : withoutPrefix(data, prefix);
}

/** The id of the field with the encryption key. */
export function encryptionKeyId(type: Signet['type']): 2 | 3 {
  return type === 'organization' ? 3 : 2;
}

/** The compressed secp256k1 point, 33 octets; null when there is none or it is no such point (SIG-036, SIG-037). */
export function encryptionKeyOf({ type, fields }: Pick<Signet, 'type' | 'fields'>): Uint8Array | null {
  const data = fields.first(encryptionKeyId(type))?.data;
  return data !== undefined && isCompressedPoint(data) ? data : null;
}

/** The usable alternate encryption keys of a user; none of a signing request in dime-2015 (OQ-21). */
export function alternateKeysOf({ profile, type, fields }: Signet): Uint8Array[] {
  if (type === 'organization' || (type === 'signing-request' && profile === 'dime-2015')) return [];
  return fields
    .all(3)
    .map(({ data }) => data)
    .filter(isCompressedPoint);
}

/** The well-formed secondary keys of an organization in field order (SIG-031); bits without a meaning are ignored. */
export function secondaryKeysOf({ profile, type, fields }: Signet): SecondaryKey[] {
  const prefix = profileRules[profile].signingKeyPrefix;
  if (type !== 'organization' || prefix === null) return [];
  return fields.all(2).flatMap(({ data }) => {
    const key = withoutPrefix(data.subarray(1), prefix);
    const permitted = data[0] ?? 0;
    return key === null ? [] : [{ key, purposes: purposes.filter((name) => (permitted & purposeBits[name]) !== 0) }];
  });
}

/**
 * The raw keys of an organization that may sign for all these purposes: the primary key first, then secondary keys in
 * field order (SIG-033, SIG-034). None at all from a signet that is not structurally whole or has no usable field 1.
 */
export function signingKeysFor(organization: Signet, ...wanted: readonly Purpose[]): Uint8Array[] {
  const primary = signingKeyOf(organization);
  if (organization.type !== 'organization' || primary === null || structureOf(organization) === 'incomplete') return [];
  const secondary = secondaryKeysOf(organization).filter(({ purposes: has }) =>
    wanted.every((name) => has.includes(name)),
  );
  return [primary, ...secondary.map(({ key }) => key)];
}

function withoutPrefix(data: Uint8Array, prefix: number): Uint8Array | null {
  return data.length === publicKeyOctets + 1 && data[0] === prefix ? data.subarray(1) : null;
}
