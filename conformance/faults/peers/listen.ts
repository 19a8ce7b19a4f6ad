/** Connections for the peers of this folder: a port with TLS from the first octet, and perhaps one that begins in plain text. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import type { Effect, PeerSession } from './session.js';

export interface PeerTls {
  readonly key: string;
  readonly cert: string;
}

export interface PeerPorts {
  readonly tls: PeerTls;
  /** Loopback. */
  readonly host: string;
  /** Whether there is a plain port too. */
  readonly plain: boolean;
  /** @param secured whether TLS stands already */
  readonly session: (secured: boolean) => PeerSession;
}

export interface RunningPeer {
  readonly host: string;
  readonly port: number;
  /** Of the port that begins in plain text; null without one. */
  readonly plainPort: number | null;
  close(): Promise<void>;
}

const mostConnections = 200;
/** Milliseconds without an octet, and for a handshake. */
const patienceMs = 60_000;
const handshakeMs = 5000;

/** Listens on free ports. */
export async function listen({ tls, host, plain, session }: PeerPorts): Promise<RunningPeer> {
  const sockets = new Set<Socket>();
  const serve = (raw: Socket, secured: boolean): void => {
    sockets.add(raw);
    raw.setNoDelay(true).setTimeout(patienceMs, () => raw.destroy());
    raw.on('error', () => raw.destroy());
    raw.once('close', () => sockets.delete(raw));
    const connection = new Connection(raw, session(secured), tls);
    if (secured) connection.secure();
    else connection.begin();
  };
  const servers = (plain ? [true, false] : [true]).map((secured) => {
    const server = createServer((raw) => serve(raw, secured));
    server.maxConnections = mostConnections;
    return server;
  });
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, host);
    await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  return {
    host,
    port: ports[0] ?? 0,
    plainPort: ports[1] ?? null,
    close: async () => {
      const closed = servers.map((server: Server) => once(server, 'close'));
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

class Connection {
  /** Where the protocol is spoken: TCP, or TLS on it. */
  #stream: Duplex;
  #begun = false;

  constructor(
    private readonly raw: Socket,
    private readonly session: PeerSession,
    private readonly tls: PeerTls,
  ) {
    this.#stream = raw;
  }

  begin(): void {
    this.#begun = true;
    this.#hear(this.raw);
    this.#do(this.session.start());
  }

  /** Shakes hands on a stream of its own, so that the socket can still be written to when that fails. */
  secure(): void {
    const { raw } = this;
    raw.removeAllListeners('data');
    const below = new Below(raw);
    const handshakes = createTlsServer({ ...this.tls, minVersion: 'TLSv1.2', handshakeTimeout: handshakeMs });
    handshakes.once('secureConnection', (secure) => {
      secure.on('error', () => raw.destroy());
      secure.once('close', () => raw.destroy());
      this.#stream = secure;
      this.#hear(secure);
      this.#do(this.#begun ? this.session.secured() : this.session.start());
      this.#begun = true;
    });
    handshakes.once('tlsClientError', () => {
      below.leave();
      if (!this.#begun) {
        raw.destroy();
        return;
      }
      this.#stream = raw;
      this.#hear(raw);
      this.#do(this.session.handshakeFailed());
    });
    handshakes.emit('connection', below);
  }

  #hear(stream: Duplex): void {
    stream.on('data', (octets: Buffer) => {
      if (stream === this.#stream) this.#do(this.session.receive(octets));
    });
    stream.once('end', () => stream.end());
  }

  #do(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'say' && this.#stream.writable) this.#stream.write(Buffer.from(effect.text, 'latin1'));
      if (effect.kind === 'close') this.#stream.end();
      if (effect.kind === 'secure') this.secure();
    }
  }
}

/** The octets of a socket as a stream that can end without it. */
class Below extends Duplex {
  #left = false;

  constructor(private readonly raw: Socket) {
    super();
    raw.on('data', this.#pass);
    raw.once('end', () => this.#left || this.push(null));
    raw.once('close', () => this.destroy());
    raw.resume();
  }

  leave(): void {
    this.#left = true;
    this.raw.off('data', this.#pass);
  }

  readonly #pass = (octets: Buffer): void => {
    this.push(octets);
  };

  override _read(): void {}

  override _write(octets: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#left || !this.raw.writable) done();
    else this.raw.write(octets, done);
  }

  override _final(done: () => void): void {
    if (!this.#left) this.raw.end();
    done();
  }
}
