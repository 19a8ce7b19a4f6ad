/** Reads a message piece by piece and gives its chunks one by one. Holds one chunk at most. (Sections 1, 2 and 10) */
import { type Chunk, chunkOf } from './chunk.js';
import {
  type ChunkDefinition,
  type ChunkTable,
  chunkOctets,
  chunkTables,
  definitionOf,
  headOctets,
  type MessageProfile,
} from './chunk-table.js';
import { blockOctets, headerOctets, leastPaddedPayload, tracingHeadOctets, tracingMagic } from './limits.js';
import { MessageError, type MessageErrorCode } from './message-error.js';
import { count, integerOf } from './octets.js';
import { PieceQueue } from './piece-queue.js';

export interface MessageHead {
  /** Content of the tracing block; null without one. `prime` has no such block. */
  readonly tracing: Uint8Array | null;
  /** Octets of all chunks, as the header says. */
  readonly length: number;
}

/**
 * Called for each chunk as soon as its size (whole, in octets) is known. True: its octets are dropped as they come, and it
 * is not given.
 */
export type Skim = (definition: ChunkDefinition, offset: number, size: number) => boolean;

/**
 * A strict reader. Nothing is allocated for what a length only promises: a chunk is put together when all of it came.
 *
 * A problem is reported with the octet that shows it: a chunk that would pass the end that the header gave is refused
 * when its own length is read.
 */
export class ChunkReader {
  readonly #table: ChunkTable;
  readonly #total: number | undefined;
  readonly #queue = new PieceQueue();
  #tracing: Uint8Array | null = null;
  #head: MessageHead | null = null;
  #end = 0;
  #last: ChunkDefinition | null = null;
  readonly #skim: Skim;
  /** Where the chunk begins that `skim` was asked about last. */
  #asked = -1;
  /** Octets of a chunk that are still to be dropped. */
  #dropping = 0;

  /**
   * @param total octets of the whole input when known: then a wrong length is seen in the header already
   * @param skim leaves out chunks, so that they need no memory; none when not given
   */
  constructor(profile: MessageProfile, total?: number, skim: Skim = () => false) {
    this.#table = chunkTables[profile];
    this.#total = total;
    this.#skim = skim;
  }

  /** What the header says; null until it has been read. */
  get head(): MessageHead | null {
    return this.#head;
  }

  /**
   * Takes the next octets, which must not change afterwards, and gives the chunks that are now complete.
   *
   * @throws MessageError
   */
  push(piece: Uint8Array): Chunk[] {
    this.#queue.push(piece);
    if (this.#head === null && !this.#readHead()) return [];
    const chunks: Chunk[] = [];
    do {
      for (let chunk = this.#readChunk(); chunk !== null; chunk = this.#readChunk()) chunks.push(chunk);
    } while (this.#drop());
    return chunks;
  }

  /** Says that no more octets come. @throws MessageError when some are missing */
  finish(): void {
    if (this.#head === null) {
      throw refusal(
        'too-short',
        this.#table.profile === 'prime' ? 'MSG-080' : 'MSG-001',
        this.#queue.taken,
        `the input ends within the header`,
        '1',
      );
    }
    const missing = this.#end - this.#queue.taken - this.#queue.size;
    if (this.#queue.taken < this.#end) {
      throw refusal(
        'wrong-length',
        this.#lengthRow(),
        this.#end - missing,
        `${count(missing)} are missing at the end`,
        '1',
      );
    }
  }

  #readHead(): boolean {
    if (this.#tracing === null && this.#table.profile === 'dime-2015' && !this.#readTracing()) return false;
    const start = this.#queue.taken;
    this.#checkMagic(start);
    const octets = this.#queue.take(headerOctets);
    if (octets === null) return false;
    const length = integerOf(octets.subarray(2));
    this.#end = start + headerOctets + length;
    if (this.#total !== undefined && this.#total !== this.#end) {
      const there = count(this.#total - start - headerOctets);
      throw refusal(
        'wrong-length',
        this.#lengthRow(),
        start + 2,
        `the header promises ${count(length)}, and ${there} follow`,
        '1',
      );
    }
    this.#head = { tracing: this.#tracing, length };
    return true;
  }

  /** False while it cannot be said yet whether there is a tracing block, or where it ends. */
  #readTracing(): boolean {
    const magic = this.#queue.peek(2);
    if (magic === null) return false;
    if (integerOf(magic) !== tracingMagic) return true;
    const head = this.#queue.peek(tracingHeadOctets);
    if (head === null) return false;
    const length = integerOf(head.subarray(2));
    if (length === 0) throw refusal('bad-tracing', 'MSG-004', 2, 'the tracing block is empty', '1');
    if (this.#total !== undefined && this.#total < tracingHeadOctets + length) {
      throw refusal(
        'bad-tracing',
        'MSG-004',
        2,
        `the tracing block of ${count(length)} passes the end of the input`,
        '1',
      );
    }
    const octets = this.#queue.take(tracingHeadOctets + length);
    if (octets === null) return false;
    this.#tracing = octets.subarray(tracingHeadOctets);
    return true;
  }

  #checkMagic(start: number): void {
    const octets = this.#queue.peek(2);
    if (octets === null) return;
    const { magic, profile } = this.#table;
    const found = integerOf(octets);
    if (found === magic) return;
    const row = profile === 'prime' ? 'MSG-080' : 'MSG-001';
    throw refusal('wrong-magic', row, start, `${found} is not the magic number ${magic} of a ${profile} message`, '1');
  }

  /** Drops what came of a chunk that is left out; true when all of it is gone now. */
  #drop(): boolean {
    if (this.#dropping === 0) return false;
    const dropped = Math.min(this.#dropping, this.#queue.size);
    this.#queue.take(dropped);
    this.#dropping -= dropped;
    return this.#dropping === 0;
  }

  #readChunk(): Chunk | null {
    if (this.#dropping > 0) return null;
    const offset = this.#queue.taken;
    if (offset === this.#end) {
      if (this.#queue.size === 0) return null;
      throw refusal(
        'wrong-length',
        this.#lengthRow(),
        offset,
        'octets follow after the length that the header gives',
        '1',
      );
    }
    const type = this.#queue.peek(1)?.[0];
    if (type === undefined) return null;
    const definition = this.#definition(type, offset);
    const size = this.#size(definition, offset);
    if (size === null) return null;
    if (this.#asked !== offset) {
      this.#asked = offset;
      if (this.#skim(definition, offset, size)) {
        this.#last = definition;
        this.#dropping = size;
        return null;
      }
    }
    const octets = this.#queue.take(size);
    if (octets === null) return null;
    this.#last = definition;
    return chunkOf(this.#table, definition, octets, offset);
  }

  #definition(type: number, offset: number): ChunkDefinition {
    const definition = definitionOf(this.#table, type);
    const prime = this.#table.profile === 'prime';
    if (definition === undefined) {
      throw refusal(
        'unknown-type',
        prime ? 'MSG-081' : 'MSG-009',
        offset,
        `there is no chunk of type ${type}`,
        prime ? '12.2' : '3',
      );
    }
    if (definition.presence === 'reserved') {
      const what = `type ${type} (${definition.name}) is reserved and has no content yet`;
      throw refusal('reserved-type', prime ? 'MSG-081' : 'MSG-010', offset, what, prime ? '12.2' : '3');
    }
    const before = this.#last;
    if (before === null || before.type < type) return definition;
    if (before.type > type) {
      const what = `the ${definition.name} chunk (type ${type}) stands after the ${before.name} chunk (type ${before.type})`;
      throw refusal('wrong-order', prime ? 'MSG-092' : 'MSG-012', offset, what, prime ? '12.6' : '10');
    }
    if (!definition.repeatable) {
      const what = `the ${definition.name} chunk (type ${type}) is there twice`;
      throw refusal('repeated-chunk', prime ? 'MSG-081' : 'MSG-013', offset, what, prime ? '12.6' : '10');
    }
    return definition;
  }

  /** Octets of the chunk; null while its length has not come. */
  #size(definition: ChunkDefinition, offset: number): number | null {
    const headSize = headOctets(this.#table, definition);
    this.#checkEnd(definition, offset, offset + headSize);
    const head = this.#queue.peek(headSize);
    if (head === null) return null;
    const [only] = definition.sizes;
    const payload = headSize === 1 ? (only ?? 0) : integerOf(head.subarray(1));
    this.#checkPayload(definition, payload, offset);
    const size = chunkOctets(this.#table, definition, payload);
    this.#checkEnd(definition, offset, offset + size);
    return size;
  }

  #checkEnd(definition: ChunkDefinition, offset: number, end: number): void {
    if (end <= this.#end) return;
    const what = `the ${definition.name} chunk passes the end of the message by ${count(end - this.#end)}`;
    throw refusal('past-end', 'MSG-078', offset, what, '2');
  }

  #checkPayload({ name, payload, sizes }: ChunkDefinition, size: number, offset: number): void {
    const prime = this.#table.profile === 'prime';
    const has = `the payload of the ${name} chunk has ${count(size)}`;
    if (payload === 'standard') {
      const plain = size - this.#table.encryptionOverhead;
      if (plain <= 0 || plain % blockOctets !== 0) {
        const what = `${has}, which encrypts no multiple of ${blockOctets}`;
        throw refusal('bad-size', prime ? 'MSG-087' : 'MSG-023', offset, what, prime ? '12.4' : '4.3');
      }
      if (prime && plain < leastPaddedPayload) {
        throw refusal('bad-size', 'MSG-087', offset, `${has}, which encrypts less than ${leastPaddedPayload}`, '12.4');
      }
      return;
    }
    if (sizes.includes(size)) return;
    const what = `${has} and not ${sizes.join(' or ')}`;
    if (payload === 'signature') throw refusal('bad-size', 'MSG-020', offset, what, '4.2');
    throw refusal('bad-size', prime ? 'MSG-082' : 'MSG-019', offset, what, prime ? '12.3' : '4.1');
  }

  #lengthRow(): string {
    return this.#table.profile === 'prime' ? 'MSG-080' : 'MSG-002';
  }
}

function refusal(
  code: MessageErrorCode,
  requirement: string,
  offset: number,
  what: string,
  section: string,
): MessageError {
  return new MessageError({ code, requirement, offset, what, section });
}
