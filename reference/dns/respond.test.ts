import { type DecodedPacket, decode, encode, type OptAnswer, type RecordType } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { respond } from './respond.js';
import { indexZones, startOfAuthority } from './zone.js';

const long = 'x'.repeat(700);
const zones = indexZones([
  {
    origin: 'example.com',
    records: [
      startOfAuthority('example.com'),
      { name: 'example.com', ttl: 60, type: 'MX', preference: 10, exchange: 'Mx.example.com' },
      { name: 'example.com', ttl: 60, type: 'NS', host: 'ns.example.com' },
      { name: '_dx.example.com', ttl: 61, type: 'TXT', strings: ['ver=1 \xff', '', 'pok=x'] },
      { name: 'long.example.com', ttl: 60, type: 'TXT', strings: [long] },
      { name: 'huge.example.com', ttl: 60, type: 'TXT', strings: ['y'.repeat(59_000)] },
      { name: 'a.example.com', ttl: 60, type: 'A', address: '192.0.2.7' },
      { name: 'a.example.com', ttl: 60, type: 'AAAA', address: '2001:db8::192.0.2.7' },
      { name: 'www.example.com', ttl: 60, type: 'CNAME', target: 'a.example.com' },
    ],
  },
]);

interface Asking {
  readonly type?: RecordType;
  readonly transport?: 'udp' | 'tcp';
  /** EDNS payload size; none without. */
  readonly payload?: number;
  readonly version?: number;
  readonly dnssecOk?: boolean;
}

function query(name: string, { type = 'TXT', payload, version = 0, dnssecOk = false }: Asking = {}): Buffer {
  const flags = dnssecOk ? 0x8000 : 0;
  const opt = { type: 'OPT', name: '.', ednsVersion: version, extendedRcode: 0, flags, flag_do: dnssecOk } as const;
  return encode({
    type: 'query',
    id: 0xabcd,
    flags: 0x0100,
    questions: [{ name, type, class: 'IN' }],
    additionals: payload === undefined ? [] : [{ ...opt, options: [], udpPayloadSize: payload }],
  });
}

function send(message: Buffer, transport: 'udp' | 'tcp' = 'udp'): Buffer | null {
  return respond(zones, message, transport, 4096)?.octets ?? null;
}

function ask(name: string, asking: Asking = {}): DecodedPacket & { octets: Buffer; code: number } {
  const octets = send(query(name, asking), asking.transport);
  if (octets === null) throw new Error('no answer');
  return { ...decode(octets), octets, code: octets.readUInt16BE(2) & 0xf };
}

/** The header's counts of an answer, and its code. */
function header(octets: Buffer | null): { rcode: number; counts: number[] } | null {
  if (octets === null) return null;
  return { rcode: octets.readUInt16BE(2) & 0xf, counts: [4, 6, 8, 10].map((at) => octets.readUInt16BE(at)) };
}

const optOf = ({ additionals = [] }: DecodedPacket) =>
  additionals.find((record): record is OptAnswer => record.type === 'OPT');

describe('records, as another codec reads them', () => {
  it.each<[string, RecordType, unknown]>([
    ['example.com', 'MX', { preference: 10, exchange: 'Mx.example.com' }],
    ['example.com', 'NS', 'ns.example.com'],
    ['a.example.com', 'A', '192.0.2.7'],
    ['a.example.com', 'AAAA', '2001:db8::c000:207'],
    ['www.example.com', 'CNAME', 'a.example.com'],
    ['_dx.example.com', 'TXT', ['ver=1 \xff', '', 'pok=x'].map((string) => Buffer.from(string, 'latin1'))],
    ['long.example.com', 'TXT', [255, 255, 190].map((length) => Buffer.alloc(length, 'x'))],
    [
      'example.com',
      'SOA',
      {
        mname: 'example.com',
        rname: 'hostmaster.example.com',
        serial: 1,
        refresh: 3600,
        retry: 600,
        expire: 86_400,
        minimum: 300,
      },
    ],
  ])('%s %s', (name, type, data) => {
    const { answers = [], authorities, additionals } = ask(name, { type, transport: 'tcp' });
    expect(answers).toEqual([expect.objectContaining({ name, type, class: 'IN', data })]);
    expect({ authorities, additionals }).toEqual({ authorities: [], additionals: [] });
  });

  it('follow an alias under their own name', () => {
    const { answers = [] } = ask('www.example.com', { type: 'A' });
    expect(answers.map(({ name, type }) => [name, type])).toEqual([
      ['www.example.com', 'CNAME'],
      ['a.example.com', 'A'],
    ]);
  });

  it('come with the id, the RD bit and the letter case of the question, and with AA alone of the other bits', () => {
    const reply = ask('_DX.eXample.COM');
    expect(reply.id).toBe(0xabcd);
    expect(reply.octets.readUInt16BE(2)).toBe(0x8000 | 0x0400 | 0x0100);
    expect(reply.questions?.map(({ name }) => name)).toEqual(['_DX.eXample.COM']);
    expect(reply.answers?.map(({ name }) => name)).toEqual(['_DX.eXample.COM']);
  });
});

describe('names that do not exist, or not with this type', () => {
  it.each([
    ['nothing.example.com', 3],
    ['a.example.com', 0],
  ])('%s: code %i, the SOA in the authority section', (name, code) => {
    const reply = ask(name);
    expect(reply.code).toBe(code);
    expect(reply.answers).toEqual([]);
    expect(reply.authorities?.map(({ name, type }) => [name, type])).toEqual([['example.com', 'SOA']]);
  });

  it('are told from names that hold a dot or a backslash in a label', () => {
    const dotted = query('aXexample.com', { type: 'A' });
    dotted[14] = '.'.charCodeAt(0);
    expect(header(send(dotted))).toEqual({ rcode: 5, counts: [1, 0, 0, 0] });
    const below = query('x.a.example.com', { type: 'A' });
    below[13] = 0;
    expect(header(send(below))?.rcode).toBe(3);
  });
});

describe('truncation', () => {
  it.each<[string, Asking, boolean]>([
    ['over 512 octets without EDNS', {}, true],
    ['EDNS with too small a payload', { payload: 700 }, true],
    ['EDNS with less than 512 counts as 512', { payload: 100 }, true],
    ['EDNS with enough', { payload: 1232 }, false],
    ['TCP', { transport: 'tcp' }, false],
  ])('%s', (_what, asking, truncated) => {
    const reply = ask('long.example.com', asking);
    expect(reply.flag_tc).toBe(truncated);
    expect(reply.answers).toHaveLength(truncated ? 0 : 1);
    expect(optOf(reply) !== undefined).toBe(asking.payload !== undefined);
  });

  it('caps what a client claims to take, and gives all over TCP', () => {
    expect(ask('huge.example.com', { payload: 65_535 }).flag_tc).toBe(true);
    expect(ask('huge.example.com', { transport: 'tcp' }).octets.length).toBeGreaterThan(59_000);
  });
});

describe('EDNS', () => {
  it('is answered only to who speaks it, with the DO bit as it came', () => {
    expect(optOf(ask('_dx.example.com'))).toBeUndefined();
    expect(optOf(ask('_dx.example.com', { payload: 1232 }))).toMatchObject({
      udpPayloadSize: 4096,
      flags: 0,
      options: [],
    });
    expect(optOf(ask('_dx.example.com', { payload: 1232, dnssecOk: true }))).toMatchObject({ flags: 0x8000 });
  });

  it('of another version is answered BADVERS (16) in version 0', () => {
    const reply = ask('_dx.example.com', { payload: 1232, version: 1 });
    expect(reply.code).toBe(0);
    expect(optOf(reply)).toMatchObject({ extendedRcode: 1, ednsVersion: 0 });
    expect(reply.answers).toEqual([]);
  });
});

describe('what is no query', () => {
  const good = query('_dx.example.com');
  const withEdns = query('_dx.example.com', { payload: 1232 });
  const changed = (message: Buffer, ...changes: [number, number][]): Buffer => {
    const copy = Buffer.from(message);
    for (const [at, octet] of changes) copy[at] = octet;
    return copy;
  };
  const opt = withEdns.subarray(good.length);
  const formErr = { rcode: 1, counts: [0, 0, 0, 0] };

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['less than a header', good.subarray(0, 11)],
    ['an answer', changed(good, [2, 0x81])],
  ])('gets no answer: %s', (_what, message) => expect(send(message)).toBeNull());

  it.each<[string, Buffer]>([
    ['a header alone', good.subarray(0, 12)],
    ['no question', changed(good, [5, 0])],
    ['two questions (RFC 9619)', changed(Buffer.concat([good, good.subarray(12)]), [5, 2])],
    ['a record in the answer section', changed(good, [7, 1])],
    ['a record in the authority section', changed(good, [9, 1])],
    ['a question that is cut', good.subarray(0, -1)],
    ['an octet behind the end', Buffer.concat([good, Buffer.of(0)])],
    ['a name that points to itself', changed(good, [12, 0xc0], [13, 12])],
    ['a label of a reserved kind', changed(good, [12, 0x43])],
    ['a name of 256 octets', longName(256)],
    ['records that are not there', changed(good, [10, 0xff], [11, 0xff])],
    ['two OPT records', changed(Buffer.concat([withEdns, opt]), [11, 2])],
    ['an OPT below the root', changed(Buffer.concat([good, Buffer.of(0xc0, 12), opt.subarray(1)]), [11, 1])],
    ['an OPT longer than the message', changed(withEdns, [withEdns.length - 1, 1])],
    ['an OPT with half an option', changed(Buffer.concat([withEdns, Buffer.of(0, 8, 0)]), [withEdns.length - 1, 3])],
  ])('gets FORMERR in a bare header: %s', (_what, message) => expect(header(send(message))).toEqual(formErr));

  it('gets NOTIMP for another opcode, which is kept', () => {
    const update = send(changed(good, [2, 5 << 3]));
    expect(header(update)).toEqual({ rcode: 4, counts: [0, 0, 0, 0] });
    expect(update?.readUInt8(2)).toBe(0x80 | (5 << 3));
  });

  it('is told from what is unusual only', () => {
    expect(header(send(longName(255)))).toEqual({ rcode: 5, counts: [1, 0, 0, 0] });
    const option = Buffer.concat([withEdns, Buffer.of(0, 10, 0, 2, 1, 2)]);
    expect(header(send(changed(option, [withEdns.length - 1, 6])))).toEqual({ rcode: 0, counts: [1, 1, 0, 1] });
    // A record that is not OPT, here a TXT with a compressed name.
    const other = Buffer.concat([good, Buffer.of(0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 1, 0)]);
    expect(header(send(changed(other, [11, 1])))).toEqual({ rcode: 0, counts: [1, 1, 0, 0] });
  });

  /** A question whose name has this many octets. */
  function longName(octets: number): Buffer {
    const label = Buffer.concat([Buffer.of(49), Buffer.alloc(49, 'a')]);
    const rest = octets - 5 * label.length - 1;
    const last = rest === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.of(rest - 1), Buffer.alloc(rest - 1, 'b')]);
    return Buffer.concat([good.subarray(0, 12), label, label, label, label, label, last, Buffer.of(0, 0, 16, 0, 1)]);
  }
});

describe('any octets', () => {
  it('are answered with a message that can be read, of their id and not longer than allowed, or not at all', () => {
    const noise = fc.uint8Array({ maxLength: 120 }).map((octets) => Buffer.from(octets));
    const bases = ['_dx.example.com', 'long.example.com', 'nothing.example.com', 'www.example.com'];
    const near = fc
      .tuple(
        fc.constantFrom(...bases.map((name) => query(name)), ...bases.map((name) => query(name, { payload: 600 }))),
        fc.array(fc.tuple(fc.nat({ max: 80 }), fc.nat({ max: 255 })), { maxLength: 4 }),
        fc.uint8Array({ maxLength: 12 }),
        fc.boolean(),
      )
      .map(([base, changes, tail, longer]) => {
        const message = longer ? Buffer.concat([base, tail]) : Buffer.from(base);
        for (const [at, octet] of changes) if (at < message.length) message[at] = octet;
        return message;
      });
    fc.assert(
      fc.property(fc.oneof(noise, near), (message) => {
        const octets = send(message);
        if (octets === null) return;
        expect(octets.readUInt16BE(0)).toBe(message.readUInt16BE(0));
        expect(octets.readUInt8(2) & 0x80).toBe(0x80);
        expect(octets.length).toBeLessThanOrEqual(4096);
        expect(() => decode(octets)).not.toThrow();
      }),
      { numRuns: 5000 },
    );
  });
});
