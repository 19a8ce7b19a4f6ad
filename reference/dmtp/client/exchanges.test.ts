import { describe, expect, it } from 'vitest';
import { ResolverError } from '../resolver.js';
import { DmtpClientError } from './client-error.js';
import { type Attempt, reachExchange } from './exchanges.js';
import { domain, type RecordWishes, resolverOf } from './world.test-support.js';

/** Tries `host:port` in turn; what is not named in `outcomes` has no connection. */
async function search(wishes: RecordWishes, outcomes: Readonly<Record<string, 'open' | 'no-dmtp'>> = {}, hosts = 16) {
  const tried: string[] = [];
  const resolver = resolverOf({ deliver: [], ...wishes });
  const attempt = async ({ host, port }: { host: string; port: number }): Promise<Attempt<string>> => {
    const place = `${host}:${port}`;
    tried.push(place);
    const outcome = outcomes[place];
    if (outcome === 'open') return { kind: 'open', connection: place };
    return { kind: outcome ?? 'no-connection', why: 'as the test says' };
  };
  const found = await reachExchange(await resolver.record(domain), resolver, attempt, hosts).catch((error: unknown) => {
    if (error instanceof DmtpClientError) return error.code;
    throw error;
  });
  return { tried, found: typeof found === 'string' ? found : found.connection };
}

const mx = (...hosts: string[]) => ({ exchangers: hosts.map((host, index) => ({ preference: index * 10, host })) });

describe('delivery hosts', () => {
  it('are those of the record, in its order, on port 26 (REC-055)', async () => {
    const deliver = ['b.example', 'a.example', 'c.example'];
    expect(await search({ deliver }, { 'a.example:26': 'open', 'c.example:26': 'open' })).toEqual({
      tried: ['b.example:26', 'a.example:26'],
      found: 'a.example:26',
    });
  });

  it('are no others when those of the record fail (REC-056)', async () => {
    const wishes = { deliver: ['a.example'], ...mx('mx.example') };
    expect(await search(wishes, { 'mx.example:26': 'open', [`${domain}:26`]: 'open' })).toEqual({
      tried: ['a.example:26'],
      found: 'unreachable',
    });
  });

  it('are the first three MX hosts, and then the domain, when the record has none (REC-057, REC-058, REC-060)', async () => {
    expect(await search(mx('m1.example', 'm2.example', 'm3.example', 'm4.example'))).toEqual({
      tried: [
        ...['m1.example:26', 'm1.example:25', 'm1.example:587'],
        ...['m2.example:26', 'm2.example:25', 'm2.example:587'],
        ...['m3.example:26', 'm3.example:25', 'm3.example:587'],
        `${domain}:26`,
      ],
      found: 'unreachable',
    });
  });

  it('are not asked on port 587 when port 25 could be connected (REC-059)', async () => {
    expect(
      await search(mx('m1.example', 'm2.example'), { 'm1.example:25': 'no-dmtp', 'm2.example:587': 'open' }),
    ).toEqual({
      tried: ['m1.example:26', 'm1.example:25', 'm2.example:26', 'm2.example:25', 'm2.example:587'],
      found: 'm2.example:587',
    });
  });

  it('are the domain alone when there is no MX (REC-060)', async () => {
    expect(await search({}, { [`${domain}:26`]: 'open' })).toEqual({ tried: [`${domain}:26`], found: `${domain}:26` });
  });

  it('are none when a proof failed (REC-046)', async () => {
    expect(await search({ dnssec: 'bogus', deliver: ['a.example'] })).toEqual({ tried: [], found: 'bogus' });
  });

  it('have to have names', async () => {
    const names = ['a..example', '-', 'a_b', '<x>', 'x'.repeat(254)];
    expect((await search({ deliver: names })).tried).toEqual(['-:26', 'a_b:26']);
  });

  it('are bounded in number', async () => {
    const deliver = Array.from({ length: 30 }, (_, index) => `dx${index}.example`);
    expect((await search({ deliver }, {}, 4)).tried).toHaveLength(4);
  });
});

describe('mail exchangers', () => {
  const attempt = async (): Promise<Attempt<string>> => ({ kind: 'no-connection', why: 'never' });
  const record = resolverOf({ deliver: [] }).record(domain);

  it('whose proof failed are not used, nor is the domain', async () => {
    const mailExchangers = async () => ({ dnssec: 'bogus' as const, reason: 'broken', ...mx('m1.example') });
    const search = reachExchange(await record, { mailExchangers }, attempt, 1);
    await expect(search).rejects.toMatchObject({ code: 'bogus', requirement: 'REC-046' });
  });

  it('that DNS does not tell are as none', async () => {
    const mailExchangers = async () => {
      throw new ResolverError('no-answer', 'silence');
    };
    const search = reachExchange(await record, { mailExchangers }, attempt, 1);
    await expect(search).rejects.toThrow(`"${domain}" port 26`);
  });
});
