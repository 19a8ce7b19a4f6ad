import { decode } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeQuery, readReply, types } from './message.js';
import { replyOctets } from './zone-lines.test-support.js';

const question = { name: 'www.example', type: types.A };
const lines = { answers: ['www.example. 60 A 192.0.2.1', 'www.example. 60 MX 5 Mail.EXAMPLE.'] };

describe('a query', () => {
  it('is one question with RD, CD and the DO bit, as another codec reads it', () => {
    const { id, flag_rd, flag_cd, questions, additionals } = decode(encodeQuery(77, question, 1232)) as ReturnType<
      typeof decode
    > & { flag_rd: boolean; flag_cd: boolean };
    expect({ id, flag_rd, flag_cd }).toEqual({ id: 77, flag_rd: true, flag_cd: true });
    expect(questions).toMatchObject([{ name: 'www.example', type: 'A', class: 'IN' }]);
    expect(additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232, flag_do: true }]);
  });
});

describe('a reply', () => {
  const octets = replyOctets(77, 'WWW.example.', 'A', lines);
  const changed = (at: number, value: number): Buffer => {
    const bent = Buffer.from(octets);
    bent.writeUInt16BE(value, at);
    return bent;
  };

  it('gives its records with names in lower case and without compression', () => {
    const reply = readReply(octets, 77, question);
    expect(reply).toMatchObject({
      rcode: 0,
      truncated: false,
      dnssecOk: true,
      answers: [
        { name: 'www.example', type: types.A, ttl: 60, data: Buffer.of(192, 0, 2, 1) },
        { type: types.MX, data: Buffer.from('\0\x05\x04mail\x07example\0', 'latin1') },
      ],
    });
  });

  it.each([
    ['another id', changed(0, 78), 'another id'],
    ['a query', changed(2, 0), 'no reply'],
    ['another opcode', changed(2, 0x9000), 'no reply'],
    ['two questions', changed(4, 2), 'another question'],
    ['another type', changed(25, types.TXT), 'another question'],
    ['another class', changed(27, 3), 'another question'],
    ['another name', replyOctets(77, 'ww.example.', 'A', lines), 'another question'],
    ['fewer records than it says', changed(6, 3), 'a broken message'],
    ['more records than are read', changed(6, 300), 'a broken message'],
    ['half a header', octets.subarray(0, 11), 'a broken message'],
    ['its end cut off', octets.subarray(0, -12), 'a broken message'],
  ])('is none with %s', (_, message, why) => {
    expect(readReply(message, 77, question)).toBe(why);
  });

  it('that is cut is known by the TC bit alone, and a failure may come without the question', () => {
    expect(readReply(changed(2, 0x8200), 77, question)).toMatchObject({ truncated: true, answers: [] });
    expect(readReply(Buffer.from('004d80010000000000000000', 'hex'), 77, question)).toMatchObject({ rcode: 1 });
  });

  it('tells when there is no OPT record, and takes a TTL with the highest bit for 0', () => {
    expect(readReply(replyOctets(77, 'www.example.', 'A', { edns: false }), 77, question)).toMatchObject({
      dnssecOk: false,
    });
    const long = replyOctets(77, 'www.example.', 'A', { answers: [`www.example. ${2 ** 31} A 192.0.2.1`] });
    expect(readReply(long, 77, question)).toMatchObject({ answers: [{ ttl: 0 }] });
  });

  it('never makes the reader fail, whatever octets it has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: octets.length }), (noise, keep) => {
        const message = Buffer.concat([octets.subarray(0, keep), noise]);
        const reply = readReply(message, 77, question);
        expect(['string', 'object']).toContain(typeof reply);
      }),
      { numRuns: 2_000 },
    );
  });
});
