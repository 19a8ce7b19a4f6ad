/** Prints a generated input so that a person can read it and type it. */
import fc from 'fast-check';
import type { Delivery } from '../target/delivery.js';

const longest = 2000;

export function printInput(input: unknown, delivery: Delivery): string {
  const text = typeof input === 'string' ? JSON.stringify(input) : fc.stringify(readable(input));
  const shown = text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text;
  return delivery.length === 0 ? shown : `${shown}, cut at ${delivery.join(', ')}`;
}

/** Octets as hexadecimal; everything else as it is. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value.buffer, value.byteOffset, Math.min(value.length, 64)).toString('hex');
    return `${value.length} octets ${hex}${value.length > 64 ? '...' : ''}`;
  }
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
  }
  return value;
}
