/** What the signatures of a signet cover, and whether they hold. (Section 5) */
import type { KeyObject } from 'node:crypto';
import { publicKeyOf, verifies } from './ed25519.js';
import type { SignetType } from './field-rows.js';
import { headerOctets } from './field-table.js';
import type { Signet } from './signet-object.js';

/** The signature that an object's own signing key makes when it is created. */
export function selfSignatureId(type: SignetType): 4 | 5 {
  return type === 'organization' ? 4 : 5;
}

/**
 * The octets that the signature with this id covers: all fields with lower ids, as they stand, without the header
 * (SIG-038). The signature itself need not be there.
 */
export function signedOctets({ octets, fields }: Pick<Signet, 'octets' | 'fields'>, id: number): Uint8Array {
  return octets.subarray(headerOctets, fields.endOf(id - 1));
}

/** Whether the signature is there and was made with this key: raw, 32 octets, or already a KeyObject. */
export function verifyField(
  signet: Pick<Signet, 'octets' | 'fields'>,
  id: number,
  key: Uint8Array | KeyObject,
): boolean {
  const signature = signet.fields.first(id)?.data;
  if (signature === undefined) return false;
  return verifies(key instanceof Uint8Array ? publicKeyOf(key) : key, signedOctets(signet, id), signature);
}
