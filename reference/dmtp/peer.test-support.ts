/** A client for tests of servers: connects, writes, and waits for text, for the end, or for the close. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';

const longestEnd = 64;

export class Peer<Stream extends Socket = Socket> {
  /** All that came since the last question, one character an octet. */
  received = '';
  #tail = '';
  /** Resolves at the close with the code of the error that led to it, or null. */
  readonly closed: Promise<string | null>;

  constructor(readonly stream: Stream) {
    let failure: string | null = null;
    stream.on('data', (octets: Buffer) => {
      const text = octets.toString('latin1');
      this.received += text;
      // Looked at instead of the whole, which can have megabytes.
      this.#tail = (this.#tail + text).slice(-longestEnd);
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code ?? error.message;
    });
    this.closed = new Promise((resolve) => stream.once('close', () => resolve(failure)));
  }

  write(text: string): void {
    this.stream.write(Buffer.from(text, 'latin1'));
  }

  forget(): void {
    this.received = '';
    this.#tail = '';
  }

  /** Waits until the text received so far ends with `end` (64 octets at most), and gives all of it. */
  async until(end: string): Promise<string> {
    while (!this.#tail.endsWith(end)) {
      const more = await Promise.race([
        once(this.stream, 'data').then(() => true),
        this.closed.then(() => this.#tail.endsWith(end)),
      ]);
      if (!more) throw new Error(`closed after ${JSON.stringify(this.received)}, before ${JSON.stringify(end)}`);
    }
    return this.received;
  }

  /** Writes a line and waits for one more reply that ends with `end`; gives what came since. */
  async ask(line: string, end = '\r\n'): Promise<string> {
    this.forget();
    this.write(`${line}\r\n`);
    return this.until(end);
  }
}

/** Connects in plain text. */
export async function connectPlainPeer(
  port: number,
  options: { allowHalfOpen?: boolean; host?: string } = {},
): Promise<Peer> {
  const peer = new Peer(connect({ host: '127.0.0.1', port, ...options }));
  await once(peer.stream, 'connect');
  return peer;
}

/** Connects over TLS, from the first octet or on a socket that is open; rejects when the handshake fails. */
export async function connectTlsPeer(options: ConnectionOptions): Promise<Peer<TLSSocket>> {
  const peer = new Peer(connectTls({ host: '127.0.0.1', rejectUnauthorized: false, ...options }));
  const failure = await Promise.race([once(peer.stream, 'secureConnect').then(() => undefined), peer.closed]);
  if (failure !== undefined) throw new Error(`no TLS: ${failure ?? 'closed'}`);
  return peer;
}
