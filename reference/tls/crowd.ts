/** All connections of a server: counts them, and finds the one that has to make room for another. */
import type { Socket } from 'node:net';

/** One of them, whatever it speaks. */
export interface Member {
  readonly address: string;
  /** Of nobody else at the same time. */
  readonly name: string;
  /** Takes over the stream inside TLS. */
  secured(stream: Socket): void;
  sweep(now: number): void;
  shutdown(): void;
  /** Gives its place up. */
  evict(): void;
  destroy(event: string): void;
}

export interface CrowdLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export class Crowd<Connection extends Member> {
  readonly #limits: CrowdLimits;
  readonly #connections = new Map<string, Connection>();
  /** Those without a finished handshake, the longest silent first. */
  readonly #unproven = new Set<Connection>();
  readonly #perAddress = new Map<string, number>();

  constructor(limits: CrowdLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Takes a socket in, or closes it and gives null when there is no room. */
  admit(raw: Socket, connect: (address: string, name: string) => Connection): Connection | null {
    const address = raw.remoteAddress;
    if (address === undefined || !this.#hasRoom(address)) {
      raw.on('error', () => {});
      raw.destroy();
      return null;
    }
    const connection = connect(address, nameOf(raw));
    this.#connections.set(connection.name, connection);
    this.#unproven.add(connection);
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    return connection;
  }

  /** Gives a socket inside TLS to the connection that it belongs to. */
  secured(stream: Socket): void {
    const connection = this.#connections.get(nameOf(stream));
    if (connection === undefined) {
      // The peer was gone before its handshake was looked at.
      stream.on('error', () => {});
      stream.destroy();
      return;
    }
    this.#unproven.delete(connection);
    connection.secured(stream);
  }

  /** An unproven connection has said something. */
  heard(connection: Connection): void {
    if (this.#unproven.delete(connection)) this.#unproven.add(connection);
  }

  remove(connection: Connection): void {
    if (this.#connections.get(connection.name) !== connection) return;
    this.#connections.delete(connection.name);
    this.#unproven.delete(connection);
    const left = (this.#perAddress.get(connection.address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(connection.address, left);
    else this.#perAddress.delete(connection.address);
  }

  /** Drops the longest silent connection that has not finished a handshake; false when there is none. */
  evict(): boolean {
    const [longest] = this.#unproven;
    if (longest === undefined) return false;
    longest.evict();
    return true;
  }

  sweep(now: number): void {
    for (const connection of this.#connections.values()) connection.sweep(now);
  }

  shutdown(): void {
    for (const connection of this.#connections.values()) connection.shutdown();
  }

  destroy(): void {
    for (const connection of this.#connections.values()) connection.destroy('server going down');
  }

  #hasRoom(address: string): boolean {
    if ((this.#perAddress.get(address) ?? 0) >= this.#limits.connectionsPerAddress) return false;
    return this.#connections.size < this.#limits.connections || this.evict();
  }
}

/** Names a connection; the socket inside TLS has the name of the one below it. */
function nameOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localPort}`;
}
