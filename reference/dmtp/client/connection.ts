/** One connection of a DMTP client: carries octets between a socket and a session, keeps the time, starts TLS. */
import { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { Command, Dialect } from '../../../grammar/dmtp.js';
import type { ClientClock } from './client-clock.js';
import { abortError, type ClientReply, DmtpClientError } from './client-error.js';
import type { DmtpClientLimits } from './client-limits.js';
import { type ClientEffect, ClientSession, type ClientStart, type ReplySize } from './client-session.js';
import { isSuccess } from './reply-readings.js';

/** What the handshake shows of the peer. */
export interface PeerCertificate {
  readonly leaf: X509Certificate;
  /** Who signed it, as the peer sent or the trusted certificates have it; null when neither does. */
  readonly issuer: X509Certificate | null;
  /** Whether the chain leads to a trusted root, by the rules of OpenSSL. */
  readonly chain: boolean;
}

export interface ConnectionOptions {
  readonly address: string;
  readonly port: number;
  /** The delivery host: server name indication on port 26 (REC-075), and the argument of STARTTLS. */
  readonly host: string;
  readonly start: ClientStart;
  readonly dialect: Dialect;
  /** Whom to believe, and the versions of TLS. */
  readonly context: SecureContext;
  readonly limits: DmtpClientLimits;
  readonly clock: ClientClock;
  readonly signal: AbortSignal;
}

/** Octets of a message that are given to the socket at once. */
const pieceOctets = 65_536;

interface Waiting {
  readonly resolve: (reply: ClientReply | null) => void;
  readonly reject: (error: DmtpClientError) => void;
}

export class ClientConnection {
  readonly #options: ConnectionOptions;
  readonly #session: ClientSession;
  readonly #raw: Socket;
  #stream: Socket;
  #phase: 'connecting' | 'plain' | 'handshake' | 'secure' = 'connecting';
  #waiting: Waiting | null = null;
  #over: DmtpClientError | null = null;
  #closed = false;
  #cancelTimer: () => void = () => undefined;
  /** Pieces of a message that the socket has not taken yet. */
  #outbox: Uint8Array[] = [];

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#session = new ClientSession(options);
    this.#raw = connect({ host: options.address, port: options.port, noDelay: true });
    this.#stream = this.#raw;
    options.signal.addEventListener('abort', this.#aborted, { once: true });
    this.#arm();
    this.#raw.once('connect', () => {
      if (options.start === 'tls') this.#handshake(isIP(options.host) === 0 ? options.host : null);
      else this.#listen(this.#raw, 'plain');
    });
    this.#raw.on('error', (error) => this.#failed(error));
    this.#raw.once('close', this.#ended);
    if (options.signal.aborted) this.#aborted();
  }

  /**
   * Connects, up to the point where the peer speaks DMTP inside TLS and its certificate has to be judged; nothing was
   * sent inside TLS then.
   *
   * @returns the connection, and whether there was one at all when it failed
   */
  static async open(
    options: ConnectionOptions,
  ): Promise<
    { readonly connection: ClientConnection } | { readonly connected: boolean; readonly error: DmtpClientError }
  > {
    const connection = new ClientConnection(options);
    try {
      if (connection.#over !== null) throw connection.#over;
      await connection.#wait();
      return { connection };
    } catch (error) {
      if (error instanceof DmtpClientError) return { connected: connection.#phase !== 'connecting', error };
      throw error;
    }
  }

  get dialect(): Dialect {
    return this.#options.dialect;
  }

  /** What the handshake showed. @throws DmtpClientError when the peer has no certificate */
  get peer(): PeerCertificate {
    const stream = this.#stream as TLSSocket;
    // In this order: the other call takes from the connection what this one reads.
    const { issuerCertificate } = stream.getPeerCertificate(true);
    const leaf = stream.getPeerX509Certificate();
    if (leaf === undefined) {
      throw new DmtpClientError('untrusted', 'the delivery host shows no certificate', { requirement: 'DMTP-068' });
    }
    const known = issuerCertificate === undefined ? undefined : new X509Certificate(issuerCertificate.raw);
    return { leaf, issuer: issuerAmong([leaf.issuerCertificate, known], leaf), chain: stream.authorized };
  }

  /** The certificate was found good. */
  trust(): void {
    this.#perform(this.#session.trust());
  }

  /**
   * Sends a command and waits for its reply, whatever its code is.
   *
   * @throws DmtpClientError
   */
  async ask(command: Omit<Command, 'dialect'>, size?: ReplySize): Promise<ClientReply> {
    return await this.#exchange(() => this.#session.ask(command, size));
  }

  /**
   * Sends a message and waits for the reply to it.
   *
   * @throws DmtpClientError whose outcome is `unknown` when all of it was sent
   */
  async give(message: Uint8Array): Promise<ClientReply> {
    if (this.#over !== null) throw this.#over;
    let reply: ClientReply;
    try {
      reply = await this.#exchange(() => this.#session.give(message));
    } catch (error) {
      if (!(error instanceof DmtpClientError) || this.#outbox.length > 0) throw error;
      throw error.withUnknownOutcome();
    }
    if (this.#outbox.length > 0) {
      // The rest of the message would be taken for commands.
      const early = new DmtpClientError('unsolicited', 'the server answers a message that it has not got whole', {
        reply,
      });
      this.destroy(early);
      if (isSuccess(reply)) throw early;
    }
    return reply;
  }

  /** Says QUIT if it may, and closes. Never rejects. */
  async quit(): Promise<void> {
    if (this.#closed) return;
    const gone = this.#wait().catch(() => undefined);
    this.#perform(this.#session.leave());
    await gone;
  }

  /** Closes at once. */
  destroy(error: DmtpClientError): void {
    this.#perform(this.#session.abandon(error));
  }

  async #exchange(send: () => ClientEffect[]): Promise<ClientReply> {
    if (this.#over !== null) throw this.#over;
    const effects = send();
    const reply = this.#wait();
    this.#perform(effects);
    const got = await reply;
    if (got === null) throw new Error('the connection gave no reply and no error');
    return got;
  }

  #wait(): Promise<ClientReply | null> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #settle(settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) settle(waiting);
  }

  #perform(effects: readonly ClientEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#send(effect.octets);
          break;
        case 'secure':
          this.#startTls();
          break;
        case 'judge':
          this.#cancelTimer();
          this.#settle(({ resolve }) => resolve(null));
          break;
        case 'reply':
          this.#cancelTimer();
          this.#settle(({ resolve }) => resolve(effect.reply));
          break;
        case 'close':
          this.#close(effect.error);
          break;
      }
    }
  }

  #send(octets: Uint8Array): void {
    for (let start = 0; start < octets.length; start += pieceOctets) {
      this.#outbox.push(octets.subarray(start, start + pieceOctets));
    }
    this.#pump();
  }

  /** Writes until the socket has enough; the rest follows as it drains. */
  #pump = (): void => {
    let next = this.#outbox[0];
    while (next !== undefined && !this.#stream.writableNeedDrain && this.#stream.writable) {
      this.#outbox.shift();
      this.#stream.write(next);
      next = this.#outbox[0];
    }
    this.#arm();
  };

  /** Null while nothing of the peer's is waited for. */
  get #limitMs(): number | null {
    const { connectMs, handshakeMs, replyMs, storedMs, stallMs, goodbyeMs } = this.#options.limits;
    if (this.#closed) return null;
    if (this.#phase === 'connecting') return connectMs;
    if (this.#phase === 'handshake') return handshakeMs;
    if (this.#outbox.length > 0) return stallMs;
    const { awaiting } = this.#session;
    if (awaiting === 'nothing' || awaiting === 'judgement') return null;
    if (awaiting === 'goodbye') return goodbyeMs;
    return awaiting === 'fate' ? storedMs : replyMs;
  }

  #listen(stream: Socket, phase: 'plain' | 'secure'): void {
    this.#phase = phase;
    this.#arm();
    stream.on('data', this.#receive);
    stream.on('drain', this.#pump);
  }

  #receive = (octets: Uint8Array): void => {
    this.#perform(this.#session.receive(octets));
  };

  /** Plain text ends here: what lies unread is thrown away (DMTP-071). */
  #startTls(): void {
    const raw = this.#raw;
    raw.off('data', this.#receive).off('drain', this.#pump).pause();
    while (raw.read() !== null);
    // No server name: the host stands in STARTTLS (section 1).
    this.#handshake(null);
  }

  #handshake(serverName: string | null): void {
    this.#phase = 'handshake';
    this.#arm();
    const stream = connectTls({
      socket: this.#raw,
      secureContext: this.#options.context,
      // The certificate is judged afterwards, against the record (section 7 of the record digest).
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(serverName === null ? {} : { servername: serverName }),
    });
    this.#stream = stream;
    stream.on('error', (error) => this.#failed(error));
    stream.once('end', this.#ended);
    stream.once('close', this.#ended);
    stream.once('secureConnect', () => {
      if (this.#session.awaiting === 'handshake') this.#perform(this.#session.secured());
      this.#listen(stream, 'secure');
    });
  }

  #ended = (): void => {
    this.#perform(this.#session.end('the peer closed it'));
  };

  #failed(error: Error & { readonly code?: string }): void {
    const [code, subject] =
      this.#phase === 'handshake' ? (['no-tls', 'TLS'] as const) : (['closed', 'connection'] as const);
    const what = `the ${subject} failed: ${error.code ?? error.name}`;
    this.#perform(this.#session.abandon(new DmtpClientError(code, what, { cause: error })));
  }

  #arm(): void {
    this.#cancelTimer();
    const ms = this.#limitMs;
    if (ms === null) return;
    this.#cancelTimer = this.#options.clock.after(ms, () => {
      const what = this.#slowTransport;
      this.#perform(
        what === null
          ? this.#session.expire(ms)
          : this.#session.abandon(new DmtpClientError('timeout', `${what} within ${ms} ms`)),
      );
    });
  }

  /** What did not happen below the session; null when it is a reply that did not come. */
  get #slowTransport(): string | null {
    if (this.#phase === 'connecting') return 'there was no connection';
    if (this.#phase === 'handshake') return 'the TLS handshake was not done';
    return this.#outbox.length > 0 ? 'the server took nothing of what was sent' : null;
  }

  #aborted = (): void => {
    this.#perform(this.#session.abandon(abortError(this.#options.signal)));
  };

  #close(error: DmtpClientError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#over = error ?? new DmtpClientError('closed', 'the connection was ended with QUIT');
    this.#cancelTimer();
    this.#options.signal.removeEventListener('abort', this.#aborted);
    this.#stream.destroy();
    this.#raw.destroy();
    this.#settle(({ resolve, reject }) => (error === null ? resolve(null) : reject(error)));
  }
}

/** A name alone makes no issuer: its key has to have signed, or the peer could choose who vouches for it. */
function issuerAmong(
  candidates: readonly (X509Certificate | undefined)[],
  leaf: X509Certificate,
): X509Certificate | null {
  const signed = (candidate: X509Certificate | undefined): boolean =>
    candidate !== undefined && leaf.checkIssued(candidate) && leaf.verify(candidate.publicKey);
  return candidates.find(signed) ?? null;
}
