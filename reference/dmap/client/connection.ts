/** One connection of a DMAP client: TLS from the first octet, octets between socket and session, and the time. */
import { isIP } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import type { Command } from '../../../grammar/dmap.js';
import type { ClientClock } from '../../dmtp/client/client-clock.js';
import { abortError, DmapClientError } from './client-error.js';
import type { DmapClientLimits } from './client-limits.js';
import { type ClientEffect, ClientSession } from './client-session.js';
import type { SessionState } from './legality.js';
import type { MailboxView } from './mailbox-view.js';
import type { Outcome, PlainCommand } from './outcome.js';
import { certificatesIn, type DmapTrust, type Phase, transportFailure } from './transport.js';

export interface ConnectionOptions {
  /** A name or an IP address. */
  readonly host: string;
  /** There is no default (DMAP-I-01). */
  readonly port: number;
  /** The name that the certificate has to be for, when it is not `host`. */
  readonly serverName?: string;
  readonly trust: DmapTrust;
  readonly limits: DmapClientLimits;
  readonly clock: ClientClock;
  readonly signal: AbortSignal;
}

/** What the caller can go on with. */
export type Signal = Extract<ClientEffect, { readonly kind: 'challenge' | 'completed' | 'idling' }>;

/** Octets of a message that are given to the socket at once. */
const pieceOctets = 65_536;

interface Waiting {
  readonly resolve: (signal: Signal | null) => void;
  readonly reject: (error: DmapClientError) => void;
}

export class ClientConnection {
  readonly #options: ConnectionOptions;
  readonly #session: ClientSession;
  readonly #stream: TLSSocket;
  #phase: Phase = 'connecting';
  #waiting: Waiting | null = null;
  #over: DmapClientError | null = null;
  #closed = false;
  /** BYE came, and its time runs. */
  #leaving = false;
  #cancelSilence: () => void = () => undefined;
  #cancelCommand: () => void = () => undefined;
  readonly #cancelTotal: () => void;
  /** Pieces that the socket has not taken yet. */
  #outbox: Uint8Array[] = [];

  private constructor(options: ConnectionOptions, ca: string[] | null) {
    const { host, port, serverName = host, limits, clock, signal } = options;
    this.#options = options;
    this.#session = new ClientSession(limits);
    this.#stream = connectTls({
      host,
      port,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
      // An address is no server name in the handshake.
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      ...(ca === null ? {} : { ca }),
    });
    this.#stream.setNoDelay(true);
    signal.addEventListener('abort', this.#aborted, { once: true });
    this.#cancelTotal = clock.after(limits.totalMs, () => {
      const what = `the connection was not done within ${limits.totalMs} ms`;
      this.#perform(this.#session.abandon(new DmapClientError('timeout', what)));
    });
    this.#armCommand();
    this.#armSilence();
    this.#stream.once('connect', () => {
      this.#phase = 'handshake';
      this.#armSilence();
    });
    this.#stream.once('secureConnect', () => {
      this.#phase = 'secure';
      this.#armSilence();
      this.#stream.on('data', this.#receive);
      this.#stream.on('drain', this.#pump);
    });
    this.#stream.on('error', (error) => this.#failed(error));
    this.#stream.once('end', this.#ended);
    this.#stream.once('close', this.#ended);
    if (signal.aborted) this.#aborted();
  }

  /**
   * Connects and waits for the greeting.
   *
   * @throws DmapClientError; `bad-input` when `trust` holds no certificates
   */
  static async open(options: ConnectionOptions): Promise<ClientConnection> {
    const ca = options.trust === 'system' ? null : certificatesIn(options.trust.pem);
    const connection = new ClientConnection(options, ca);
    if (connection.#over !== null) throw connection.#over;
    await connection.#wait();
    return connection;
  }

  get state(): SessionState {
    return this.#session.state;
  }

  get capabilities(): readonly string[] | null {
    return this.#session.capabilities;
  }

  get mailbox(): MailboxView | null {
    return this.#session.mailbox;
  }

  /** Why the connection is over; null while it is not. */
  get over(): DmapClientError | null {
    return this.#over;
  }

  /**
   * Sends a command and waits for its completion, whatever it is.
   *
   * @throws DmapClientError
   */
  async run(command: PlainCommand): Promise<Outcome> {
    const signal = await this.start(command);
    if (signal.kind === 'completed') return signal.outcome;
    throw new Error(`${command.name} led to ${signal.kind}`);
  }

  /** The same up to a challenge, when it is AUTHENTICATE. @throws DmapClientError */
  async start(command: Command): Promise<Signal> {
    return await this.#exchange(() => this.#session.begin(command));
  }

  /** @throws DmapClientError */
  async respond(octets: Uint8Array | null): Promise<Signal> {
    return await this.#exchange(() => this.#session.respond(octets));
  }

  /** @throws DmapClientError */
  async startIdle(): Promise<Signal> {
    return await this.#exchange(() => this.#session.beginIdle());
  }

  /** @throws DmapClientError */
  async endIdle(): Promise<Signal> {
    return await this.#exchange(() => this.#session.endIdle());
  }

  /** What came between commands; it is not told again. */
  takeNews(): ReturnType<ClientSession['takeNews']> {
    return this.#session.takeNews();
  }

  /**
   * Lets `ms` pass, in which the server may say what it likes; null when they are over. Sooner, when it ends what was
   * under way.
   *
   * @throws DmapClientError when the connection ends
   */
  async rest(ms: number): Promise<Signal | null> {
    if (this.#over !== null) throw this.#over;
    const rested = this.#wait();
    const cancel = this.#options.clock.after(ms, () => this.#settle(({ resolve }) => resolve(null)));
    try {
      return await rested;
    } finally {
      cancel();
    }
  }

  /** Closes at once. */
  destroy(error: DmapClientError): void {
    this.#perform(this.#session.abandon(error));
  }

  async #exchange(send: () => ClientEffect[]): Promise<Signal> {
    if (this.#over !== null) throw this.#over;
    const effects = send();
    const signal = this.#wait();
    this.#armCommand();
    this.#perform(effects);
    const got = await signal;
    if (got === null) throw new Error('the connection gave no signal and no error');
    return got;
  }

  #wait(): Promise<Signal | null> {
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
        case 'greeted':
          this.#cancelCommand();
          this.#settle(({ resolve }) => resolve(null));
          break;
        case 'challenge':
        case 'completed':
        case 'idling':
          this.#cancelCommand();
          this.#settle(({ resolve }) => resolve(effect));
          break;
        case 'close':
          this.#close(effect.error);
          break;
      }
    }
    this.#armSilence();
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
    this.#armSilence();
  };

  #receive = (octets: Uint8Array): void => {
    this.#perform(this.#session.receive(octets));
  };

  #ended = (): void => {
    this.#perform(this.#session.end('the server closed it'));
  };

  /** Null while nothing of the server's is waited for. */
  get #silenceMs(): number | null {
    const { connectMs, handshakeMs, silenceMs, goodbyeMs } = this.#options.limits;
    if (this.#closed) return null;
    if (this.#phase === 'connecting') return connectMs;
    if (this.#phase === 'handshake') return handshakeMs;
    if (this.#session.awaiting === 'goodbye') return goodbyeMs;
    return this.#session.awaiting === 'caller' && this.#outbox.length === 0 ? null : silenceMs;
  }

  #armSilence(): void {
    // Whatever still comes after BYE, it does not make the goodbye longer.
    if (this.#session.awaiting === 'goodbye' && this.#leaving) return;
    this.#leaving = this.#session.awaiting === 'goodbye';
    this.#cancelSilence();
    const ms = this.#silenceMs;
    if (ms === null) return;
    this.#cancelSilence = this.#options.clock.after(ms, () => {
      const what = this.#slowTransport;
      this.#perform(
        what === null
          ? this.#session.expire(ms)
          : this.#session.abandon(new DmapClientError('timeout', `${what} within ${ms} ms`)),
      );
    });
  }

  #armCommand(): void {
    this.#cancelCommand();
    const { commandMs } = this.#options.limits;
    this.#cancelCommand = this.#options.clock.after(commandMs, () => this.#perform(this.#session.expire(commandMs)));
  }

  /** What did not happen below the session; null when it is a response that did not come. */
  get #slowTransport(): string | null {
    if (this.#phase === 'connecting') return 'there was no connection';
    if (this.#phase === 'handshake') return 'the TLS handshake was not done';
    return this.#outbox.length > 0 ? 'the server took nothing of what was sent' : null;
  }

  #failed(error: Error & { readonly code?: string }): void {
    const { host, port } = this.#options;
    this.#perform(this.#session.abandon(transportFailure(error, this.#phase, `${host}:${port}`)));
  }

  #aborted = (): void => {
    this.#perform(this.#session.abandon(abortError(this.#options.signal)));
  };

  #close(error: DmapClientError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#over = error ?? new DmapClientError('closed', 'the connection was ended with LOGOUT');
    this.#cancelSilence();
    this.#cancelCommand();
    this.#cancelTotal();
    this.#options.signal.removeEventListener('abort', this.#aborted);
    if (error === null) {
      this.#stream.end();
      // A server that does not take our end is not waited for.
      const cancel = this.#options.clock.after(this.#options.limits.goodbyeMs, () => this.#stream.destroy());
      this.#stream.once('close', cancel);
    } else {
      this.#stream.destroy();
    }
    const over = this.#over;
    this.#settle(({ reject }) => reject(over));
  }
}
