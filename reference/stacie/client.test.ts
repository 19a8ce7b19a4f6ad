/** The client against a right server, and against one that answers what the test says. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, makeCertificate } from '../tls/certificate.js';
import { StacieClientError, StacieClientMemory, type StacieLoginOptions, stacieLogin } from './client.js';
import { startStacieServer } from './server.js';
import { desk, published, publishedAccount } from './session.test-support.js';

let certificate: Certificate;
beforeAll(async () => {
  certificate = await makeCertificate({ names: ['dx.example.tld'], now: new Date(), days: 2 });
});
const tls = () => ({ key: certificate.privateKeyPem, cert: certificate.pem });

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((close) => close()));
});

const options = (endpoint: string): StacieLoginOptions => ({
  endpoint,
  username: 'user@example.tld',
  password: 'password',
  revision: '03',
  trust: { pem: certificate.pem },
  limits: { paceMs: 1 },
  // What the appendix of -03 publishes for this user: rounds cost time, and are tested elsewhere.
  derive: async () => Uint8Array.from(published.verificationToken),
});

async function rightServer(): Promise<string> {
  const sessions = new Map([
    ['/00', desk({}, '00').session],
    ['/03', desk().session],
  ]);
  const server = await startStacieServer({ sessions, tls: tls(), host: '127.0.0.1', port: 0 });
  running.push(() => server.close(0));
  return `https://127.0.0.1:${server.port}`;
}

interface Hostile {
  readonly endpoint: string;
  /** The requests that came. */
  readonly requests: string[];
}

/** Answers the requests in turn, the last answer again and again. */
async function hostileServer(
  answers: readonly (string | Buffer)[],
  head: { status?: number; headers?: Record<string, string> } = {},
  host = '127.0.0.1',
): Promise<Hostile> {
  const requests: string[] = [];
  const server: Server = createServer(tls(), async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    requests.push(text);
    response.writeHead(head.status ?? 200, { 'content-type': 'application/json', ...head.headers });
    response.end(answers[Math.min(requests.length, answers.length) - 1]);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  running.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { endpoint: `https://${host}:${(server.address() as AddressInfo).port}/`, requests };
}

const octets = (length: number, fill = 1): string => Buffer.alloc(length, fill).toString('base64url');
const method = (bend: object = {}) => ({
  username: 'user@example.tld',
  salt: Buffer.from(published.salt).toString('base64url'),
  nonce: octets(128),
  bonus: '8',
  ...bend,
});
const methods = (bend: object = {}, more: readonly object[] = []): string =>
  JSON.stringify({ methods: [{ password: method(bend) }, ...more] });
const ring = '{"realms":[]}';

async function refusal(wish: StacieLoginOptions): Promise<StacieClientError> {
  try {
    await stacieLogin(wish);
  } catch (error) {
    if (error instanceof StacieClientError) return error;
    throw error;
  }
  throw new Error('the login came to an end');
}

describe('a login', () => {
  it.each(['00', '03'] as const)('at a right server of -%s gives the key ring', async (revision) => {
    const endpoint = `${await rightServer()}/${revision}`;
    expect(await stacieLogin({ ...options(endpoint), username: ' USER@example.TLD', revision })).toEqual({
      authenticated: true,
      username: 'user@example.tld',
      keys: publishedAccount.realms,
      skipped: [],
    });
  });
  it('with a wrong password is no error', async () => {
    const wrong = { ...options(`${await rightServer()}/03`), derive: async () => new Uint8Array(64) };
    expect(await stacieLogin(wrong)).toMatchObject({ authenticated: false, keys: [] });
  });
  it('sends the name as it was typed, then the one that the server gave, the nonce and the token of both', async () => {
    const { endpoint, requests } = await hostileServer([
      methods({ nonce: Buffer.from(published.nonce).toString('base64url') }),
      ring,
    ]);
    await stacieLogin({ ...options(endpoint), username: 'Some.Alias@Example.tld' });
    expect(requests.map((text) => JSON.parse(text))).toEqual([
      { login: { username: 'Some.Alias@Example.tld' } },
      {
        authenticate: {
          username: 'user@example.tld',
          nonce: Buffer.from(published.nonce).toString('base64url'),
          token: Buffer.from(published.loginToken).toString('base64url'),
        },
      },
    ]);
  });
  it('derives with the name, salt and bonus of the server; no bonus is 0 (STACIE-020, STACIE-166)', async () => {
    const seen: object[] = [];
    const { endpoint } = await hostileServer([methods({ bonus: undefined }), ring]);
    const derive: StacieLoginOptions['derive'] = async ({ username, salt, bonus }) => {
      seen.push({ username, salt, bonus });
      return new Uint8Array(64);
    };
    await stacieLogin({ ...options(endpoint), username: 'alias@example.tld', derive });
    expect(seen).toEqual([{ username: 'user@example.tld', salt: published.salt, bonus: 0 }]);
  });
  it('derives by itself from the published passwords what the vectors publish', async () => {
    const endpoint = `${await rightServer()}/03`;
    const { derive, ...own } = options(endpoint);
    expect(derive).toBeDefined();
    expect(await stacieLogin(own)).toMatchObject({ authenticated: true, keys: publishedAccount.realms });
    expect(await stacieLogin({ ...own, password: 'Password' })).toMatchObject({ authenticated: false });
  });
  it('can be ended while it derives', async () => {
    const { derive, ...own } = options((await hostileServer([methods({ bonus: '4000000' })])).endpoint);
    expect(derive).toBeDefined();
    expect((await refusal({ ...own, limits: { totalMs: 400 } })).code).toBe('timeout');
  });
  it('skips optional methods that it does not know (STACIE-I-67)', async () => {
    const { endpoint } = await hostileServer([methods({}, [{ totp: { disposition: 'optional' } }]), ring]);
    expect(await stacieLogin(options(endpoint))).toMatchObject({ authenticated: true, skipped: ['totp'] });
  });
  it('waits until the next boundary, so that its time does not show the password (STACIE-207)', async () => {
    const { endpoint } = await hostileServer([methods(), ring]);
    const start = performance.now();
    await stacieLogin({ ...options(endpoint), limits: { paceMs: 200 } });
    expect(performance.now() - start).toBeGreaterThanOrEqual(199);
  });
});

describe('what a server may not do', () => {
  it.each<[string, string, string | undefined]>([
    [methods({ salt: octets(63) }), 'short-salt', 'STACIE-022'],
    [methods({ salt: '' }), 'short-salt', 'STACIE-022'],
    [methods({ nonce: octets(63) }), 'short-nonce', 'STACIE-027'],
    [methods({ nonce: undefined }), 'short-nonce', 'STACIE-027'],
    [methods({ salt: octets(128).slice(0, -2) }), 'bad-base64', 'STACIE-010'],
    [methods({ salt: `${octets(128)}=` }), 'bad-base64', 'STACIE-011'],
    [methods({ nonce: `${octets(125)}+/AA` }), 'bad-base64', 'STACIE-010'],
    [methods({ hash: 'md5' }), 'unsupported-hash', 'STACIE-167'],
    [methods({ hash: { sha2: { digest: 256 } } }), 'unsupported-hash', 'STACIE-167'],
    [methods({ cipher: { aes: { mode: 'ecb' } } }), 'unsupported-cipher', 'STACIE-172'],
    [methods({ cipher: 'none' }), 'unsupported-cipher', 'STACIE-172'],
    [methods({ bonus: '-1' }), 'bad-bonus', 'STACIE-163'],
    [methods({ bonus: '16777217' }), 'bad-bonus', 'STACIE-163'],
    [methods({ bonus: '16777216' }), 'too-costly', 'STACIE-I-13'],
    [methods({}, [{ totp: {} }]), 'extra-method', 'STACIE-178'],
    [methods({}, [{ password: method() }]), 'extra-method', 'STACIE-152'],
    [methods({ username: 'user@elsewhere.tld' }), 'wrong-user', 'STACIE-155'],
    [methods({ username: '' }), 'malformed-answer', 'STACIE-155'],
    ['{"methods":[]}', 'malformed-answer', 'STACIE-151'],
    ['{"methods":', 'malformed-answer', 'STACIE-008'],
    ['['.repeat(1000), 'malformed-answer', 'STACIE-008'],
    ['{"realms":[]}', 'unexpected-answer', undefined],
    ['{"error":"Go away.\\u0000\\u202e"}', 'refused', 'STACIE-I-69'],
  ])('login answered with %s', async (answer, code, requirement) => {
    const { endpoint, requests } = await hostileServer([answer]);
    const derive = () => Promise.reject(new Error('derived from an answer that was not looked at'));
    const error = await refusal({ ...options(endpoint), derive });
    expect({ code: error.code, requirement: error.requirement }).toEqual({ code, requirement });
    expect(error.message).toMatch(/^[ -~]*$/);
    expect(requests).toHaveLength(1);
  });
  it('a nonce again, within a login or from one to the next (STACIE-183)', async () => {
    const again = await hostileServer([methods()]);
    expect((await refusal(options(again.endpoint))).code).toBe('reused-nonce');
    expect(again.requests).toHaveLength(2);
    const memory = new StacieClientMemory();
    const later = await hostileServer([methods(), ring, methods(), ring]);
    await stacieLogin({ ...options(later.endpoint), memory });
    expect((await refusal({ ...options(later.endpoint), memory })).code).toBe('reused-nonce');
    expect(later.requests).toHaveLength(3);
  });
  it('another user in the next offer', async () => {
    const next = methods({ nonce: octets(128, 2), username: 'other@example.tld' });
    const { endpoint } = await hostileServer([methods(), next]);
    expect((await refusal(options(endpoint))).code).toBe('wrong-user');
  });
  it.each([
    ['{"realms":[{"label":"mail","index":"0","shard":"AAAA"}]}', 'bad-shard'],
    ['{"keys":[]}', 'malformed-answer'],
    [`{"recruit":{"username":"a","salt":"${octets(128)}"}}`, 'unexpected-answer'],
  ])('authenticate answered with %s', async (answer, code) => {
    const { endpoint } = await hostileServer([methods(), answer]);
    expect((await refusal(options(endpoint))).code).toBe(code);
  });
  it.each([
    ['fewer rounds', { bonus: '7' }],
    ['no salt', { salt: undefined }],
  ])('%s than before, unless the caller says so (STACIE-I-14)', async (_, bend) => {
    const nonce = (fill: number) => ({ nonce: octets(128, fill) });
    const answers = [
      methods(nonce(1)),
      ring,
      methods({ ...nonce(2), ...bend }),
      methods({ ...nonce(3), ...bend }),
      ring,
    ];
    const { endpoint } = await hostileServer(answers);
    const memory = new StacieClientMemory();
    await stacieLogin({ ...options(endpoint), memory });
    expect((await refusal({ ...options(endpoint), memory })).code).toBe('weakened');
    expect(await stacieLogin({ ...options(endpoint), memory, acceptWeaker: true })).toMatchObject({
      authenticated: true,
    });
  });
});

describe('the transport', () => {
  it('has to be https', async () => {
    for (const endpoint of ['http://127.0.0.1/', 'nonsense', 'https://user:secret@127.0.0.1/']) {
      expect((await refusal(options(endpoint))).code).toBe('bad-endpoint');
    }
  });
  it('needs a certificate that is trusted', async () => {
    const { endpoint, requests } = await hostileServer([methods()]);
    expect((await refusal({ ...options(endpoint), trust: 'system' })).code).toBe('untrusted');
    expect(requests).toHaveLength(0);
  });
  it.runIf(process.platform === 'linux')('needs a certificate for this name (STACIE-215)', async () => {
    // All of 127.0.0.0/8 is loopback there; the certificate names 127.0.0.1 only.
    const { endpoint, requests } = await hostileServer([methods()], {}, '127.0.0.2');
    expect((await refusal(options(endpoint))).code).toBe('untrusted');
    expect(requests).toHaveLength(0);
  });
  it('bounds an answer in octets', async () => {
    const { endpoint } = await hostileServer([`"${'x'.repeat(2_000)}"`]);
    const error = await refusal({ ...options(endpoint), limits: { answerOctets: 1_000 } });
    expect(error).toMatchObject({ code: 'answer-too-large', message: expect.stringContaining('1000 octets') });
  });
  it.each<[string, object, string]>([
    ['another status', { status: 404 }, 'http-status'],
    ['a redirection', { status: 307, headers: { location: 'https://127.0.0.1/' } }, 'http-status'],
    ['another type', { headers: { 'content-type': 'text/html' } }, 'wrong-media-type'],
    ['a compressed answer', { headers: { 'content-encoding': 'gzip' } }, 'wrong-media-type'],
  ])('refuses %s', async (_, head, code) => {
    expect((await refusal(options((await hostileServer([methods()], head)).endpoint))).code).toBe(code);
  });
  it('bounds time, and can be ended', async () => {
    const silent = createServer(tls(), () => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    running.push(async () => silent.closeAllConnections());
    running.push(async () => void silent.close());
    const endpoint = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    expect((await refusal({ ...options(endpoint), limits: { answerMs: 50 } })).code).toBe('timeout');
    expect((await refusal({ ...options(endpoint), limits: { totalMs: 50 } })).code).toBe('timeout');
    const ender = new AbortController();
    const ended = refusal({ ...options(endpoint), signal: ender.signal });
    ender.abort();
    expect((await ended).code).toBe('aborted');
  });
  it('tells when nobody is there', async () => {
    const { endpoint } = await hostileServer([methods()]);
    await Promise.all(running.splice(0).map((close) => close()));
    expect((await refusal(options(endpoint))).code).toBe('unreachable');
  });
});
