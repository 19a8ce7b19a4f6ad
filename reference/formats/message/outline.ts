/**
 * What a message is made of, found in one pass and with no more memory than the chunks that are wanted need: for those who
 * handle messages that they need not, or cannot, read. (Sections 1, 2 and 10)
 */
import type { Chunk } from './chunk.js';
import { ChunkReader } from './chunk-reader.js';
import { type ChunkName, chunkTables, type MessageProfile } from './chunk-table.js';
import type { ParsedMessage } from './message.js';
import { MessageError } from './message-error.js';
import { count } from './octets.js';

export interface Outline {
  /** The wanted chunks alone, in order. */
  readonly wanted: ParsedMessage;
  /** Where the first chunk begins, from the start of the input. */
  readonly start: number;
  /** Where the first chunk whose type is above `type` begins, or the message ends. */
  endOf(type: number): number;
  /** The first required chunk that is not there; null for a complete message (MSG-016). */
  readonly missing: ChunkName | null;
}

/**
 * Reads the structure of a whole message strictly, as parseMessage does.
 *
 * @param pieces must not change while the outline is in use
 * @param octets of the whole message
 * @param wantedNames which chunks are kept
 * @param mostOctets a wanted chunk that is larger, in whole octets, is refused
 * @throws MessageError
 */
export function outlineOf(
  profile: MessageProfile,
  pieces: Iterable<Uint8Array>,
  octets: number,
  wantedNames: ReadonlySet<ChunkName>,
  mostOctets: number,
): Outline {
  /** By type, ascending: where the first chunk of it begins. */
  const starts = new Map<number, number>();
  const reader = new ChunkReader(profile, octets, ({ type, name }, offset, size) => {
    if (!starts.has(type)) starts.set(type, offset);
    if (!wantedNames.has(name)) return true;
    if (size <= mostOctets) return false;
    throw new MessageError({
      code: 'too-large',
      requirement: 'MSG-078',
      offset,
      what: `the ${name} chunk has ${count(size)}, more than the ${count(mostOctets)} that are looked at`,
      section: '2',
    });
  });
  const chunks: Chunk[] = [];
  for (const piece of pieces) chunks.push(...reader.push(piece));
  reader.finish();
  const required = chunkTables[profile].definitions.filter(({ presence }) => presence === 'required');
  return {
    wanted: { profile, tracing: reader.head?.tracing ?? null, length: reader.head?.length ?? 0, chunks },
    start: octets - (reader.head?.length ?? 0),
    endOf: (last) => [...starts].find(([type]) => type > last)?.[1] ?? octets,
    missing: required.find(({ type }) => !starts.has(type))?.name ?? null,
  };
}

/** The octets from `start` to `end` (not included) of what `pieces` are together. */
export function* rangeOf(pieces: Iterable<Uint8Array>, start: number, end: number): Generator<Uint8Array, void> {
  let at = 0;
  for (const piece of pieces) {
    if (at >= end) return;
    const part = piece.subarray(Math.max(0, start - at), Math.min(piece.length, end - at));
    if (part.length > 0) yield part;
    at += piece.length;
  }
}
