import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { on, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decode, encode } from 'dns-packet';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type DnsServer, type DnsServerOptions, startDnsServer } from './server.js';
import { startOfAuthority, type Zone } from './zone.js';

const text = `ver=1 pok=qkv32ZKhAdj6PeiqbzruNqWmXbCCd6+CBkqYm9VVM4o ${'dx=dx.example.com '.repeat(60)}`;
const zone: Zone = {
  origin: 'example.com',
  records: [
    startOfAuthority('example.com'),
    { name: 'example.com', ttl: 60, type: 'NS', host: 'ns.example.com' },
    { name: 'example.com', ttl: 60, type: 'MX', preference: 10, exchange: 'dx.example.com' },
    { name: '_dx.example.com', ttl: 60, type: 'TXT', strings: ['ver=1'] },
    { name: '_dx.long.example.com', ttl: 60, type: 'TXT', strings: [text] },
    { name: 'dx.example.com', ttl: 61, type: 'A', address: '127.0.0.1' },
    { name: 'dx.example.com', ttl: 60, type: 'AAAA', address: '::1' },
    { name: 'www.example.com', ttl: 60, type: 'CNAME', target: 'dx.example.com' },
  ],
};

const toClose: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function start(options: Partial<DnsServerOptions> = {}): Promise<DnsServer> {
  const server = await startDnsServer({ zones: [zone], ...options });
  toClose.push(() => server.close());
  return server;
}

function resolver({ address }: DnsServer): Resolver {
  const client = new Resolver({ timeout: 5000, tries: 1 });
  client.setServers([`${address.host}:${address.port}`]);
  return client;
}

function question(name: string, id = 7, type: 'TXT' | 'A' = 'TXT'): Buffer {
  return encode({ type: 'query', id, questions: [{ name, type }] });
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

async function openTcp({ address }: DnsServer): Promise<Socket> {
  const socket = connect(address);
  socket.on('error', () => undefined);
  toClose.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Resolves when a connection is over, however it ended. */
async function over(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

async function openUdp(): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  toClose.push(() => socket.close());
  return socket;
}

/** The ids of the next `count` answers on a connection. */
async function answerIds(socket: Socket, count: number): Promise<number[]> {
  const ids: number[] = [];
  let buffered = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      ids.push(decode(buffered.subarray(2, end)).id ?? -1);
      buffered = buffered.subarray(end);
    }
    if (ids.length >= count) break;
  }
  return ids;
}

/** Whether there is room for one more connection. */
async function isServed(server: DnsServer): Promise<boolean> {
  const socket = connect(server.address);
  socket.on('error', () => undefined);
  socket.write(framed(question('_dx.example.com', 5)));
  const ids = await answerIds(socket, 1).catch(() => []);
  socket.destroy();
  return ids[0] === 5;
}

function isGoodAnswer(message: Buffer): boolean {
  return message.readUInt16BE(0) === 0xfeed && decode(message).answers?.length === 1;
}

describe("with Node's resolver", () => {
  it('every type is found', async () => {
    const client = resolver(await start());
    expect(await client.resolveTxt('_dx.example.com')).toEqual([['ver=1']]);
    expect(await client.resolveMx('example.com')).toEqual([{ priority: 10, exchange: 'dx.example.com' }]);
    expect(await client.resolve4('dx.example.com', { ttl: true })).toEqual([{ address: '127.0.0.1', ttl: 61 }]);
    expect(await client.resolve6('dx.example.com')).toEqual(['::1']);
    expect(await client.resolveNs('example.com')).toEqual(['ns.example.com']);
    expect(await client.resolveCname('www.example.com')).toEqual(['dx.example.com']);
    expect(await client.resolve4('www.example.com')).toEqual(['127.0.0.1']);
    expect(await client.resolveSoa('example.com')).toMatchObject({ hostmaster: 'hostmaster.example.com', minttl: 300 });
  });

  it('a long text comes over TCP, since UDP says that it is cut', async () => {
    const server = await start();
    const [strings = []] = await resolver(server).resolveTxt('_dx.long.example.com');
    expect(strings.join('')).toBe(text);
    expect(Math.max(...strings.map(({ length }) => length))).toBe(255);
    expect(server.queries.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  it.each([
    ['nothing.example.com', 'ENOTFOUND'],
    ['example.com', 'ENODATA'],
    ['long.example.com', 'ENODATA'],
    ['example.net', 'EREFUSED'],
  ])('%s gives %s', async (name, code) => {
    await expect(resolver(await start()).resolveTxt(name)).rejects.toMatchObject({ code });
  });
});

describe('the server', () => {
  it('tells what was asked, the last entries only', async () => {
    const server = await start({ limits: { loggedQueries: 2 }, now: () => 1234 });
    const client = resolver(server);
    await client.resolve4('dx.example.com');
    await client.resolveTxt('_dx.example.com');
    await expect(client.resolveTxt('nothing.example.com')).rejects.toThrow();
    expect(server.queries).toEqual([
      expect.objectContaining({ at: 1234, name: '_dx.example.com', type: 'TXT', rcode: 0, transport: 'udp' }),
      expect.objectContaining({ name: 'nothing.example.com', type: 'TXT', rcode: 3, recursionDesired: true }),
    ]);
  });

  it('serves other zones when told, and keeps the old ones when those are bad', async () => {
    const server = await start();
    const client = resolver(server);
    server.setZones([{ origin: 'example.net', records: [startOfAuthority('example.net')] }]);
    await expect(client.resolveTxt('_dx.example.com')).rejects.toMatchObject({ code: 'EREFUSED' });
    expect(() => server.setZones([{ origin: 'example.org', records: [] }])).toThrow('needs exactly one SOA');
    expect(await client.resolveSoa('example.net')).toMatchObject({ serial: 1 });
  });

  it('fails when the port is taken, and gives it back when closed', async () => {
    const first = await start();
    const { port } = first.address;
    await expect(startDnsServer({ zones: [zone], port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await Promise.all([first.close(), first.close()]);
    const second = await start({ port });
    expect(await resolver(second).resolveTxt('_dx.example.com')).toEqual([['ver=1']]);
  });

  it('answers after 5,000 packets of noise as before', async () => {
    const server = await start();
    const socket = await openUdp();
    const base = question('_dx.example.com');
    const noise = fc.sample(
      fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.tuple(fc.nat({ max: base.length - 1 }), fc.nat({ max: 255 })).map(([at, octet]) => {
          const message = Uint8Array.from(base);
          message[at] = octet;
          return message;
        }),
      ),
      5000,
    );
    const { port, host } = server.address;
    // A good query after every few, so that noise is received and not lost in a full buffer.
    const answers = on(socket, 'message');
    for (let sent = 0; sent < noise.length; sent += 50) {
      for (const message of noise.slice(sent, sent + 50)) socket.send(message, port, host);
      socket.send(question('_dx.example.com', 0xfeed), port, host);
      // Leaving a for-await loop would end the iterator.
      while (!isGoodAnswer((await answers.next()).value[0]));
    }
    expect(await resolver(server).resolveTxt('_dx.example.com')).toEqual([['ver=1']]);
  });
});

describe('a server that is told to answer otherwise', () => {
  it('answers later, or not at all, and says so in its log', async () => {
    const server = await start();
    const client = new Resolver({ timeout: 100, tries: 3 });
    client.setServers([`${server.address.host}:${server.address.port}`]);
    server.setConduct({ name: '_dx.example.com' }, { kind: 'lost', times: 1 });
    server.setConduct({ name: 'dx.example.com', type: 'A' }, { kind: 'slow', ms: 40 });
    const began = performance.now();
    expect(await client.resolve4('dx.example.com')).toEqual(['127.0.0.1']);
    expect(performance.now() - began).toBeGreaterThan(35);
    expect(await client.resolveTxt('_dx.example.com')).toEqual([['ver=1']]);
    expect(server.queries.map(({ name, served, octets }) => [name, served, octets > 0])).toEqual([
      ['dx.example.com', ['slow'], true],
      ['_dx.example.com', ['lost'], false],
      ['_dx.example.com', [], true],
    ]);
    server.clearConducts();
    expect(await client.resolve4('dx.example.com')).toEqual(['127.0.0.1']);
    expect(server.queries.at(-1)?.served).toEqual([]);
  });

  it('over TCP lets later answers overtake, and ends when the last is sent', async () => {
    const server = await start();
    const socket = await openTcp(server);
    server.setConduct({ name: 'dx.example.com' }, { kind: 'slow', ms: 40 });
    server.setConduct({ name: 'www.example.com' }, { kind: 'lost' });
    const [slow, lost] = [question('dx.example.com', 1, 'A'), question('www.example.com', 2, 'A')];
    socket.end(Buffer.concat([framed(slow), framed(lost), framed(question('_dx.example.com', 3))]));
    expect(await answerIds(socket, 3)).toEqual([3, 1]);
  });

  it('drops answers that there is no room to keep, and those that wait when it is closed', async () => {
    const server = await start({ limits: { delayedAnswers: 1 } });
    const socket = await openTcp(server);
    server.setConduct({ name: '*' }, { kind: 'slow', ms: 30 });
    socket.end(Buffer.concat([1, 2].map((id) => framed(question('_dx.example.com', id)))));
    expect(await answerIds(socket, 2)).toEqual([1]);
    server.setConduct({ name: '*' }, { kind: 'slow', ms: 60_000 });
    const waiting = await openTcp(server);
    waiting.resume().write(framed(question('_dx.example.com')));
    await expect.poll(() => server.queries.length).toBe(3);
    await Promise.all([server.close(), over(waiting)]);
  });
});

describe('over TCP', () => {
  it('many queries are answered on one connection, in order, however they are cut', async () => {
    const socket = await openTcp(await start());
    const stream = Buffer.concat(Array.from({ length: 20 }, (_, id) => framed(question('_dx.example.com', id))));
    const ids = answerIds(socket, 20);
    for (let at = 0; at < stream.length; at += 7) socket.write(stream.subarray(at, at + 7));
    expect(await ids).toEqual(Array.from({ length: 20 }, (_, id) => id));
  });

  it('a client that closes its side after the query still gets the answer, and then the end', async () => {
    const socket = await openTcp(await start());
    socket.end(framed(question('_dx.example.com', 99)));
    expect(await answerIds(socket, 2)).toEqual([99]);
  });

  it.each<[string, Buffer]>([
    ['a length beyond any query', Buffer.of(0xff, 0xff)],
    ['a message that is an answer', framed(Buffer.concat([Buffer.of(0, 7, 0x80), Buffer.alloc(9)]))],
    ['an empty message', Buffer.of(0, 0)],
  ])('%s ends the connection', async (_what, octets) => {
    const socket = await openTcp(await start());
    socket.resume().write(octets);
    await over(socket);
  });

  it('a peer that brings no whole query in time is let go, even when it sends octets', async () => {
    const socket = await openTcp(await start({ limits: { tcpIdleMs: 100 } }));
    socket.resume().write(Buffer.of(0, 200));
    const drip = setInterval(() => socket.write('x'), 30);
    toClose.push(() => clearInterval(drip));
    await over(socket);
  });

  it('a peer that reads no answers is not served on, and let go', async () => {
    const server = await start({ limits: { tcpIdleMs: 300, tcpConnections: 1, loggedQueries: 100_000 } });
    const socket = await openTcp(server);
    const queries = 40_000;
    socket.pause().write(Buffer.concat(Array<Buffer>(queries).fill(framed(question('_dx.long.example.com')))));
    await expect.poll(() => isServed(server), { timeout: 10_000 }).toBe(true);
    expect(server.queries.length).toBeLessThan(queries / 2);
  });

  it('connections beyond the limit are closed, and there is room again afterwards', async () => {
    const server = await start({ limits: { tcpConnections: 2 } });
    const open = [await openTcp(server), await openTcp(server)];
    const third = await openTcp(server);
    await over(third.resume());
    open[0]?.destroy();
    await expect.poll(() => isServed(server), { timeout: 10_000 }).toBe(true);
  });

  it('a reset hurts nobody', async () => {
    const server = await start();
    const socket = await openTcp(server);
    socket.write(framed(question('_dx.long.example.com')).subarray(0, 9));
    socket.resetAndDestroy();
    await over(socket);
    expect(await resolver(server).resolveTxt('_dx.example.com')).toEqual([['ver=1']]);
  });
});
