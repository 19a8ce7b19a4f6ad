/** Displays, attachments and bodies: joined from their chunks, inflated. (Sections 4.4, 7.5 and 12.4) */
import { gunzipSync } from 'node:zlib';
import type { Chunk } from './chunk.js';
import type { MessageProfile } from './chunk-table.js';
import { flagBits } from './flags.js';
import { mostInflatedOctets } from './limits.js';
import type { Message } from './message.js';
import { MessageError } from './message-error.js';
import { count, joined, plain } from './octets.js';
import { checkPlaintextSignature, type Opener, openStandard } from './open-chunk.js';

export type PartKind = 'display' | 'attachment' | 'body';

/** A piece of a part, in order. */
export interface Segment {
  readonly kind: PartKind;
  /** Flags of the chunk. Data with the flag 4 has been inflated, and comes in one segment. */
  readonly flags: number;
  readonly data: Uint8Array;
  /** The next segment begins a new part. */
  readonly last: boolean;
}

export interface Part {
  /** Flags of the first chunk, without 128. Data with the flag 4 has been inflated. */
  readonly flags: number;
  readonly data: Uint8Array;
}

export interface PartOptions {
  /** Refuses compressed data that is larger than this when inflated. */
  readonly mostInflated?: number;
}

/**
 * Decrypts the parts chunk by chunk: one chunk is held at a time, all of a part only when it is compressed. The plaintext
 * signature of each chunk is checked before its data is given.
 *
 * @param signingKeys of the author; undefined leaves the plaintext signatures unchecked
 * @throws MessageError
 */
export function* readSegments(
  message: Message,
  opener: Opener,
  signingKeys: readonly Uint8Array[] | undefined,
  { mostInflated = mostInflatedOctets }: PartOptions = {},
): Generator<Segment, void> {
  const { profile } = message;
  let open: { chunk: Chunk; flags: number; compressed: Uint8Array[]; octets: number } | null = null;
  for (const chunk of message.chunks) {
    const { definition, offset } = chunk;
    if (open !== null && open.chunk.definition !== definition) throw spanning(profile, open.chunk);
    if (!definition.repeatable) continue;
    const payload = openStandard(opener, chunk);
    if (signingKeys !== undefined) checkPlaintextSignature(profile, chunk, payload, signingKeys);
    const { flags, data } = payload;
    const last = (flags & flagBits.continued) === 0;
    const kind = definition.name as PartKind;
    const isCompressed = (flags & flagBits.compressed) !== 0;
    if (open !== null && ((open.flags ^ flags) & flagBits.compressed) !== 0) throw spanning(profile, chunk);
    if (!isCompressed) {
      open = last ? null : { chunk, flags, compressed: [], octets: 0 };
      yield { kind, flags, data, last };
      continue;
    }
    const compressed: Uint8Array[] = open?.compressed ?? [];
    compressed.push(data);
    const octets: number = (open?.octets ?? 0) + data.length;
    if (octets > mostInflated) throw tooLarge(offset, mostInflated);
    open = last ? null : { chunk, flags, compressed, octets };
    if (last) yield { kind, flags, data: inflate(joined(compressed), offset, mostInflated), last };
  }
  if (open !== null) throw spanning(profile, open.chunk);
}

/** Joins segments into whole parts of each kind. */
export function gatherParts(segments: Iterable<Segment>): Readonly<Record<PartKind, Part[]>> {
  const parts: Record<PartKind, Part[]> = { display: [], attachment: [], body: [] };
  let pieces: Uint8Array[] = [];
  let first = 0;
  for (const { kind, flags, data, last } of segments) {
    if (pieces.length === 0) first = flags & ~flagBits.continued;
    pieces.push(data);
    if (!last) continue;
    parts[kind].push({ flags: first, data: joined(pieces) });
    pieces = [];
  }
  return parts;
}

/** Compressed data is one gzip stream of RFC 1952 over the whole part, split afterwards where it must be (OQ-74). */
function inflate(data: Uint8Array, offset: number, most: number): Uint8Array {
  try {
    // With `info` Node also gives the engine, which knows how much it took; its types do not say so.
    const { buffer, engine } = gunzipSync(data, { maxOutputLength: most, info: true }) as unknown as Inflated;
    if (engine.bytesWritten === data.length) return plain(buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(offset, most);
  }
  throw new MessageError({
    code: 'bad-compression',
    requirement: 'MSG-031',
    offset,
    what: 'data that is flagged as compressed is no gzip stream, or has octets after it',
    section: '4.4',
  });
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function tooLarge(offset: number, most: number): MessageError {
  const what = `compressed data gives more than ${count(most)}`;
  return new MessageError({ code: 'bad-compression', requirement: 'MSG-078', offset, what, section: '4.4' });
}

function spanning(profile: MessageProfile, { definition, offset }: Chunk): MessageError {
  const prime = profile === 'prime';
  return new MessageError({
    code: 'bad-spanning',
    requirement: prime ? 'MSG-090' : 'OQ-74',
    offset,
    what: `the ${definition.name} chunk says that its data goes on, and no chunk goes on with it`,
    section: prime ? '12.4' : '4.4',
  });
}
