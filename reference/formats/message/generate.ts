/** Arbitrary messages and near misses, made from the chunk tables. For the structure: contents are not encrypted. */
import fc from 'fast-check';
import { type Chunk, writeChunk } from './chunk.js';
import { type ChunkDefinition, chunkTables, hasLength, type MessageProfile } from './chunk-table.js';
import { blockOctets, headerOctets, leastPaddedPayload } from './limits.js';
import { messageOf, type ParsedMessage, serializeMessage } from './message.js';
import type { MessageErrorCode } from './message-error.js';
import { concat, integerOctets, joined } from './octets.js';

/** Chunks of one repeatable type in a generated message. */
const mostRepeats = 3;

/** Any message that a structural reader has to take; complete or not. */
export function arbitraryMessage(profile: MessageProfile): fc.Arbitrary<ParsedMessage> {
  const table = chunkTables[profile];
  const rows = table.definitions
    .filter(({ presence }) => presence !== 'reserved')
    .map((definition) =>
      fc.array(arbitraryChunk(profile, definition), { maxLength: definition.repeatable ? mostRepeats : 1 }),
    );
  const tracing =
    profile === 'prime' ? fc.constant(null) : fc.option(fc.uint8Array({ minLength: 1, maxLength: 40 }), { nil: null });
  return fc.tuple(tracing, ...rows).map(([octets, ...chunks]) => messageOf(profile, chunks.flat(), octets));
}

function arbitraryChunk(profile: MessageProfile, definition: ChunkDefinition): fc.Arbitrary<Chunk> {
  const table = chunkTables[profile];
  const exactly = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });
  const least = profile === 'prime' ? leastPaddedPayload / blockOctets : 1;
  const payload =
    definition.payload === 'standard'
      ? fc
          .integer({ min: least, max: least + 8 })
          .chain((blocks) => exactly(table.encryptionOverhead + blocks * blockOctets))
      : fc.constantFrom(...definition.sizes).chain(exactly);
  const slots = fc.tuple(...definition.access.map(() => exactly(table.slotOctets)));
  return fc.tuple(payload, slots).map(([octets, each]) => writeChunk(table, definition, octets, each));
}

export interface MessageNearMiss {
  /** What was done, in words. */
  readonly breach: string;
  readonly octets: Uint8Array;
  /** How a strict reader refuses it. */
  readonly code: MessageErrorCode;
  readonly requirement: string;
}

/** A message with each rule of its structure broken in turn. */
export function nearMissesOf(message: ParsedMessage): MessageNearMiss[] {
  return [
    ...headerMisses(message),
    ...rowMisses(message),
    ...message.chunks.flatMap((chunk) => chunkMisses(message, chunk)),
  ];
}

function headerMisses(message: ParsedMessage): MessageNearMiss[] {
  const prime = message.profile === 'prime';
  const octets = serializeMessage(message);
  const start = octets.length - message.length - headerOctets;
  const lengthRow = prime ? 'MSG-080' : 'MSG-002';
  const length = (by: number): Uint8Array => {
    const changed = new Uint8Array(octets);
    changed.set(integerOctets(message.length + by, 4), start + 2);
    return changed;
  };
  const magic = new Uint8Array(octets);
  magic[start + 1] = 0xff;
  const misses: MessageNearMiss[] = [
    { breach: 'another magic number', octets: magic, code: 'wrong-magic', requirement: prime ? 'MSG-080' : 'MSG-001' },
    { breach: 'a length that is one too large', octets: length(1), code: 'wrong-length', requirement: lengthRow },
    {
      breach: 'an octet after the end',
      octets: concat(octets, Uint8Array.of(0)),
      code: 'wrong-length',
      requirement: lengthRow,
    },
  ];
  if (message.length > 0) {
    misses.push({
      breach: 'a length that is one too small',
      octets: length(-1),
      code: 'wrong-length',
      requirement: lengthRow,
    });
    misses.push({
      breach: 'the last octet missing',
      octets: octets.subarray(0, -1),
      code: 'wrong-length',
      requirement: lengthRow,
    });
  }
  if (prime) return misses;
  const bare = serializeMessage(message, { tracing: false });
  const tracing = (size: number): Uint8Array => concat(Uint8Array.of(0x07, 0x2d), integerOctets(size, 2), bare);
  return [
    ...misses,
    { breach: 'an empty tracing block', octets: tracing(0), code: 'bad-tracing', requirement: 'MSG-004' },
    {
      breach: 'a tracing block past the end',
      octets: tracing(bare.length + 1),
      code: 'bad-tracing',
      requirement: 'MSG-004',
    },
  ];
}

/** Breaks the rules on types and their order. */
function rowMisses(message: ParsedMessage): MessageNearMiss[] {
  const { profile, chunks } = message;
  const prime = profile === 'prime';
  const table = chunkTables[profile];
  const misses: MessageNearMiss[] = [];
  const known = new Set(table.definitions.map(({ type }) => type));
  const unknown = Array.from({ length: 256 }, (_, type) => type).find((type) => !known.has(type)) ?? 0;
  const first = (type: number): Uint8Array =>
    withChunks(message, [concat(Uint8Array.of(type), new Uint8Array(80)), ...rest(chunks)]);
  misses.push({
    breach: `the unknown type ${unknown}`,
    octets: first(unknown),
    code: 'unknown-type',
    requirement: prime ? 'MSG-081' : 'MSG-009',
  });
  for (const { type, presence } of table.definitions) {
    if (presence !== 'reserved') continue;
    misses.push({
      breach: `the reserved type ${type}`,
      octets: first(type),
      code: 'reserved-type',
      requirement: prime ? 'MSG-081' : 'MSG-010',
    });
  }
  chunks.forEach((chunk, at) => {
    const next = chunks[at + 1];
    const all = rest(chunks);
    if (next !== undefined && next.definition !== chunk.definition) {
      const swapped = [...all.slice(0, at), next.octets, chunk.octets, ...all.slice(at + 2)];
      misses.push({
        breach: `${next.definition.name} before ${chunk.definition.name}`,
        octets: withChunks(message, swapped),
        code: 'wrong-order',
        requirement: prime ? 'MSG-092' : 'MSG-012',
      });
    }
    if (chunk.definition.repeatable) return;
    const twice = [...all.slice(0, at + 1), ...all.slice(at)];
    misses.push({
      breach: `${chunk.definition.name} twice`,
      octets: withChunks(message, twice),
      code: 'repeated-chunk',
      requirement: prime ? 'MSG-081' : 'MSG-013',
    });
  });
  return misses;
}

/** Breaks the size of one chunk. */
function chunkMisses(message: ParsedMessage, chunk: Chunk): MessageNearMiss[] {
  const { definition, payload, slots } = chunk;
  const prime = message.profile === 'prime';
  const table = chunkTables[message.profile];
  if (!hasLength(table, definition)) return [];
  const replaced = (octets: Uint8Array): Uint8Array =>
    withChunks(
      message,
      message.chunks.map((each) => (each === chunk ? octets : each.octets)),
    );
  const sizeRow = {
    keys: prime ? 'MSG-082' : 'MSG-019',
    standard: prime ? 'MSG-087' : 'MSG-023',
    signature: 'MSG-020',
  }[definition.payload];
  const longer = writeChunk(table, definition, concat(payload, Uint8Array.of(0)), slots);
  const empty = writeChunk(table, definition, new Uint8Array(), slots);
  const misses: MessageNearMiss[] = [
    {
      breach: `a payload of ${definition.name} that is one octet longer`,
      octets: replaced(longer.octets),
      code: 'bad-size',
      requirement: sizeRow,
    },
    {
      breach: `an empty payload of ${definition.name}`,
      octets: replaced(empty.octets),
      code: 'bad-size',
      requirement: sizeRow,
    },
  ];
  if (definition.payload !== 'standard') return misses;
  const past = new Uint8Array(chunk.octets);
  past.set(integerOctets(table.encryptionOverhead + 0xf00000, 3), 1);
  misses.push({
    breach: `${definition.name} past the end`,
    octets: replaced(past),
    code: 'past-end',
    requirement: 'MSG-078',
  });
  return misses;
}

const rest = (chunks: readonly Chunk[]): Uint8Array[] => chunks.map(({ octets }) => octets);

function withChunks(message: ParsedMessage, chunks: readonly Uint8Array[]): Uint8Array {
  const octets = serializeMessage(message);
  const head = new Uint8Array(octets.subarray(0, octets.length - message.length));
  const body = joined(chunks);
  head.set(integerOctets(body.length, 4), head.length - 4);
  return concat(head, body);
}
