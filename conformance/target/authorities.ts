/** Whose certificates are right at an endpoint, from its `trust` in a target file. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TargetError } from './target.js';

/** @throws TargetError naming `endpoint` when the file of authorities is not usable */
export function trustIn(
  endpoint: 'stacie' | 'dmap',
  trust: 'none' | 'system' | { readonly pem: string },
): 'none' | 'system' | { readonly authorities: string } {
  if (typeof trust === 'string') return trust;
  try {
    const authorities = readFileSync(trust.pem, 'utf8');
    new X509Certificate(authorities);
    return { authorities };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TargetError(`${endpoint}: trust: pem: ${trust.pem}: ${why}`);
  }
}
