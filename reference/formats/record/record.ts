/** The management record as values, with its defaults. (Section 3 of the management record digest) */
import type { MessagePolicy, SubdomainPolicy } from '../../../grammar/record.js';

export interface ManagementRecord {
  readonly version: 1;
  /** Primary organizational keys: raw Ed25519 public keys, 32 octets each, in the record's order; one at least. */
  readonly primary: readonly Uint8Array[];
  /** Ed25519 signatures over certificates of delivery hosts, 64 octets each, in the record's order. */
  readonly tls: readonly Uint8Array[];
  readonly policy: MessagePolicy;
  /** Free text whose meaning nobody has fixed (OQ-9). */
  readonly syndicates: string | null;
  /** Delivery hosts in the order in which they are tried. */
  readonly deliver: readonly string[];
  /** Days after which a copy is thrown away; 0 for "with its TTL" (OQ-8). */
  readonly expiry: number;
  readonly subdomain: SubdomainPolicy;
}

/** Octets of a primary key and of a signature, and the characters that carry them (sections 3.3, 3.4). */
export const primaryOctets = 32;
export const primaryCharacters = 43;
export const signatureOctets = 64;
export const signatureCharacters = 86;

/** What holds where a record says nothing (section 3.1). */
export const recordDefaults = {
  version: 1,
  policy: 'experimental',
  syndicates: null,
  expiry: 0,
  subdomain: 'strict',
} as const satisfies Partial<ManagementRecord>;
