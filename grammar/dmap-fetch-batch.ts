/** Many FETCH responses at once: written one behind the other, so that each costs no buffer and no write of its own. */
import { writeFetch } from './dmap-response-writer.js';
import type { FetchValue } from './dmap-responses.js';
import { WireWriter } from './dmap-writer.js';

/** Octets from which a batch should be taken: some records of TLS. */
const fullOctets = 64 * 1024;
/** Of one response, of those that tell more than flags. */
const usualOctets = 128;
/** Behind a full batch one response more has its place, if it is a usual one. */
const spareOctets = 512;

export class FetchBatch {
  #writer: WireWriter;
  #left: number;

  /** @param responses how many there will be; more are right too */
  constructor(responses: number) {
    this.#left = responses;
    this.#writer = this.#next();
  }

  get full(): boolean {
    return this.#writer.copied >= fullOctets;
  }

  /**
   * Adds one response.
   *
   * @throws RangeError when a part of it cannot be written; the batch is of no use then
   */
  add(number: number, items: readonly FetchValue[]): void {
    writeFetch(this.#writer, number, items);
    this.#left -= 1;
  }

  /** Gives whole responses, in pieces that may be cut anywhere, and begins anew. */
  take(): Uint8Array[] {
    const pieces = this.#writer.segments().flat();
    this.#writer = this.#next();
    return pieces.filter((piece): piece is Uint8Array => piece instanceof Uint8Array);
  }

  #next(): WireWriter {
    const octets = Math.min(fullOctets, this.#left * usualOctets);
    return new WireWriter('server', Math.max(octets, 0) + spareOctets);
  }
}
