/** A message that is being made: chunks that are there, and chunks that are made each time they are asked for. */
import type { Chunk } from './chunk.js';
import type { MessageProfile } from './chunk-table.js';
import { headerOctets } from './limits.js';
import { leadOctets, type Message } from './message.js';

/** Gives the same chunk each time. */
export type MakeChunk = () => Chunk;

/** How large the content of a message may be before its chunks are made anew each time instead of being kept. */
export const mostKeptOctets = 32 * 1024 * 1024;

/** Makes the chunk now when chunks are kept, and otherwise each time. */
export function keptOrMade(make: MakeChunk, kept: boolean): MakeChunk {
  if (!kept) return make;
  const chunk = make();
  return () => chunk;
}

/** The chunks one after the other, each time anew; offsets are where they will stand after `start` octets. */
export function chunksOfMakers(makers: readonly MakeChunk[], start = 0): Iterable<Chunk> {
  return {
    *[Symbol.iterator]() {
      let offset = start;
      for (const make of makers) {
        const chunk = make();
        yield { ...chunk, offset };
        offset += chunk.octets.length;
      }
    },
  };
}

/** Chunks in ascending type order as a message; in an array when they are kept anyway. */
export function messageOfMakers(
  profile: MessageProfile,
  makers: readonly MakeChunk[],
  { kept, tracing = null }: { readonly kept: boolean; readonly tracing?: Uint8Array | null },
): Message {
  const made = chunksOfMakers(makers, leadOctets(profile, tracing).length + headerOctets);
  const chunks = kept ? [...made] : made;
  let length = 0;
  for (const { octets } of chunks) length += octets.length;
  return { profile, tracing, length, chunks };
}
