/** The DMTP server: listens on a TLS port and, if asked, a plain one, and gives each connection a session. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Crowd } from '../tls/crowd.js';
import { type ServerTls, serverTlsOptions } from '../tls/options.js';
import { AttentiveClock } from './attentive-clock.js';
import { Connection } from './connection.js';
import type { ConnectionHost, Transport } from './connection-host.js';
import type { Judge } from './judgement.js';
import { type DmtpServerLimits, serverLimits } from './limits.js';
import type { DmtpSession } from './session.js';
import type { SmtpService } from './smtp-relay.js';

export type { ServerTls as DmtpServerTls } from '../tls/options.js';

/** What is written to the log (pino fits). Lines tell events, peers and codes; never what a peer sent, never keys. */
export interface ServerLog {
  debug(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}

export interface DmtpServerOptions {
  /** Called once a connection: on the TLS port after the handshake, on the plain port at the connect. */
  readonly createSession: (transport: Transport) => DmtpSession;
  /** Says of each message that came whole whether it may be stored. */
  readonly judge: Judge;
  /** Where sessions of the plain port hand SMTP over to; none when not given. */
  readonly smtpService?: SmtpService;
  readonly tls: ServerTls;
  readonly host: string;
  /** Of the port with TLS from the first octet; 0 takes a free one. */
  readonly port: number;
  /** Of a second port that starts in plain text and knows STARTTLS; none when not given. */
  readonly plainPort?: number;
  readonly limits?: Partial<DmtpServerLimits>;
  readonly log?: ServerLog;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export interface DmtpServer {
  readonly host: string;
  readonly port: number;
  /** Null without a plain port. */
  readonly plainPort: number | null;
  readonly limits: DmtpServerLimits;
  /** Connections open now. */
  readonly connections: number;
  /** Takes no more connections, lets each session say its last word, and after `graceMs` (2000) closes by force. */
  close(graceMs?: number): Promise<void>;
}

/** Connections that the kernel keeps ready while this process is busy. */
const backlog = 1024;

/**
 * Starts a DMTP server (sections 1 and 12.1 of the DMTP digest).
 *
 * @throws Error when the TLS material or a limit is not usable, or a port cannot be had
 */
export async function startDmtpServer(options: DmtpServerOptions): Promise<DmtpServer> {
  const limits = serverLimits(options.limits);
  const crowd = new Crowd<Connection>(limits);
  const { log } = options;

  // Never listens: it does the handshakes of the sockets that are handed to it.
  const handshakes = createTlsServer(serverTlsOptions(options.tls));
  handshakes.on('secureConnection', (stream: TLSSocket) => crowd.secured(stream));
  handshakes.on('tlsClientError', (error: Error & { code?: string }, stream: TLSSocket) => {
    log?.debug({ code: error.code ?? error.name }, 'TLS handshake failed');
    stream.destroy();
  });

  const clock = new AttentiveClock(options.now ?? (() => performance.now()), sweepPeriod(limits));
  const host: ConnectionHost<Connection> = {
    limits,
    now: () => clock.now(),
    createSession: options.createSession,
    judge: options.judge,
    smtpService: options.smtpService ?? null,
    handshake: (raw) => handshakes.emit('connection', raw),
    heard: (connection) => crowd.heard(connection),
    closed: (connection) => crowd.remove(connection),
    notice: (connection, event, code) => log?.debug({ peer: connection.name, code }, event),
  };

  const listeners = [listener('tls'), ...(options.plainPort === undefined ? [] : [listener('plain')])];
  const sweep = setInterval(() => crowd.sweep(clock.tick()), sweepPeriod(limits)).unref();
  try {
    for (const [index, server] of listeners.entries()) {
      server.listen({ host: options.host, port: index === 0 ? options.port : options.plainPort, backlog });
      await once(server, 'listening');
      // Out of file descriptors, for instance: one connection must go for the next to come.
      server.on('error', (error: NodeJS.ErrnoException) => {
        log?.warn({ code: error.code }, 'a connection could not be accepted');
        crowd.evict();
      });
    }
  } catch (error) {
    clearInterval(sweep);
    for (const server of listeners) server.close();
    throw error;
  }

  function listener(transport: Transport): Server {
    return createServer({ noDelay: true, allowHalfOpen: true }, (raw) => {
      const connection = crowd.admit(raw, (address, name) => new Connection(raw, address, name, transport, host));
      if (connection === null) log?.debug({ peer: raw.remoteAddress }, 'connection refused: too many');
      else connection.start();
    });
  }

  let closing: Promise<void> | undefined;
  async function close(graceMs: number): Promise<void> {
    const closed = Promise.all(listeners.map((server) => new Promise((resolve) => server.close(resolve))));
    crowd.shutdown();
    const force = setTimeout(() => crowd.destroy(), graceMs);
    await closed;
    clearTimeout(force);
    clearInterval(sweep);
  }

  const [port, plainPort] = listeners.map((server) => (server.address() as AddressInfo).port);
  return {
    host: options.host,
    port: port ?? options.port,
    plainPort: plainPort ?? null,
    limits,
    get connections() {
      return crowd.size;
    },
    close: (graceMs = 2000) => {
      closing ??= close(graceMs);
      return closing;
    },
  };
}

/** One timer serves all deadlines; a quarter of the shortest keeps each within a quarter of its time. */
function sweepPeriod({ handshakeMs, idleMs, dataIdleMs, lingerMs }: DmtpServerLimits): number {
  return Math.min(1000, Math.max(10, Math.min(handshakeMs, idleMs, dataIdleMs, lingerMs) / 4));
}
