/** What the peers of this folder have in common: what a session is to its connection, and octets that wait to be read. */

/** What a session wants done, in order. `secure`: the handshake as server; what came in the clear before it is gone. */
export type Effect = { readonly kind: 'say'; readonly text: string } | { readonly kind: 'secure' | 'close' };

/** A reply in lines that end with CRLF. */
export function say(...lines: readonly string[]): Effect[] {
  return [{ kind: 'say', text: lines.map((line) => `${line}\r\n`).join('') }];
}

/** One connection's protocol, without a socket. Texts are one character an octet. */
export interface PeerSession {
  start(): Effect[];
  receive(octets: Buffer): Effect[];
  /** The handshake that was asked for is done. */
  secured(): Effect[];
  /** It failed; what is said now goes out in the clear. */
  handshakeFailed(): Effect[];
}

/** More octets in one line than any peer keeps: the connection ends. */
const longestLine = 64 * 1024;

/** Octets that came and were not read yet. */
export class Inbox {
  #octets = Buffer.alloc(0);

  add(octets: Buffer): void {
    this.#octets = Buffer.concat([this.#octets, octets]);
  }

  drop(): void {
    this.#octets = Buffer.alloc(0);
  }

  /** How many they are. */
  get length(): number {
    return this.#octets.length;
  }

  /** Whether a line is under way that no peer would keep. */
  get flooded(): boolean {
    return this.#octets.length > longestLine && !this.#octets.subarray(0, longestLine).includes(0x0a);
  }

  /** The next line with its LF, or null until it is there. */
  line(): string | null {
    const at = this.#octets.indexOf(0x0a);
    return at === -1 ? null : this.#take(at + 1).toString('latin1');
  }

  /** As `line`, for one of `most` octets; nothing is taken of a longer one. */
  lineWithin(most: number): string | 'too long' | null {
    const at = this.#octets.indexOf(0x0a);
    if (at >= most || (at === -1 && this.#octets.length >= most)) return 'too long';
    return this.line();
  }

  /**
   * What stands before the next line end, which is taken too; null until that is there. No more is kept of it than tells
   * whether it is empty.
   */
  restOfLine(): string | null {
    const line = this.line();
    if (line !== null) return line.replace(/\r?\n$/, '');
    this.#octets = this.#octets.subarray(0, 3);
    return null;
  }

  /** As many octets, or null until they are there. */
  octets(count: number): Buffer | null {
    return this.#octets.length < count ? null : this.#take(count);
  }

  /** Takes at most so many, and says how many those were. */
  skip(count: number): number {
    return this.#take(Math.min(count, this.#octets.length)).length;
  }

  /**
   * How long the message that begins here says it is: an optional tracing block (magic 1837, two octets of length), then
   * magic 1847 and four octets of length. Null until that can be told.
   */
  messageLength(): number | 'no message' | null {
    let before = 0;
    const all = this.#octets;
    if (all.length < 2) return null;
    if (all.readUInt16BE(0) === 1837) {
      if (all.length < 4) return null;
      before = 4 + all.readUInt16BE(2);
    }
    if (before === 4) return 'no message';
    if (all.length >= before + 2 && all.readUInt16BE(before) !== 1847) return 'no message';
    return all.length < before + 6 ? null : before + 6 + all.readUInt32BE(before + 2);
  }

  #take(count: number): Buffer {
    const taken = this.#octets.subarray(0, count);
    this.#octets = this.#octets.subarray(count);
    return taken;
  }
}
