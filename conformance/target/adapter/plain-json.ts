/** Values of the grammars as JSON: octets as base64url, numbers of 63 bits as decimal digits. */
import { toBase64url } from './binary.js';

export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return toBase64url(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
