/** Questions and answers of OCSP against OpenSSL's responder. (Section 7.5 of the record digest) */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, makeAuthority, type TestCertificate, type Wishes } from './certificates.test-support.js';
import { ocspAnswer, ocspQuestion, responders } from './ocsp-codec.js';
import { hasOpenssl, type OpensslResponder, opensslResponder } from './openssl-responder.test-support.js';
import { type ScriptedServer, startScripted } from './scripted-server.test-support.js';
import { base64, clientOf, domain, dx, impatient, patient, sample } from './world.test-support.js';

const installed = hasOpenssl();
if (!installed) console.warn('openssl is not installed: OCSP is not compared with a responder that others wrote');

const url = 'http://ocsp.dime.example/answers';
const nonce = new Uint8Array(32).fill(7);
const dayMs = 86_400_000;
let authority: Authority;
let good: TestCertificate;
let revoked: TestCertificate;
let responder: OpensslResponder;
beforeAll(async () => {
  authority = await makeAuthority();
  good = await authority.issue(dx, { ocsp: url });
  revoked = await authority.issue(dx, { ocsp: url });
  responder = opensslResponder(authority, { good, revoked });
});
afterAll(() => responder.close());

const question = (certificate: TestCertificate, own = nonce) => ocspQuestion(certificate.x509, authority.x509, own);

describe.skipIf(!installed)('an answer of openssl', () => {
  const judged = async (certificate: TestCertificate, now = Date.now(), from = responder) => {
    const asked = question(certificate);
    return ocspAnswer(asked, await from.answer(asked.request), now).outcome;
  };

  it('is good, revoked or unknown (REC-071)', async () => {
    expect(await judged(good)).toBe('good');
    expect(await judged(revoked)).toBe('revoked');
    expect(await judged(await authority.issue(dx))).toBe('unknown');
  });

  it('holds from 300 seconds before to 300 seconds after its times (REC-074)', async () => {
    const asked = question(good);
    const made = Math.floor(Date.now() / 1000) * 1000;
    const answer = await responder.answer(asked.request);
    const { until } = ocspAnswer(asked, answer, made);
    const at = (now: number) => ocspAnswer(asked, answer, now).outcome;
    expect(Math.abs((until ?? 0) - made - dayMs)).toBeLessThan(10_000);
    expect([(until ?? 0) + 300_000, (until ?? 0) + 301_000].map(at)).toEqual(['good', 'stale']);
    expect([(until ?? 0) - dayMs - 300_000, (until ?? 0) - dayMs - 301_000].map(at)).toEqual(['good', 'stale']);
  });

  it('to another question has another nonce; one without a nonce is taken (REC-073)', async () => {
    const answer = await responder.answer(question(good, new Uint8Array(32).fill(8)).request);
    expect(ocspAnswer(question(good), answer, Date.now()).outcome).toBe('nonce-differs');
  });

  it('about another certificate says nothing', async () => {
    const answer = await responder.answer(question(revoked).request);
    expect(ocspAnswer(question(good), answer, Date.now()).outcome).toBe('unknown');
  });

  it('with one bit changed is refused (REC-073)', async () => {
    const asked = question(good);
    const answer = await responder.answer(asked.request);
    for (const offset of [60, Math.floor(answer.length / 3), answer.indexOf(0x80, 100)]) {
      const bent = Uint8Array.from(answer, (octet, index) => (index === offset ? octet ^ 1 : octet));
      expect(['bad-signature', 'responder-error']).toContain(ocspAnswer(asked, bent, Date.now()).outcome);
    }
  });

  it.each([
    ['a certificate that the issuer made for it', { signsOcsp: true }, 'good'],
    ['one that the issuer made for another purpose', {}, 'bad-signature'],
    ['one that has ended', { signsOcsp: true, days: -1 }, 'bad-signature'],
  ] as [string, Wishes, string][])('may be signed with %s: %o', async (_, wishes, outcome) => {
    const delegate = opensslResponder(authority, { good }, await authority.issue('ocsp.dime.example', wishes));
    expect(await judged(good, Date.now(), delegate)).toBe(outcome);
    delegate.close();
  });

  it('by a stranger with that purpose is refused', async () => {
    const stranger = await makeAuthority('Stranger');
    const signer = await stranger.issue('ocsp.dime.example', { signsOcsp: true });
    const delegate = opensslResponder(authority, { good }, signer);
    expect(await judged(good, Date.now(), delegate)).toBe('bad-signature');
    delegate.close();
  });
});

describe('an answer', () => {
  const outcome = (octets: readonly number[]) => ocspAnswer(question(good), Uint8Array.from(octets), 0).outcome;
  it('may say that there is none: tryLater, RFC 6960 section 4.2.1', () => {
    expect(outcome([0x30, 0x03, 0x0a, 0x01, 0x03])).toBe('responder-error');
  });
  it.each([
    [[]],
    [[0x30]],
    [[0x30, 0x03, 0x0a, 0x01, 0x00]],
    [[...Buffer.from('<html>')]],
    [[0x30, 0x84, 255, 255, 255, 255]],
  ])('that is none is not believed: %j', (octets) => {
    expect(outcome(octets)).toBe('bad-signature');
  });
  it('is asked of the http addresses that the certificate names', async () => {
    expect(responders(good.x509)?.map(String)).toEqual([url]);
    expect(responders((await authority.issue(dx)).x509)).toBeNull();
    expect(responders((await authority.issue(dx, { ocsp: 'https://ocsp.example/' })).x509)).toEqual([]);
  });
});

describe.skipIf(!installed)('a certificate that names a responder', () => {
  type Respond = (request: Uint8Array) => Promise<Uint8Array | number | null>;
  let respond: Respond;
  let asked = 0;
  let http: Server;
  const hosts: ScriptedServer[] = [];
  beforeAll(async () => {
    http = createServer(async (request, response) => {
      asked++;
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      const answer = await respond(Buffer.concat(pieces));
      if (answer === null) return;
      response.writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'application/ocsp-response' });
      response.end(typeof answer === 'number' ? '' : answer);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    for (const certificate of [good, revoked]) {
      const answer = (line: string) =>
        line === 'QUIT'
          ? '221 BYE\r\n'
          : line.startsWith('VRFY')
            ? '250 CURRENT\r\n'
            : `250 OK [${base64(sample(domain, 2).octets)}]\r\n`;
      hosts.push(await startScripted({ start: 'tls', certificate, answer }));
    }
  });
  afterAll(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    await Promise.all(hosts.map((host) => host.close()));
  });

  const client = (which: 0 | 1, record = {}, limits = patient) =>
    clientOf(
      { 26: hosts[which] ?? 1, 80: (http.address() as AddressInfo).port },
      { record, limits, trust: { pem: authority.cert } },
    );
  const right: Respond = (request) => responder.answer(request);

  it('is good when that says so, which is asked once (REC-069)', async () => {
    respond = right;
    const once = client(0);
    expect(await once.lookup({ name: domain })).toMatchObject({ dx });
    expect(await once.lookup({ name: domain })).toMatchObject({ dx });
    expect(asked).toBe(1);
  });

  it.each([
    ['calls it revoked', 1, right, 'REC-071'],
    ['answers another question', 0, () => responder.answer(question(good).request), 'REC-073'],
    ['answers nothing in time', 0, async () => null, 'REC-069'],
    ['is not found', 0, async () => 404, 'REC-069'],
    ['answers without end', 0, async () => new Uint8Array(1_000_000), 'REC-069'],
  ] as [string, 0 | 1, Respond, string][])(
    'is refused when that %s, and nothing was said',
    async (what, which, answer, requirement) => {
      respond = answer;
      const before = hosts[which]?.lines.length;
      const limits = what === 'answers nothing in time' ? impatient : patient;
      await expect(client(which, {}, limits).lookup({ name: domain })).rejects.toMatchObject({
        code: 'untrusted',
        requirement,
      });
      expect(hosts[which]?.lines.length).toBe(before);
    },
  );

  it('is not asked about when a tls value fits it (REC-067)', async () => {
    const before = asked;
    expect(await client(1, { binds: [revoked], dnssec: 'insecure' }).lookup({ name: domain })).toMatchObject({ dx });
    expect(asked).toBe(before);
  });
});
