import { describe, expect, it } from 'vitest';
import { answer, rcodes } from './answer.js';
import { indexZones, startOfAuthority, type Zone, ZoneError, type ZoneRecord } from './zone.js';

const zone: Zone = {
  origin: 'example.com',
  records: [
    { ...startOfAuthority('example.com', 900), ttl: 3600 } as ZoneRecord,
    { name: 'example.com', ttl: 60, type: 'NS', host: 'ns.example.com' },
    { name: 'example.com', ttl: 60, type: 'MX', preference: 20, exchange: 'b.example.com' },
    { name: 'example.com', ttl: 60, type: 'MX', preference: 10, exchange: 'a.example.com' },
    { name: '_dx.Example.com.', ttl: 60, type: 'TXT', strings: ['ver=1'] },
    { name: 'host.deep.example.com', ttl: 60, type: 'A', address: '192.0.2.1' },
    { name: 'www.example.com', ttl: 60, type: 'CNAME', target: 'Host.Deep.example.com.' },
    { name: 'away.example.com', ttl: 60, type: 'CNAME', target: 'host.example.net' },
    { name: 'broken.example.com', ttl: 60, type: 'CNAME', target: 'nothing.example.com' },
    { name: 'ring1.example.com', ttl: 60, type: 'CNAME', target: 'ring2.example.com' },
    { name: 'ring2.example.com', ttl: 60, type: 'CNAME', target: 'ring1.example.com' },
    ...Array.from({ length: 12 }, (_, step): ZoneRecord => {
      return { name: `c${step}.example.com`, ttl: 60, type: 'CNAME', target: `c${step + 1}.example.com` };
    }),
  ],
};
const child: Zone = { origin: 'sub.example.com', records: [startOfAuthority('sub.example.com')] };
const zones = indexZones([zone, child]);

const types = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28, OPT: 41, AXFR: 252, ANY: 255, HTTPS: 65 };

/** `rcode: owners of the answers | owners of the authority section`. */
function ask(key: string, type: keyof typeof types, questionClass = 1): string {
  const given = answer(zones, { key, type: types[type], class: questionClass });
  const code = Object.entries(rcodes).find(([, value]) => value === given.rcode)?.[0];
  const list = (sets: typeof given.answers) =>
    sets.flatMap(({ records }) => records.map(({ key, record }) => `${record.type} ${key}`)).join(', ');
  return `${given.authoritative ? 'aa ' : ''}${code}: ${list(given.answers)} | ${list(given.authority)}`;
}

describe('answer', () => {
  const soa = '| SOA example.com';
  it.each<[string, string, keyof typeof types, string]>([
    ['data', '_dx.example.com', 'TXT', 'aa noError: TXT _dx.example.com | '],
    ['a set', 'example.com', 'MX', 'aa noError: MX example.com, MX example.com | '],
    ['the origin', 'example.com', 'SOA', 'aa noError: SOA example.com | '],
    ['another type of a name that exists', '_dx.example.com', 'A', `aa noError:  ${soa}`],
    ['a type that nobody serves', '_dx.example.com', 'HTTPS', `aa noError:  ${soa}`],
    ['a name that does not exist', 'nothing.example.com', 'A', `aa nxDomain:  ${soa}`],
    ['a name below a name with data', 'a._dx.example.com', 'TXT', `aa nxDomain:  ${soa}`],
    ['a name that only has names below it', 'deep.example.com', 'A', `aa noError:  ${soa}`],
    ['the zone below', 'x.sub.example.com', 'A', 'aa nxDomain:  | SOA sub.example.com'],
    ['a name that only ends alike', 'notexample.com', 'A', 'refused:  | '],
    ['the zone above', 'com', 'A', 'refused:  | '],
    ['the root', '', 'NS', 'refused:  | '],
    ['an alias', 'www.example.com', 'A', 'aa noError: CNAME www.example.com, A host.deep.example.com | '],
    ['an alias itself', 'www.example.com', 'CNAME', 'aa noError: CNAME www.example.com | '],
    ['an alias whose target lacks the type', 'www.example.com', 'TXT', `aa noError: CNAME www.example.com ${soa}`],
    ['an alias to nothing', 'broken.example.com', 'A', `aa nxDomain: CNAME broken.example.com ${soa}`],
    ['an alias out of the zone', 'away.example.com', 'A', 'aa noError: CNAME away.example.com | '],
    ['a ring', 'ring1.example.com', 'A', 'aa noError: CNAME ring1.example.com, CNAME ring2.example.com | '],
    ['ANY: one set', 'example.com', 'ANY', 'aa noError: SOA example.com | '],
    ['ANY of an alias', 'www.example.com', 'ANY', 'aa noError: CNAME www.example.com | '],
    ['a zone transfer', 'example.com', 'AXFR', 'refused:  | '],
  ])('%s', (_what, key, type, expected) => expect(ask(key, type)).toBe(expected));

  it('refuses classes other than IN', () => {
    expect(ask('_dx.example.com', 'TXT', 3)).toBe('refused:  | ');
    expect(ask('_dx.example.com', 'TXT', 255)).toBe('refused:  | ');
  });

  it('follows eight aliases and gives those', () => {
    expect(answer(zones, { key: 'c0.example.com', type: types.A, class: 1 }).answers).toHaveLength(8);
  });

  it('gives negative answers the lesser TTL of the SOA (RFC 2308 section 3)', () => {
    const { authority } = answer(zones, { key: 'nothing.example.com', type: types.A, class: 1 });
    expect(authority.flatMap(({ records }) => records.map(({ record }) => record.ttl))).toEqual([900]);
  });
});

describe('delegations and zones beside each other', () => {
  const below = indexZones([
    {
      origin: 'example.com',
      records: [
        startOfAuthority('example.com'),
        { name: 'sub.example.com', ttl: 60, type: 'NS', host: 'ns.sub.example.com' },
        { name: 'ns.sub.example.com', ttl: 60, type: 'A', address: '192.0.2.2' },
        { name: 'ns.sub.example.com', ttl: 60, type: 'AAAA', address: '2001:db8::2' },
        { name: 'alias.example.com', ttl: 60, type: 'CNAME', target: 'A.example.org.' },
        { name: 'lost.example.com', ttl: 60, type: 'CNAME', target: 'nothing.example.org' },
        { name: 'down.example.com', ttl: 60, type: 'CNAME', target: 'www.sub.example.com' },
        { name: 'other.example.com', ttl: 60, type: 'NS', host: 'ns.example.org' },
      ],
    },
    {
      origin: 'example.org',
      records: [startOfAuthority('example.org'), { name: 'a.example.org', ttl: 60, type: 'A', address: '192.0.2.1' }],
    },
    { origin: 'other.example.com', records: [startOfAuthority('other.example.com')] },
  ]);
  const show = (key: string, type: number) => {
    const given = answer(below, { key, type, class: 1 });
    const list = (sets: typeof given.answers) =>
      sets.flatMap(({ records }) => records.map(({ key, record }) => `${record.type} ${key}`));
    const { rcode, authoritative, answers, authority, additional } = given;
    return { rcode, authoritative, answers: list(answers), authority: list(authority), additional: list(additional) };
  };
  const referral = {
    rcode: 0,
    authoritative: false,
    answers: [],
    authority: ['NS sub.example.com'],
    additional: ['A ns.sub.example.com', 'AAAA ns.sub.example.com'],
  };

  it.each([['sub.example.com'], ['www.sub.example.com'], ['ns.sub.example.com']])('%s is referred', (key) => {
    expect(show(key, types.A)).toEqual(referral);
  });

  it('an alias is followed into the other zone, and down to a referral', () => {
    expect(show('alias.example.com', types.A)).toMatchObject({
      answers: ['CNAME alias.example.com', 'A a.example.org'],
    });
    expect(show('lost.example.com', types.A)).toMatchObject({ rcode: 3, authority: ['SOA example.org'] });
    expect(show('down.example.com', types.A)).toMatchObject({
      ...referral,
      authoritative: true,
      answers: ['CNAME down.example.com'],
    });
  });

  it('the DS record of a zone is asked of the zone above, all else of itself', () => {
    expect(show('other.example.com', 43)).toMatchObject({ authoritative: true, authority: ['SOA example.com'] });
    expect(show('sub.example.com', 43)).toMatchObject({ authoritative: true, authority: ['SOA example.com'] });
    expect(show('other.example.com', types.SOA)).toMatchObject({ answers: ['SOA other.example.com'] });
    expect(show('example.org', 43)).toMatchObject({ authoritative: true, authority: ['SOA example.org'] });
  });
});

describe('a zone that cannot be served', () => {
  const soa = startOfAuthority('example.com');
  const a = { name: 'a.example.com', ttl: 1, type: 'A', address: '192.0.2.1' } as const;
  const txt = (...strings: string[]): ZoneRecord => ({ name: 'a.example.com', ttl: 1, type: 'TXT', strings });
  const terms = { algorithm: 13, labels: 3, originalTtl: 1, expiration: 1, inception: 1, keyTag: 1 };
  const signature: ZoneRecord = {
    name: 'a.example.com',
    ttl: 1,
    type: 'RRSIG',
    covered: 1,
    ...terms,
    signer: 'example.com',
    signature: new Uint8Array(64),
  };
  it.each<[string, readonly ZoneRecord[]]>([
    ['needs exactly one SOA at its origin, has 0', []],
    ['has 2', [soa, soa]],
    ['a SOA stands at the origin only', [soa, { ...soa, name: 'a.example.com' }]],
    ['A "a.example.net": the name is not in the zone', [soa, { ...a, name: 'a.example.net' }]],
    ['not a name', [soa, { ...a, name: 'a..example.com' }]],
    ['not a name', [soa, { ...a, name: `${'a'.repeat(64)}.example.com` }]],
    ['not a name', [soa, { ...a, name: `${'a.'.repeat(122)}example.com` }]],
    ['not a name', [soa, { name: 'a.example.com', ttl: 1, type: 'CNAME', target: '' }]],
    ['"1.2.3" is no IPv4 address', [soa, { ...a, address: '1.2.3' }]],
    ['"fe80::1%lo" is no IPv6 address', [soa, { ...a, type: 'AAAA', address: 'fe80::1%lo' }]],
    ['ttl is -1', [soa, { ...a, ttl: -1 }]],
    ['preference is 65536', [soa, { name: 'example.com', ttl: 1, type: 'MX', preference: 65_536, exchange: 'a.' }]],
    ['a.example.com has a CNAME and other records', [soa, a, { ...a, type: 'CNAME', target: 'example.com' }]],
    ['a signature covers type 1, which is not there', [soa, signature]],
    ['has no string', [soa, txt()]],
    ['a character that is no octet', [soa, txt('\u2026')]],
    ['60001 octets of text', [soa, txt('x'.repeat(60_001))]],
    ['octets of TXT records, more than 60000', [soa, txt('x'.repeat(40_000)), txt('y'.repeat(40_000))]],
  ])('is refused: %s', (reason, records) => {
    const attempt = () => indexZones([{ origin: 'example.com', records }]);
    expect(attempt).toThrow(ZoneError);
    expect(attempt).toThrow(reason);
  });

  it('is refused when its origin is taken', () => {
    const zone = { origin: 'example.com', records: [soa] };
    expect(() => indexZones([zone, { ...zone, origin: 'EXAMPLE.com.' }])).toThrow('given twice');
  });
});
