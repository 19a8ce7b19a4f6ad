/** The transport of the reference DMAP server: one port, TLS from the first octet (section 1.2 of the DMAP digest). */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Crowd } from '../tls/crowd.js';
import { type ServerTls, serverTlsOptions } from '../tls/options.js';
import { Connection, type ConnectionHost, type SessionServices } from './connection.js';
import { type DmapServerLimits, serverLimits } from './server-limits.js';

export interface DmapServerLog {
  debug(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}

export interface DmapServerOptions extends SessionServices {
  readonly tls: ServerTls;
  readonly host: string;
  /** 0 takes a free one; there is no default (DMAP-I-01). */
  readonly port: number;
  readonly limits?: Partial<DmapServerLimits>;
  readonly log?: DmapServerLog;
  /** Milliseconds of a clock that never goes back; may be set forward to see the inactivity timer work. */
  readonly now?: () => number;
}

export interface DmapServer {
  readonly host: string;
  readonly port: number;
  readonly limits: DmapServerLimits;
  /** Connections open now. */
  readonly connections: number;
  /** Takes no more connections, lets each session say its last word, and after `graceMs` (2000) closes by force. */
  close(graceMs?: number): Promise<void>;
}

/** Connections that the kernel keeps ready while this process is busy. */
const backlog = 1024;

/**
 * Starts a DMAP server.
 *
 * @throws Error when the TLS material or a limit is not usable, or the port cannot be had
 */
export async function startDmapServer(options: DmapServerOptions): Promise<DmapServer> {
  const limits = serverLimits(options.limits);
  const crowd = new Crowd<Connection>(limits);
  const { log, now = () => performance.now() } = options;

  // Never listens: it does the handshakes of the sockets that are handed to it.
  const handshakes = createTlsServer(serverTlsOptions(options.tls));
  handshakes.on('secureConnection', (stream: TLSSocket) => crowd.secured(stream));
  handshakes.on('tlsClientError', (error: Error & { code?: string }, stream: TLSSocket) => {
    log?.debug({ code: error.code ?? error.name }, 'TLS handshake failed');
    stream.destroy();
  });

  const host: ConnectionHost = {
    limits,
    services: options,
    now,
    handshake: (raw) => handshakes.emit('connection', raw),
    heard: (connection) => crowd.heard(connection),
    closed: (connection) => crowd.remove(connection),
    notice: (connection, event, code) => log?.debug({ peer: connection.name, code }, event),
  };
  const listener = createServer({ noDelay: true, allowHalfOpen: true }, (raw) => {
    const connection = crowd.admit(raw, (address, name) => new Connection(raw, address, name, host));
    if (connection === null) log?.debug({ peer: raw.remoteAddress }, 'connection refused: too many');
    else connection.start();
  });

  listener.listen({ host: options.host, port: options.port, backlog });
  await once(listener, 'listening');
  const sweep = setInterval(() => crowd.sweep(now()), sweepPeriod(limits)).unref();
  // Out of file descriptors, for instance: one connection must go for the next to come.
  listener.on('error', (error: NodeJS.ErrnoException) => {
    log?.warn({ code: error.code }, 'a connection could not be accepted');
    crowd.evict();
  });

  let closing: Promise<void> | undefined;
  async function close(graceMs: number): Promise<void> {
    const closed = new Promise((resolve) => listener.close(resolve));
    crowd.shutdown();
    const force = setTimeout(() => crowd.destroy(), graceMs);
    await closed;
    clearTimeout(force);
    clearInterval(sweep);
  }

  return {
    host: options.host,
    port: (listener.address() as AddressInfo).port,
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
function sweepPeriod({ handshakeMs, loginIdleMs, idleMs, stallMs, lingerMs }: DmapServerLimits): number {
  return Math.min(1000, Math.max(10, Math.min(handshakeMs, loginIdleMs, idleMs, stallMs, lingerMs) / 4));
}
