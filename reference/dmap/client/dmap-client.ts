/** A DMAP client: one connection, and what a right client does over it. */
import type { Command } from '../../../grammar/dmap.js';
import { type ClientClock, systemClock } from '../../dmtp/client/client-clock.js';
import type { StacieClientLimits, StacieClientMemory } from '../../stacie/client.js';
import { DmapClientError } from './client-error.js';
import { clientLimits, type DmapClientLimits } from './client-limits.js';
import { ClientConnection } from './connection.js';
import { addKey, KnownKeys } from './keys.js';
import { hasCapability, type SessionState } from './legality.js';
import type { MailboxView } from './mailbox-view.js';
import { isDmime } from './message-format.js';
import type { Outcome, Run } from './outcome.js';
import { authenticate, type Login } from './stacie-login.js';
import { type SubmitRequest, submit } from './submit.js';
import { type SyncRequest, type SyncResult, synchronize } from './synchronize.js';
import type { DmapTrust } from './transport.js';
import { tryingCreate } from './try-create.js';

export interface DmapClientOptions {
  /** A name or an IP address; there is no default port (DMAP-I-01). */
  readonly host: string;
  readonly port: number;
  /** The name that the certificate has to be for; `host` when not given. */
  readonly serverName?: string;
  readonly trust: DmapTrust;
  readonly limits?: Partial<DmapClientLimits>;
  /** Of the STACIE login inside AUTHENTICATE. */
  readonly loginLimits?: Partial<StacieClientLimits>;
  /** What STACIE remembers from login to login; the caller keeps it. */
  readonly memory: StacieClientMemory;
  readonly clock?: ClientClock;
  readonly signal?: AbortSignal;
}

/**
 * All of its calls fail with a DmapClientError. One that `isLocal` was refused before anything was sent, and one that is
 * `bad-login` was taken back; after any other the connection is over. NO and BAD are outcomes.
 */
export class DmapClient {
  readonly #options: DmapClientOptions;
  readonly #connection: ClientConnection;
  readonly #keys = new KnownKeys();
  readonly #signal: AbortSignal;

  private constructor(
    options: DmapClientOptions,
    readonly limits: DmapClientLimits,
    connection: ClientConnection,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#connection = connection;
    this.#signal = signal;
  }

  /** Connects and waits for the greeting. */
  static async open(options: DmapClientOptions): Promise<DmapClient> {
    const { clock = systemClock, signal = new AbortController().signal } = options;
    const limits = clientLimits(options.limits);
    return new DmapClient(options, limits, await ClientConnection.open({ ...options, limits, clock, signal }), signal);
  }

  get state(): SessionState {
    return this.#connection.state;
  }

  /** Null when the server has not told. */
  get capabilities(): readonly string[] | null {
    return this.#connection.capabilities;
  }

  /** The selected mailbox; null when none is. */
  get mailbox(): MailboxView | null {
    return this.#connection.mailbox;
  }

  /** Why the connection is over; null while it is not. */
  get over(): DmapClientError | null {
    return this.#connection.over;
  }

  /** Sends a command and waits for its completion. */
  readonly run: Run = async (command) => {
    const outcome = await this.#connection.run(command);
    this.#keys.record(command, outcome);
    return outcome;
  };

  /** Asks for the capabilities when they are not known. Whether they hold `DMAP` is what makes the peer one (DMAP-426). */
  async requireDmap(): Promise<void> {
    if (this.capabilities === null) await this.run({ name: 'CAPABILITY' });
    const isDmap = this.capabilities?.some((name) => /^DMAP(=|$)/i.test(name)) === true;
    if (!isDmap)
      throw new DmapClientError('not-dmap', 'the capabilities do not hold DMAP', { requirement: 'DMAP-159' });
  }

  /** Proves a password by STACIE. What the server can do is known after it. */
  async authenticate(username: string, password: string): Promise<Login> {
    await this.requireDmap();
    const { host, port, memory, loginLimits } = this.#options;
    const login = await authenticate(this.#connection, {
      username,
      password,
      endpoint: `dmap://${host}:${port}`,
      memory,
      signal: this.#signal,
      ...(loginLimits === undefined ? {} : { limits: loginLimits }),
    });
    if (this.state === 'authenticated' && this.capabilities === null) await this.run({ name: 'CAPABILITY' });
    return login;
  }

  /** Appends a D/MIME message; other octets only with `anyFormat` (DMAP-262). `create`: what TRYCREATE hints at. */
  async append(
    command: Extract<Command, { readonly name: 'APPEND' }>,
    { create, anyFormat }: { readonly create: boolean; readonly anyFormat: boolean },
  ): Promise<Outcome> {
    const { octets } = command.message;
    if (!anyFormat && octets !== null && !isDmime(octets)) {
      throw new DmapClientError('declined', 'the message is not in the D/MIME format', { requirement: 'DMAP-262' });
    }
    return await tryingCreate(this.run, command, create);
  }

  async copy(command: Extract<Command, { readonly name: 'COPY' }>, create: boolean): Promise<Outcome> {
    return await tryingCreate(this.run, command, create);
  }

  async submit(request: SubmitRequest): Promise<Outcome> {
    return await submit(this, request);
  }

  async addKey(command: Extract<Command, { readonly name: 'ADDKEY' }>, replace: boolean): Promise<Outcome> {
    return await addKey(this.run, this.#keys, command, replace);
  }

  async synchronize(request: SyncRequest): Promise<SyncResult> {
    return await synchronize(this, request);
  }

  /** Reads what the server says by itself for `ms`; with IDLE where it is announced. */
  async wait(ms: number): Promise<ReturnType<ClientConnection['takeNews']>> {
    if (hasCapability(this.capabilities, 'IDLE') && this.state === 'selected') {
      const started = await this.#connection.startIdle();
      if (started.kind === 'completed') return started.outcome;
      const early = await this.#connection.rest(ms);
      if (early?.kind === 'completed') return early.outcome;
      const ended = await this.#connection.endIdle();
      if (ended.kind === 'completed') return ended.outcome;
    } else {
      await this.#connection.rest(ms);
    }
    return this.#connection.takeNews();
  }

  /** Ends the session as a client should (DMAP-107): the connection is closed when the server has said OK. */
  async logout(): Promise<Outcome> {
    return await this.run({ name: 'LOGOUT' });
  }

  /** Closes at once. */
  destroy(): void {
    this.#connection.destroy(new DmapClientError('aborted', 'ended by the caller'));
  }
}
