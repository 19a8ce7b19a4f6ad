import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Conduct, ZoneRecord } from '../dns/server.js';
import { type Delegation, type SignedDns, startSignedDns } from '../dns/signed-server.js';
import { createDimeResolver, type DimeResolver, type DimeResolverOptions, ResolverError } from './resolver.js';

const keyText = 'POBPl5Z0Jtq3/8QK8FkWKAlkRyny2J0dXqY3xh0i3ms';
const text = (more = ''): string => `ver=1 pok=${keyText}${more}`;
const txt = (name: string, ttl: number, ...strings: readonly string[]): ZoneRecord => ({
  name,
  ttl,
  type: 'TXT',
  strings,
});

/** Nothing is lost on a busy machine, so that questions can be counted. */
const patient = { udpMs: 3_000, tcpMs: 5_000, totalMs: 20_000 };
/** Where some answers are lost, and others have to come. */
const once = { udpMs: 300, udpAttempts: 1, tcpMs: 300, totalMs: 20_000 };
const twice = { ...patient, udpMs: 200, udpAttempts: 2 };
/** For answers that never come. */
const hasty = { udpMs: 15, tcpMs: 60, totalMs: 3_000 };
const domain = (origin: string, delegation: Delegation, records: readonly ZoneRecord[] = []) => ({
  origin,
  delegation,
  records: [txt(`_dx.${origin}`, 300, text()), ...records],
});

let server: SignedDns;
beforeAll(async () => {
  server = await startSignedDns({
    random: randomBytes,
    domains: [
      domain('signed.example', 'secure', [
        { name: 'signed.example', ttl: 60, type: 'MX', preference: 20, exchange: 'mx2.signed.example' },
        { name: 'signed.example', ttl: 60, type: 'MX', preference: 10, exchange: 'MX1.signed.example' },
        { name: 'mx1.signed.example', ttl: 60, type: 'A', address: '192.0.2.1' },
        { name: 'mx1.signed.example', ttl: 60, type: 'A', address: '192.0.2.2' },
        { name: 'mx1.signed.example', ttl: 60, type: 'AAAA', address: '2001:db8::1' },
        { name: '_dx.alias.signed.example', ttl: 60, type: 'CNAME', target: '_dx.signed.example' },
        { name: '_dx.across.signed.example', ttl: 60, type: 'CNAME', target: '_dx.plain.example' },
        { name: '_dx.ring.signed.example', ttl: 60, type: 'CNAME', target: '_dx.ring2.signed.example' },
        { name: '_dx.ring2.signed.example', ttl: 60, type: 'CNAME', target: '_dx.ring.signed.example' },
      ]),
      domain('plain.example', 'insecure'),
      domain('island.example', 'island'),
      domain('wrong.example', 'wrong-ds'),
      domain('xn--bcher-kva.example', 'secure'),
    ],
  });
});
afterAll(async () => {
  await server.close();
});
beforeEach(() => server.clearConducts());

function resolver(options: Partial<DimeResolverOptions> = {}): DimeResolver {
  return createDimeResolver({ server: server.address, anchors: [server.trustAnchor], limits: patient, ...options });
}

/** Names and types that were asked for since `from`. */
const asked = (from: number) => server.queries.slice(from).map(({ name, type }) => `${type} ${name}`);

describe('the state of a record', () => {
  it('is secure when it is signed from the anchor down, and every question is asked with the DO bit', async () => {
    const from = server.queries.length;
    const found = await resolver().record('signed.example');
    expect(found).toMatchObject({ dnssec: 'secure', reason: null, ttl: 300, domain: 'signed.example' });
    expect(Buffer.from(found.record.primary[0] ?? []).toString('base64')).toBe(`${keyText}=`);
    expect(asked(from)).toEqual([
      'TXT _dx.signed.example',
      'DNSKEY .',
      'DS example',
      'DNSKEY example',
      'DS signed.example',
      'DNSKEY signed.example',
    ]);
    expect(server.queries.slice(from).every(({ dnssecOk }) => dnssecOk)).toBe(true);
  });

  it.each([
    // REC-047: a signature that no chain leads to is a failed proof.
    ['plain.example', 'insecure', 'proves that plain.example has no DS record'],
    ['island.example', 'bogus', 'has no DS record (REC-047)'],
    ['wrong.example', 'bogus', 'no DNSKEY of wrong.example is one that the DS set of its parent names'],
  ])('of %s is %s', async (name, dnssec, reason) => {
    expect(await resolver().record(name)).toMatchObject({ dnssec, reason: expect.stringContaining(reason) });
  });

  it.each([
    ['signed.example', 'bogus'],
    ['plain.example', 'insecure'],
  ])('of %s is %s without an anchor, and under the anchor of another zone', async (name, dnssec) => {
    expect((await resolver({ anchors: [] }).record(name)).dnssec).toBe(dnssec);
    const other = `org. IN DS 1 13 2 ${'00'.repeat(32)}`;
    expect((await resolver({ anchors: [other] }).record(name)).dnssec).toBe(dnssec);
  });

  it.each<[Conduct['kind'], string]>([
    ['unsigned', 'is not signed'],
    ['expired', 'expired at'],
    ['not-yet-valid', 'holds only from'],
    ['wrong-key', 'no key of signed.example has tag'],
    ['broken-signature', 'does not hold'],
    // The zone that is named has signed nothing.
    ['wrong-signer', 'no key of example has tag'],
  ])('is bogus when the answer is %s', async (kind, reason) => {
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, { kind } as Conduct);
    const found = await resolver().record('signed.example');
    expect(found).toMatchObject({ dnssec: 'bogus', reason: expect.stringContaining(reason) });
  });

  it.each<[string, Conduct]>([
    [
      'of an attacker who signs',
      { kind: 'spoofed', records: [txt('_dx.signed.example', 9, text())], signedBy: 'attacker' },
    ],
    ['of one who does not', { kind: 'spoofed', records: [txt('_dx.signed.example', 9, text())], signedBy: 'nobody' }],
  ])('is bogus when the record is that %s', async (_, conduct) => {
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, conduct);
    expect((await resolver().record('signed.example')).dnssec).toBe('bogus');
  });

  it.each<[string, 'DS' | 'DNSKEY', Conduct, string]>([
    ['signed.example', 'DS', { kind: 'withheld', as: 'no-data' }, 'no proof by example'],
    ['signed.example', 'DS', { kind: 'expired' }, 'DS of signed.example: the signature expired'],
    ['example', 'DNSKEY', { kind: 'server-failure' }, 'answers with code 2'],
    ['', 'DNSKEY', { kind: 'broken-signature' }, 'DNSKEY of .'],
    ['signed.example', 'DNSKEY', { kind: 'lost' }, 'no answer over UDP'],
  ])('is bogus when at "%s" %s is %j', async (name, type, conduct, reason) => {
    server.setConduct({ name: name === '' ? '.' : name, type }, conduct);
    const found = await resolver({ limits: once }).record('signed.example');
    expect(found).toMatchObject({ dnssec: 'bogus', reason: expect.stringContaining(reason) });
  });

  it('is no more than insecure without an OPT record in the reply, and bogus if the signature went with it', async () => {
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, { kind: 'no-additional' });
    expect(await resolver().record('signed.example')).toMatchObject({ dnssec: 'insecure' });
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, { kind: 'no-additional' }, { kind: 'unsigned' });
    expect(await resolver().record('signed.example')).toMatchObject({ dnssec: 'bogus' });
  });

  it('is the weakest of the aliases that lead to it', async () => {
    expect((await resolver().record('alias.signed.example')).dnssec).toBe('secure');
    expect((await resolver().record('across.signed.example')).dnssec).toBe('insecure');
    server.setConduct({ name: '_dx.alias.signed.example' }, { kind: 'unsigned' });
    expect((await resolver().record('alias.signed.example')).dnssec).toBe('bogus');
  });

  it('follows the clock that is passed in', async () => {
    const later = resolver({ now: () => Date.now() + 500 * 86_400_000 });
    expect((await later.record('signed.example')).dnssec).toBe('bogus');
  });
});

describe.each([5, 8, 10, 15] as const)('algorithm %i', (algorithm) => {
  it('is proven and disproven (REC-049, REC-050)', async () => {
    const other = await startSignedDns({
      random: randomBytes,
      algorithm,
      combinedKeys: true,
      digestType: algorithm === 5 ? 1 : 2,
      domains: [domain('a.test', 'secure')],
    });
    const ask = () =>
      createDimeResolver({ server: other.address, anchors: [other.trustAnchor], limits: patient }).record('a.test');
    expect((await ask()).dnssec).toBe('secure');
    other.setConduct({ name: '_dx.a.test', type: 'TXT' }, { kind: 'broken-signature' });
    expect((await ask()).dnssec).toBe('bogus');
    await other.close();
  });
});

describe('a lookup', () => {
  it('normalises the domain before it asks (REC-002, REC-079)', async () => {
    const from = server.queries.length;
    const one = resolver();
    expect((await one.record('Bücher.Example.')).domain).toBe('xn--bcher-kva.example');
    await one.record('XN--BCHER-KVA.example');
    expect(asked(from).filter((query) => query.startsWith('TXT'))).toEqual(['TXT _dx.xn--bcher-kva.example']);
  });

  it.each(['', '.', 'a..b', 'a b', `${'a'.repeat(64)}.example`, `${'a.'.repeat(126)}b`, 'a\\.example'])(
    'refuses %j, which DNS cannot hold, without a question',
    async (name) => {
      const from = server.queries.length;
      await expect(resolver().record(name)).rejects.toMatchObject({ code: 'bad-name' });
      expect(asked(from)).toEqual([]);
    },
  );

  it.each<[string, Conduct[], string, string | undefined]>([
    ['nothing of the kind', [{ kind: 'spoofed', records: [], signedBy: 'zone' }], 'no-record', 'REC-077'],
    ['a failure', [{ kind: 'server-failure' }], 'response-code', 'REC-077'],
    ['a refusal', [{ kind: 'refused' }], 'response-code', 'REC-077'],
    ['that the name is not there', [{ kind: 'no-such-name' }], 'response-code', 'REC-077'],
    ['another name', [{ kind: 'wrong-owner' }], 'no-record', 'REC-077'],
    ['nothing at all', [{ kind: 'lost' }], 'no-answer', undefined],
    ['another id', [{ kind: 'wrong-id' }], 'no-answer', undefined],
    ['another question', [{ kind: 'wrong-question' }], 'no-answer', undefined],
    ['noise', [{ kind: 'garbage' }], 'no-answer', undefined],
    ['half a message', [{ kind: 'cut' }], 'no-answer', undefined],
  ])('fails when the server answers with %s', async (_, conducts, code, requirement) => {
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, ...conducts);
    const failure = await resolver({ limits: code === 'no-answer' ? hasty : patient })
      .record('signed.example')
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ResolverError);
    expect(failure).toMatchObject({ code, requirement });
  });

  it('fails where nobody listens, and says so', async () => {
    const gone = await startSignedDns({ random: randomBytes, domains: [] });
    await gone.close();
    const failure = resolver({ server: gone.address }).record('signed.example');
    await expect(failure).rejects.toThrow(/^TXT _dx\.signed\.example at 127\.0\.0\.1:\d+: UDP: ECONNREFUSED/);
  });

  it.each(['2001:db8::1', 'no host'])('fails where no server can be reached, such as at %s', async (host) => {
    const failure = resolver({ server: { host, port: 53 }, limits: hasty }).record('signed.example');
    await expect(failure).rejects.toMatchObject({ code: 'no-answer' });
  });

  it('is the same over IPv6', async () => {
    const other = await startSignedDns({ host: '::1', random: randomBytes, domains: [domain('a.test', 'secure')] });
    const own = { server: other.address, anchors: [other.trustAnchor] };
    expect((await resolver(own).record('a.test')).dnssec).toBe('secure');
    other.setConduct({ name: '*' }, { kind: 'truncated' });
    expect((await resolver(own).record('a.test')).dnssec).toBe('secure');
    expect(other.queries.at(-1)?.transport).toBe('tcp');
    await other.close();
  });

  it.each<[string, Conduct[], string[]]>([
    ['lost once', [{ kind: 'lost', times: 1 }], ['udp', 'udp']],
    ['lost over UDP', [{ kind: 'lost', over: 'udp' }], ['udp', 'udp', 'tcp']],
    ['cut to fit UDP', [{ kind: 'truncated' }], ['udp', 'tcp']],
    ['larger than was said', [{ kind: 'oversized', octets: 8000 }], ['udp']],
    ['in capitals', [{ kind: 'upper-case' }], ['udp']],
  ])('gets an answer that is %s', async (_, conducts, transports) => {
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, ...conducts);
    const from = server.queries.length;
    expect((await resolver({ limits: twice }).record('signed.example')).dnssec).toBe('secure');
    const own = server.queries.slice(from).filter(({ type }) => type === 'TXT');
    expect(own.map(({ transport }) => transport)).toEqual(transports);
  });

  it('waits longer each time, so that a slow answer is had', async () => {
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, { kind: 'slow', ms: 60 });
    const limits = { ...patient, udpMs: 20, udpAttempts: 6 };
    expect((await resolver({ limits }).record('signed.example')).dnssec).toBe('secure');
  });

  it('ends at aliases in a ring, and at more aliases or questions than it may cost', async () => {
    await expect(resolver().record('ring.signed.example')).rejects.toMatchObject({ code: 'aliases' });
    const few = resolver({ limits: { ...patient, questions: 3 } });
    expect(await few.record('signed.example')).toMatchObject({
      dnssec: 'bogus',
      reason: 'bounds: DNSKEY of example cannot be had: the lookup has asked 3 questions, and more are not asked',
    });
    const unchecked = resolver({ limits: { ...patient, signatureChecks: 2 } });
    expect(await unchecked.record('signed.example')).toMatchObject({
      reason: expect.stringContaining('cost 2 checks'),
    });
  });

  it('joins the strings of the record, and lets other texts stand beside it (REC-005, REC-006)', async () => {
    const split = [text().slice(0, 9), text().slice(9, 20), `${text().slice(20)} dx=dx.example`];
    server.setConduct(
      { name: '_dx.signed.example', type: 'TXT' },
      {
        kind: 'spoofed',
        records: [txt('_dx.signed.example', 60, 'v=spf1 -all'), txt('_dx.signed.example', 60, ...split)],
        signedBy: 'zone',
      },
    );
    expect((await resolver().record('signed.example')).record.deliver).toEqual(['dx.example']);
  });

  it.each<[string, ZoneRecord[], string]>([
    [
      'two records',
      [txt('_dx.signed.example', 60, text()), txt('_dx.signed.example', 60, text(' pol=strict'))],
      'REC-004',
    ],
    ['a wrong value', [txt('_dx.signed.example', 60, text(' pol=lax'))], 'REC-035'],
  ])('refuses %s', async (_, records, requirement) => {
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, { kind: 'spoofed', records, signedBy: 'zone' });
    await expect(resolver().record('signed.example')).rejects.toMatchObject({ code: 'bad-record', requirement });
  });
});

describe('a copy', () => {
  let now = 0;
  beforeEach(() => {
    now = Date.now();
  });
  const clocked = (limits: DimeResolverOptions['limits'] = patient) => resolver({ now: () => now, limits });
  const publish = (ttl: number, more: string) =>
    server.setConduct(
      { name: '_dx.signed.example', type: 'TXT' },
      { kind: 'spoofed', records: [txt('_dx.signed.example', ttl, text(more))], signedBy: 'zone' },
    );
  const texts = (from: number) => asked(from).filter((query) => query.startsWith('TXT')).length;

  it('is used until its TTL is over, and dies with it (REC-051)', async () => {
    publish(100, '');
    const one = clocked();
    const from = server.queries.length;
    expect((await one.record('signed.example')).ttl).toBe(100);
    now += 99_000;
    expect(await one.record('signed.example')).toMatchObject({ ttl: 1, dnssec: 'secure' });
    expect(texts(from)).toBe(1);
    now += 1_000;
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, { kind: 'server-failure' });
    await expect(one.record('signed.example')).rejects.toMatchObject({ code: 'response-code' });
  });

  it('with an expiry is refreshed after its TTL, and used on when that fails (REC-053)', async () => {
    publish(100, ' exp=1');
    const one = clocked(once);
    await one.record('signed.example');
    now += 101_000;
    publish(100, ' exp=1 dx=new.example');
    expect((await one.record('signed.example')).record.deliver).toEqual(['new.example']);
    for (const conduct of [{ kind: 'server-failure' }, { kind: 'lost' }, { kind: 'broken-signature' }] as const) {
      now += 101_000;
      server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, conduct);
      expect(await one.record('signed.example')).toMatchObject({
        dnssec: 'secure',
        ttl: 0,
        record: { deliver: ['new.example'] },
      });
    }
  });

  it('keeps its first expiration when it is refreshed, and is never used past it (REC-041, REC-052, REC-054)', async () => {
    publish(100, ' exp=1');
    const one = clocked();
    await one.record('signed.example');
    now += 86_000_000;
    publish(1_000, ' exp=30');
    expect((await one.record('signed.example')).record.expiry).toBe(30);
    const from = server.queries.length;
    now += 399_000;
    await one.record('signed.example');
    expect(texts(from)).toBe(0);
    // A day after the first retrieval, though the refreshed copy's TTL is not over.
    now += 1_000;
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, { kind: 'server-failure' });
    await expect(one.record('signed.example')).rejects.toMatchObject({ code: 'response-code' });
  });

  it('that was proven does not give way to one that is not', async () => {
    publish(100, ' exp=1 dx=good.example');
    const one = clocked();
    await one.record('signed.example');
    now += 101_000;
    server.delegate('signed.example', 'insecure');
    server.setConduct(
      { name: '_dx.signed.example', type: 'TXT' },
      { kind: 'spoofed', records: [txt('_dx.signed.example', 99, text(' dx=evil.example'))], signedBy: 'nobody' },
    );
    const found = await one.record('signed.example');
    server.delegate('signed.example', 'secure');
    expect(found).toMatchObject({ dnssec: 'secure', record: { deliver: ['good.example'] } });
  });

  it('is not kept when its proof failed, or for no time', async () => {
    const one = clocked();
    server.setConduct({ name: '_dx.signed.example', type: 'TXT' }, { kind: 'unsigned' });
    expect((await one.record('signed.example')).dnssec).toBe('bogus');
    publish(0, '');
    const from = server.queries.length;
    expect(await one.record('signed.example')).toMatchObject({ dnssec: 'secure', ttl: 0 });
    await one.record('signed.example');
    expect(texts(from)).toBe(2);
  });

  it('is looked up once for all who ask at the same time', async () => {
    const one = clocked();
    const from = server.queries.length;
    await Promise.all(Array.from({ length: 5 }, () => one.record('signed.example')));
    expect(texts(from)).toBe(1);
  });
});

describe('hosts', () => {
  it('have mail exchangers in ascending preference, with the state of the answer', async () => {
    const exchangers = [
      { preference: 10, host: 'mx1.signed.example' },
      { preference: 20, host: 'mx2.signed.example' },
    ];
    expect(await resolver().mailExchangers('Signed.example.')).toEqual({ exchangers, dnssec: 'secure', reason: null });
    expect(await resolver({ anchors: [] }).mailExchangers('signed.example')).toMatchObject({ dnssec: 'insecure' });
    expect(await resolver().mailExchangers('plain.example')).toMatchObject({ exchangers: [], dnssec: 'insecure' });
    const nobody = { kind: 'spoofed', signedBy: 'zone' } as const;
    const none: ZoneRecord = { name: 'signed.example', ttl: 60, type: 'MX', preference: 0, exchange: '.' };
    server.setConduct({ name: 'signed.example', type: 'MX' }, { ...nobody, records: [none] });
    expect(await resolver().mailExchangers('signed.example')).toMatchObject({ exchangers: [], dnssec: 'secure' });
    server.setConduct({ name: 'signed.example', type: 'MX' }, { kind: 'withheld', as: 'no-data' });
    expect(await resolver().mailExchangers('signed.example')).toMatchObject({ exchangers: [], dnssec: 'bogus' });
    server.setConduct({ name: 'signed.example', type: 'MX' }, { kind: 'server-failure' });
    await expect(resolver().mailExchangers('signed.example')).rejects.toMatchObject({ code: 'response-code' });
  });

  it('have addresses of both families', async () => {
    const found = await resolver().addresses('mx1.signed.example');
    expect(found).toEqual({
      addresses: [
        { address: '2001:db8::1', family: 6 },
        { address: '192.0.2.1', family: 4 },
        { address: '192.0.2.2', family: 4 },
      ],
      dnssec: 'secure',
      reason: null,
    });
    expect(await resolver().addresses('nowhere.signed.example')).toMatchObject({ addresses: [], dnssec: 'secure' });
    expect(await resolver().addresses('192.0.2.9')).toMatchObject({ addresses: [{ address: '192.0.2.9', family: 4 }] });
  });

  it('go on with one family when the other fails', async () => {
    server.setConduct({ name: 'mx1.signed.example', type: 'AAAA' }, { kind: 'server-failure' });
    const four = [
      { address: '192.0.2.1', family: 4 },
      { address: '192.0.2.2', family: 4 },
    ];
    expect(await resolver().addresses('mx1.signed.example')).toMatchObject({ addresses: four, dnssec: 'secure' });
    server.setConduct({ name: 'mx1.signed.example', type: 'AAAA' }, { kind: 'broken-signature' });
    expect(await resolver().addresses('mx1.signed.example')).toMatchObject({ addresses: four, dnssec: 'secure' });
    server.setConduct({ name: 'mx1.signed.example' }, { kind: 'broken-signature' });
    expect((await resolver().addresses('mx1.signed.example')).dnssec).toBe('bogus');
  });
});

it('refuses anchors and limits that are none', () => {
  expect(() => resolver({ anchors: ['example. IN TXT "x"'] })).toThrow('trust anchor 1: no DS or DNSKEY record');
  expect(() => resolver({ anchors: ['. IN DS 1 13 2 00'] })).toThrow('trust anchor 1: the DS record');
  expect(() => resolver({ limits: { udpMs: 0 } })).toThrow('resolver limit udpMs is 0');
  expect(() => resolver({ server: { host: '127.0.0.1', port: 0 } })).toThrow('port of the DNS server is 0');
});
