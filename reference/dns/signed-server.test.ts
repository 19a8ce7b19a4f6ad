import { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type SignedDns, startSignedDns, type TreeDomain } from './signed-server.js';
import type { ZoneRecord } from './zone-record.js';

const text = (name: string, string: string, ttl = 60): ZoneRecord => ({ name, ttl, type: 'TXT', strings: [string] });
const domains: readonly TreeDomain[] = [
  { origin: 'example.com', records: [text('_dx.example.com', 'first'), text('_dx.sub.example.com', 'above')] },
  { origin: 'sub.example.com', records: [text('_dx.sub.example.com', 'below')] },
];

const toClose: SignedDns[] = [];
afterEach(async () => {
  for (const server of toClose.splice(0)) await server.close();
});

async function start(): Promise<{ server: SignedDns; read: (name: string) => Promise<string> }> {
  let count = 1;
  const server = await startSignedDns({ domains, random: (octets) => Buffer.alloc(octets, count++), algorithm: 15 });
  toClose.push(server);
  const client = new Resolver({ timeout: 5000, tries: 1 });
  client.setServers([`${server.address.host}:${server.address.port}`]);
  return { server, read: async (name) => (await client.resolveTxt(name)).map((strings) => strings.join('')).join('|') };
}

describe('a server of signed zones', () => {
  it('serves what is published in the nearest domain, from the next query on, under the same anchor', async () => {
    const { server, read } = await start();
    const { trustAnchor } = server;
    expect([await read('_dx.example.com'), await read('_dx.sub.example.com')]).toEqual(['first', 'below']);
    server.publish('_DX.example.com.', 'TXT', [text('_dx.example.com', 'second'), text('_dx.example.com', 'third')]);
    server.publish('_dx.sub.example.com', 'TXT', []);
    expect(await read('_dx.example.com')).toBe('second|third');
    await expect(read('_dx.sub.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    server.setDomains(domains);
    expect([await read('_dx.example.com'), await read('_dx.sub.example.com')]).toEqual(['first', 'below']);
    expect(server.trustAnchor).toBe(trustAnchor);
  });

  it('refuses what it cannot serve, and goes on as before', async () => {
    const { server, read } = await start();
    expect(() => server.publish('_dx.example.org', 'TXT', [text('_dx.example.org', 'a')])).toThrow(
      'in none of the domains',
    );
    expect(() => server.publish('_dx.example.com', 'TXT', [text('x.example.com', 'a')])).toThrow(
      'holds TXT x.example.com',
    );
    expect(() => server.publish('_dx.example.com', 'TXT', [text('_dx.example.com', 'a', -1)])).toThrow('ttl is -1');
    expect(() => server.delegate('example.org', 'insecure')).toThrow('not among the domains');
    expect(() => server.setDomains([...domains, ...domains])).toThrow('given twice');
    expect(await read('_dx.example.com')).toBe('first');
  });
});
