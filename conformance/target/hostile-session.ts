/** One connection of a hostile DMTP server: says what its script wants, and keeps what the client did. */
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { ServerCertificate } from './hostile-certificate.js';

/** What goes out. A text has one character for each octet. */
export type Say =
  | string
  | Uint8Array
  /** One after the other, each a segment of its own as far as the network lets it; then the connection stays. */
  | { readonly pieces: readonly (string | Uint8Array)[]; readonly everyMs?: number; readonly then?: 'close' | 'reset' }
  /** Over and over, until the client has enough or two seconds are over. */
  | { readonly endless: string }
  | 'silence'
  | 'close'
  | 'reset';

/** TLS begins behind what is said. */
export interface StartTls {
  readonly startTls: string;
  /** The first line inside TLS. */
  readonly secured: Say;
}

export type Answer = Say | StartTls;

export interface HostileScript {
  /** From the first octet, or not before the answer to STARTTLS. */
  readonly tls: 'at-once' | 'later';
  readonly certificate: ServerCertificate;
  readonly greeting: Say;
  /** What is said to a line, which is given without its end. */
  readonly answer: (line: string, seen: SeenConnection) => Answer;
  /** Octets of a message that is expected; behind an answer that begins with 3 so many are read, and a line end. */
  readonly messageOctets: number;
  /** What is said to a message. */
  readonly stored: (message: Uint8Array, seen: SeenConnection) => Say;
}

/** What a client did on one connection. */
export interface SeenConnection {
  readonly number: number;
  readonly address: string;
  readonly port: number;
  /** By performance.now(). */
  readonly atMs: number;
  /** Null: no handshake came to its end. */
  readonly tls: { readonly protocol: string; readonly serverName: string | null; readonly atMs: number } | null;
  /** Lines before TLS and inside it, with their ends; a last one may have none. */
  readonly plain: readonly string[];
  readonly lines: readonly string[];
  /** When the last octet came, by performance.now(). */
  readonly lastMs: number;
  /** What came in the place of a message, up to its reply. */
  readonly messages: readonly Uint8Array[];
  /** How the client left; null while it is there, or when the server left first. */
  readonly left: 'closed' | 'reset' | null;
  /** Resolves when the connection is over, whoever ended it. */
  readonly over: Promise<void>;
}

type Writable = { -readonly [Member in keyof SeenConnection]: SeenConnection[Member] } & {
  plain: string[];
  lines: string[];
  messages: Uint8Array[];
};

const endlessMs = 2_000;
/** Behind a message that is too short, or whose line end does not come. */
const settleMs = 150;
const mostLines = 200;
const mostOctets = 64 * 1024 * 1024;

const contexts = new WeakMap<ServerCertificate, SecureContext>();

function contextOf(certificate: ServerCertificate): SecureContext {
  const known = contexts.get(certificate);
  if (known !== undefined) return known;
  const context = createSecureContext({ key: certificate.key, cert: certificate.cert, minVersion: 'TLSv1.2' });
  contexts.set(certificate, context);
  return context;
}

const octetsOf = (text: string | Uint8Array): Buffer =>
  typeof text === 'string' ? Buffer.from(text, 'latin1') : Buffer.from(text);

export class HostileSession {
  readonly #raw: Socket;
  readonly #script: HostileScript;
  readonly #seen: Writable;
  readonly #tell: (event: 'connected' | 'secured' | 'received' | 'sent' | 'closed' | 'reset', text: string) => void;
  #stream: Socket;
  #held: Buffer[] = [];
  #heldOctets = 0;
  #total = 0;
  #inMessage = false;
  #ending = false;
  /** Answers go out one after the other, also those in pieces. */
  #speaking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    socket: Socket,
    script: HostileScript,
    facts: Pick<SeenConnection, 'number' | 'address' | 'port'>,
    tell: (event: 'connected' | 'secured' | 'received' | 'sent' | 'closed' | 'reset', text: string) => void,
  ) {
    this.#raw = socket;
    this.#stream = socket;
    this.#script = script;
    this.#tell = tell;
    let ended: () => void = () => undefined;
    const now = performance.now();
    this.#seen = {
      ...facts,
      atMs: now,
      lastMs: now,
      tls: null,
      plain: [],
      lines: [],
      messages: [],
      left: null,
      over: new Promise((resolve) => {
        ended = resolve;
      }),
    };
    socket.setNoDelay(true);
    socket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'ECONNRESET') this.#leave('reset');
    });
    socket.once('end', () => this.#leave('closed'));
    socket.once('close', () => {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#keepRest();
      ended();
    });
    tell('connected', `${facts.address} port ${facts.port}`);
    if (script.tls === 'at-once') this.#secure(script.greeting);
    else {
      socket.on('data', this.#receive);
      this.#say(script.greeting);
    }
  }

  get seen(): SeenConnection {
    return this.#seen;
  }

  destroy(): void {
    this.#ending = true;
    this.#raw.destroy();
  }

  #secure(first: Say): void {
    this.#raw.off('data', this.#receive);
    const context = contextOf(this.#script.certificate);
    const stream = new TLSSocket(this.#raw, {
      isServer: true,
      secureContext: context,
      // Without one, no server name is read.
      SNICallback: (_name, done) => done(null, context),
    });
    this.#stream = stream;
    stream.on('error', () => undefined);
    stream.once('end', () => this.#leave('closed'));
    stream.once('close', () => this.#raw.destroy());
    stream.once('secure', () => {
      const { servername } = stream as TLSSocket & { readonly servername?: string | false };
      const serverName = typeof servername === 'string' ? servername : null;
      const protocol = stream.getProtocol() ?? 'TLS';
      this.#seen.tls = { protocol, serverName, atMs: performance.now() };
      this.#tell('secured', `${protocol}, ${serverName === null ? 'no server name' : `server name ${serverName}`}`);
      stream.on('data', this.#receive);
      this.#say(first);
    });
  }

  #leave(how: 'closed' | 'reset'): void {
    if (this.#seen.left !== null || this.#ending) return;
    this.#seen.left = how;
    this.#tell(how, 'by the client');
  }

  #receive = (octets: Buffer): void => {
    this.#seen.lastMs = performance.now();
    this.#total += octets.length;
    if (this.#total > mostOctets) {
      this.destroy();
      return;
    }
    this.#held.push(octets);
    this.#heldOctets += octets.length;
    this.#read();
  };

  #read(): void {
    for (;;) {
      if (this.#inMessage) {
        if (!this.#readMessage()) return;
        continue;
      }
      const held = this.#take(0);
      const end = held.indexOf(0x0a);
      if (end === -1) return;
      const line = this.#take(end + 1).toString('latin1');
      const lines = this.#seen.tls === null ? this.#seen.plain : this.#seen.lines;
      if (lines.length >= mostLines) {
        this.destroy();
        return;
      }
      lines.push(line);
      this.#tell('received', line);
      const answer = this.#script.answer(line.replace(/\r?\n$/, ''), this.#seen);
      if (typeof answer === 'object' && 'startTls' in answer) {
        this.#startTls(answer);
        return;
      }
      this.#inMessage = typeof answer === 'string' && answer.startsWith('3');
      this.#say(answer);
    }
  }

  /** The first octets of what is held, taken out of it; all of it, left in, for 0. */
  #take(octets: number): Buffer {
    const all = this.#held.length === 1 ? (this.#held[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#held);
    this.#held = [all.subarray(octets)];
    this.#heldOctets = all.length - octets;
    return octets === 0 ? all : all.subarray(0, octets);
  }

  /** True when a message was read; one that is not whole is taken for what it is when nothing more comes. */
  #readMessage(): boolean {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const wanted = this.#script.messageOctets + 2;
    if (this.#heldOctets < wanted) {
      this.#timer = setTimeout(() => this.#endMessage(this.#heldOctets), settleMs);
      return false;
    }
    this.#endMessage(wanted);
    return true;
  }

  #endMessage(octets: number): void {
    this.#timer = null;
    const message = new Uint8Array(octets === 0 ? Buffer.alloc(0) : this.#take(octets));
    this.#inMessage = false;
    this.#seen.messages.push(message);
    this.#tell('received', `${message.length} octets of a message`);
    this.#say(this.#script.stored(message, this.#seen));
  }

  /** What the client sent behind STARTTLS is its handshake. */
  #startTls({ startTls, secured }: StartTls): void {
    this.#raw.off('data', this.#receive).pause();
    const rest = this.#take(0);
    this.#held = [];
    this.#heldOctets = 0;
    if (rest.length > 0) this.#raw.unshift(rest);
    this.#tell('sent', startTls);
    this.#raw.write(octetsOf(startTls), () => this.#secure(secured));
  }

  #say(say: Say): void {
    this.#speaking = this.#speaking.then(() => this.#speak(say));
  }

  async #speak(say: Say): Promise<void> {
    if (say === 'silence' || this.#stream.destroyed) return;
    if (say === 'close' || say === 'reset') {
      this.#end(say);
      return;
    }
    if (typeof say === 'string' || say instanceof Uint8Array) {
      this.#tell('sent', shown(say));
      this.#stream.write(octetsOf(say));
      return;
    }
    if ('endless' in say) {
      await this.#flood(say.endless);
      return;
    }
    this.#tell('sent', `in ${say.pieces.length} pieces: ${shown(Buffer.concat(say.pieces.map(octetsOf)))}`);
    for (const piece of say.pieces) {
      if (this.#stream.destroyed) return;
      this.#stream.write(octetsOf(piece));
      await new Promise((resolve) => {
        if (say.everyMs === undefined) setImmediate(resolve);
        else setTimeout(resolve, say.everyMs);
      });
    }
    if (say.then !== undefined) this.#end(say.then);
  }

  #end(how: 'close' | 'reset'): void {
    this.#ending = true;
    this.#tell('sent', how === 'close' ? 'the end of the connection' : 'a reset');
    if (how === 'close') this.#stream.end(() => this.#raw.destroySoon());
    else this.#raw.resetAndDestroy();
  }

  async #flood(text: string): Promise<void> {
    const piece = Buffer.from(text.repeat(Math.ceil(16_384 / text.length)), 'latin1');
    const until = performance.now() + endlessMs;
    let octets = 0;
    while (!this.#stream.destroyed && performance.now() < until) {
      octets += piece.length;
      const taken = this.#stream.write(piece);
      if (octets > mostOctets) break;
      await new Promise<void>((resolve) => {
        const go = (): void => {
          clearTimeout(timer);
          this.#stream.off('drain', go).off('close', go);
          resolve();
        };
        const timer = setTimeout(go, taken ? 0 : endlessMs);
        if (!taken) this.#stream.once('drain', go).once('close', go);
      });
    }
    this.#tell('sent', `${octets} octets without an end: ${shown(text)}`);
    this.destroy();
  }

  /** A last line without an end is evidence too. */
  #keepRest(): void {
    if (this.#heldOctets === 0 || this.#inMessage) return;
    const rest = this.#take(0).toString('latin1');
    (this.#seen.tls === null ? this.#seen.plain : this.#seen.lines).push(rest);
    this.#tell('received', rest);
  }
}

const shown = (say: string | Uint8Array): string =>
  typeof say === 'string' ? say : Buffer.from(say.subarray(0, 1_024)).toString('latin1');
