/**
 * Finds the chunks of a message while it arrives, without holding any of it. It takes as D/MIME what
 * `formats/message` reads in the profile `dime-2015`, and works from the same table (sections 1 to 3 of the messages
 * digest); it only has no need of the contents.
 */
import { type ChunkDefinition, chunkOctets, chunkTables, definitionOf } from '../formats/message/chunk-table.js';
import { blockOctets, headerOctets, tracingHeadOctets, tracingMagic } from '../formats/message/limits.js';
import type { ChunkPlace } from './mail-message.js';

const table = chunkTables['dime-2015'];
const chunkHeadOctets = 4;
/** Type (1), offset (4), size (4). */
const packedOctets = 9;

export class ChunkScanner {
  readonly #places: ChunkPlace[] = [];
  readonly #head = new Uint8Array(Math.max(headerOctets, tracingHeadOctets, chunkHeadOctets));
  #headLength = 0;
  /** Octets that can pass without being looked at. */
  #skip = 0;
  /** Octets taken, and where the message ends; null until its header was read. */
  #taken = 0;
  #end: number | null = null;
  #last: ChunkDefinition | null = null;
  #broken = false;

  /** Takes the next octets; nothing of them is kept. */
  push(octets: Uint8Array): void {
    let at = 0;
    while (!this.#broken && at < octets.length) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, octets.length - at);
        this.#skip -= passed;
        this.#taken += passed;
        at += passed;
        continue;
      }
      this.#head[this.#headLength] = octets[at] ?? 0;
      this.#headLength += 1;
      this.#taken += 1;
      at += 1;
      if (this.#end === null) this.#readLead();
      else this.#readChunkHead(this.#end);
    }
  }

  /** No octets follow. The chunks in message order, tracing first; none when the octets are no D/MIME message. */
  finish(): readonly ChunkPlace[] {
    const whole = !this.#broken && this.#end !== null && this.#taken === this.#end && this.#skip === 0;
    return whole ? this.#places : [];
  }

  #readLead(): void {
    const head = Buffer.from(this.#head.buffer, 0, this.#headLength);
    if (head.length < 2) return;
    if (head.readUInt16BE(0) === tracingMagic && this.#places.length === 0) {
      if (head.length === tracingHeadOctets) this.#place(0, this.#taken, head.readUInt16BE(2));
      return;
    }
    if (head.readUInt16BE(0) !== table.magic) this.#broken = true;
    if (head.length < headerOctets) return;
    this.#end = this.#taken + head.readUInt32BE(2);
    this.#headLength = 0;
  }

  #readChunkHead(end: number): void {
    const head = Buffer.from(this.#head.buffer, 0, this.#headLength);
    const definition = definitionOf(table, head.readUInt8(0));
    if (definition === undefined || !this.#mayFollow(definition)) {
      this.#broken = true;
      return;
    }
    if (head.length < chunkHeadOctets) return;
    const payload = head.readUIntBE(1, 3);
    const size = chunkOctets(table, definition, payload) - chunkHeadOctets;
    const standard = definition.payload === 'standard';
    const fits = standard ? payload > 0 && payload % blockOctets === 0 : definition.sizes.includes(payload);
    if (!fits || this.#taken + size > end) {
      this.#broken = true;
      return;
    }
    this.#last = definition;
    this.#place(definition.type, this.#taken, size);
  }

  #place(type: number, offset: number, size: number): void {
    if (size === 0) this.#broken = true;
    this.#places.push({ type, offset, size });
    this.#skip = size;
    this.#headLength = 0;
  }

  #mayFollow({ type, presence, repeatable }: ChunkDefinition): boolean {
    if (presence === 'reserved') return false;
    if (this.#last === null || this.#last.type < type) return true;
    return this.#last.type === type && repeatable;
  }
}

/** The places in nine octets each, to be kept with the message. */
export function packChunks(places: readonly ChunkPlace[]): Uint8Array {
  const packed = Buffer.alloc(places.length * packedOctets);
  for (const [at, { type, offset, size }] of places.entries()) {
    packed.writeUInt8(type, at * packedOctets);
    packed.writeUInt32BE(offset, at * packedOctets + 1);
    packed.writeUInt32BE(size, at * packedOctets + 5);
  }
  return packed;
}

export function unpackChunks(octets: Uint8Array): ChunkPlace[] {
  const packed = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const places: ChunkPlace[] = [];
  for (let at = 0; at < packed.length; at += packedOctets) {
    const type = packed.readUInt8(at);
    places.push({ type, offset: packed.readUInt32BE(at + 1), size: packed.readUInt32BE(at + 5) });
  }
  return places;
}
