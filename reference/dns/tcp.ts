/** DNS over TCP: messages behind two octets of length, any number on a connection. (RFC 1035 section 4.2.2, RFC 7766) */
import type { Server, Socket } from 'node:net';
import type { Delays } from './delays.js';
import type { DnsLimits } from './limits.js';
import type { Response } from './respond.js';

export type Receive = (
  message: Buffer,
  transport: 'tcp',
  client: { address: string; port: number },
) => Pick<Response, 'octets' | 'delayMs'> | null;

const lengthOctets = 2;

/** Serves the connections of a listening server. The function that it gives ends them all and closes the server. */
export function serveTcp(
  server: Server,
  limits: DnsLimits,
  receive: Receive,
  delays: Delays,
  log: (message: string) => void,
): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.maxConnections = limits.tcpConnections;
  server.on('error', (error) => log(`dns: TCP server: ${error.message}`));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, limits, receive, delays);
  });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}

function serveConnection(socket: Socket, limits: DnsLimits, receive: Receive, delays: Delays): void {
  const client = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  let buffered: Buffer = Buffer.alloc(0);
  let ended = false;
  /** Answers that are to come later. */
  let waiting = 0;
  // Only whole queries restart it: a peer that sends an octet now and then holds no connection, nor one that never reads.
  const deadline = setTimeout(() => socket.destroy(), limits.tcpIdleMs);
  socket.setNoDelay(true);
  socket.once('close', () => clearTimeout(deadline));
  // A reset needs no word: the connection is gone and 'close' follows.
  socket.on('error', () => socket.destroy());

  /** Answers the whole queries that have come, as long as the peer takes the answers. */
  const advance = (): void => {
    while (buffered.length >= lengthOctets && !socket.destroyed) {
      const length = buffered.readUInt16BE(0);
      if (length > limits.tcpQueryOctets) {
        // What follows cannot be told from a query, so nothing more is read.
        socket.destroy();
        return;
      }
      if (buffered.length < lengthOctets + length) break;
      const response = receive(buffered.subarray(lengthOctets, lengthOctets + length), 'tcp', client);
      buffered = buffered.subarray(lengthOctets + length);
      if (response === null) {
        // No answer will come; a peer that sends such a thing is no resolver.
        socket.destroy();
        return;
      }
      deadline.refresh();
      const { octets, delayMs } = response;
      if (octets === null) continue;
      if (delayMs > 0) {
        later(octets, delayMs);
        continue;
      }
      if (!send(socket, octets)) {
        socket.pause();
        socket.once('drain', () => {
          socket.resume();
          advance();
        });
        return;
      }
    }
    if (ended && waiting === 0) socket.end();
  };
  /** Answers to later queries may overtake it (RFC 7766 section 7). */
  const later = (octets: Buffer, delayMs: number): void => {
    const waits = delays.later(delayMs, () => {
      waiting--;
      if (socket.destroyed) return;
      send(socket, octets);
      if (ended && waiting === 0) socket.end();
    });
    if (waits) waiting++;
  };
  socket.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    advance();
  });
  socket.on('end', () => {
    ended = true;
    if (!socket.writableNeedDrain) advance();
  });
}

function send(socket: Socket, response: Buffer): boolean {
  const framed = Buffer.allocUnsafe(lengthOctets + response.length);
  framed.writeUInt16BE(response.length, 0);
  response.copy(framed, lengthOctets);
  return socket.write(framed);
}
