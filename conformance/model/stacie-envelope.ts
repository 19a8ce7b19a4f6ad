/**
 * Envelopes of STACIE, revision 03 (section 1.8 of the STACIE digest), put together and taken apart by the suite itself.
 * Nothing is checked: the cases also make envelopes that a right implementation refuses.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { exclusiveOr, type Octets } from './stacie-derivation.js';

export interface EnvelopeKeys {
  readonly vectorKey: Octets;
  readonly tagKey: Octets;
  readonly cipherKey: Octets;
}

/** Octets before the ciphertext: serial 2, vector shard 16, tag shard 16. */
export const headOctets = 34;

export interface Envelope {
  readonly serial: number;
  readonly vectorShard: Octets;
  readonly tagShard: Octets;
  readonly ciphertext: Octets;
}

/** Size in 3 octets, pad in 1, text, padding. */
export interface Payload {
  readonly size: number;
  readonly pad: number;
  /** What stands behind the four octets, text and padding together. */
  readonly rest: Octets;
}

/** The padding that alignment needs, 1 to 16 as the drafts' sample has it, and `extra` times 16 more. */
export function usualPad(textOctets: number, extra = 0): number {
  return 16 - ((textOctets + 4) % 16) + 16 * extra;
}

export function padded(text: Octets, pad: number): Payload {
  return { size: text.length, pad, rest: Buffer.concat([text, new Uint8Array(pad).fill(pad)]) };
}

export function payloadOctets({ size, pad, rest }: Payload): Octets {
  return Buffer.concat([Uint8Array.of((size >>> 16) & 0xff, (size >>> 8) & 0xff, size & 0xff, pad), rest]);
}

/** Encrypts a payload under a right tag, however wrong the payload is. */
export function seal(keys: EnvelopeKeys, serial: number, vectorShard: Octets, payload: Octets): Octets {
  const cipher = createCipheriv('aes-256-gcm', keys.cipherKey, exclusiveOr(keys.vectorKey, vectorShard));
  const ciphertext = Buffer.concat([cipher.update(payload), cipher.final()]);
  const tagShard = exclusiveOr(cipher.getAuthTag(), keys.tagKey);
  return Buffer.concat([Uint8Array.of(serial >>> 8, serial & 0xff), vectorShard, tagShard, ciphertext]);
}

/** Cuts an envelope into its fields; those that are not there are short. */
export function fieldsOf(envelope: Octets): Envelope {
  return {
    serial: ((envelope[0] ?? 0) << 8) | (envelope[1] ?? 0),
    vectorShard: envelope.subarray(2, 18),
    tagShard: envelope.subarray(18, headOctets),
    ciphertext: envelope.subarray(headOctets),
  };
}

/** The payload, decrypted, and whether its tag is the right one. */
export function unseal(
  keys: EnvelopeKeys,
  envelope: Octets,
): { readonly payload: Payload; readonly tagHolds: boolean } {
  const { vectorShard, tagShard, ciphertext } = fieldsOf(envelope);
  const decipher = createDecipheriv('aes-256-gcm', keys.cipherKey, exclusiveOr(keys.vectorKey, vectorShard));
  decipher.setAuthTag(exclusiveOr(tagShard, keys.tagKey));
  const plain = decipher.update(ciphertext);
  let tagHolds = true;
  try {
    decipher.final();
  } catch {
    tagHolds = false;
  }
  const size = ((plain[0] ?? 0) << 16) | ((plain[1] ?? 0) << 8) | (plain[2] ?? 0);
  return { payload: { size, pad: plain[3] ?? 0, rest: plain.subarray(4) }, tagHolds };
}
