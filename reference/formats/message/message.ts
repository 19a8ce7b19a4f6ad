/** Messages as a row of chunks: from octets and back. */
import type { Chunk } from './chunk.js';
import { ChunkReader } from './chunk-reader.js';
import { type ChunkName, chunkTables, type MessageProfile, type Section } from './chunk-table.js';
import { headerOctets, mostMessageOctets, mostTracingOctets, tracingMagic } from './limits.js';
import { MessageError } from './message-error.js';
import { concat, count, integerOctets, joined } from './octets.js';

export interface Message {
  readonly profile: MessageProfile;
  /** Unsigned octets before the header, of any content (OQ-92); null for none. */
  readonly tracing: Uint8Array | null;
  /** Octets of all chunks. */
  readonly length: number;
  /**
   * Ascending by type. Can be gone through as often as needed; each time the chunks are the same. An array, unless the
   * message is too large to be kept: then they are read, or made, anew each time.
   */
  readonly chunks: Iterable<Chunk>;
}

/** A message in memory. */
export interface ParsedMessage extends Message {
  readonly chunks: readonly Chunk[];
}

/**
 * Reads the structure of a message; nothing is decrypted. What it gives need not be complete: `missingChunk`.
 *
 * @param octets the whole message; chunks are parts of it, not copies
 * @throws MessageError
 */
export function parseMessage(profile: MessageProfile, octets: Uint8Array): ParsedMessage {
  const reader = new ChunkReader(profile, octets.length);
  const chunks = reader.push(octets);
  reader.finish();
  return { profile, tracing: reader.head?.tracing ?? null, length: reader.head?.length ?? 0, chunks };
}

/**
 * Reads a message that is too large for memory. One chunk, and the piece that it lies in, is held at a time.
 *
 * @param source gives the octets from the start, in pieces of any size, each time it is called
 * @throws MessageError for the header; for what follows when the chunks are gone through
 */
export function readMessage(profile: MessageProfile, source: () => Iterable<Uint8Array>): Message {
  const { tracing, length } = readHead(profile, source());
  return { profile, tracing, length, chunks: { [Symbol.iterator]: () => readChunks(profile, source()) } };
}

function readHead(
  profile: MessageProfile,
  pieces: Iterable<Uint8Array>,
): { tracing: Uint8Array | null; length: number } {
  const reader = new ChunkReader(profile);
  for (const piece of pieces) {
    reader.push(piece);
    if (reader.head !== null) return reader.head;
  }
  reader.finish();
  throw new RangeError('a reader without a header finished');
}

/** The chunks of a message that comes in pieces, each as soon as it is whole. @throws MessageError */
export function* readChunks(profile: MessageProfile, pieces: Iterable<Uint8Array>): Generator<Chunk, void> {
  const reader = new ChunkReader(profile);
  for (const piece of pieces) yield* reader.push(piece);
  reader.finish();
}

/**
 * Puts chunks in ascending type order into a message; chunks of one type keep their order (MSG-011, MSG-014). Offsets
 * are set to the places where the chunks will stand.
 *
 * @throws MessageError for a tracing block that is empty or too large
 */
export function messageOf(
  profile: MessageProfile,
  chunks: Iterable<Chunk>,
  tracing: Uint8Array | null = null,
): ParsedMessage {
  let offset = leadOctets(profile, tracing).length + headerOctets;
  const start = offset;
  const sorted = [...chunks].sort((a, b) => a.definition.type - b.definition.type);
  const placed = sorted.map((chunk) => {
    const here = offset;
    offset += chunk.octets.length;
    return { ...chunk, offset: here };
  });
  return { profile, tracing, length: offset - start, chunks: placed };
}

export interface WriteOptions {
  /** All of them unless named. (MSG-077) */
  readonly sections?: readonly Section[];
  /** Left out when false. */
  readonly tracing?: boolean;
}

/**
 * Writes a message. For every message that parseMessage gives, the same octets again.
 *
 * @throws MessageError for a tracing block that is empty or too large, or more octets than the header can say
 */
export function serializeMessage(message: Message, options: WriteOptions = {}): Uint8Array {
  return joined([...messagePieces(message, options)]);
}

/** The same in pieces: tracing and header, then each chunk. @throws MessageError */
export function* messagePieces(
  message: Message,
  { sections, tracing = true }: WriteOptions = {},
): Generator<Uint8Array, void> {
  const { profile, chunks } = message;
  const wanted = (chunk: Chunk): boolean => sections === undefined || sections.includes(chunk.definition.section);
  let { length } = message;
  if (sections !== undefined) {
    length = 0;
    for (const chunk of chunks) if (wanted(chunk)) length += chunk.octets.length;
  }
  if (length > mostMessageOctets) {
    throw new MessageError({
      code: 'too-large',
      requirement: 'MSG-001',
      offset: 0,
      what: `a message of ${count(length)} cannot be written`,
      section: '1',
    });
  }
  const lead = leadOctets(profile, tracing ? message.tracing : null);
  yield concat(lead, integerOctets(chunkTables[profile].magic, 2), integerOctets(length, 4));
  for (const chunk of chunks) if (wanted(chunk)) yield chunk.octets;
}

/** The tracing block before the header. */
export function leadOctets(profile: MessageProfile, tracing: Uint8Array | null): Uint8Array {
  if (tracing === null) return new Uint8Array();
  const fault = { offset: 0, section: '1' };
  if (profile === 'prime') {
    throw new MessageError({ ...fault, code: 'not-in-profile', what: 'messages of prime have no tracing block' });
  }
  if (tracing.length === 0 || tracing.length > mostTracingOctets) {
    throw new MessageError({
      ...fault,
      code: 'bad-tracing',
      requirement: 'MSG-004',
      what: `a tracing block of ${count(tracing.length)} cannot be written`,
    });
  }
  return concat(integerOctets(tracingMagic, 2), integerOctets(tracing.length, 2), tracing);
}

/** The first required chunk that is not there, by name; null for a complete message (MSG-016, MSG-083, section 12.6). */
export function missingChunk({ profile, chunks }: Message): ChunkName | null {
  const there = new Set<number>();
  for (const { definition } of chunks) there.add(definition.type);
  const { definitions } = chunkTables[profile];
  return definitions.find(({ type, presence }) => presence === 'required' && !there.has(type))?.name ?? null;
}

/** All chunks with this name, in order. */
export function chunksNamed({ chunks }: Message, name: ChunkName): Chunk[] {
  const found: Chunk[] = [];
  for (const chunk of chunks) if (chunk.definition.name === name) found.push(chunk);
  return found;
}
