/** Certificates as a real handshake shows them, judged by the record. (Section 7 of the record digest) */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecord, signCertificate } from '../../formats/record/index.js';
import { makeRecordKey } from '../../tls/certificate.js';
import { type Authority, makeAuthority, makeSelfSigned, type TestCertificate } from './certificates.test-support.js';
import { type ScriptedServer, startScripted } from './scripted-server.test-support.js';
import { base64, clientOf, domain, dx, type RecordWishes, refusal, resolverOf, sample } from './world.test-support.js';

let authority: Authority;
const certificates: Record<string, TestCertificate> = {};
const servers: Record<string, ScriptedServer> = {};

beforeAll(async () => {
  authority = await makeAuthority();
  certificates.issued = await authority.issue(dx);
  certificates['issued for another host'] = await authority.issue('other.example');
  certificates['issued for all hosts of the domain'] = await authority.issue(`*.${domain}`);
  certificates['issued and ended'] = await authority.issue(dx, { days: -1 });
  certificates['issued by a stranger'] = await (await makeAuthority('Stranger')).issue(dx);
  certificates['self-signed'] = await makeSelfSigned(dx);
  for (const [name, certificate] of Object.entries(certificates)) {
    const answer = (line: string) =>
      line === 'QUIT' ? '221 BYE\r\n' : `250 OK [${base64(sample(domain, 2).octets)}]\r\n`;
    servers[name] = await startScripted({ start: 'tls', certificate, answer });
  }
});
afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.close()));
});

async function judged(name: string, record: RecordWishes, trust = authority.cert): Promise<string> {
  const server = servers[name];
  if (server === undefined) throw new Error(`there is no certificate ${name}`);
  const call = clientOf({ 26: server }, { record, trust: { pem: trust } }).lookup({ name: domain });
  const failure = await call.then(
    () => null,
    () => refusal(call),
  );
  return failure === null ? 'accepted' : (failure.requirement ?? failure.code);
}

const bind = (name: string): TestCertificate[] => {
  const certificate = certificates[name];
  return certificate === undefined ? [] : [certificate];
};

describe('a certificate', () => {
  it.each([
    ['self-signed', 'secure', 'accepted'],
    ['self-signed', 'insecure', 'REC-067'],
    ['issued', 'insecure', 'accepted'],
    ['issued for all hosts of the domain', 'insecure', 'accepted'],
    ['issued for another host', 'secure', 'accepted'],
    ['issued for another host', 'insecure', 'REC-070'],
    ['issued and ended', 'secure', 'accepted'],
    ['issued and ended', 'insecure', 'REC-067'],
    ['issued by a stranger', 'secure', 'accepted'],
    ['issued by a stranger', 'insecure', 'REC-067'],
  ] as const)('%s, to which a tls value of a %s record is bound: %s', async (name, dnssec, outcome) => {
    expect(await judged(name, { binds: bind(name), dnssec })).toBe(outcome);
  });

  it('that is self-signed and trusted does with an unsigned record (OQ-3)', async () => {
    const own = certificates['self-signed'];
    expect(await judged('self-signed', { binds: bind('self-signed'), dnssec: 'insecure' }, own?.cert)).toBe('accepted');
  });

  it.each([
    ['self-signed', 'REC-068'],
    ['issued', 'accepted'],
    ['issued for another host', 'REC-070'],
    ['issued and ended', 'REC-069'],
    ['issued by a stranger', 'REC-069'],
  ])('%s, with a record without tls: %s (REC-072)', async (name, outcome) => {
    expect(await judged(name, { dnssec: 'secure' })).toBe(outcome);
    expect(await judged(name, { dnssec: 'insecure' })).toBe(outcome);
  });

  it('may be the one of any tls value (REC-064), and has to be one (REC-065)', async () => {
    expect(await judged('self-signed', { binds: [...bind('issued'), ...bind('self-signed')] })).toBe('accepted');
    expect(await judged('issued', { binds: bind('self-signed') })).toBe('REC-065');
  });

  it('is bound by keys of the record alone (REC-063)', async () => {
    // As a secondary key of the organization's signet would.
    const stranger = makeRecordKey().privateKey;
    const [certificate] = bind('self-signed');
    if (certificate === undefined) throw new Error('there is no certificate');
    const tls = Buffer.from(signCertificate(certificate.x509.raw, stranger)).toString('base64').replace(/=+$/, '');
    const right = resolverOf();
    const resolver = {
      ...right,
      record: async (asked: string) => {
        const resolved = await right.record(asked);
        const pok = Buffer.from(resolved.record.primary[0] ?? [])
          .toString('base64')
          .replace(/=+$/, '');
        return { ...resolved, record: parseRecord(`pok=${pok} tls=${tls} dx=${dx}`) };
      },
    };
    const server = servers['self-signed'];
    if (server === undefined) throw new Error('there is no server');
    const error = await refusal(clientOf({ 26: server }, { resolver }).lookup({ name: domain }));
    expect(error).toMatchObject({ code: 'untrusted', requirement: 'REC-065' });
  });
});
