/** Octets of a message in pieces of one size, the last one shorter: how both stores keep them. */
import type { MessageReader } from './mail-store.js';

export const pieceOctets = 64 * 1024;
/** The first buffer; it grows, so that a small message costs no whole piece. */
const firstCapacity = 4 * 1024;

/** Gathers octets that come in any cut into pieces. */
export class PieceGatherer {
  #held = new Uint8Array(0);
  #length = 0;

  /** Takes the next octets and calls `keep` with each piece that is full; the piece is the receiver's. */
  write(octets: Uint8Array, keep: (piece: Uint8Array) => void): void {
    for (let at = 0; at < octets.length; ) {
      const part = octets.subarray(at, at + pieceOctets - this.#length);
      this.#hold(part);
      at += part.length;
      if (this.#length === pieceOctets) keep(this.#release());
    }
  }

  /** What is left; empty when nothing is. */
  rest(): Uint8Array {
    return this.#release();
  }

  #hold(octets: Uint8Array): void {
    const needed = this.#length + octets.length;
    if (needed > this.#held.length) {
      const capacity = Math.min(pieceOctets, Math.max(needed, firstCapacity, this.#held.length * 2));
      const grown = new Uint8Array(capacity);
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(octets, this.#length);
    this.#length = needed;
  }

  #release(): Uint8Array {
    const piece = this.#length === this.#held.length ? this.#held : this.#held.slice(0, this.#length);
    this.#held = new Uint8Array(0);
    this.#length = 0;
    return piece;
  }
}

/**
 * Reads octets out of pieces.
 *
 * @param piece gives a whole piece by its number, from 0
 */
export function readPieces(size: number, piece: (at: number) => Uint8Array): Omit<MessageReader, 'close'> {
  function* pieces(start: number, count: number): Generator<Uint8Array, void> {
    const end = Math.min(size, start + count);
    for (let at = start; at < end; ) {
      const nth = Math.floor(at / pieceOctets);
      const from = at - nth * pieceOctets;
      const part = piece(nth).subarray(from, from + end - at);
      if (part.length === 0) throw new Error(`octet ${at} of a message of ${size} octets is missing in the mail store`);
      yield part;
      at += part.length;
    }
  }
  return {
    size,
    pieces,
    read(start, count) {
      const parts = [...pieces(start, count)];
      const [only] = parts;
      return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
    },
  };
}
