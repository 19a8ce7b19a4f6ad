/** One connection to a peer, whatever the protocol: octets out, octets in, bounded in size and time, and in the transcript. */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { PeerFlood, PeerGone, PeerSilent } from '../runner/outcome.js';
import type { Transcript } from '../runner/transcript.js';
import { cut, type Delivery } from './delivery.js';

/** How long a peer that is to be silent is watched, in milliseconds; longer than a reply takes on a loaded machine. */
const silenceMs = 60;

export interface ConnectionLimits {
  readonly replyMs: number;
}

/** Where the connection stands, and how it is used. */
export interface Wire {
  /** The stream that carries the protocol: TLS, or TCP itself. */
  readonly socket: Duplex;
  readonly tcp: net.Socket;
  readonly transcript: Transcript;
  /** Number in the transcript. */
  readonly number: number;
  readonly limits: ConnectionLimits;
  readonly delivery: Delivery;
}

/** Until when a reader waits. */
export interface Wait {
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly withinMs: number;
}

export class PeerConnection {
  #pending = '';
  #ended: 'closed' | 'reset' | null = null;
  #wake: (() => void) | null = null;
  /** Octets received in all, for cases about silence. */
  received = 0;

  constructor(
    private readonly wire: Wire,
    /** More octets than any answer of a right peer has; what is longer is a flood. */
    private readonly mostOctets: number,
  ) {
    wire.socket.on('data', this.#data).on('end', this.#closed).on('close', this.#closed).on('error', this.#failed);
  }

  /** Number in the transcript. */
  get number(): number {
    return this.wire.number;
  }

  /** How the peer ended the connection; null while it stands. */
  get ended(): 'closed' | 'reset' | null {
    return this.#ended;
  }

  /** What was received and not read yet, one character an octet. */
  get unread(): string {
    return this.#pending;
  }

  /** Sends octets (or a text, one octet a character), cut as the delivery of this run says. */
  async send(data: string | Uint8Array): Promise<void> {
    const octets = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    this.wire.transcript.add('sent', this.wire.number, octets);
    await this.sendUnseen(octets);
  }

  /** As send; the transcript gets `shown`, since the octets hold a secret. */
  async sendSecret(octets: Uint8Array, shown: string): Promise<void> {
    this.wire.transcript.add('sent', this.wire.number, shown);
    await this.sendUnseen(octets);
  }

  private async sendUnseen(octets: Uint8Array): Promise<void> {
    for (const piece of cut(octets, this.wire.delivery)) await this.#write(piece);
  }

  /** Sends without cutting and without waiting for room: for floods. False when the socket is full. */
  sendRaw(octets: Uint8Array): boolean {
    return this.wire.socket.writable && this.wire.socket.write(octets);
  }

  /** Waits until the socket takes more after sendRaw gave false. False when it will take no more. */
  async room(): Promise<boolean> {
    const { socket } = this.wire;
    if (!socket.writable) return false;
    return await new Promise((resolve) => {
      const settle = (): void => {
        socket.removeListener('drain', settle).removeListener('close', settle);
        resolve(socket.writable);
      };
      socket.once('drain', settle).once('close', settle);
    });
  }

  /** Drops what was received and not read: for floods, whose answers do not count. */
  forget(): void {
    this.#pending = '';
  }

  /** Notes in the transcript what sendRaw sent. */
  note(text: string): void {
    this.wire.transcript.add('note', this.wire.number, text);
  }

  /** Whether nothing comes for a moment; what came stays to be read. */
  async silent(forMs = silenceMs): Promise<boolean> {
    const until = performance.now() + forMs;
    while (this.#pending === '' && this.#ended === null) {
      const left = until - performance.now();
      if (left <= 0) return true;
      await this.#arrival(left);
    }
    return this.#pending === '' && this.#ended !== null;
  }

  /** Waits for the peer to end the connection; null when it does not. Octets that still come are kept. */
  async end(withinMs = this.wire.limits.replyMs): Promise<'closed' | 'reset' | null> {
    const until = performance.now() + withinMs;
    while (this.#ended === null) {
      const left = until - performance.now();
      if (left <= 0) {
        this.wire.transcript.add('timeout', this.wire.number, `still open after ${withinMs} ms`);
        return null;
      }
      await this.#arrival(left);
    }
    return this.#ended;
  }

  /** Gives the TCP connection up, so that TLS can begin on it; what is unread stays here. */
  release(): net.Socket {
    const { socket, tcp } = this.wire;
    socket.off('data', this.#data).off('end', this.#closed).off('close', this.#closed).off('error', this.#failed);
    tcp.pause();
    return tcp;
  }

  /** Stops reading from the socket, as a peer that reads no replies does. */
  pause(): void {
    this.wire.socket.pause();
  }

  /** Ends our side in order. */
  close(): void {
    const { socket } = this.wire;
    if (socket.writable) socket.end();
    socket.resume();
    setTimeout(() => socket.destroy(), 200).unref();
  }

  /** Resets the TCP connection, whatever lies on it. */
  destroy(): void {
    this.wire.transcript.add('note', this.wire.number, 'connection reset by the suite');
    this.wire.tcp.resetAndDestroy();
    this.wire.socket.destroy();
  }

  /** A wait of `withinMs`, the limit on replies when not given, from now on. */
  protected waiting(withinMs = this.wire.limits.replyMs): Wait {
    return { deadline: performance.now() + withinMs, withinMs };
  }

  /**
   * Takes the octets through the next line end (LF).
   *
   * @param before what was read of the answer already, for the error
   * @throws PeerSilent, PeerGone, PeerFlood
   */
  protected async takeLine(wait: Wait, before: string): Promise<string> {
    for (;;) {
      const at = this.#pending.indexOf('\n');
      if (at !== -1) return this.#take(at + 1);
      await this.#more(wait, before);
    }
  }

  /**
   * Takes exactly `octets`.
   *
   * @throws PeerSilent, PeerGone, PeerFlood
   */
  protected async takeOctets(octets: number, wait: Wait, before: string): Promise<string> {
    if (octets > this.mostOctets) throw new PeerFlood(this.mostOctets);
    while (this.#pending.length < octets) await this.#more(wait, before);
    return this.#take(octets);
  }

  #data = (chunk: Buffer): void => {
    this.received += chunk.length;
    this.wire.transcript.add('received', this.wire.number, chunk);
    if (this.#pending.length <= this.mostOctets) this.#pending += chunk.toString('latin1');
    this.#signal();
  };

  #closed = (): void => this.#end('closed');

  #failed = ({ code }: NodeJS.ErrnoException): void =>
    this.#end(code === 'ECONNRESET' || code === 'EPIPE' ? 'reset' : 'closed');

  #take(octets: number): string {
    const taken = this.#pending.slice(0, octets);
    this.#pending = this.#pending.slice(octets);
    return taken;
  }

  async #more({ deadline, withinMs }: Wait, before: string): Promise<void> {
    if (this.#pending.length > this.mostOctets) throw new PeerFlood(this.mostOctets);
    if (this.#ended !== null) throw new PeerGone(this.#ended, before + this.#pending);
    const left = deadline - performance.now();
    if (left <= 0) {
      this.wire.transcript.add('timeout', this.wire.number, `no answer within ${withinMs} ms`);
      throw new PeerSilent(withinMs, before + this.#pending);
    }
    await this.#arrival(left);
  }

  async #write(octets: Uint8Array): Promise<void> {
    const { socket } = this.wire;
    if (!socket.writable) return;
    await new Promise<void>((resolve) => {
      socket.write(octets, () => resolve());
    });
  }

  async #arrival(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, Math.max(1, withinMs));
      this.#wake = done;
    });
  }

  #signal(): void {
    this.#wake?.();
  }

  #end(how: 'closed' | 'reset'): void {
    if (this.#ended === null) {
      this.#ended = how;
      this.wire.transcript.add(how, this.wire.number, how === 'reset' ? 'reset by the peer' : 'ended');
    }
    this.#signal();
  }
}
