/**
 * D/MIME messages as a mail server sees them: chunks whose content is sealed. Layout: section 3.8 of the DMAP digest.
 * Nothing in them is encrypted for anybody; no server can tell.
 */
import fc from 'fast-check';
import { access, type Chunk, chunkOctets, messageOctets, slotOctets, splitMessage } from './message-tables.js';
import type { Octets } from './signet-builder.js';

/** A chunk to be made: its type and the octets of its payload. */
export interface SealedChunk {
  readonly type: number;
  readonly payload: Octets;
}

export interface SealedMessage {
  readonly octets: Octets;
  readonly tracing: Octets | null;
  readonly chunks: readonly Chunk[];
}

/** Puts a message together; each slot is filled with one octet that tells its place. */
export function sealedMessage(chunks: readonly SealedChunk[], tracing: Octets | null = null): SealedMessage {
  const profile = 'dime-2015';
  const made = chunks.map(({ type, payload }) => {
    const actors = access[profile][type] ?? [];
    const slots = actors.map((_, place) => new Uint8Array(slotOctets[profile]).fill(0xa0 + place));
    return chunkOctets(profile, type, payload, slots);
  });
  const octets = messageOctets(profile, made, tracing);
  return { octets, tracing, chunks: splitMessage(profile, octets).chunks };
}

const payload = (maxLength: number): fc.Arbitrary<Octets> =>
  fc.uint8Array({ minLength: 1, maxLength, size: 'max' }).map((octets) => Uint8Array.from(octets));

/** Envelope, headers, bodies, attachments and signatures, in the order of their types; a tracing block now and then. */
export function sealedMessages(longestPayload = 120): fc.Arbitrary<SealedMessage> {
  const chunk = (type: number): fc.Arbitrary<SealedChunk> =>
    payload(type >= 225 ? 64 : longestPayload).map((octets) => ({ type, payload: octets }));
  const several = (type: number, most: number): fc.Arbitrary<SealedChunk[]> =>
    fc.array(chunk(type), { minLength: type === 67 ? 1 : 0, maxLength: most });
  return fc
    .record({
      head: fc.tuple(chunk(2), chunk(4), chunk(5), chunk(33), chunk(34)),
      bodies: several(67, 3),
      attachments: several(131, 2),
      signatures: fc.tuple(chunk(225), chunk(226), chunk(255)),
      tracing: fc.option(payload(40), { freq: 4 }),
    })
    .map(({ head, bodies, attachments, signatures, tracing }) =>
      sealedMessage([...head, ...bodies, ...attachments, ...signatures], tracing),
    );
}

/** A small message, when any will do. */
export const plainMessage: SealedMessage = sealedMessage([
  { type: 2, payload: new Uint8Array(33).fill(2) },
  { type: 4, payload: new Uint8Array(48).fill(4) },
  { type: 5, payload: new Uint8Array(48).fill(5) },
  { type: 33, payload: new Uint8Array(64).fill(33) },
  { type: 67, payload: new Uint8Array(80).fill(67) },
  { type: 225, payload: new Uint8Array(64).fill(225) },
  { type: 226, payload: new Uint8Array(64).fill(226) },
  { type: 255, payload: new Uint8Array(64).fill(255) },
]);
