/** A client of large answers: it counts octets, knows the end by its tag, and looks at nothing else. */
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

/** Octets at the end of an answer that its last line fits in. */
const tailOctets = 256;

interface Waiting {
  readonly beginning: string;
  readonly resolve: (octets: number) => void;
  readonly reject: (error: Error) => void;
}

export class BulkClient {
  #octets = 0;
  /** The end of what came, one character an octet. */
  #tail = '\n';
  #waiting: Waiting | null = null;

  private constructor(readonly socket: TLSSocket) {
    socket.on('data', (octets: Buffer) => {
      this.#octets += octets.length;
      this.#tail = (this.#tail + octets.toString('latin1', Math.max(0, octets.length - tailOctets))).slice(-tailOctets);
      this.#settle();
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /** @throws Error without a connection */
  static async connect(port: number): Promise<BulkClient> {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.setNoDelay(true);
    return new BulkClient(socket);
  }

  /** Connects to a DMAP server that greets with PREAUTH, and examines a mailbox. */
  static async inMailbox(port: number, name: string): Promise<BulkClient> {
    const client = await BulkClient.connect(port);
    await client.#until('* PREAUTH ');
    await client.ask(`a EXAMINE ${name}`);
    return client;
  }

  /**
   * Says a line with the tag `a` and waits for its OK. Gives the octets of the answer.
   *
   * @throws Error when the answer ends otherwise, or the connection is gone
   */
  async ask(line: string): Promise<number> {
    const answered = this.#until('a ');
    this.socket.write(`${line}\r\n`);
    return await answered;
  }

  close(): void {
    this.socket.destroy();
  }

  #until(beginning: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { beginning, resolve, reject };
      this.#settle();
    });
  }

  #settle(): void {
    const waiting = this.#waiting;
    if (waiting === null || !this.#tail.endsWith('\r\n')) return;
    const line = this.#tail.slice(this.#tail.lastIndexOf('\n', this.#tail.length - 2) + 1);
    if (!line.startsWith(waiting.beginning)) return;
    const octets = this.#octets;
    this.#octets = 0;
    this.#tail = '\n';
    this.#waiting = null;
    if (waiting.beginning === 'a ' && !line.startsWith('a OK')) waiting.reject(new Error(`not OK: ${line.trim()}`));
    else waiting.resolve(octets);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
