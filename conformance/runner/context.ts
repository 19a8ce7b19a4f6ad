/** What a case has in its hands while one run of its property goes on. */
import type { X509Certificate } from 'node:crypto';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { type AdapterAnswer, AdapterFault } from '../target/adapter/client.js';
import type { Delivery } from '../target/delivery.js';
import { type DmapAnswer, DmapConnection } from '../target/dmap-connection.js';
import { DmtpConnection, type PeerReply } from '../target/dmtp-connection.js';
import { askDns, type DnsAnswer, type DnsQuestion } from '../target/dns-client.js';
import type { PeerConnection, Wire } from '../target/peer-connection.js';
import type { DmapEndpoint, DmtpEndpoint } from '../target/profile.js';
import type { Target } from '../target/target.js';
import { connectTcp, connectTls, HandshakeRefused, secureTcp, type TlsWishes } from '../target/tls-connect.js';
import type { CommandLineCoverage } from './coverage.js';
import { Breach, Unreachable, Unsupported } from './outcome.js';
import type { Transcript } from './transcript.js';

/** A connection whose handshake is done. */
export interface Secured<Connection> {
  readonly connection: Connection;
  readonly protocol: string | null;
  readonly cipher: string;
  readonly certificate: X509Certificate | null;
}

export interface Opened {
  readonly connection: DmtpConnection;
  readonly banner: PeerReply;
}

/** What a run learned beside its verdict. */
export interface Observations {
  /** Requirements that at least one check looked at. */
  readonly checked: Set<string>;
  /** MAY requirements: was the option taken? */
  readonly taken: Map<string, boolean>;
  readonly notes: Set<string>;
  /** Reading id to what the answers showed. */
  readonly readings: Map<string, string>;
}

export function newObservations(): Observations {
  return { checked: new Set(), taken: new Map(), notes: new Set(), readings: new Map() };
}

/** Adapters compute, and several cases ask at once: a library must not be called silent for a slow machine. */
const leastAdapterMs = 15_000;

export class CaseContext {
  readonly #connections: PeerConnection[] = [];
  readonly #kept: { close(): unknown }[] = [];

  constructor(
    readonly target: Target,
    readonly transcript: Transcript,
    private readonly delivery: Delivery,
    private readonly observations: Observations,
    private readonly coverage: CommandLineCoverage,
  ) {}

  get profile(): Target['profile'] {
    return this.target.profile;
  }

  /**
   * States what has to hold. Every verdict goes through here, so that a case which checked nothing is found out.
   *
   * @throws Breach
   */
  require(requirement: string, holds: boolean, expected: string, actual: string | PeerReply | (() => string)): void {
    this.observations.checked.add(requirement);
    if (holds) return;
    throw new Breach(requirement, expected, describe(actual));
  }

  /** For a MAY: whether the target took the option. */
  took(requirement: string, taken: boolean, how: string): void {
    this.observations.checked.add(requirement);
    this.observations.taken.set(requirement, (this.observations.taken.get(requirement) ?? false) || taken);
    this.note(`${requirement}: ${taken ? 'taken' : 'not taken'} (${how})`);
  }

  /** Tells a reader of the report something that decides nothing. */
  note(text: string): void {
    if (this.observations.notes.size < 20) this.observations.notes.add(text.slice(0, 300));
  }

  /** Which reading of an ambiguous place an answer showed. */
  follows(reading: string, observed: string): void {
    this.observations.readings.set(reading, observed);
  }

  /**
   * A DMTP connection with TLS and the greeting read.
   *
   * @throws Unreachable when there is no connection, no handshake or no greeting: not a verdict
   */
  async open(wishes: Partial<TlsWishes> = {}): Promise<Opened> {
    const { connection } = await this.secure(wishes);
    return { connection, banner: await this.#greeting(connection) };
  }

  /** As open, but the greeting is left to be read. */
  async secure(wishes: Partial<TlsWishes> = {}): Promise<Secured<DmtpConnection>> {
    return await this.#secured(this.#dmtpEndpoint(), wishes, (wire) => new DmtpConnection(wire));
  }

  /** A TCP connection to the DMTP endpoint without TLS, nothing read. */
  async plain(): Promise<DmtpConnection> {
    return await this.#unsecured(this.#dmtpEndpoint(), (wire) => new DmtpConnection(wire));
  }

  /**
   * A connection to the plain port of the DMTP server, and its greeting.
   *
   * @throws Unreachable when there is no connection or no greeting: not a verdict
   */
  async openPlain(): Promise<Opened> {
    const endpoint = this.profile.plain;
    if (endpoint === undefined) throw new Unreachable('the target has no plain port');
    const connection = await this.#unsecured(endpoint, (wire) => new DmtpConnection(wire));
    return { connection, banner: await this.#greeting(connection) };
  }

  /**
   * The handshake after STARTTLS, on the same TCP connection and without server name indication, as section 7 of the DMTP
   * digest has it. `plain` is of no use afterwards.
   *
   * @throws HandshakeRefused
   */
  async startTls(plain: DmtpConnection): Promise<DmtpConnection> {
    const tcp = plain.release();
    const socket = await secureTcp(tcp, { timeoutMs: this.profile.limits.connectMs });
    this.transcript.add('secured', plain.number, `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher().standardName}`);
    const { transcript, delivery } = this;
    const { limits } = this.profile;
    const secured = new DmtpConnection({ socket, tcp, transcript, number: plain.number, limits, delivery });
    this.#connections[plain.number - 1] = secured;
    return secured;
  }

  /**
   * A DMAP connection with TLS and the greeting read.
   *
   * @throws Unreachable when there is no connection, no handshake or no greeting: not a verdict
   */
  async openDmap(wishes: Partial<TlsWishes> = {}): Promise<{ connection: DmapConnection; greeting: DmapAnswer }> {
    const { connection } = await this.secureDmap(wishes);
    try {
      return { connection, greeting: await connection.response(this.profile.limits.connectMs) };
    } catch (error) {
      throw new Unreachable(`no greeting: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  /** As openDmap, but the greeting is left to be read. */
  async secureDmap(wishes: Partial<TlsWishes> = {}): Promise<Secured<DmapConnection>> {
    return await this.#secured(this.#dmapEndpoint(), wishes, (wire) => new DmapConnection(wire));
  }

  /** A TCP connection to the DMAP endpoint without TLS, nothing read. */
  async plainDmap(): Promise<DmapConnection> {
    return await this.#unsecured(this.#dmapEndpoint(), (wire) => new DmapConnection(wire));
  }

  /** A session after EHLO. @throws Unreachable when EHLO is not answered with 2xx, since the case is not about it */
  async greeted(): Promise<DmtpConnection> {
    const { connection } = await this.open();
    const reply = await connection.ask('EHLO <suite.example>');
    if (reply.code === null || reply.code < 200 || reply.code > 299) {
      throw new Unreachable(`EHLO was refused, so this could not be tried: ${JSON.stringify(reply.raw.slice(0, 120))}`);
    }
    return connection;
  }

  /** Sends a command and reads its reply, and counts both for the coverage of the grammar. */
  async ask(connection: DmtpConnection, line: string): Promise<PeerReply> {
    this.coverage.command(line.endsWith('\n') ? line : `${line}\r\n`);
    const reply = await connection.ask(line);
    this.coverage.reply(reply.raw);
    return reply;
  }

  /** Counts texts that a case sent or read by itself. */
  covered(kind: 'command' | 'reply' | 'record', text: string): void {
    this.coverage[kind](text);
  }

  /** One DNS question to the target's server. @throws Unreachable */
  async dns(question: DnsQuestion): Promise<DnsAnswer> {
    const endpoint = this.profile.dns;
    if (endpoint === null) throw new Unreachable('the target has no DNS server');
    this.transcript.add('query', 0, `${question.type} ${question.name} over ${question.transport}`);
    const answer = await askDns(endpoint, question, this.profile.limits.connectMs);
    this.transcript.add('answer', 0, answer.summary);
    return answer;
  }

  /**
   * One operation of the adapter.
   *
   * @throws Unsupported when it says so, Unreachable when the adapter itself failed (a finding, not a verdict)
   */
  async call(
    operation: string,
    input: Record<string, unknown>,
    timeoutMs = Math.max(this.profile.limits.replyMs, leastAdapterMs),
  ): Promise<Exclude<AdapterAnswer, { kind: 'unsupported' }>> {
    const adapter = this.target.adapter;
    if (adapter === null) throw new Unreachable('the target has no adapter');
    let answer: AdapterAnswer;
    try {
      answer = await adapter.call(operation, input, {
        timeoutMs,
        onExchange: (direction, line) => this.transcript.add(direction, 0, line),
      });
    } catch (error) {
      if (error instanceof AdapterFault)
        throw new Unreachable(`the adapter failed: ${error.message}`, { cause: error });
      throw error;
    }
    if (answer.kind === 'unsupported') throw new Unsupported(`${operation}: ${answer.reason}`);
    return answer;
  }

  /** Keeps something that ends with this run. */
  keep<Resource extends { close(): unknown }>(resource: Resource): Resource {
    this.#kept.push(resource);
    return resource;
  }

  /** The connections of this run, in the order of opening. */
  get connections(): readonly PeerConnection[] {
    return this.#connections;
  }

  /** Called by the runner when the run is over. */
  dispose(): void {
    for (const connection of this.#connections) connection.close();
    for (const resource of this.#kept) resource.close();
  }

  async #greeting(connection: DmtpConnection): Promise<PeerReply> {
    try {
      const banner = await connection.reply(this.profile.limits.connectMs);
      this.coverage.reply(banner.raw);
      return banner;
    } catch (error) {
      throw new Unreachable(`no greeting: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  /** A handshake that was refused is evidence too. */
  async #handshake(wishes: TlsWishes): ReturnType<typeof connectTls> {
    try {
      return await connectTls(wishes);
    } catch (error) {
      if (error instanceof HandshakeRefused) {
        this.transcript.add('connected', 0, `${wishes.host}:${wishes.port}`);
        const event = { reset: 'reset', timeout: 'timeout', alert: 'closed', closed: 'closed', local: 'note' } as const;
        this.transcript.add(event[error.how], 0, error.message);
      }
      throw error;
    }
  }

  #dmtpEndpoint(): DmtpEndpoint {
    const endpoint = this.profile.dmtp;
    if (endpoint === null) throw new Unreachable('the target has no DMTP endpoint');
    return endpoint;
  }

  #dmapEndpoint(): DmapEndpoint {
    const endpoint = this.profile.dmap;
    if (endpoint === undefined) throw new Unreachable('the target has no DMAP endpoint');
    return endpoint;
  }

  async #secured<Connection extends PeerConnection>(
    endpoint: DmtpEndpoint,
    wishes: Partial<TlsWishes>,
    make: (wire: Wire) => Connection,
  ): Promise<Secured<Connection>> {
    const { secure: socket, tcp } = await this.#handshake({
      host: endpoint.host,
      port: endpoint.port,
      servername: endpoint.name,
      timeoutMs: this.profile.limits.connectMs,
      ...wishes,
    });
    const protocol = socket.getProtocol();
    const cipher = socket.getCipher().standardName;
    const connection = this.#adopt(endpoint, socket, tcp, `${protocol ?? 'TLS'} ${cipher}`, make);
    return {
      connection,
      protocol,
      cipher,
      // Parsed when a case asks for it: few do, and it takes longer than an exchange.
      get certificate() {
        return socket.getPeerX509Certificate() ?? null;
      },
    };
  }

  async #unsecured<Connection extends PeerConnection>(
    endpoint: DmtpEndpoint,
    make: (wire: Wire) => Connection,
  ): Promise<Connection> {
    const { host, port } = endpoint;
    const socket = await connectTcp({ host, port, timeoutMs: this.profile.limits.connectMs });
    return this.#adopt(endpoint, socket, socket, null, make);
  }

  #adopt<Connection extends PeerConnection>(
    { host, port }: DmtpEndpoint,
    socket: Duplex,
    tcp: net.Socket,
    secured: string | null,
    make: (wire: Wire) => Connection,
  ): Connection {
    const number = this.#connections.length + 1;
    this.transcript.add('connected', number, `${host}:${port}`);
    if (secured !== null) this.transcript.add('secured', number, secured);
    const { transcript, delivery } = this;
    const connection = make({ socket, tcp, transcript, number, limits: this.profile.limits, delivery });
    this.#connections.push(connection);
    return connection;
  }
}

function describe(actual: string | PeerReply | (() => string)): string {
  if (typeof actual === 'string') return actual;
  if (typeof actual === 'function') return actual();
  return JSON.stringify(actual.raw.slice(0, 400));
}
