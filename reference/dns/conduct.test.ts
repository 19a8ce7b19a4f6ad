/** How the server answers otherwise than right, message by message, as another codec reads it. */
import { randomBytes } from 'node:crypto';
import { decode, encode, type RecordType } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conduct, ConductTable, type ConductTarget } from './conduct.js';
import { type Response, respond, type Transport } from './respond.js';
import { signedTree, treeKeys, validityAround } from './signing/tree.js';
import { indexZones } from './zone.js';
import type { ZoneRecord } from './zone-record.js';

const text = (name: string, string: string): ZoneRecord => ({ name, ttl: 60, type: 'TXT', strings: [string] });
const { zones } = signedTree({
  domains: [
    {
      origin: 'example.com',
      records: [
        text('_dx.example.com', 'ver=1'),
        { name: 'dx.example.com', ttl: 60, type: 'A', address: '192.0.2.1' },
        { name: 'www.example.com', ttl: 60, type: 'CNAME', target: 'dx.example.com' },
      ],
    },
  ],
  validity: validityAround(Date.now()),
  keys: treeKeys({ random: randomBytes, algorithm: 15, combined: true }),
});
const index = indexZones(zones);

function query(name: string, type: RecordType, edns: 'do' | 'plain' | 'none'): Buffer {
  const flags = edns === 'do' ? 0x8000 : 0;
  const opt = { type: 'OPT', name: '.', ednsVersion: 0, extendedRcode: 0, flags, flag_do: flags !== 0 } as const;
  return encode({
    type: 'query',
    id: 0xabcd,
    questions: [{ name, type, class: 'IN' }],
    additionals: edns === 'none' ? [] : [{ ...opt, options: [], udpPayloadSize: 1232 }],
  });
}

interface Asking {
  readonly name?: string;
  readonly type?: RecordType;
  readonly transport?: Transport;
  readonly edns?: 'do' | 'plain' | 'none';
}

function tableOf(conducts: readonly Conduct[], target: ConductTarget): ConductTable {
  const table = new ConductTable();
  table.set(target, conducts);
  return table;
}

function send(table: ConductTable, asking: Asking = {}): Response {
  const { name = '_dx.example.com', type = 'TXT', transport = 'udp', edns = 'plain' } = asking;
  const response = respond(index, query(name, type, edns), transport, 4096, table);
  if (response === null) throw new Error('no answer');
  return response;
}

/** The octets of an answer that is not lost. */
function octetsOf({ octets }: Response): Buffer {
  if (octets === null) throw new Error('the answer is lost');
  return octets;
}

const read = (response: Response) => decode(octetsOf(response));
const at = { name: '_DX.example.com.' };
const sendWith = (conduct: Conduct, asking?: Asking) => send(tableOf([conduct], at), asking);

describe('answers without records', () => {
  it.each<[Conduct['kind'], number]>([
    ['format-error', 1],
    ['server-failure', 2],
    ['no-such-name', 3],
    ['not-implemented', 4],
    ['refused', 5],
  ])('%s: code %i', (kind, code) => {
    const response = sendWith({ kind } as Conduct);
    expect(octetsOf(response).readUInt16BE(2) & 0xf).toBe(code);
    expect(read(response)).toMatchObject({ answers: [], authorities: [] });
    expect(response).toMatchObject({ rcode: code, served: [kind] });
  });
});

it('failing: the whole answer under a code', () => {
  const response = send(tableOf([{ kind: 'failing', rcode: 9 }], at), { edns: 'do' });
  expect(octetsOf(response).readUInt16BE(2) & 0xf).toBe(9);
  expect(read(response)).toMatchObject({ answers: [{ type: 'TXT' }, { type: 'RRSIG' }] });
  expect(response).toMatchObject({ rcode: 9, served: ['failing'] });
  expect(() => new ConductTable().set(at, [{ kind: 'failing', rcode: 16 }])).toThrow(/rcode is 16/);
});

describe('messages that are wrong', () => {
  it('truncated: empty over UDP, whole over TCP', () => {
    expect(read(sendWith({ kind: 'truncated' }))).toMatchObject({ flag_tc: true, answers: [] });
    const overTcp = sendWith({ kind: 'truncated' }, { transport: 'tcp' });
    expect(read(overTcp)).toMatchObject({ flag_tc: false, answers: [{ type: 'TXT' }] });
    expect(overTcp.served).toEqual([]);
  });

  it('oversized: as long as told, without the TC bit, though the client takes less', () => {
    const response = sendWith({ kind: 'oversized', octets: 5000 }, { edns: 'none' });
    expect(octetsOf(response)).toHaveLength(5000);
    expect(read(response)).toMatchObject({ flag_tc: false, answers: [{ type: 'TXT' }] });
    expect(octetsOf(sendWith({ kind: 'oversized', octets: 5000 }, { transport: 'tcp' })).length).toBeLessThan(100);
  });

  it.each<[Conduct['kind'], object]>([
    ['upper-case', { id: 0xabcd, questions: [{ name: '_dx.example.com' }], answers: [{ name: '_DX.EXAMPLE.COM' }] }],
    ['wrong-id', { id: 0xabcc, answers: [{ name: '_dx.example.com' }] }],
    ['wrong-question', { questions: [{ name: 'xdx.example.com' }], answers: [{ name: '_dx.example.com' }] }],
    ['wrong-owner', { questions: [{ name: '_dx.example.com' }], answers: [{ name: 'answer.invalid' }] }],
    ['no-additional', { answers: [{ name: '_dx.example.com' }], additionals: [] }],
    ['claims-authentic', { flag_ad: true, answers: [{ name: '_dx.example.com' }] }],
  ])('%s', (kind, expected) => {
    const response = sendWith({ kind } as Conduct);
    expect(read(response)).toMatchObject(expected);
    expect(response.served).toEqual([kind]);
  });

  it('a wrong question at the root has another type', () => {
    const response = send(tableOf([{ kind: 'wrong-question' }], { name: '.' }), { name: '.', type: 'SOA' });
    expect(read(response).questions).toEqual([{ name: '.', type: 'UNKNOWN_120', class: 'IN' }]);
  });

  it.each(['cut', 'garbage'] as const)('%s: no message can be read, but the id', (kind) => {
    const octets = octetsOf(sendWith({ kind }));
    expect(octets.readUInt16BE(0)).toBe(0xabcd);
    expect(octets.readUInt8(2) & 0x80).toBe(0x80);
    expect(() => decode(octets)).toThrow();
  });

  it('slow says when to send, and goes together with others', () => {
    const response = send(tableOf([{ kind: 'slow', ms: 70 }, { kind: 'wrong-id' }, { kind: 'expired' }], at), {
      edns: 'do',
    });
    expect(response).toMatchObject({ delayMs: 70, served: ['expired', 'slow', 'wrong-id'] });
  });

  it('lost: so many times, over one transport', () => {
    const table = tableOf([{ kind: 'lost', times: 2, over: 'udp' }], at);
    const lost = (transport: Transport) => send(table, { transport }).octets === null;
    expect([lost('udp'), lost('tcp'), lost('udp'), lost('udp')]).toEqual([true, false, true, false]);
    expect(sendWith({ kind: 'lost' })).toMatchObject({ octets: null, served: ['lost'] });
  });
});

describe('records that are not the zone’s', () => {
  const spoofed = (signedBy: 'nobody' | 'attacker' | 'zone', ...records: ZoneRecord[]): Conduct => ({
    kind: 'spoofed',
    records,
    signedBy,
  });
  const types = (response: Response) => (read(response).answers ?? []).map(({ type }) => type);

  it('come in place of them, of any type, signed as told and only when asked with the DO bit', () => {
    const evil = text('_dx.example.com', 'evil');
    expect(types(sendWith(spoofed('nobody', evil), { edns: 'do' }))).toEqual(['TXT']);
    expect(types(sendWith(spoofed('attacker', evil), { edns: 'do' }))).toEqual(['TXT', 'RRSIG']);
    expect(types(sendWith(spoofed('zone', evil)))).toEqual(['TXT']);
    const alias: ZoneRecord = { name: '_dx.example.com', ttl: 1, type: 'CNAME', target: 'x.example.net' };
    expect(types(sendWith(spoofed('nobody', alias, text('x.example.net', 'a'), text('x.example.net', 'b'))))).toEqual([
      'CNAME',
      'TXT',
      'TXT',
    ]);
  });

  it('withheld: denied, with the code as told', () => {
    expect(sendWith({ kind: 'withheld', as: 'no-data' })).toMatchObject({ rcode: 0, served: ['withheld'] });
    const denied = sendWith({ kind: 'withheld', as: 'no-name' }, { edns: 'do' });
    expect(denied.rcode).toBe(3);
    expect(read(denied).authorities?.map(({ type }) => type)).toEqual(['SOA', 'RRSIG', 'NSEC', 'RRSIG']);
  });
});

describe('which answers a conduct is for', () => {
  it('the nearest target alone counts: name and type, name, type, everything', () => {
    const table = new ConductTable();
    table.set({ name: '*' }, [{ kind: 'refused' }]);
    table.set({ name: '*', type: 'A' }, [{ kind: 'not-implemented' }]);
    table.set({ name: 'dx.example.com' }, [{ kind: 'server-failure' }]);
    table.set({ name: 'dx.example.com', type: 'A' }, [{ kind: 'format-error' }]);
    const code = (name: string, type: RecordType) => send(table, { name, type }).rcode;
    expect([
      code('DX.example.com', 'A'),
      code('dx.example.com', 'TXT'),
      code('a.test', 'A'),
      code('a.test', 'MX'),
    ]).toEqual([1, 2, 4, 5]);
    table.set({ name: 'dx.example.com', type: 'A' }, []);
    expect(code('dx.example.com', 'A')).toBe(2);
    table.clear();
    expect([table.isEmpty, code('dx.example.com', 'A')]).toEqual([true, 0]);
  });

  it('signatures are wrong wherever the records stand, also behind an alias', () => {
    const signatures = (table: ConductTable) =>
      (read(send(table, { name: 'www.example.com', type: 'A', edns: 'do' })).answers ?? []).flatMap((record) =>
        record.type === 'RRSIG' ? [record.data.typeCovered] : [],
      );
    expect(signatures(new ConductTable())).toEqual(['CNAME', 'A']);
    expect(signatures(tableOf([{ kind: 'unsigned' }], { name: 'dx.example.com' }))).toEqual(['CNAME']);
  });

  it('the same wrong signature comes each time', () => {
    const table = tableOf([{ kind: 'broken-signature' }], at);
    expect(send(table, { edns: 'do' }).octets).toEqual(send(table, { edns: 'do' }).octets);
  });
});

describe('any conducts together', () => {
  it('give a message that fits its transport, or none', () => {
    const evil: Conduct = {
      kind: 'spoofed',
      records: [text('_dx.example.com', 'x'.repeat(2000))],
      signedBy: 'attacker',
    };
    const plain = [
      ...(['unsigned', 'expired', 'wrong-key', 'broken-signature', 'refused', 'truncated', 'upper-case'] as const),
      ...([
        'wrong-id',
        'wrong-question',
        'wrong-owner',
        'no-additional',
        'claims-authentic',
        'cut',
        'garbage',
      ] as const),
    ].map((kind): Conduct => ({ kind }));
    const some = fc.subarray([
      ...plain,
      evil,
      { kind: 'lost', times: 1 },
      { kind: 'oversized', octets: 65_507 },
    ] as Conduct[]);
    const asking = fc.record({
      name: fc.constantFrom('_dx.example.com', 'nothing.example.com', 'www.example.com', '.', 'example.net'),
      type: fc.constantFrom<RecordType>('TXT', 'A', 'DNSKEY', 'DS', 'RRSIG'),
      transport: fc.constantFrom<Transport>('udp', 'tcp'),
      edns: fc.constantFrom('do' as const, 'plain' as const, 'none' as const),
    });
    fc.assert(
      fc.property(some, asking, (conducts, question) => {
        const { octets } = send(tableOf(conducts, { name: '*' }), question);
        if (octets === null) return;
        const isOversized = conducts.some(({ kind }) => kind === 'oversized');
        const most = question.transport === 'tcp' || isOversized ? 65_535 : question.edns === 'none' ? 512 : 1232;
        expect(octets.length).toBeLessThanOrEqual(most);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a conduct that cannot be', () => {
  it.each<[string, ConductTarget, Conduct]>([
    ['not a name', { name: 'a..b' }, { kind: 'unsigned' }],
    ['slow: ms is -1', at, { kind: 'slow', ms: -1 }],
    ['oversized: octets is 65508', at, { kind: 'oversized', octets: 65_508 }],
    ['lost: times is 0.5', at, { kind: 'lost', times: 0.5 }],
    [
      'spoofed TXT: has no string',
      at,
      { kind: 'spoofed', records: [{ name: 'a', ttl: 1, type: 'TXT', strings: [] }], signedBy: 'zone' },
    ],
  ])('is refused: %s', (reason, target, conduct) => {
    const table = tableOf([{ kind: 'refused' }], at);
    expect(() => table.set(target, [conduct])).toThrow(reason);
    expect(send(table).rcode).toBe(5);
  });
});
