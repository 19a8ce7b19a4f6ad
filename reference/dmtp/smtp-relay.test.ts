/** A dual port in front of an SMTP server that others wrote, and of some that do not behave. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../account/store.js';
import { makeCertificate } from '../tls/certificate.js';
import type { DmtpServerLimits } from './limits.js';
import { connectPlainPeer, connectTlsPeer } from './peer.test-support.js';
import { type DmtpServer, startDmtpServer } from './server.js';
import { createDmtpSession } from './session.js';

let tls: { key: string; cert: string };
beforeAll(async () => {
  const { pem, privateKeyPem } = await makeCertificate({ names: ['dx.example'], now: new Date(), days: 1 });
  tls = { key: privateKeyPem, cert: pem };
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** @param port of the SMTP service */
async function dualServer(port: number, limits: Partial<DmtpServerLimits> = {}): Promise<DmtpServer> {
  const server = await startDmtpServer({
    createSession: (transport) =>
      createDmtpSession({
        host: 'dx.example',
        software: 'test',
        domains: ['example'],
        store: createMemoryStore({ accounts: [], signets: new Map() }),
        transport,
        dualMode: transport === 'plain',
        limits: { messageOctets: 1000, violations: 3 },
        disabled: new Set(),
        random: (octets) => new Uint8Array(octets),
      }),
    judge: async () => ({ accepted: true, recipient: null }),
    smtpService: { host: '127.0.0.1', port },
    tls,
    host: '127.0.0.1',
    port: 0,
    plainPort: 0,
    limits: { lingerMs: 200, ...limits },
  });
  ends.push(() => server.close(0));
  return server;
}

/** A service that does as it is told with each connection. */
async function service(serve: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket.on('error', () => socket.destroy()));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const banner = '220 <dx.example> ESMTP DMTPv1 test\r\n';
const peerOf = async ({ plainPort }: DmtpServer) => {
  const peer = await connectPlainPeer(plainPort ?? 0);
  expect(await peer.until('\r\n')).toBe(banner);
  return peer;
};

describe('a dual port before smtp-server', () => {
  it('serves a whole SMTP session, mail included, and DMTP beside it', async () => {
    const mails: string[] = [];
    const smtp = new SMTPServer({
      ...tls,
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onData(stream, session, done) {
        let text = '';
        stream.on('data', (octets: Buffer) => {
          text += octets.toString('latin1');
        });
        stream.on('end', () => {
          mails.push(`${session.clientHostname} ${session.hostNameAppearsAs}: ${text}`);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    ends.push(() => new Promise<void>((resolve) => smtp.close(resolve)));
    const server = await dualServer((smtp.server.address() as AddressInfo).port);

    const peer = await peerOf(server);
    expect(await peer.ask('EHLO client.example', '250 SMTPUTF8\r\n')).toMatch(/^250-\S+ Nice to meet you/);
    expect(await peer.ask('MAIL FROM:<a@client.example>')).toMatch(/^250 /);
    expect(await peer.ask('RCPT TO:<b@example>')).toMatch(/^250 /);
    expect(await peer.ask('DATA')).toMatch(/^354 /);
    const letter = `Subject: x\r\n\r\n${'0123456789abcdef\r\n'.repeat(20_000)}`;
    expect(await peer.ask(`${letter}.`)).toMatch(/^250 /);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.endsWith(letter)).toBe(true);
    expect(await peer.ask('MODE')).toMatch(/^500 /);
    expect(await peer.ask('QUIT')).toMatch(/^221 /);
    expect(await peer.closed).toBeNull();

    const dmtp = await peerOf(server);
    dmtp.write('STARTTLS <dx.example> MODE=DMTPv1\r\n');
    await dmtp.until('220 READY\r\n');
    dmtp.stream.removeAllListeners('data');
    const secure = await connectTlsPeer({ socket: dmtp.stream });
    expect(await secure.until('\r\n')).toBe('250 OK DMTPv1\r\n');
    expect(server.connections).toBe(1);
  });
});

describe('a dual port', () => {
  const echo = (greeting: string) =>
    service((socket) => {
      socket.write(greeting);
      socket.on('data', (octets) => socket.write(octets));
      socket.on('end', () => socket.end('the end\r\n'));
    });

  it('swallows the greeting of the service, of several lines too, and nothing behind it', async () => {
    const port = await echo('220-smtp.example\r\n220-more\r\n220 ready\r\nunasked\r\n');
    const peer = await peerOf(await dualServer(port));
    expect(await peer.ask('EHLO x', 'EHLO x\r\n')).toBe('unasked\r\nEHLO x\r\n');
  });

  it('passes the end of each side on to the other', async () => {
    const peer = await connectPlainPeer((await dualServer(await echo('220 hi\r\n'))).plainPort ?? 0, {
      allowHalfOpen: true,
    });
    await peer.until('\r\n');
    await peer.ask('HELO x');
    peer.stream.end('last words');
    await peer.until('the end\r\n');
    await peer.closed;
    expect(peer.received).toBe('HELO x\r\nlast wordsthe end\r\n');
  });

  it('waits for a peer that does not read, instead of keeping all that the service says', async () => {
    let written = 0;
    const piece = Buffer.alloc(64 * 1024, 'x');
    const port = await service((socket) => {
      const pour = (): void => {
        while (written < 512 * piece.length && socket.write(piece)) written += piece.length;
      };
      socket.write('220 hi\r\n');
      socket.once('data', () => socket.on('drain', pour) && pour());
    });
    const peer = await peerOf(await dualServer(port));
    peer.stream.pause();
    peer.write('EHLO x\r\n');
    await expect.poll(() => written, { timeout: 10_000 }).toBeGreaterThan(0);
    let before = -1;
    // Until it stands still.
    await expect
      .poll(
        () => {
          const still = before === written;
          before = written;
          return still;
        },
        { timeout: 10_000, interval: 50 },
      )
      .toBe(true);
    expect(written).toBeLessThan(512 * piece.length);
    peer.stream.destroy();
  });

  it.each([
    ['is not there', async () => 1, {}],
    ['refuses', () => service((socket) => socket.end('554 no\r\n')), {}],
    ['hangs up', () => service((socket) => socket.end()), {}],
    ['says nothing', () => service(() => undefined), { relayConnectMs: 60 }],
    ['talks without end', () => service((socket) => socket.write('220-more\r\n'.repeat(1000))), {}],
    ['speaks another language', () => service((socket) => socket.write('+OK POP3\r\n')), {}],
  ])('says 421 and closes when the service %s', async (_, open, limits) => {
    const peer = await peerOf(await dualServer(await open(), limits));
    peer.forget();
    peer.write('EHLO x\r\n');
    expect(await peer.closed).toBeNull();
    expect(peer.received).toBe('421 dx.example SMTP SERVICE CONFIGURATION ERROR\r\n');
  });

  it('ends a connection over which nothing goes any more', async () => {
    const server = await dualServer(await echo('220 hi\r\n'), { idleMs: 80 });
    const peer = await peerOf(server);
    await peer.ask('EHLO x');
    await peer.closed;
    expect(server.connections).toBe(0);
  });
});
