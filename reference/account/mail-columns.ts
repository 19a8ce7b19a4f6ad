/** What is in memory of a mailbox's messages: one typed array for each fact, 40 octets a message, ascending by UID. */

export interface MessageRecord {
  readonly uid: number;
  /** Bits of the mailbox's FlagTable. */
  readonly flags: number;
  readonly modseq: bigint;
  /** `dayNumber` and `packMoment` of the internal date. */
  readonly day: number;
  readonly moment: number;
  /** In octets. */
  readonly size: number;
  /** Octets of META and one more, so that an empty META is not none; 0 for none. */
  readonly metaMark: number;
  /** Where the octets are: a number of the backing. */
  readonly body: number;
}

const firstCapacity = 16;

export class MailColumns {
  #count = 0;
  /** A place that may have changed since. */
  #lastFound = -1;
  uid = new Uint32Array(firstCapacity);
  flags = new Uint32Array(firstCapacity);
  modseq = new BigUint64Array(firstCapacity);
  day = new Int32Array(firstCapacity);
  moment = new Uint32Array(firstCapacity);
  size = new Uint32Array(firstCapacity);
  metaMark = new Uint32Array(firstCapacity);
  body = new Float64Array(firstCapacity);

  get count(): number {
    return this.#count;
  }

  /** The place of a message; -1 for a UID of none. */
  indexOf(uid: number): number {
    // Whoever goes through a mailbox asks for the one behind the last.
    const next = this.#lastFound + 1;
    if (next < this.#count && this.uid[next] === uid) {
      this.#lastFound = next;
      return next;
    }
    let low = 0;
    let high = this.#count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const there = this.uid[middle] ?? 0;
      if (there === uid) {
        this.#lastFound = middle;
        return middle;
      }
      if (there < uid) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Its UID must be above all others. */
  push(record: MessageRecord): void {
    const at = this.#count;
    if (at === this.uid.length) this.#resize(Math.ceil(at * 1.5));
    this.uid[at] = record.uid;
    this.flags[at] = record.flags;
    this.modseq[at] = record.modseq;
    this.day[at] = record.day;
    this.moment[at] = record.moment;
    this.size[at] = record.size;
    this.metaMark[at] = record.metaMark;
    this.body[at] = record.body;
    this.#count = at + 1;
  }

  record(at: number): MessageRecord {
    return {
      uid: this.uid[at] ?? 0,
      flags: this.flags[at] ?? 0,
      modseq: this.modseq[at] ?? 0n,
      day: this.day[at] ?? 0,
      moment: this.moment[at] ?? 0,
      size: this.size[at] ?? 0,
      metaMark: this.metaMark[at] ?? 0,
      body: this.body[at] ?? 0,
    };
  }

  /** Takes out the messages at these places, ascending. Costs a move of what lies behind the first. */
  remove(places: readonly number[]): void {
    let to = places[0];
    if (to === undefined) return;
    for (const [nth, place] of places.entries()) {
      const from = place + 1;
      const end = places[nth + 1] ?? this.#count;
      for (const column of this.#columns()) column.copyWithin(to, from, end);
      to += end - from;
    }
    this.#count = to;
    if (this.uid.length > firstCapacity && to < this.uid.length / 4) this.#resize(Math.max(firstCapacity, to * 2));
  }

  #columns() {
    return [this.uid, this.flags, this.modseq, this.day, this.moment, this.size, this.metaMark, this.body] as const;
  }

  #resize(capacity: number): void {
    const count = this.#count;
    this.uid = moved(this.uid, new Uint32Array(capacity), count);
    this.flags = moved(this.flags, new Uint32Array(capacity), count);
    this.day = moved(this.day, new Int32Array(capacity), count);
    this.moment = moved(this.moment, new Uint32Array(capacity), count);
    this.size = moved(this.size, new Uint32Array(capacity), count);
    this.metaMark = moved(this.metaMark, new Uint32Array(capacity), count);
    this.body = moved(this.body, new Float64Array(capacity), count);
    const modseq = new BigUint64Array(capacity);
    modseq.set(this.modseq.subarray(0, count));
    this.modseq = modseq;
  }
}

type NumberColumn = Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

function moved<Column extends NumberColumn>(from: Column, to: Column, count: number): Column {
  to.set(from.subarray(0, count));
  return to;
}
