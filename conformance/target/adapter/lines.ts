/** Cuts a stream of octets into lines of UTF-8 text, holding at most one line of bounded length. */
import { longestLine } from './messages.js';

export type LineEvent =
  | { readonly kind: 'line'; readonly text: string }
  /** `shown`: the octets, those that are no UTF-8 replaced. */
  | { readonly kind: 'not-utf8'; readonly shown: string }
  /** Told as soon as the limit is passed, once for the line; the rest of the line is dropped. */
  | { readonly kind: 'too-long'; readonly start: string };

const lineFeed = 0x0a;
/** Octets of a line too long that are kept to show. */
const startLength = 200;
/** A larger buffer is given back after its line. */
const keptCapacity = 64 * 1024;

export class LineReader {
  /** The line so far, in the first #length octets. */
  #buffer = Buffer.alloc(0);
  #length = 0;
  #dropping = false;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(private readonly limit: number = longestLine) {}

  /** Takes the next octets, cut anywhere. */
  receive(chunk: Uint8Array): LineEvent[] {
    const events: LineEvent[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      this.#take(chunk.subarray(from, at), events);
      this.#finish(events);
      from = at + 1;
    }
    this.#take(chunk.subarray(from), events);
    return events;
  }

  /** The stream has ended: a last line without a line feed still counts. */
  end(): LineEvent[] {
    const events: LineEvent[] = [];
    if (this.#length > 0) this.#finish(events);
    return events;
  }

  #take(piece: Uint8Array, events: LineEvent[]): void {
    if (this.#dropping || piece.length === 0) return;
    const length = this.#length + piece.length;
    if (length > this.limit) {
      const start = Buffer.concat([this.#buffer.subarray(0, this.#length), piece.subarray(0, startLength)]);
      events.push({ kind: 'too-long', start: start.toString('utf8', 0, startLength) });
      this.#dropping = true;
      this.#clear();
      return;
    }
    // Grown by doubling, so that a line that comes octet by octet costs no more than twice its length.
    if (length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }

  #finish(events: LineEvent[]): void {
    if (this.#dropping) {
      this.#dropping = false;
      return;
    }
    const octets = this.#buffer.subarray(0, this.#length);
    try {
      events.push({ kind: 'line', text: this.#decoder.decode(octets) });
    } catch {
      events.push({ kind: 'not-utf8', shown: octets.toString('utf8', 0, 4 * startLength) });
    }
    this.#clear();
  }

  #clear(): void {
    this.#length = 0;
    if (this.#buffer.length > keptCapacity) this.#buffer = Buffer.alloc(0);
  }
}
