/** Against a hand-made server: what it sends stands here as octets. */
import dgram from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Unreachable } from '../runner/outcome.js';
import { askDns } from './dns-client.js';

const sockets: dgram.Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** Answers each datagram with what `reply` makes of it. */
async function serve(reply: (query: Buffer) => Buffer[]): Promise<{ host: string; port: number }> {
  const socket = dgram.createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (query, { port, address }) => {
    for (const answer of reply(query)) socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (socket.address() as AddressInfo).port };
}

const question = { name: '_dx.example.com', type: 'TXT', transport: 'udp' } as const;

/** A response to the question with the given flags and answer records. */
function respond(query: Buffer, flags: number, answers: Buffer[]): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  const name = Buffer.from('\x03_dx\x07example\x03com\0', 'latin1');
  return Buffer.concat([header, name, Buffer.from('00100001', 'hex'), ...answers]);
}

/** TXT, class IN, TTL 300, at the name of the question. */
function txt(...strings: string[]): Buffer {
  const data = Buffer.concat(
    strings.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')])),
  );
  const head = Buffer.from('c00c001000010000012c0000', 'hex');
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

describe('the DNS client', () => {
  it('keeps the character-strings of a TXT record apart, octet by octet', async () => {
    const endpoint = await serve((query) => [respond(query, 0x8400, [txt('ver=1 po', 'k=\xff\0')])]);
    const answer = await askDns(endpoint, question, 2000);
    expect(answer).toMatchObject({ rcode: 0, authoritative: true, truncated: false });
    expect(answer.records).toEqual([
      { name: '_dx.example.com', type: 'TXT', ttl: 300, strings: ['ver=1 po', 'k=\xff\0'] },
    ]);
  });

  it('tells NXDOMAIN and truncation', async () => {
    const endpoint = await serve((query) => [respond(query, 0x8603, [])]);
    expect(await askDns(endpoint, question, 2000)).toMatchObject({ rcode: 3, truncated: true, records: [] });
  });

  it('waits on when an answer has another id', async () => {
    const endpoint = await serve((query) => {
      const forged = respond(query, 0x8400, [txt('forged')]);
      forged.writeUInt16BE(query.readUInt16BE(0) ^ 1, 0);
      return [forged, respond(query, 0x8400, [txt('right')])];
    });
    expect((await askDns(endpoint, question, 2000)).records[0]?.strings).toEqual(['right']);
  });

  it('calls what it cannot read, and silence, unreachable', async () => {
    const junk = await serve((query) => [Buffer.concat([query.subarray(0, 2), Buffer.from('ffffffffff', 'hex')])]);
    await expect(askDns(junk, question, 2000)).rejects.toThrow(Unreachable);
    const silent = await serve(() => []);
    await expect(askDns(silent, question, 50)).rejects.toThrow(
      /no DNS answer to TXT _dx\.example\.com .* within 50 ms/,
    );
  });
});
