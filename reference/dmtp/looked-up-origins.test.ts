import { describe, expect, it } from 'vitest';
import { fromBase64, libdime } from '../formats/message/vectors.test-support.js';
import { type DmtpClient, DmtpClientError, type Lookup, type LookupRequest } from './client.js';
import { lookedUpOrigins } from './looked-up-origins.js';
import { ResolverError } from './resolver.js';

const octets = fromBase64(libdime.signets.origin ?? '');
const fingerprint = 'A'.repeat(86);
const found = { signet: octets, state: 'full', dx: 'dx', port: 26, dnssec: 'secure' } as unknown as Lookup;

/** A client that answers as it is told, and remembers what it was asked. */
function clientOf(answer: (request: LookupRequest) => Lookup | Error | Promise<Lookup>) {
  const asked: LookupRequest[] = [];
  const lookup: DmtpClient['lookup'] = async (request) => {
    asked.push(request);
    const given = await answer(request);
    if (given instanceof Error) throw given;
    return given;
  };
  return { asked, client: { lookup } };
}

const kindOf = async (answer: Parameters<typeof clientOf>[0]) =>
  (await lookedUpOrigins(clientOf(answer).client)('a.example', fingerprint)).kind;

describe('the signet of an origin', () => {
  it('is the one that MAIL names', async () => {
    const { asked, client } = clientOf(() => found);
    const answer = await lookedUpOrigins(client)('a.example', fingerprint);
    expect(answer.kind === 'known' && answer.signets.map((signet) => signet.octets)).toEqual([octets]);
    expect(asked).toEqual([{ name: 'a.example', fingerprint }]);
  });

  it('is the current one where MAIL names none, or one that there is not', async () => {
    const refusal = new DmtpClientError('refused', '450 SIGNET NOT FOUND.');
    const { asked, client } = clientOf((request) => (request.fingerprint === undefined ? found : refusal));
    const origins = lookedUpOrigins(client);
    expect((await origins('a.example', 'fingerprint')).kind).toBe('known');
    expect((await origins('a.example', fingerprint)).kind).toBe('known');
    expect(asked).toEqual([{ name: 'a.example' }, { name: 'a.example', fingerprint }, { name: 'a.example' }]);
  });

  it('is not there when the domain has no record, or its host says so', async () => {
    const cause = new ResolverError('no-record', 'there is none');
    expect(await kindOf(() => new DmtpClientError('no-record', 'none', { cause }))).toBe('none');
    expect(await kindOf(() => new DmtpClientError('refused', '450'))).toBe('none');
  });

  it.each([
    new DmtpClientError('no-record', 'none', { cause: new ResolverError('no-answer', 'silence') }),
    new DmtpClientError('bogus', 'forged'),
    new DmtpClientError('untrusted', 'of another'),
    new DmtpClientError('wrong-fingerprint', 'another signet'),
    new DmtpClientError('timeout', 'late'),
    new Error('a bug'),
  ])('is unavailable after any other failure: %s', async (error) => {
    expect(await kindOf(() => error)).toBe('unavailable');
  });
});

describe('lookups', () => {
  it('are not repeated for a while, whatever came of them', async () => {
    let now = 0;
    const { asked, client } = clientOf(() => new DmtpClientError('timeout', 'late'));
    const origins = lookedUpOrigins(client, () => now, { atOnce: 2, keptMs: 100, kept: 2 });
    await origins('a.example', '');
    now = 99;
    await origins('a.example', 'another word');
    expect(asked).toHaveLength(1);
    now = 100;
    await origins('a.example', '');
    expect(asked).toHaveLength(2);
    for (const domain of ['b.example', 'c.example', 'a.example']) await origins(domain, '');
    expect(asked.map(({ name }) => name[0]).join('')).toBe('aabca');
  });

  it('are few at a time', async () => {
    const waiting: ((lookup: Lookup) => void)[] = [];
    const { client } = clientOf(() => new Promise<Lookup>((resolve) => waiting.push(resolve)));
    const origins = lookedUpOrigins(client, () => 0, { atOnce: 2, keptMs: 0, kept: 10 });
    const answers = ['a', 'b', 'c'].map((name) => origins(`${name}.example`, ''));
    expect((await answers[2])?.kind).toBe('unavailable');
    for (const answer of waiting) answer(found);
    expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual(['known', 'known', 'unavailable']);
    const later = origins('d.example', '');
    waiting.at(-1)?.(found);
    expect((await later).kind).toBe('known');
  });
});
