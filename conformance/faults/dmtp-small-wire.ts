/** One connection of the small DMTP client: lines and replies over TCP and TLS. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import { OperationRefusal } from '../target/adapter/serve.js';

export interface Reply {
  readonly code: number;
  readonly texts: readonly string[];
}

/** How lines are written and replies are read. */
export interface WireRules {
  readonly lineEnd: string;
  /** What ends a line of a reply. */
  readonly replyEnd: '\n' | '\r\n';
  readonly replyMs: number;
  /** Octets of a line of a reply. */
  readonly longestLine: number;
  readonly takesMixedCodes: boolean;
  /** Whether replies to these may have several lines. */
  readonly severalLines: (verb: string) => boolean;
  /** Octets of a command line. */
  readonly longestCommand: number;
  /** What became of plain octets that were read before TLS. */
  readonly keepsPlain: boolean;
}

export const refuse = (what: string): never => {
  throw new OperationRefusal(what);
};

export class SmallWire {
  #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #over = false;
  #wake: () => void = () => undefined;

  private constructor(
    socket: Socket,
    private readonly rules: WireRules,
  ) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Null when there is no connection within the time. */
  static async connect(host: string, port: number, ms: number, rules: WireRules): Promise<SmallWire | null> {
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(new Error('too late')), ms);
    try {
      await once(socket, 'connect');
      return new SmallWire(socket, rules);
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A handshake; null when it fails. */
  async secure(serverName: string | null, trust: string | undefined): Promise<TLSSocket | null> {
    const raw = this.#socket;
    raw.removeAllListeners('data').removeAllListeners('close').pause();
    if (!this.rules.keepsPlain) this.#held = Buffer.alloc(0);
    const socket = connectTls({
      socket: raw,
      secureContext: createSecureContext(trust === undefined ? {} : { ca: trust }),
      rejectUnauthorized: false,
      // The name is a fact of its own.
      checkServerIdentity: () => undefined,
      ...(serverName === null ? {} : { servername: serverName }),
    });
    const timer = setTimeout(() => socket.destroy(new Error('too late')), this.rules.replyMs);
    try {
      await once(socket, 'secureConnect');
    } catch {
      this.close();
      return null;
    } finally {
      clearTimeout(timer);
    }
    this.#socket = socket;
    this.#listen(socket);
    return socket;
  }

  #listen(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.on('data', (octets: Buffer) => {
      this.#held = Buffer.concat([this.#held, octets]);
      this.#wake();
    });
    socket.once('close', () => {
      this.#over = true;
      this.#wake();
    });
  }

  async #line(): Promise<string> {
    const until = performance.now() + this.rules.replyMs;
    for (let from = 0; ; ) {
      const at = this.#held.indexOf(this.rules.replyEnd, Math.max(0, from - 1));
      if (at > this.rules.longestLine || (at === -1 && this.#held.length > this.rules.longestLine)) {
        return refuse('a line of a reply is too long');
      }
      if (at !== -1) {
        const line = this.#held.subarray(0, at).toString('latin1').replace(/\r$/, '');
        this.#held = this.#held.subarray(at + this.rules.replyEnd.length);
        return line;
      }
      if (this.#over) return refuse('the connection ended within a reply');
      from = this.#held.length;
      const left = until - performance.now();
      if (left <= 0) return refuse('a reply did not come');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async reply(verb: string): Promise<Reply> {
    const texts: string[] = [];
    let code: number | null = null;
    for (;;) {
      if (texts.length > 200) return refuse('a reply has too many lines');
      const [, digits, mark, text = ''] = /^([1-5][0-9]{2})([ -])(.*)$/s.exec(await this.#line()) ?? [];
      if (digits === undefined) return refuse('a line is none of a reply');
      if (code !== null && Number(digits) !== code && !this.rules.takesMixedCodes) return refuse('codes differ');
      code = Number(digits);
      texts.push(text);
      if (mark === ' ' || !this.rules.severalLines(verb)) return { code, texts };
    }
  }

  send(line: string): void {
    if (line.length + 2 > this.rules.longestCommand) refuse('a command line is too long');
    this.#socket.write(Buffer.from(line + this.rules.lineEnd, 'latin1'));
  }

  sendOctets(octets: Uint8Array): void {
    this.#socket.write(octets);
  }

  async ask(line: string): Promise<Reply> {
    this.send(line);
    return await this.reply(/^[A-Z]+/.exec(line)?.[0] ?? '');
  }

  close(): void {
    this.#over = true;
    this.#socket.destroy();
  }
}
