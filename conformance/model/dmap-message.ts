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

/** Payloads are whole blocks of the cipher, at least one signature and its frame long (section 3.8). */
const blockOctets = 16;
const leastBlocks = 5;

/** Octets that follow from a number: a message of thousands of octets shrinks as fast as a small one. */
function octetsOf(seed: number, length: number): Octets {
  const octets = new Uint8Array(length);
  // A linear congruential generator; its high bits are the good ones.
  for (let at = 0, state = seed; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    octets[at] = state >>> 24;
  }
  return octets;
}

const repeated = (count: number, type: number): number[] => Array.from({ length: count }, () => type);

/** Of the size that the type has. */
function payloadLength(type: number, seed: number, longest: number): number {
  if (type === 2) return 33;
  if (type >= 225) return 64;
  return (leastBlocks + (seed % (1 + Math.floor(longest / blockOctets)))) * blockOctets;
}

/**
 * Envelope, headers, bodies, attachments and signatures, in the order of their types; a tracing block now and then.
 *
 * @param longestPayload octets of one payload beyond the fewest that there can be
 */
export function sealedMessages(longestPayload = 120): fc.Arbitrary<SealedMessage> {
  return fc
    .record({
      seed: fc.integer({ min: 0, max: 0x7fffffff }),
      bodies: fc.integer({ min: 1, max: 3 }),
      attachments: fc.nat(2),
      tracing: fc.option(fc.integer({ min: 1, max: 40 }), { freq: 4 }),
    })
    .map(({ seed, bodies, attachments, tracing }) => {
      const types = [2, 4, 5, 33, 34, ...repeated(bodies, 67), ...repeated(attachments, 131), 225, 226, 255];
      const chunks = types.map((type, place): SealedChunk => {
        const own = seed + place * 7919;
        return { type, payload: octetsOf(own, payloadLength(type, own, longestPayload)) };
      });
      return sealedMessage(chunks, tracing === null ? null : octetsOf(seed, tracing));
    });
}

const plainChunks: readonly SealedChunk[] = [
  { type: 2, payload: new Uint8Array(33).fill(2) },
  { type: 4, payload: new Uint8Array(80).fill(4) },
  { type: 5, payload: new Uint8Array(80).fill(5) },
  { type: 33, payload: new Uint8Array(96).fill(33) },
  { type: 67, payload: new Uint8Array(80).fill(67) },
  { type: 225, payload: new Uint8Array(64).fill(225) },
  { type: 226, payload: new Uint8Array(64).fill(226) },
  { type: 255, payload: new Uint8Array(64).fill(255) },
];

/** A small message, when any will do. */
export const plainMessage: SealedMessage = sealedMessage(plainChunks);

/** The same with an attachment, whose octets are filled up to whole blocks. */
export function messageWithAttachment(octets: Uint8Array): SealedMessage {
  const blocks = Math.max(leastBlocks, Math.ceil(octets.length / blockOctets));
  const payload = new Uint8Array(blocks * blockOctets);
  payload.set(octets);
  return sealedMessage([...plainChunks, { type: 131, payload }].sort((one, other) => one.type - other.type));
}
