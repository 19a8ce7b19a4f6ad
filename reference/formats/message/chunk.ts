/** One chunk: type, length, payload, key slots. (Sections 2, 12.4 and 12.5 of the messages digest) */
import type { Actor } from './actors.js';
import { type ChunkDefinition, type ChunkTable, hasLength, headOctets } from './chunk-table.js';
import { mostPayloadOctets } from './limits.js';
import { MessageError } from './message-error.js';
import { concat, count, integerOctets } from './octets.js';

export interface Chunk {
  readonly definition: ChunkDefinition;
  /** Of the type octet, from the start of the input. */
  readonly offset: number;
  /** The whole serialised chunk, slots included. */
  readonly octets: Uint8Array;
  /** As it stands: encrypted unless the definition says `keys`. */
  readonly payload: Uint8Array;
  /** One for each actor of `definition.access`, in that order. */
  readonly slots: readonly Uint8Array[];
}

/** Cuts whole serialised octets, whose sizes have been checked, into payload and slots. */
export function chunkOf(table: ChunkTable, definition: ChunkDefinition, octets: Uint8Array, offset: number): Chunk {
  const { slotOctets } = table;
  const slotsAt = octets.length - slotOctets * definition.access.length;
  const slots = definition.access.map((_, at) => {
    const start = slotsAt + at * slotOctets;
    return octets.subarray(start, start + slotOctets);
  });
  return { definition, offset, octets, payload: octets.subarray(headOctets(table, definition), slotsAt), slots };
}

/**
 * Writes a chunk. The length counts the payload only (MSG-007).
 *
 * @throws MessageError `too-large` for a payload that the length cannot say
 */
export function writeChunk(
  table: ChunkTable,
  definition: ChunkDefinition,
  payload: Uint8Array,
  slots: readonly Uint8Array[],
  offset = 0,
): Chunk {
  if (payload.length > mostPayloadOctets) {
    throw new MessageError({
      code: 'too-large',
      requirement: 'MSG-023',
      offset,
      what: `the payload of the ${definition.name} chunk has ${count(payload.length)}, more than ${count(mostPayloadOctets)}`,
      section: '4.3',
    });
  }
  const length = hasLength(table, definition) ? integerOctets(payload.length, 3) : new Uint8Array();
  const octets = concat(Uint8Array.of(definition.type), length, payload, ...slots);
  return chunkOf(table, definition, octets, offset);
}

/** The slot of an actor, or undefined when chunks of this type have none for him (section 8). */
export function slotOf({ definition, slots }: Chunk, actor: Actor): Uint8Array | undefined {
  const at = definition.access.indexOf(actor);
  return at === -1 ? undefined : slots[at];
}

/** The same chunk with other octets in the payload, of the same size; slots stay as they are (MSG-051). */
export function withPayload(table: ChunkTable, chunk: Chunk, payload: Uint8Array): Chunk {
  return writeChunk(table, chunk.definition, payload, chunk.slots, chunk.offset);
}
