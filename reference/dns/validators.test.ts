/** What the server serves, as validating resolvers see it that others wrote. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Conduct } from './conduct.js';
import {
  type Delegation,
  type SignedDns,
  type SigningAlgorithm,
  startSignedDns,
  type TreeDomain,
} from './signed-server.js';
import { type Verdict, validators } from './validators.test-support.js';
import type { ZoneRecord, ZoneRecordType } from './zone-record.js';

const text = (name: string, ...strings: string[]): ZoneRecord => ({ name, ttl: 60, type: 'TXT', strings });
const domains: readonly TreeDomain[] = [
  {
    origin: 'example.com',
    records: [
      text('_dx.example.com', 'ver=1 pok=x', 'second string'),
      text('_dx.example.com', 'a'.repeat(300)),
      text('_dx.example.com', 'ver=2'),
      { name: 'example.com', ttl: 60, type: 'MX', preference: 20, exchange: 'Backup.Example.com' },
      { name: 'example.com', ttl: 60, type: 'MX', preference: 10, exchange: 'host.deep.example.com.' },
      { name: 'host.deep.example.com', ttl: 60, type: 'A', address: '192.0.2.1' },
      { name: 'host.deep.example.com', ttl: 60, type: 'AAAA', address: '2001:db8::1' },
      { name: 'alias.example.com', ttl: 60, type: 'CNAME', target: '_DX.example.org' },
    ],
  },
  { origin: 'sub.example.com', records: [text('_dx.sub.example.com', 'ver=1')] },
  { origin: 'example.org', records: [text('_dx.example.org', 'ver=1')] },
];

const missing = 'SKIPPED: nobody else checks the signed zones, since neither delv nor unbound-host is installed';
if (validators.length === 0) console.warn(missing);
const seenBy =
  validators.length === 0 ? missing : `as ${validators.map(({ program }) => program).join(' and ')} see it`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dime-validators-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const toClose: SignedDns[] = [];
afterEach(async () => {
  for (const server of toClose.splice(0)) await server.close();
});

async function start(algorithm: SigningAlgorithm = 13, combinedKeys = false): Promise<SignedDns> {
  const server = await startSignedDns({ domains, random: randomBytes, algorithm, combinedKeys });
  toClose.push(server);
  return server;
}

/** The verdicts of all validators that are installed, each once. */
async function judge({ address, trustAnchor }: SignedDns, name: string, type: string): Promise<Verdict[]> {
  const setup = { port: address.port, trustAnchor, folder };
  const verdicts = await Promise.all(validators.map((validator) => validator.judge(setup, name, type)));
  return [...new Set(verdicts)];
}

describe.skipIf(validators.length === 0)(seenBy, () => {
  it.each<[string, SigningAlgorithm, boolean]>([
    ['RSA/SHA-1', 5, false],
    ['RSA/SHA-256', 8, false],
    ['RSA/SHA-512', 10, true],
    ['ECDSA P-256', 13, true],
    ['ECDSA P-384', 14, false],
    ['Ed25519', 15, false],
  ])('signatures of %s hold', async (_name, algorithm, combinedKeys) => {
    const server = await start(algorithm, combinedKeys);
    expect(await judge(server, '_dx.example.com', 'TXT')).toEqual(['secure']);
    expect(await judge(server, 'x.example.com', 'TXT')).toEqual(['secure']);
  });

  it('every kind of record, alias and denial is proven', async () => {
    const server = await start();
    const questions = [
      ['example.com', 'MX'],
      ['HOST.deep.example.com', 'AAAA'],
      ['alias.example.com', 'TXT'],
      ['host.deep.example.com', 'TXT'],
      ['nothing.deep.example.com', 'A'],
      ['nothing.com', 'A'],
      ['nothing', 'A'],
    ] as const;
    const verdicts = await Promise.all(
      questions.map(async ([name, type]) => `${name} ${type}: ${await judge(server, name, type)}`),
    );
    expect(verdicts).toEqual(questions.map(([name, type]) => `${name} ${type}: secure`));
  });

  it.each<[Delegation, Verdict]>([
    ['insecure', 'insecure'],
    ['island', 'insecure'],
    ['wrong-ds', 'bogus'],
    ['secure', 'secure'],
  ])('a domain whose delegation is %s is %s', async (delegation, verdict) => {
    const server = await start();
    server.delegate('example.org', delegation);
    expect(await judge(server, '_dx.example.org', 'TXT')).toEqual([verdict]);
    expect(await judge(server, 'nothing.example.org', 'TXT')).toEqual([verdict]);
  });

  it.each<[Conduct['kind'], Conduct, string?, ZoneRecordType?]>([
    ['unsigned', { kind: 'unsigned' }],
    ['expired', { kind: 'expired' }],
    ['not-yet-valid', { kind: 'not-yet-valid' }],
    ['wrong-key', { kind: 'wrong-key' }],
    ['broken-signature', { kind: 'broken-signature' }],
    ['wrong-signer', { kind: 'wrong-signer' }],
    ['spoofed', { kind: 'spoofed', records: [text('_dx.example.com', 'evil')], signedBy: 'nobody' }],
    ['spoofed', { kind: 'spoofed', records: [text('_dx.example.com', 'evil')], signedBy: 'attacker' }],
    ['withheld', { kind: 'withheld', as: 'no-data' }],
    ['withheld', { kind: 'withheld', as: 'no-name' }],
    ['withheld', { kind: 'withheld', as: 'no-data' }, 'example.com', 'DS'],
    ['expired', { kind: 'expired' }, 'example.com', 'DNSKEY'],
    ['wrong-key', { kind: 'wrong-key' }, 'com', 'DS'],
    ['unsigned', { kind: 'unsigned' }, '.', 'DNSKEY'],
  ])('%s makes it bogus: %j %s %s', async (_kind, conduct, name = '_dx.example.com', type = 'TXT') => {
    const server = await start();
    server.setConduct({ name, type }, conduct);
    expect(await judge(server, '_dx.example.com', 'TXT')).toEqual(['bogus']);
    expect(server.queries.find(({ served }) => served.length > 0)).toMatchObject({ type, served: [conduct.kind] });
  });

  it('a denial is bogus when its proof is', async () => {
    const server = await start();
    server.setConduct({ name: 'nothing.example.com' }, { kind: 'unsigned' });
    server.setConduct({ name: 'host.deep.example.com', type: 'TXT' }, { kind: 'broken-signature' });
    expect(await judge(server, 'nothing.example.com', 'TXT')).toEqual(['bogus']);
    expect(await judge(server, 'host.deep.example.com', 'TXT')).toEqual(['bogus']);
    server.setConduct({ name: 'nothing.example.com' });
    expect(await judge(server, 'nothing.example.com', 'TXT')).toEqual(['secure']);
  });

  it('what the zone signs is secure, be it spoofed, published anew, or served in capitals', async () => {
    const server = await start();
    const records = [text('_dx.example.com', 'another')];
    server.setConduct({ name: '_dx.example.com' }, { kind: 'spoofed', records, signedBy: 'zone' });
    expect(await judge(server, '_dx.example.com', 'TXT')).toEqual(['secure']);
    server.clearConducts();
    server.publish('_dx.example.com', 'TXT', [text('_dx.example.com', 'ver=1 pok=y')]);
    server.setConduct({ name: '*' }, { kind: 'upper-case' });
    expect(await judge(server, '_dx.example.com', 'TXT')).toEqual(['secure']);
    server.publish('_dx.example.com', 'TXT', []);
    expect(await judge(server, '_dx.example.com', 'TXT')).toEqual(['secure']);
  });
});
