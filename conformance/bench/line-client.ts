/** The client of all comparisons: one TLS connection, one line out, one reply in. It does as little as it can. */
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

interface Waiting {
  readonly resolve: (reply: string) => void;
  readonly reject: (error: Error) => void;
}

export class LineClient {
  #text = '';
  #waiting: Waiting | null = null;

  private constructor(readonly socket: TLSSocket) {
    socket.on('data', (octets: Buffer) => {
      this.#text += octets.toString('latin1');
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
    await client.reply();
    await client.expect(form === 'dmtp' ? 'EHLO <bench.example>\r\n' : 'EHLO bench.example\r\n', '250');
    return client;
  }

  /** The next whole reply: lines up to the first without a hyphen behind its code. */
  reply(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#settle();
    });
  }

  ask(octets: Uint8Array | string): Promise<string> {
    const reply = this.reply();
    this.socket.write(octets);
    return reply;
  }

  /** @throws Error when the reply begins otherwise */
  async expect(octets: Uint8Array | string, beginning: string): Promise<void> {
    const reply = await this.ask(octets);
    if (!reply.startsWith(beginning)) throw new Error(`expected ${beginning}, got ${JSON.stringify(reply.slice(0, 200))}`);
  }

  close(): void {
    this.socket.destroy();
  }

  #settle(): void {
    if (this.#waiting === null || !this.#text.endsWith('\n')) return;
    const lastLine = this.#text.lastIndexOf('\n', this.#text.length - 2) + 1;
    if (this.#text.charAt(lastLine + 3) === '-') return;
    const { resolve } = this.#waiting;
    const text = this.#text;
    this.#waiting = null;
    this.#text = '';
    resolve(text);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
