/** Octets that came in pieces and are taken in other pieces. */
import { concat } from './octets.js';

/** Gives a part of a pushed piece where it can, and copies only what lies across two. */
export class PieceQueue {
  #pieces: Uint8Array[] = [];
  #size = 0;
  #taken = 0;

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
    this.#pieces.push(piece);
    this.#size += piece.length;
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
    return concat(...needed);
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
    const first = this.#pieces[0];
    if (left > 0 && first !== undefined) this.#pieces[0] = first.subarray(left);
    return taken;
  }
}
