/** The UIDs of a mailbox as one session sees them: the place of each is its sequence number less one. */

export class UidList {
  #uids: Uint32Array;
  #length: number;
  /** A place that may have changed since. */
  #lastFound = -1;

  /** @param uids ascending; taken over */
  constructor(uids: Uint32Array) {
    this.#uids = uids;
    this.#length = uids.length;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws RangeError for a place that is none */
  at(place: number): number {
    const uid = place < this.#length ? this.#uids[place] : undefined;
    if (uid === undefined) throw new RangeError(`there is no message at place ${place} of ${this.#length}`);
    return uid;
  }

  /** 0 when there is none. */
  get highest(): number {
    return this.#length === 0 ? 0 : this.at(this.#length - 1);
  }

  /** Places before the first UID that is not below `uid`. */
  lowerBound(uid: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** -1 when it is not there. */
  placeOf(uid: number): number {
    // Whoever goes through a mailbox asks for the one behind the last.
    const next = this.#lastFound + 1;
    if (next < this.#length && this.#uids[next] === uid) {
      this.#lastFound = next;
      return next;
    }
    const place = this.lowerBound(uid);
    if (place === this.#length || this.at(place) !== uid) return -1;
    this.#lastFound = place;
    return place;
  }

  /** Those not above the highest are left out: they are there, or have been. */
  append(uids: readonly number[]): void {
    for (const uid of uids) {
      if (uid <= this.highest) continue;
      if (this.#length === this.#uids.length) {
        const larger = new Uint32Array(Math.max(16, this.#length * 2));
        larger.set(this.#uids);
        this.#uids = larger;
      }
      this.#uids[this.#length++] = uid;
    }
  }

  /** @returns the places that they had, ascending */
  remove(uids: ReadonlySet<number>): number[] {
    const places: number[] = [];
    let kept = 0;
    for (let place = 0; place < this.#length; place++) {
      const uid = this.at(place);
      if (uids.has(uid)) places.push(place);
      else this.#uids[kept++] = uid;
    }
    this.#length = kept;
    return places;
  }
}
