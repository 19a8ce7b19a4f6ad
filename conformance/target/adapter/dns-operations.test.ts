import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dnsOperations } from './dns-operations.js';
import { shapeError } from './schemas.js';

const resolve = dnsOperations['dns.resolve-record'];
const key = 'POBPl5Z0Jtq3_8QK8FkWKAlkRyny2J0dXqY3xh0i3ms';
const text = 'pok=POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms dx=dx.example.org';

/** TXT records by owner name; there are no others. */
const zone: Readonly<Record<string, readonly string[]>> = {
  '_dx.plain.example': [text],
  '_dx.signed.example': [text],
  '_dx.wrong.example': [`${text} ver=2`],
  '_dx.two.example': [text, `${text} pol=strict`],
};

const signature: Answer = {
  type: 'RRSIG',
  name: '_dx.signed.example',
  ttl: 7,
  data: {
    typeCovered: 'TXT',
    algorithm: 13,
    labels: 3,
    originalTTL: 7,
    expiration: 2_000_000_000,
    inception: 1_000_000_000,
    keyTag: 1,
    signersName: 'signed.example',
    signature: Buffer.alloc(64),
  },
};

describe('dns.resolve-record', () => {
  let server: Socket;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createSocket('udp4', (message, { port, address }) => {
      const { id = 0, questions = [] } = decode(message);
      const name = questions[0]?.name ?? '';
      asked.push(name);
      const answers: Answer[] = (zone[name] ?? []).map((data) => ({ type: 'TXT', name, ttl: 7, data: [data] }));
      if (name === '_dx.signed.example') answers.push(signature);
      const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0x8000, options: [] } as unknown as Answer;
      const reply = encode({ type: 'response', id, flags: 0, questions, answers, additionals: [opt] });
      server.send(reply, port, address);
    }).bind(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  const input = (domain: string, more: Readonly<Record<string, unknown>> = {}) => ({
    domain,
    dns: { host: '127.0.0.1', port: server.address().port, ...more },
  });

  it('gives the members of the record, the state and the TTL', async () => {
    const given = input('plain.example', { anchors: [] });
    expect(shapeError('dns.resolve-record.input', given)).toBeNull();
    const result = await resolve(given);
    expect(shapeError('dns.resolve-record.result', result)).toBeNull();
    const members = { version: 1, primary: [key], deliver: ['dx.example.org'], policy: 'experimental' };
    expect(result).toMatchObject({ ...members, dnssec: 'insecure', ttl: 7 });
  });

  it('keeps what it found for as long as it runs', async () => {
    await resolve(input('plain.example'));
    const before = asked.length;
    await resolve(input('PLAIN.example.'));
    expect(asked).toHaveLength(before);
  });

  it('gives a bogus record as one: here it is signed, and there is no anchor (REC-047)', async () => {
    const result = await resolve(input('signed.example'));
    expect(shapeError('dns.resolve-record.result', result)).toBeNull();
    expect(result).toMatchObject({ primary: [key], dnssec: 'bogus', reason: expect.stringContaining('REC-047') });
  });

  it.each([
    ['a domain without a record', 'none.example', {}, 'REC-077'],
    ['a record that is wrong', 'wrong.example', {}, 'REC-022'],
    ['two records', 'two.example', {}, 'REC-004'],
    ['a domain that is none', 'a..b', {}, undefined],
    ['anchors that are none', 'plain.example', { anchors: ['root'] }, undefined],
  ])('refuses %s', async (_, domain, more, requirement) => {
    const refusal = { name: 'OperationRefusal', requirement };
    await expect((async () => await resolve(input(domain, more)))()).rejects.toMatchObject(refusal);
  });
});
