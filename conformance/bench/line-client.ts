/** The client of all comparisons: one TLS connection, one line out, one reply in. It does as little as it can. */
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

interface Waiting {
  readonly count: number;
  readonly resolve: (replies: string[]) => void;
  readonly reject: (error: Error) => void;
}

export class LineClient {
  /** What came and is no whole reply yet; up to `#seen` it is whole lines. */
  #text = '';
  #seen = 0;
  #replies: string[] = [];
  #waiting: Waiting | null = null;

  private constructor(readonly socket: TLSSocket) {
    socket.on('data', (octets: Buffer) => {
      this.#text += octets.toString('latin1');
      this.#split();
      this.#settle();
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /** Connects; nothing is read yet. @throws Error without a connection */
  static async connect(port: number): Promise<LineClient> {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.setNoDelay(true);
    return new LineClient(socket);
  }

  /** Connects to a server that greets, and says EHLO in the form of DMTP or SMTP. */
  static async greeted(port: number, form: 'dmtp' | 'smtp'): Promise<LineClient> {
    const client = await LineClient.connect(port);
    await client.replies(1);
    await client.expect(form === 'dmtp' ? 'EHLO <bench.example>\r\n' : 'EHLO bench.example\r\n', ['250']);
    return client;
  }

  /** The next whole replies. A reply has lines up to the first without a hyphen behind its code. */
  replies(count: number): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#waiting = { count, resolve, reject };
      this.#settle();
    });
  }

  /**
   * Sends octets and waits for a reply for each beginning.
   *
   * @throws Error when a reply begins otherwise, or the connection is gone
   */
  async expect(octets: Uint8Array | string, beginnings: readonly string[]): Promise<void> {
    const coming = this.replies(beginnings.length);
    this.socket.write(octets);
    const replies = await coming;
    for (const [index, beginning] of beginnings.entries()) {
      const reply = replies[index] ?? '';
      if (!reply.startsWith(beginning)) {
        throw new Error(`expected ${beginning}, got ${JSON.stringify(reply.slice(0, 200))}`);
      }
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #split(): void {
    for (let end = this.#text.indexOf('\n', this.#seen); end !== -1; end = this.#text.indexOf('\n', this.#seen)) {
      const more = this.#text.charAt(this.#seen + 3) === '-';
      this.#seen = end + 1;
      if (more) continue;
      this.#replies.push(this.#text.slice(0, end + 1));
      this.#text = this.#text.slice(end + 1);
      this.#seen = 0;
    }
  }

  #settle(): void {
    if (this.#waiting === null || this.#replies.length < this.#waiting.count) return;
    const { count, resolve } = this.#waiting;
    this.#waiting = null;
    resolve(this.#replies.splice(0, count));
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
