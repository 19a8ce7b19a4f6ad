/** Which UIDs went, and when, for clients that come back; only the latest are remembered. */
import type { Expunged } from './mail-store.js';

export class ExpungeLog {
  /** By MODSEQ of the removal, oldest first. */
  #removals: { readonly modseq: bigint; readonly uids: readonly number[] }[] = [];
  #count = 0;
  #floor: bigint;

  /** @param floor removals up to this MODSEQ are forgotten */
  constructor(
    floor: bigint,
    private readonly most: number,
  ) {
    this.#floor = floor;
  }

  get floor(): bigint {
    return this.#floor;
  }

  /** The floor after these removals would have been added, so that it can be kept before they are. */
  floorWith(modseq: bigint, added: number): bigint {
    let excess = this.#count + added - this.most;
    let floor = this.#floor;
    for (const removal of this.#removals) {
      if (excess <= 0) return floor;
      excess -= removal.uids.length;
      floor = removal.modseq;
    }
    return excess > 0 ? modseq : floor;
  }

  /** A removal is forgotten as a whole, so that what is told of a MODSEQ is complete. */
  add(modseq: bigint, uids: readonly number[]): void {
    this.#floor = this.floorWith(modseq, uids.length);
    this.#removals.push({ modseq, uids });
    this.#count += uids.length;
    let forgotten = 0;
    for (const removal of this.#removals) {
      if (removal.modseq > this.#floor) break;
      forgotten += 1;
      this.#count -= removal.uids.length;
    }
    this.#removals = this.#removals.slice(forgotten);
  }

  since(modseq: bigint): Expunged {
    const uids = this.#removals.filter((removal) => removal.modseq > modseq).flatMap((removal) => removal.uids);
    return { uids: uids.sort((a, b) => a - b), complete: modseq >= this.#floor };
  }
}
