/**
 * What stands between the reference's DMAP client and a server when the client is to be wrong: its octets, and what it is
 * told, are bent.
 */
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { connect, createSecureContext, TLSSocket } from 'node:tls';
import { usualCertificate } from '../target/hostile-stacie.js';
import { Conversation, type Wrong } from './dmap-client-conversation.js';

const silenceMs = 400;

interface Relay {
  readonly endpoint: { readonly host: string; readonly port: number };
  /** PEM. */
  readonly trust: string;
  close(): void;
}

interface RelayOptions {
  readonly server: { readonly host: string; readonly port: number };
  readonly trust?: string;
  /** One for each connection. */
  readonly wrong: () => Wrong;
}

/** Listens for the client, and connects to the server as its part of the client. */
export async function startRelay({ server, trust, wrong }: RelayOptions): Promise<Relay> {
  const certificate = await usualCertificate();
  const secureContext = createSecureContext({ key: certificate.key, cert: certificate.cert });
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
  };
  const listener = net.createServer((raw) => {
    keep(raw);
    const bent = wrong();
    const outer =
      bent.clear === true
        ? net.connect(server)
        : connect({ ...server, ...(trust === undefined ? {} : { ca: trust }), servername: '' });
    keep(outer);
    outer.once('close', () => raw.destroySoon());
    // A server that waits for TLS says nothing.
    if (bent.clear === true) outer.setTimeout(silenceMs, () => outer.destroy());
    outer.once(bent.clear === true ? 'connect' : 'secureConnect', () => {
      const inner = new TLSSocket(raw, { isServer: true, secureContext });
      keep(inner);
      converse(inner, outer, bent);
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    endpoint: { host: '127.0.0.1', port: (listener.address() as AddressInfo).port },
    trust: certificate.cert,
    close: () => {
      listener.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function converse(inner: Socket, outer: Socket, wrong: Wrong): void {
  const send = (socket: Socket) => (text: string) => {
    if (socket.writable) socket.write(Buffer.from(text, 'latin1'));
  };
  const conversation = new Conversation(wrong, {
    toClient: send(inner),
    toServer: send(outer),
    leave: () => outer.end(),
    hangUp: () => inner.end(),
  });
  inner.on('data', (octets: Buffer) => conversation.fromClient(octets.toString('latin1')));
  outer.on('data', (octets: Buffer) => conversation.fromServer(octets.toString('latin1')));
  inner.once('end', () => outer.end());
  inner.once('close', () => outer.destroySoon());
  outer.once('end', () => inner.end());
  outer.once('close', () => inner.destroySoon());
}
