import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Front } from '../target/embedded.js';
import { type RelayBehaviour, relay } from './relay.js';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** A server that sends back what it gets, and a relay before it. */
async function start(make: () => RelayBehaviour): Promise<Front> {
  const server = net.createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const front = await relay(make)({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  endings.push(async () => {
    await front.close();
    const closed = once(server, 'close');
    server.close();
    await closed;
  });
  return front;
}

async function connect({ host, port }: Front): Promise<Socket> {
  const socket = net.connect({ host, port });
  await once(socket, 'connect');
  return socket;
}

async function received(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

describe('a relay', () => {
  it('passes octets and ends on, both ways', async () => {
    const peer = await connect(await start(() => () => undefined));
    peer.end('hello');
    expect(await received(peer)).toBe('hello');
  });

  it('lets a fault speak before the server', async () => {
    const peer = await connect(await start(() => (socket) => socket.write('first ')));
    peer.end('second');
    expect(await received(peer)).toBe('first second');
  });

  it('keeps what a fault remembers of one peer for the next', async () => {
    const front = await start(() => {
      let count = 0;
      return (peer) => {
        count += 1;
        if (count > 1) peer.destroy();
      };
    });
    const first = await connect(front);
    first.end('served');
    expect(await received(first)).toBe('served');
    expect(await received(await connect(front))).toBe('');
  });
});
