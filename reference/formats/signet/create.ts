/** What an organization and a user make of their own keys: the organizational signet, and the signing request. */

import { rawPublicKey } from './ed25519.js';
import type { FieldValue } from './field-list.js';
import type { PrivateKeys } from './private-keys.js';
import { type Profile, profileRules } from './profile.js';
import { isCompressedPoint } from './secp256k1.js';
import { type Details, signatureField, signFields } from './sign.js';
import { signetOf } from './signet.js';
import { SignetError, type SignetErrorCode } from './signet-error.js';
import type { Signet } from './signet-object.js';
import { encryptionKeyId, purposeBits, type SecondaryKey, signingKeyOf } from './signing-keys.js';
import type { Form } from './structure.js';

export interface RequestOptions {
  /** On key rotation: the signing key (seed, 32 octets) before this one, and its signet if at hand. */
  readonly previous?: { readonly signingPrivate: Uint8Array; readonly signet?: Signet };
  /** Compressed secp256k1 points, 33 octets each; not in profile dime-2015 (OQ-21). */
  readonly alternateKeys?: readonly Uint8Array[];
}

export interface OrganizationOptions extends Details {
  /** `cryptographic` unless named. */
  readonly as?: Form;
  /** Written to field 2 in this order; profile prime has none. */
  readonly secondaryKeys?: readonly SecondaryKey[];
}

/**
 * Makes a signing request: fields 1 to 3, on key rotation field 4 by the previous key (SIG-040, SIG-041), and field 5
 * by the new key (SIG-039).
 *
 * @throws SignetError
 */
export function createSigningRequest(keys: PrivateKeys, options: RequestOptions = {}): Signet {
  const { previous, alternateKeys = [] } = options;
  const { profile } = keys;
  if (keys.type !== 'user') throw refusal('wrong-type', 'SIG-039', '5.3', 'an organization makes no signing request');
  const fields = publicKeyFields(keys);
  for (const data of alternateKeys) fields.push(alternateKeyField(profile, data));
  if (previous !== undefined) {
    const before = previous.signet === undefined ? null : signingKeyOf(previous.signet);
    if (before !== null && Buffer.compare(before, rawPublicKey(previous.signingPrivate)) !== 0) {
      const what = 'the previous signing key is not the one in the previous signet';
      throw refusal('broken-chain', 'SIG-040', '5.3', what);
    }
    fields.push(signatureField(profile, 'signing-request', fields, 4, previous.signingPrivate));
  }
  fields.push(signatureField(profile, 'signing-request', fields, 5, keys.signingPrivate));
  return signetOf(profile, 'signing-request', fields);
}

/**
 * Makes an organizational signet, signed with the organization's own key (SIG-042).
 *
 * @throws SignetError
 */
export function createOrganizationSignet(keys: PrivateKeys, options: OrganizationOptions = {}): Signet {
  const { as = 'cryptographic', secondaryKeys = [], ...details } = options;
  if (keys.type !== 'organization') {
    throw refusal('wrong-type', 'SIG-042', '5.3', 'a user makes a signing request, not a signet');
  }
  const secondary = secondaryKeys.map((key) => secondaryKeyField(keys.profile, key));
  const fields = [...publicKeyFields(keys), ...secondary].sort((a, b) => a.id - b.id);
  return signFields(keys.profile, 'organization', fields, { ...details, as, signingPrivate: keys.signingPrivate });
}

/** Fields with the public keys, as the profile writes them (SIG-028, SIG-035). */
function publicKeyFields({ profile, type, signingPublic, encryptionPublic }: PrivateKeys): FieldValue[] {
  const prefix = profileRules[profile].signingKeyPrefix;
  return [
    { id: 1, data: prefix === null ? signingPublic : Uint8Array.of(prefix, ...signingPublic) },
    { id: encryptionKeyId(type), data: encryptionPublic },
  ];
}

function alternateKeyField(profile: Profile, data: Uint8Array): FieldValue {
  if (profile === 'dime-2015') {
    const what = 'an alternate key has one length octet in a request and two in a signet, so it could not be signed';
    throw refusal('not-in-profile', 'OQ-21', '3.3', what);
  }
  if (!isCompressedPoint(data)) {
    throw refusal('bad-key', 'SIG-036', '4.3', 'an alternate key is no compressed secp256k1 point');
  }
  return { id: 3, data };
}

/** Permission octet, prefix, key (SIG-031). */
function secondaryKeyField(profile: Profile, { key, purposes }: SecondaryKey): FieldValue {
  const prefix = profileRules[profile].signingKeyPrefix;
  if (prefix === null) throw refusal('not-in-profile', 'SIG-031', '12', `profile ${profile} has no secondary keys`);
  if (key.length !== 32) throw refusal('bad-key', 'SIG-031', '4.2', `a secondary key has 32 octets, not ${key.length}`);
  const permitted = purposes.reduce((bits, purpose) => bits | purposeBits[purpose], 0);
  return { id: 2, data: Uint8Array.of(permitted, prefix, ...key) };
}

function refusal(code: SignetErrorCode, requirement: string, section: string, what: string): SignetError {
  return new SignetError({ code, requirement, offset: 0, what, section });
}
