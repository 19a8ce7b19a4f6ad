/** The suite's own DMTP client: reads leniently, so that one defect of a peer shows in the case about it and no other. */
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { PeerFlood, PeerGone, PeerSilent } from '../runner/outcome.js';
import type { Transcript } from '../runner/transcript.js';
import { cut, type Delivery } from './delivery.js';

/** Larger than any reply of a right server without large signets; what is longer is a flood. */
const longestReply = 4 * 1024 * 1024;

/** How long a peer that is to be silent is watched, in milliseconds; longer than a reply takes on a loaded machine. */
const silenceMs = 60;

export interface PeerLine {
  /** Null when the line does not begin with three digits. */
  readonly code: number | null;
  /** What stands behind the code: a hyphen on lines before the last, a space on the last. */
  readonly separator: string;
  readonly text: string;
  readonly end: 'crlf' | 'lf';
}

/** One reply as it came. */
export interface PeerReply {
  /** Code of the last line. */
  readonly code: number | null;
  readonly lines: readonly PeerLine[];
  /** All octets, one character each. */
  readonly raw: string;
}

export interface ConnectionLimits {
  readonly replyMs: number;
}

export class DmtpConnection {
  #pending = '';
  #ended: 'closed' | 'reset' | null = null;
  #wake: (() => void) | null = null;
  /** Octets received in all, for cases about silence. */
  received = 0;

  constructor(
    /** The stream that carries DMTP: TLS, or TCP itself. */
    private readonly socket: Duplex,
    private readonly tcp: net.Socket,
    private readonly transcript: Transcript,
    /** Number in the transcript. */
    readonly number: number,
    private readonly limits: ConnectionLimits,
    private readonly delivery: Delivery,
  ) {
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
      transcript.add('received', number, chunk);
      if (this.#pending.length <= longestReply) this.#pending += chunk.toString('latin1');
      this.#signal();
    });
    socket.on('end', () => this.#end('closed'));
    socket.on('close', () => this.#end('closed'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#end(error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : 'closed'),
    );
  }

  /** How the peer ended the connection; null while it stands. */
  get ended(): 'closed' | 'reset' | null {
    return this.#ended;
  }

  /** Sends octets (or a text, one octet a character), cut as the delivery of this run says. */
  async send(data: string | Uint8Array): Promise<void> {
    const octets = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    this.transcript.add('sent', this.number, octets);
    for (const piece of cut(octets, this.delivery)) await this.#write(piece);
  }

  /** Sends without cutting and without waiting for room: for floods. False when the socket is full. */
  sendRaw(octets: Uint8Array): boolean {
    return this.socket.writable && this.socket.write(octets);
  }

  /** Waits until the socket takes more after sendRaw gave false. False when it will take no more. */
  async room(): Promise<boolean> {
    if (!this.socket.writable) return false;
    return await new Promise((resolve) => {
      const settle = (): void => {
        this.socket.removeListener('drain', settle).removeListener('close', settle);
        resolve(this.socket.writable);
      };
      this.socket.once('drain', settle).once('close', settle);
    });
  }

  /** Drops what was received and not read: for floods, whose answers do not count. */
  forget(): void {
    this.#pending = '';
  }

  /** Notes in the transcript what sendRaw sent. */
  note(text: string): void {
    this.transcript.add('note', this.number, text);
  }

  /**
   * Reads one reply: lines up to the first that has no hyphen behind its code.
   *
   * @throws PeerSilent, PeerGone, PeerFlood
   */
  async reply(withinMs = this.limits.replyMs): Promise<PeerReply> {
    const deadline = performance.now() + withinMs;
    const lines: PeerLine[] = [];
    let raw = '';
    for (;;) {
      const line = await this.#line(deadline, withinMs, raw);
      raw += line;
      if (raw.length > longestReply) throw new PeerFlood(longestReply);
      const parsed = parseLine(line);
      lines.push(parsed);
      if (parsed.separator !== '-') return { code: parsed.code, lines, raw };
    }
  }

  /** Sends one command line and reads its reply. */
  async ask(line: string): Promise<PeerReply> {
    await this.send(line.endsWith('\n') ? line : `${line}\r\n`);
    return await this.reply();
  }

  /** Reads replies until `count` are there. */
  async replies(count: number): Promise<PeerReply[]> {
    const all: PeerReply[] = [];
    while (all.length < count) all.push(await this.reply());
    return all;
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
  async end(withinMs = this.limits.replyMs): Promise<'closed' | 'reset' | null> {
    const until = performance.now() + withinMs;
    while (this.#ended === null) {
      const left = until - performance.now();
      if (left <= 0) {
        this.transcript.add('timeout', this.number, `still open after ${withinMs} ms`);
        return null;
      }
      await this.#arrival(left);
    }
    return this.#ended;
  }

  /** What was received and not read yet. */
  get unread(): string {
    return this.#pending;
  }

  /** Stops reading from the socket, as a peer that reads no replies does. */
  pause(): void {
    this.socket.pause();
  }

  /** Ends our side in order. */
  close(): void {
    if (this.socket.writable) this.socket.end();
    this.socket.resume();
    setTimeout(() => this.socket.destroy(), 200).unref();
  }

  /** Resets the TCP connection, whatever lies on it. */
  destroy(): void {
    this.transcript.add('note', this.number, 'connection reset by the suite');
    this.tcp.resetAndDestroy();
    this.socket.destroy();
  }

  async #line(deadline: number, withinMs: number, before: string): Promise<string> {
    for (;;) {
      const at = this.#pending.indexOf('\n');
      if (at !== -1) {
        const line = this.#pending.slice(0, at + 1);
        this.#pending = this.#pending.slice(at + 1);
        return line;
      }
      if (this.#pending.length > longestReply) throw new PeerFlood(longestReply);
      if (this.#ended !== null) throw new PeerGone(this.#ended, before + this.#pending);
      const left = deadline - performance.now();
      if (left <= 0) {
        this.transcript.add('timeout', this.number, `no answer within ${withinMs} ms`);
        throw new PeerSilent(withinMs, before + this.#pending);
      }
      await this.#arrival(left);
    }
  }

  async #write(octets: Uint8Array): Promise<void> {
    if (!this.socket.writable) return;
    await new Promise<void>((resolve) => {
      this.socket.write(octets, () => resolve());
    });
  }

  async #arrival(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, Math.max(1, withinMs));
      const self = this;
      function done(): void {
        clearTimeout(timer);
        self.#wake = null;
        resolve();
      }
      this.#wake = done;
    });
  }

  #signal(): void {
    this.#wake?.();
  }

  #end(how: 'closed' | 'reset'): void {
    if (this.#ended === null) {
      this.#ended = how;
      this.transcript.add(how, this.number, how === 'reset' ? 'reset by the peer' : 'ended');
    }
    this.#signal();
  }
}

function parseLine(line: string): PeerLine {
  const end = line.endsWith('\r\n') ? 'crlf' : 'lf';
  const content = line.slice(0, end === 'crlf' ? -2 : -1);
  const match = /^(\d{3})(.?)(.*)$/s.exec(content);
  if (match === null) return { code: null, separator: '', text: content, end };
  return { code: Number(match[1]), separator: match[2] ?? '', text: match[3] ?? '', end };
}
