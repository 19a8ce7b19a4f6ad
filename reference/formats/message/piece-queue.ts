/** Octets that came in pieces and are taken in other pieces. */
import { joined } from './octets.js';

/** Smaller pieces are copied together: a peer that sends octet by octet shall not cost an object for each. */
const leastOwnPiece = 4096;
const blockOctets = 16_384;

/** Gives a part of a pushed piece where it can, and copies only what is small or lies across two. */
export class PieceQueue {
  #pieces: Uint8Array[] = [];
  #size = 0;
  #taken = 0;
  /** Where small pieces are copied to; filled once and never overwritten, since parts of it have been given out. */
  #block = new Uint8Array();
  #filled = 0;
  /** Whether the last piece ends where the block is filled up to, and can grow. */
  #grows = false;

  /** Octets that wait. */
  get size(): number {
    return this.#size;
  }

  /** Octets taken so far: the offset of the next one. */
  get taken(): number {
    return this.#taken;
  }

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#size += piece.length;
    if (piece.length < leastOwnPiece) {
      this.#pushSmall(piece);
    } else {
      this.#pieces.push(piece);
      this.#grows = false;
    }
  }

  #pushSmall(piece: Uint8Array): void {
    if (this.#filled + piece.length > this.#block.length) {
      this.#block = new Uint8Array(blockOctets);
      this.#filled = 0;
      this.#grows = false;
    }
    const last = this.#grows ? this.#pieces.pop() : undefined;
    const start = this.#filled - (last?.length ?? 0);
    this.#block.set(piece, this.#filled);
    this.#filled += piece.length;
    this.#pieces.push(this.#block.subarray(start, this.#filled));
    this.#grows = true;
  }

  /** The next `octets` octets, which stay; null while there are fewer. */
  peek(octets: number): Uint8Array | null {
    if (octets > this.#size) return null;
    const first = this.#pieces[0];
    if (first === undefined) return new Uint8Array();
    if (first.length >= octets) return first.subarray(0, octets);
    const needed: Uint8Array[] = [];
    let left = octets;
    for (const piece of this.#pieces) {
      if (left === 0) break;
      const part = piece.subarray(0, left);
      needed.push(part);
      left -= part.length;
    }
    return joined(needed);
  }

  /** The same, and they are gone. */
  take(octets: number): Uint8Array | null {
    const taken = this.peek(octets);
    if (taken === null) return null;
    this.#size -= octets;
    this.#taken += octets;
    let whole = 0;
    let left = octets;
    for (const piece of this.#pieces) {
      if (piece.length > left) break;
      left -= piece.length;
      whole++;
    }
    this.#pieces.splice(0, whole);
    if (this.#pieces.length === 0) this.#grows = false;
    const first = this.#pieces[0];
    if (left > 0 && first !== undefined) this.#pieces[0] = first.subarray(left);
    return taken;
  }
}
