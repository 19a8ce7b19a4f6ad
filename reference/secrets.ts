/** Secrets that are as long-lived as the folder of a reference server. */
import { hkdfSync, type KeyObject } from 'node:crypto';

/**
 * Derives a secret from the primary organizational key: the same for the same purpose, and of no use for finding the key
 * or what is derived for another purpose.
 */
export function secretOf(primaryKey: KeyObject, purpose: string, octets: number): Uint8Array {
  const secret = primaryKey.export({ type: 'pkcs8', format: 'der' });
  return new Uint8Array(hkdfSync('sha512', secret, '', `dime-conformance ${purpose}`, octets));
}
