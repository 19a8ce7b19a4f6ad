import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, makeCertificate } from '../tls/certificate.js';
import { type StacieServer, type StacieServerOptions, startStacieServer } from './server.js';
import type { StacieServerLimits } from './server-limits.js';
import type { StacieSession } from './session.js';
import { desk } from './session.test-support.js';

let certificate: Certificate;
beforeAll(async () => {
  certificate = await makeCertificate({ names: ['dx.example.tld'], now: new Date(), days: 2 });
});

const running: StacieServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close(0)));
});

async function start(limits: Partial<StacieServerLimits> = {}, options: Partial<StacieServerOptions> = {}) {
  const server = await startStacieServer({
    sessions: new Map([['/stacie/03', desk().session]]),
    tls: { key: certificate.privateKeyPem, cert: certificate.pem },
    host: '127.0.0.1',
    port: 0,
    limits,
    ...options,
  });
  running.push(server);
  return server;
}

interface Wish {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Got {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

const login = '{"login":{"username":"user"}}';

function ask({ port }: StacieServer, wish: Wish = {}): Promise<Got> {
  const { method = 'POST', path = '/stacie/03', headers = { 'content-type': 'application/json' }, body = login } = wish;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port, method, path, headers, ca: certificate.pem, agent: false },
      async (response) => {
        let text = '';
        for await (const piece of response) text += piece;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const secure = ({ port }: StacieServer): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, ca: certificate.pem }, () => resolve(socket));
    socket.on('error', reject);
  });
const closed = (socket: { once(event: 'close', listener: () => void): unknown; resume(): unknown }): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.resume();
  });

describe('over HTTPS', () => {
  it('answers a request with 200 and JSON, error included (STACIE-I-79)', async () => {
    const server = await start();
    const right = await ask(server);
    expect(right).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    });
    expect(Object.keys(JSON.parse(right.text))).toEqual(['methods']);
    const wrong = await ask(server, { body: '{"login":{}}' });
    expect(wrong.status).toBe(200);
    expect(JSON.parse(wrong.text).error).toContain('STACIE-147');
  });
  it('takes octets that are no UTF-8 for what they are', async () => {
    const { status, text } = await ask(await start(), { body: Buffer.from([0x7b, 0xff]).toString('latin1') });
    expect([status, Object.keys(JSON.parse(text))]).toEqual([200, ['error']]);
  });
  it.each<[string, Wish, number]>([
    ['another method', { method: 'GET', body: '' }, 405],
    ['another path', { path: '/' }, 404],
    ['another type', { headers: { 'content-type': 'text/plain' } }, 415],
    ['no type', { headers: {} }, 415],
    ['a compressed body', { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }, 415],
    ['a body that is announced too large', { body: ' '.repeat(65_537) }, 413],
    [
      'a body that grows too large',
      { body: ' '.repeat(70_000), headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' } },
      413,
    ],
  ])('refuses %s', async (_, wish, status) => {
    const got = await ask(await start(), wish);
    expect(got).toMatchObject({ status, headers: { connection: 'close' } });
    expect(Object.keys(JSON.parse(got.text))).toEqual(['error']);
  });
  it('takes a type with parameters', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await ask(await start(), { headers })).status).toBe(200);
  });
  it('answers 503 when its store fails', async () => {
    const session: StacieSession = {
      revision: '03',
      receive: () => ({ status: 503, text: '{}', kind: 'error', authenticated: null }),
    };
    expect((await ask(await start({}, { sessions: new Map([['/stacie/03', session]]) }))).status).toBe(503);
  });
});

describe('hostile connections', () => {
  it('without a handshake are closed in time', async () => {
    const server = await start({ handshakeMs: 60 });
    await closed(connectTcp(server.port, '127.0.0.1'));
    expect((await ask(server)).status).toBe(200);
  });
  it('that are silent after it are closed in time', async () => {
    const server = await start({ idleMs: 60 });
    await closed(await secure(server));
  });
  it('that send a request octet by octet run out of time', async () => {
    const server = await start({ requestMs: 100 });
    const socket = await secure(server);
    socket.on('error', () => {});
    const drip = setInterval(() => socket.write('P'), 10);
    await closed(socket);
    clearInterval(drip);
  });
  it('that speak no HTTP, or with a head without end, are closed', async () => {
    const server = await start();
    for (const noise of ['\x16\x03\x01 noise\r\n\r\n', `POST / HTTP/1.1\r\nX: ${'x'.repeat(9_000)}`]) {
      const socket = await secure(server);
      socket.on('error', () => {});
      socket.write(noise);
      await closed(socket);
    }
    expect((await ask(server)).status).toBe(200);
  });
  it('are no more than the limit', async () => {
    const server = await start({ connections: 1 });
    const first = await secure(server);
    await expect(secure(server)).rejects.toThrow();
    first.destroy();
    await expect.poll(() => server.connections).toBe(0);
    expect((await ask(server)).status).toBe(200);
  });
});

describe('the close', () => {
  it('answers what has begun, and ends idle and half-open connections', async () => {
    const server = await start();
    const idle = await secure(server);
    const begun = await secure(server);
    begun.write(
      `POST /stacie/03 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${login.length}\r\n\r\n`,
    );
    begun.write(login.slice(0, 5));
    const half = connectTcp(server.port, '127.0.0.1');
    await expect.poll(() => server.connections).toBe(3);
    let text = '';
    begun.on('data', (piece) => {
      text += piece;
    });
    const ending = server.close(300);
    begun.write(login.slice(5));
    await Promise.all([ending, closed(idle), closed(begun), closed(half)]);
    expect(text).toMatch(/^HTTP\/1\.1 200 .*"methods"/s);
  });
  it('refuses a port that is taken', async () => {
    const { port } = await start();
    await expect(start({}, { port })).rejects.toThrow('EADDRINUSE');
  });
});
