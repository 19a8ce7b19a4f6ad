/** One connection of a hostile DMAP server: says what its script wants, and keeps what the client did. */
import type { Socket } from 'node:net';

export type PeerEvent = 'connected' | 'secured' | 'received' | 'sent' | 'closed' | 'reset';

/** How TLS was agreed on. */
interface PeerTls {
  readonly protocol: string;
  readonly serverName: string | null;
}

const mostHeld = 16 * 1024 * 1024;
const mostReads = 5_000;
const endlessMs = 2_000;
const mostFlooded = 64 * 1024 * 1024;

const octetsOf = (text: string | Uint8Array): Buffer =>
  typeof text === 'string' ? Buffer.from(text, 'latin1') : Buffer.from(text);

export class DmapPeer {
  readonly #stream: Socket;
  readonly #tell: (event: PeerEvent, text: string) => void;
  #held: Buffer = Buffer.alloc(0);
  #reads = 0;
  #ended = false;
  /** By the server. */
  #ending = false;
  #wake: () => void = () => undefined;
  #left: 'closed' | 'reset' | null = null;
  #leftMs: number | null = null;
  /** Resolves when the connection is over, whoever ended it. */
  readonly over: Promise<void>;

  constructor(
    stream: Socket,
    readonly number: number,
    /** Null: what is said and heard is clear text. */
    readonly tls: PeerTls | null,
    tell: (event: PeerEvent, text: string) => void,
  ) {
    this.#stream = stream;
    this.#tell = tell;
    stream.setNoDelay(true);
    stream.on('data', (octets: Buffer) => {
      this.#held = this.#held.length === 0 ? octets : Buffer.concat([this.#held, octets]);
      if (this.#held.length > mostHeld) stream.destroy();
      this.#wake();
    });
    stream.on('error', (error: Error & { readonly code?: string }) => {
      this.#leave(error.code === 'ECONNRESET' ? 'reset' : 'closed');
    });
    stream.once('end', () => {
      this.#leave('closed');
      this.#end();
    });
    this.over = new Promise((resolve) => {
      stream.once('close', () => {
        this.#leave('closed');
        this.#end();
        resolve();
      });
    });
  }

  /** How the client left; null while it is there, or when the server left first. */
  get left(): 'closed' | 'reset' | null {
    return this.#left;
  }

  /** When, by performance.now(). */
  get leftMs(): number | null {
    return this.#leftMs;
  }

  /** What came and was not read, one character an octet. */
  get unread(): string {
    return this.#held.toString('latin1');
  }

  /** A text has one character for each octet. */
  say(what: string | Uint8Array): void {
    if (this.#stream.destroyed) return;
    const octets = octetsOf(what);
    this.#tell('sent', octets.toString('latin1', 0, 2_048));
    this.#stream.write(octets);
  }

  /** One after the other, each a segment of its own as far as the network lets it. */
  async sayInPieces(pieces: readonly (string | Uint8Array)[]): Promise<void> {
    for (const piece of pieces) {
      this.say(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Over and over, until the client has enough or two seconds are over. Gives the octets that went out. */
  async flood(text: string): Promise<number> {
    const piece = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)), 'latin1');
    const until = performance.now() + endlessMs;
    let octets = 0;
    while (!this.#stream.destroyed && !this.#ended && performance.now() < until && octets < mostFlooded) {
      octets += piece.length;
      if (this.#stream.write(piece)) await new Promise((resolve) => setImmediate(resolve));
      else await this.#drained(until - performance.now());
    }
    this.#tell('sent', `${octets} octets without an end: ${text.slice(0, 100)}`);
    return octets;
  }

  /** The next line with its end, LF; null when the connection ends before it has one. */
  async line(): Promise<string | null> {
    for (;;) {
      const end = this.#held.indexOf(0x0a);
      if (end !== -1) return this.#take(end + 1).toString('latin1');
      if (this.#ended) return null;
      await this.#more();
    }
  }

  /** So many octets; null when the connection ends before they have come. */
  async octets(count: number): Promise<Uint8Array | null> {
    while (this.#held.length < count) {
      if (this.#ended) return null;
      await this.#more();
    }
    return new Uint8Array(this.#take(count));
  }

  /** Waits; gives what has come by then and was not read. It stays to be read. Comes back early when the client leaves. */
  async quiet(ms: number): Promise<string> {
    const until = performance.now() + ms;
    while (!this.#ended && performance.now() < until) await this.#more(until - performance.now());
    return this.unread;
  }

  /** Ends the connection as TLS wants it. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#tell('sent', 'the end of the connection');
    this.#stream.end(() => this.#stream.destroySoon());
  }

  destroy(): void {
    this.#ending = true;
    this.#stream.destroy();
  }

  #take(count: number): Buffer {
    this.#reads += 1;
    if (this.#reads > mostReads) this.#stream.destroy();
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    this.#tell('received', taken.toString('latin1', 0, 2_048));
    return taken;
  }

  #leave(how: 'closed' | 'reset'): void {
    if (this.#left !== null || this.#ending) return;
    this.#left = how;
    this.#leftMs = performance.now();
    this.#tell(how, 'by the client');
  }

  #end(): void {
    if (!this.#ended && this.#held.length > 0) this.#tell('received', this.#held.toString('latin1', 0, 2_048));
    this.#ended = true;
    this.#wake();
  }

  async #more(ms?: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? null : setTimeout(resolve, ms);
      this.#wake = () => {
        if (timer !== null) clearTimeout(timer);
        resolve();
      };
    });
  }

  async #drained(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.#stream.off('drain', go).off('close', go);
        resolve();
      };
      const timer = setTimeout(go, Math.max(1, ms));
      this.#stream.once('drain', go).once('close', go);
    });
  }
}
