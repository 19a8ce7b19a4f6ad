/** A DMAP server of the suite's own that says whatever a case wants it to: what a client does then is judged. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { ServerCertificate } from './hostile-certificate.js';
import { DmapPeer, type PeerEvent } from './hostile-dmap-peer.js';
import { usualCertificate } from './hostile-stacie.js';

interface HostileDmapOptions {
  /** The conversation on one connection. When it is over and the connection is not, that stays open. */
  readonly serve: (peer: DmapPeer) => Promise<void>;
  /** There is no TLS: everything is clear text. */
  readonly clear?: boolean;
  /** Right for 127.0.0.1 when not given. */
  readonly certificate?: ServerCertificate;
  readonly onEvent?: (number: number, event: PeerEvent, text: string) => void;
}

export interface HostileDmap {
  readonly endpoint: { readonly host: string; readonly port: number };
  /** PEM: what a client has to believe in. */
  readonly certificate: string;
  /** Those that got as far as the first octet of DMAP. */
  readonly peers: readonly DmapPeer[];
  /** TCP connections. */
  readonly connections: number;
  close(): void;
}

const mostConnections = 50;

const contexts = new WeakMap<ServerCertificate, SecureContext>();

function contextOf(certificate: ServerCertificate): SecureContext {
  const known = contexts.get(certificate);
  if (known !== undefined) return known;
  const context = createSecureContext({ key: certificate.key, cert: certificate.cert, minVersion: 'TLSv1.2' });
  contexts.set(certificate, context);
  return context;
}

export async function startHostileDmap(options: HostileDmapOptions): Promise<HostileDmap> {
  const certificate = options.certificate ?? (await usualCertificate());
  const context = contextOf(certificate);
  const peers: DmapPeer[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const meet = (stream: Socket, number: number, tls: DmapPeer['tls']): void => {
    const peer = new DmapPeer(stream, number, tls, (event, text) => options.onEvent?.(number, event, text));
    peers.push(peer);
    options.serve(peer).catch((error: unknown) => {
      options.onEvent?.(number, 'closed', `the script failed: ${String(error)}`);
      peer.destroy();
    });
  };
  const server = createServer((raw) => {
    connections += 1;
    const number = connections;
    if (number > mostConnections) {
      raw.destroy();
      return;
    }
    sockets.add(raw);
    raw.on('error', () => undefined);
    raw.once('close', () => sockets.delete(raw));
    options.onEvent?.(number, 'connected', '127.0.0.1');
    if (options.clear === true) {
      meet(raw, number, null);
      return;
    }
    // Without a callback, no server name is read.
    const SNICallback = (_: string, done: (error: null, context: SecureContext) => void): void => done(null, context);
    const stream = new TLSSocket(raw, { isServer: true, secureContext: context, SNICallback });
    stream.on('error', () => undefined);
    stream.once('close', () => raw.destroy());
    stream.once('secure', () => {
      const { servername } = stream as TLSSocket & { readonly servername?: string | false };
      const serverName = typeof servername === 'string' ? servername : null;
      const protocol = stream.getProtocol() ?? 'TLS';
      options.onEvent?.(number, 'secured', `${protocol}, server name ${serverName ?? 'none'}`);
      meet(stream, number, { protocol, serverName });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    certificate: certificate.cert,
    peers,
    get connections() {
      return connections;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
