import { describe, expect, it } from 'vitest';
import { resolveDns } from './dns-client.js';
import { type DnsRecord, queryText, recordsOf, type SeenQuery, startMockDns } from './mock-dns.js';

const waitMs = 5000;
const question = (name: string) => ({ name, type: 'TXT' }) as const;

describe('the mock DNS of the suite', () => {
  it('serves what is published, anew or beside other domains, and tells of each query', async () => {
    const seen: SeenQuery[] = [];
    const dns = await startMockDns({ onQuery: (query) => seen.push(query) });
    dns.publish('one.example', 'ver=1');
    dns.publishAll(
      new Map<string, string | readonly DnsRecord[]>([
        ['two.example', recordsOf('two.example', ['first', ['sec', 'ond']], 5)],
        ['three.example', 'third'],
      ]),
      { delegation: 'insecure', ttl: 7 },
    );
    dns.publish('one.example', 'ver=1 pok=');
    const texts = async (domain: string) => {
      const { records } = await resolveDns(dns.endpoint, question(`_dx.${domain}`), waitMs);
      return records.map(({ ttl, strings }) => [ttl, strings]);
    };
    expect(await texts('one.example')).toEqual([[300, ['ver=1 pok=']]]);
    expect(await texts('two.example')).toEqual([
      [5, ['first']],
      [5, ['sec', 'ond']],
    ]);
    expect(await texts('three.example')).toEqual([[7, ['third']]]);
    expect(seen.map(({ name }) => name)).toEqual(['_dx.one.example', '_dx.two.example', '_dx.three.example']);
    expect(dns.queries()).toEqual(seen);
    await dns.close();
  });

  it('answers wrong, and says so in the evidence', async () => {
    const dns = await startMockDns();
    dns.publish('one.example', 'ver=1');
    dns.state('_dx.one.example', { kind: 'refused' });
    const { rcode } = await resolveDns(dns.endpoint, question('_dx.one.example'), waitMs);
    expect(rcode).toBe(5);
    expect(dns.queries().map(queryText)).toEqual([
      expect.stringMatching(/^TXT _dx\.one\.example over udp: code 5, \d+ octets, refused$/),
    ]);
    expect(() => dns.publish('one.example', [{ name: 'other.tld', ttl: 1, type: 'TXT', strings: [] }])).toThrow();
    await dns.close();
  });

  it('signs with keys of its algorithm, the same on every server of this process', async () => {
    const servers = await Promise.all([
      startMockDns({ algorithm: 15 }),
      startMockDns({ algorithm: 15 }),
      startMockDns(),
    ]);
    const [one, same, other] = servers.map(({ endpoint }) => endpoint.anchors);
    expect(one).toEqual([expect.stringMatching(/^\. IN DS \d+ 15 2 [0-9A-F]{64}$/)]);
    expect(same).toEqual(one);
    expect(other).toEqual([expect.stringMatching(/ 13 2 /)]);
    await Promise.all(servers.map((server) => server.close()));
  });
});
