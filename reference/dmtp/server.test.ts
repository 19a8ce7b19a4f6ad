/** What the transport does, with a session that is as simple as can be; the real one is tested in reference/server.test.ts. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../tls/certificate.js';
import type { ArrivedMail, Judge, Judgement } from './judgement.js';
import type { DmtpServerLimits } from './limits.js';
import { connectPlainPeer, connectTlsPeer } from './peer.test-support.js';
import { type DmtpServer, type DmtpServerOptions, startDmtpServer } from './server.js';
import type { DmtpSession, SessionEffect } from './session.js';

let tls: { key: string; cert: string };
beforeAll(async () => {
  const { pem, privateKeyPem } = await makeCertificate({ names: ['dx.example'], now: new Date(), days: 1 });
  tls = { key: privateKeyPem, cert: pem };
});

const send = (text: string): SessionEffect => ({ kind: 'send', octets: Buffer.from(text, 'latin1') });

const mail: ArrivedMail = {
  origin: 'origin.example',
  originFingerprint: '',
  destination: 'dime.example',
  destinationFingerprint: '',
  octets: 0,
  pieces: () => [],
};

/** Answers each line with itself; knows a few words that do something to the connection. */
class EchoSession implements DmtpSession {
  awaiting: DmtpSession['awaiting'] = 'command';
  ends = 0;
  /** Octets of replies asked for so far. */
  replied = 0;
  #rest = '';
  #kept: string[] = [];

  start = (): SessionEffect[] => [send('banner\r\n')];
  secured = (): SessionEffect[] => [send('secured\r\n')];
  judged = (judgement: Judgement): SessionEffect[] => {
    this.awaiting = 'command';
    const kept = this.#kept;
    this.#kept = [];
    const said = judgement.accepted ? 'accepted' : judgement.reason;
    return [send(`${said}\r\n`), ...kept.flatMap((line) => this.#answer(line))];
  };
  handOverFailed = (): SessionEffect[] => [send('no service\r\n'), { kind: 'close' }];
  expire = (): SessionEffect[] => [send(`expired awaiting ${this.awaiting}\r\n`), { kind: 'close' }];
  shutdown = (): SessionEffect[] => [send('going down\r\n'), { kind: 'close' }];
  end = (): void => {
    this.ends += 1;
  };

  receive(octets: Uint8Array): SessionEffect[] {
    const lines = (this.#rest + Buffer.from(octets).toString('latin1')).split('\r\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#answer(line));
  }

  #answer(line: string): SessionEffect[] {
    const [word, count] = line.split(' ');
    if (this.awaiting === 'judgement') {
      this.#kept.push(line);
      return [];
    }
    if (word === 'JUDGE') {
      this.awaiting = 'judgement';
      return [{ kind: 'judge', mail }];
    }
    if (word === 'SMTP') return [{ kind: 'hand-over', octets: Buffer.from(`${line}\r\n${this.#rest}`) }];
    if (word === 'THROW') throw new Error(`cannot stand ${line}`);
    if (word === 'BYE') return [send('bye\r\n'), { kind: 'close' }];
    if (word === 'STARTTLS') return [send('go ahead\r\n'), { kind: 'secure', host: 'dx.example' }];
    if (word === 'MESSAGE') this.awaiting = 'message';
    const reply = word === 'REPEAT' ? `${'x'.repeat(Number(count) - 2)}\r\n` : `${line}\r\n`;
    this.replied += reply.length;
    return [send(reply)];
  }
}

/** Longer than a loaded machine needs. */
const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 10_000, interval: 10 });

const sessions: EchoSession[] = [];
let server: DmtpServer | undefined;
afterEach(async () => {
  await server?.close(0);
  server = undefined;
  sessions.length = 0;
});

async function start(
  limits: Partial<DmtpServerLimits> = {},
  options: Partial<DmtpServerOptions> = {},
): Promise<{ port: number; plainPort: number; server: DmtpServer }> {
  const judge: Judge = async () => ({ accepted: true, recipient: null });
  const createSession = () => {
    const session = new EchoSession();
    sessions.push(session);
    return session;
  };
  server = await startDmtpServer({
    createSession,
    judge,
    tls,
    host: '127.0.0.1',
    port: 0,
    plainPort: 0,
    limits,
    ...options,
  });
  return { port: server.port, plainPort: server.plainPort ?? 0, server };
}

describe('a connection on the TLS port', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('has a session inside %s', async (version) => {
    const { port } = await start();
    const peer = await connectTlsPeer({ port, minVersion: version, maxVersion: version });
    expect(peer.stream.getProtocol()).toBe(version);
    expect(await peer.until('\r\n')).toBe('banner\r\n');
    expect(await peer.ask('hello')).toBe('hello\r\n');
    expect(await peer.ask('BYE')).toBe('bye\r\n');
    expect(await peer.closed).toBeNull();
  });

  it.each(['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-CHACHA20-POLY1305'])('speaks %s', async (ciphers) => {
    const { port } = await start();
    const peer = await connectTlsPeer({ port, ciphers, maxVersion: 'TLSv1.2' });
    expect(peer.stream.getCipher().name).toBe(ciphers);
  });

  it.each([
    ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['a suite without forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' }],
    ['a suite without AEAD', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES256-SHA384' }],
  ] as const)('refuses %s with an alert', async (_, options) => {
    const { port } = await start();
    await expect(connectTlsPeer({ port, ...options })).rejects.toThrow(/SSL alert number (40|70)/);
    expect(sessions).toHaveLength(0);
  });

  it('refuses renegotiation and lives on', async () => {
    const { port } = await start();
    const peer = await connectTlsPeer({ port, maxVersion: 'TLSv1.2' });
    await peer.until('banner\r\n');
    peer.stream.renegotiate({}, () => {});
    expect(await peer.closed).toBe('ERR_SSL_NO_RENEGOTIATION');
    const other = await connectTlsPeer({ port });
    expect(await other.until('\r\n')).toBe('banner\r\n');
  });

  it('closes on octets that are no TLS, without disturbing others', async () => {
    const { port, server } = await start();
    const other = await connectTlsPeer({ port });
    await other.until('banner\r\n');
    const peer = await connectPlainPeer(port);
    peer.write('EHLO <origin.example>\r\n');
    await peer.closed;
    expect(peer.received).not.toContain('\r\n');
    expect(await other.ask('still here')).toBe('still here\r\n');
    expect(server.connections).toBe(1);
  });

  it('forgets a peer that closes without an octet, and one that resets inside the handshake', async () => {
    const { port, server } = await start();
    const silent = await connectPlainPeer(port);
    silent.stream.end();
    await silent.closed;
    const rude = await connectPlainPeer(port);
    rude.stream.write(Buffer.from('160301', 'hex'));
    await eventually(() => server.connections).toBe(1);
    rude.stream.resetAndDestroy();
    await eventually(() => server.connections).toBe(0);
  });
});

describe('STARTTLS on the plain port', () => {
  it('throws away what came in plain text behind it', async () => {
    const { plainPort } = await start();
    const plain = await connectPlainPeer(plainPort);
    expect(await plain.until('\r\n')).toBe('banner\r\n');
    plain.stream.removeAllListeners('data');
    plain.write('STARTTLS\r\ninjected\r\n');
    const [goAhead] = await once(plain.stream, 'data');
    expect(String(goAhead)).toBe('go ahead\r\n');
    const secure = await connectTlsPeer({ socket: plain.stream });
    expect(await secure.until('\r\n')).toBe('secured\r\n');
    expect(await secure.ask('first')).toBe('first\r\n');
    expect(sessions).toHaveLength(1);
  });

  it('closes without a word when the handshake fails', async () => {
    const { plainPort } = await start();
    const peer = await connectPlainPeer(plainPort);
    await peer.until('banner\r\n');
    expect(await peer.ask('STARTTLS')).toBe('go ahead\r\n');
    expect(await peer.ask('NOOP', '').then(() => peer.closed)).toBeNull();
    expect(peer.received).not.toContain('NOOP');
    await eventually(() => sessions[0]?.ends).toBe(1);
  });
});

describe('a peer that does not read its replies', () => {
  const limits = { writeBufferOctets: 64 * 1024 };

  it('is not read from any further, and gets everything in order when it reads', async () => {
    const { port } = await start(limits);
    const peer = await connectTlsPeer({ port });
    await peer.until('banner\r\n');
    peer.stream.pause();
    peer.forget();
    const asked = 20_000_000;
    for (let index = 0; index < 2000; index += 1) peer.write('REPEAT 10000\r\n');
    peer.write('last\r\n');
    let before = -1;
    await expect
      .poll(
        () => {
          const replied = sessions[0]?.replied ?? 0;
          const settled = replied > 0 && replied === before;
          before = replied;
          return settled;
        },
        { interval: 50, timeout: 10_000 },
      )
      .toBe(true);
    expect(before).toBeLessThan(asked / 2);
    peer.stream.resume();
    await peer.until('last\r\n');
    expect(peer.received.length).toBe(asked + 'last\r\n'.length);
  });

  it('gets its replies although it closed its own end already', async () => {
    const { plainPort } = await start(limits);
    const peer = await connectPlainPeer(plainPort, { allowHalfOpen: true });
    await peer.until('banner\r\n');
    peer.stream.pause();
    peer.forget();
    for (let index = 0; index < 1000; index += 1) peer.write('REPEAT 10000\r\n');
    peer.stream.end('last\r\n');
    await once(peer.stream, 'finish');
    peer.stream.resume();
    await once(peer.stream, 'end');
    expect(peer.received.length).toBe(10_000_000 + 'last\r\n'.length);
    await eventually(() => sessions[0]?.ends).toBe(1);
  });

  it('is dropped after the time for silence', async () => {
    const { plainPort, server } = await start({ ...limits, idleMs: 200, lingerMs: 50 });
    const peer = await connectPlainPeer(plainPort);
    await peer.until('banner\r\n');
    peer.stream.pause();
    for (let index = 0; index < 2000; index += 1) peer.write('REPEAT 10000\r\n');
    await eventually(() => server.connections).toBe(0);
    expect(sessions[0]?.ends).toBe(1);
  });
});

describe('limits', () => {
  it('serves others while 200 connections say nothing', async () => {
    const { port, server } = await start();
    const silent = await Promise.all(Array.from({ length: 200 }, () => connectPlainPeer(port)));
    const peer = await connectTlsPeer({ port });
    expect(await peer.until('\r\n')).toBe('banner\r\n');
    expect(server.connections).toBe(201);
    for (const { stream } of silent) stream.destroy();
    await eventually(() => server.connections).toBe(1);
  });

  it('drops the longest silent connection when a new one finds no room', async () => {
    const { port, server } = await start({ connections: 3 });
    const proven = await connectTlsPeer({ port });
    await proven.until('banner\r\n');
    const first = await connectPlainPeer(port);
    const second = await connectPlainPeer(port);
    await eventually(() => server.connections).toBe(3);
    const third = await connectTlsPeer({ port });
    expect(await third.until('\r\n')).toBe('banner\r\n');
    await first.closed;
    expect(second.stream.closed).toBe(false);
    expect(await proven.ask('kept')).toBe('kept\r\n');
    expect(server.connections).toBe(3);
  });

  it('tells a session in plain text that it has to make room', async () => {
    const { plainPort } = await start({ connections: 1 });
    const first = await connectPlainPeer(plainPort);
    await first.until('banner\r\n');
    const second = await connectPlainPeer(plainPort);
    expect(await second.until('\r\n')).toBe('banner\r\n');
    await first.closed;
    expect(first.received).toBe('banner\r\ngoing down\r\n');
    expect(sessions.map(({ ends }) => ends)).toEqual([1, 0]);
  });

  it('refuses a new connection when all others have finished their handshakes', async () => {
    const { port, server } = await start({ connections: 2 });
    const kept = await Promise.all([connectTlsPeer({ port }), connectTlsPeer({ port })]);
    for (const peer of kept) await peer.until('banner\r\n');
    await expect(connectTlsPeer({ port })).rejects.toThrow('disconnected before secure TLS');
    for (const peer of kept) expect(await peer.ask('kept')).toBe('kept\r\n');
    expect(server.connections).toBe(2);
  });

  it('counts the connections of one address', async () => {
    const { port } = await start({ connectionsPerAddress: 1 });
    const kept = await connectTlsPeer({ port });
    await kept.until('banner\r\n');
    await expect(connectTlsPeer({ port })).rejects.toThrow('disconnected before secure TLS');
    kept.stream.destroy();
    await eventually(() => server?.connections).toBe(0);
    const next = await connectTlsPeer({ port });
    expect(await next.until('\r\n')).toBe('banner\r\n');
  });

  it('closes a connection that does not finish its handshake in time', async () => {
    const { port } = await start({ handshakeMs: 60 });
    const silent = await connectPlainPeer(port);
    const slow = await connectPlainPeer(port);
    slow.stream.write(Buffer.from('160301', 'hex'));
    await Promise.all([silent.closed, slow.closed]);
    expect(silent.received + slow.received).toBe('');
  });

  it('lets the session say so when nothing is received in time', async () => {
    const { port } = await start({ idleMs: 60, dataIdleMs: 120 });
    const waiting = await connectTlsPeer({ port });
    const sending = await connectTlsPeer({ port });
    await sending.ask('MESSAGE');
    await Promise.all([waiting.closed, sending.closed]);
    expect(waiting.received).toBe('banner\r\nexpired awaiting command\r\n');
    expect(sending.received).toMatch(/expired awaiting message\r\n$/);
  });

  it('must be numbers above 0', async () => {
    await expect(start({ idleMs: 0 })).rejects.toThrow('server limit idleMs is 0');
    await expect(start({ connections: Number.NaN })).rejects.toThrow('server limit connections is NaN');
  });
});

describe('the judgement of a message', () => {
  /** Judges when the test says so. */
  const slowJudge = () => {
    const asked: ((judgement: Judgement) => void)[] = [];
    const judge: Judge = () => new Promise((resolve) => asked.push(resolve));
    return { judge, asked };
  };
  const accepted = { accepted: true, recipient: null } as const;

  it('keeps back what comes meanwhile, and reads no more than a slice of it', async () => {
    const { judge, asked } = slowJudge();
    const { port } = await start({ writeBufferOctets: 1000 }, { judge });
    const peer = await connectTlsPeer({ port });
    await peer.until('banner\r\n');
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}\r\n`).join('');
    peer.forget();
    peer.write(`before\r\nJUDGE\r\n${lines}BYE\r\n`);
    await peer.until('before\r\n');
    await eventually(() => asked.length).toBe(1);
    expect(sessions[0]?.replied).toBe('before\r\n'.length);
    asked[0]?.(accepted);
    await peer.closed;
    expect(peer.received).toBe(`before\r\naccepted\r\n${lines}bye\r\n`);
  });

  it('is waited for when the peer has closed its end already', async () => {
    const { judge, asked } = slowJudge();
    const { port } = await start({}, { judge });
    const peer = await connectTlsPeer({ port, allowHalfOpen: true } as object);
    await peer.until('banner\r\n');
    peer.stream.end('JUDGE\r\n');
    await eventually(() => asked.length).toBe(1);
    asked[0]?.(accepted);
    await peer.until('accepted\r\n');
    await peer.closed;
  });

  it('comes too late after judgeMs, and a silent peer is not blamed meanwhile', async () => {
    const { judge, asked } = slowJudge();
    const { port } = await start({ judgeMs: 120, idleMs: 40 }, { judge });
    const peer = await connectTlsPeer({ port });
    await peer.until('banner\r\n');
    peer.write('JUDGE\r\n');
    await peer.until('internal error\r\n');
    asked[0]?.(accepted);
    await peer.closed;
    expect(peer.received).toBe('banner\r\ninternal error\r\nexpired awaiting command\r\n');
  });

  it('that fails is an internal error', async () => {
    const { port } = await start({}, { judge: () => Promise.reject(new Error('secret')) });
    const peer = await connectTlsPeer({ port });
    await peer.until('banner\r\n');
    expect(await peer.ask('JUDGE')).toBe('internal error\r\n');
    expect(await peer.ask('more')).toBe('more\r\n');
  });

  it('comes to nothing when the peer is gone', async () => {
    const { judge, asked } = slowJudge();
    const { port, server } = await start({}, { judge });
    const { stream } = await connectPlainPeer(port);
    stream.removeAllListeners('data');
    const peer = await connectTlsPeer({ socket: stream });
    await peer.until('banner\r\n');
    peer.write('JUDGE\r\n');
    await eventually(() => asked.length).toBe(1);
    stream.resetAndDestroy();
    await eventually(() => server.connections).toBe(0);
    asked[0]?.(accepted);
    expect(sessions[0]?.ends).toBe(1);
  });
});

describe('failures', () => {
  it('of one session end its connection and no other', async () => {
    const lines: unknown[] = [];
    const log = { debug: (...line: unknown[]) => lines.push(line), warn: (...line: unknown[]) => lines.push(line) };
    const { port, server } = await start({}, { log });
    const kept = await connectTlsPeer({ port });
    await kept.until('banner\r\n');
    const peer = await connectTlsPeer({ port });
    await peer.until('banner\r\n');
    peer.write('THROW secret-of-the-peer\r\n');
    await peer.closed;
    expect(await kept.ask('kept')).toBe('kept\r\n');
    expect(server.connections).toBe(1);
    expect(sessions.map((session) => session.ends)).toEqual([0, 1]);
    expect(JSON.stringify(lines)).toContain('internal error');
    expect(JSON.stringify(lines)).not.toContain('secret-of-the-peer');
  });

  it('of a session that cannot be made, or cannot say what it awaits, end its connection too', async () => {
    const createSession = (transport: 'tls' | 'plain'): DmtpSession => {
      if (transport === 'plain') throw new Error('no session');
      const session = new EchoSession();
      return Object.defineProperty(session, 'awaiting', {
        get: () => {
          throw new Error('does not know');
        },
      });
    };
    const { port, plainPort, server } = await start({ lingerMs: 40 }, { createSession });
    const plain = await connectPlainPeer(plainPort);
    await plain.closed;
    const peer = await connectTlsPeer({ port });
    await peer.closed;
    expect(peer.received).toBe('banner\r\n');
    expect(server.connections).toBe(0);
  });

  it('of the key or the port are told at the start', async () => {
    await expect(start({}, { tls: { ...tls, key: 'no key' } })).rejects.toThrow('TLS cannot start with this key');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(start({}, { port })).rejects.toThrow('EADDRINUSE');
    taken.close();
  });
});

describe('close', () => {
  it('lets each session say its last word, over TLS and in plain text', async () => {
    const { port, plainPort, server } = await start();
    const secure = await connectTlsPeer({ port });
    const plain = await connectPlainPeer(plainPort);
    const silent = await connectPlainPeer(port);
    await Promise.all([secure.until('banner\r\n'), plain.until('banner\r\n')]);
    await server.close(5000);
    await Promise.all([secure.closed, plain.closed, silent.closed]);
    expect(secure.received).toBe('banner\r\ngoing down\r\n');
    expect(plain.received).toBe('banner\r\ngoing down\r\n');
    expect(silent.received).toBe('');
    await expect(connectPlainPeer(plainPort)).rejects.toThrow('ECONNREFUSED');
  });

  it('does not wait longer than it was told for a peer that stays', async () => {
    const { plainPort, server } = await start();
    const peer = await connectPlainPeer(plainPort, { allowHalfOpen: true });
    await peer.until('banner\r\n');
    await server.close(50);
    expect(server.connections).toBe(0);
    peer.stream.destroy();
  });
});
