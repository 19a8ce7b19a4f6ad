/** The plain ports of the peers: STARTTLS, a handshake that fails, and SMTP (sections 1.1, 1.2, 7 and 12.4 of the DMTP digest). */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate } from '../../target/hostile-certificate.js';
import { startEarlyPeer } from './early-peer.js';
import type { RunningPeer } from './listen.js';
import { startPlainPeer } from './plain-peer.js';

const domain = 'peer.example';
const name = `dx.${domain}`;
const starttls = `STARTTLS <${name}> MODE=DMTPv1\r\n`;
const goAhead = `220-SENDING CERTIFICATE FOR DOMAIN <${name}>\r\n220 READY\r\n`;

const peers: RunningPeer[] = [];
const ports = { early: 0, 'early without SMTP': 0, plain: 0 };
beforeAll(async () => {
  const tls = await makeServerCertificate([name]);
  const early = { tls, name, signets: [], sizeLimit: 1000 };
  peers.push(await startEarlyPeer({ ...early, dual: true }), await startEarlyPeer({ ...early, dual: false }));
  peers.push(await startPlainPeer({ tls, name, domain, chains: new Map(), sizeLimit: 1000 }));
  for (const [index, key] of (Object.keys(ports) as (keyof typeof ports)[]).entries()) {
    ports[key] = peers[index]?.plainPort ?? 0;
  }
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
});

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

async function reach(peer: keyof typeof ports): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: ports[peer] });
  open.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Reads until the text ends so; the socket is read by nobody afterwards. */
async function until(socket: Socket, end: string): Promise<string> {
  let text = '';
  for (;;) {
    if (text.endsWith(end)) return text;
    const [octets] = (await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    text += octets.toString('latin1');
  }
}

async function ask(socket: Socket, lines: string, end = '\r\n'): Promise<string> {
  socket.write(lines);
  return await until(socket, end);
}

async function secured(peer: keyof typeof ports, lines = starttls): Promise<Socket> {
  const raw = await reach(peer);
  await until(raw, '\r\n');
  expect(await ask(raw, lines, 'READY\r\n')).toBe(goAhead);
  raw.removeAllListeners('data');
  const secure = connectTls({ socket: raw, rejectUnauthorized: false });
  open.push(secure);
  expect(await until(secure, '\r\n')).toBe('250 OK DMTPv1\r\n');
  return secure;
}

describe.each(['early', 'early without SMTP', 'plain'] as const)('the plain port of the %s peer', (peer) => {
  it('is secured by STARTTLS, and forgets what came along with it', async () => {
    const secure = await secured(peer, `${starttls}NOOP\r\nQUIT\r\n`);
    expect(await ask(secure, 'MODE\r\n')).toBe('200 OK DMTPv1\r\n');
    expect(await ask(secure, starttls)).toMatch(/^454 /);
  });

  it('carries out no other command before', async () => {
    const raw = await reach(peer);
    await until(raw, '\r\n');
    for (const line of ['EHLO <a.example>', 'SGNT <peer.example>', 'RSET', 'NOOP']) {
      expect(await ask(raw, `${line}\r\n`)).toMatch(/^503 /);
    }
    expect(await ask(raw, 'STARTTLS <other.example>\r\n')).toMatch(/^554 /);
    // A host was well-formed: SMTP is out of reach from here on.
    expect(await ask(raw, 'EHLO a.example\r\n')).toMatch(/^554 DMTP SESSION CANNOT FALLBACK/);
    expect(await ask(raw, 'QUIT\r\n')).toBe('221 BYE\r\n');
    await once(raw, 'end', { signal: AbortSignal.timeout(10_000) });
  });
});

describe('what differs', () => {
  it('is who takes a line of SMTP', async () => {
    const said: string[] = [];
    for (const peer of ['early', 'early without SMTP', 'plain'] as const) {
      const raw = await reach(peer);
      await until(raw, '\r\n');
      said.push((await ask(raw, 'HELO a.example\r\n')).slice(0, 4));
      if (peer === 'early') expect(await ask(raw, 'SGNT <peer.example>\r\n')).toMatch(/^500 5\.5\.2 /);
    }
    expect(said).toEqual(['250 ', '554 ', '554 ']);
  });

  it('is what follows a handshake that fails: the early peer speaks in the clear (OQ-118), the plain one closes', async () => {
    const ends: string[] = [];
    for (const peer of ['early', 'plain'] as const) {
      const raw = await reach(peer);
      await until(raw, '\r\n');
      await ask(raw, starttls, 'READY\r\n');
      let text = '';
      raw.on('data', (octets: Buffer) => {
        text += octets.toString('latin1');
        if (text.includes('454')) raw.end();
      });
      raw.write('no handshake at all\r\n');
      await once(raw, 'close', { signal: AbortSignal.timeout(10_000) });
      ends.push(text.includes('454 STARTTLS FAILED\r\n') ? '454' : 'closed');
    }
    expect(ends).toEqual(['454', 'closed']);
  });
});
