/** The three byte dialects of signets and keys, and what tells them apart. (Sections 0 and 2.5 of the signets digest) */

/** Dialects L, M and P of the digest, in this order. */
export const profiles = ['dime-2015', 'dime-2015-magma', 'prime'] as const;
export type Profile = (typeof profiles)[number];

export interface ProfileRules {
  /** Length octets of a field or key file entry that holds a secp256k1 key (OQ-20). */
  readonly encryptionLengthOctets: 1 | 2;
  /** What stands before the 32 octets of an Ed25519 public key. */
  readonly signingKeyPrefix: number | null;
  /** What a reader does with ids that have a length but no name (OQ-42). */
  readonly unnamedFields: 'refuse' | 'keep';
  /** Required fields, keys and self-signatures are checked on loading (SIG-089), and not only when used (section 4.4). */
  readonly checksOnLoading: boolean;
  /** Has secondary organizational keys, informational fields, and the full and identifiable forms. */
  readonly hasFullForm: boolean;
}

export const profileRules: Readonly<Record<Profile, ProfileRules>> = {
  'dime-2015': {
    encryptionLengthOctets: 2,
    signingKeyPrefix: 0x40,
    unnamedFields: 'refuse',
    checksOnLoading: false,
    hasFullForm: true,
  },
  'dime-2015-magma': {
    encryptionLengthOctets: 1,
    signingKeyPrefix: 0x40,
    unnamedFields: 'refuse',
    checksOnLoading: false,
    hasFullForm: true,
  },
  prime: {
    encryptionLengthOctets: 1,
    signingKeyPrefix: null,
    unnamedFields: 'keep',
    checksOnLoading: true,
    hasFullForm: false,
  },
};
