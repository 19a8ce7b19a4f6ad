import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wireOctets } from '../../../grammar/dmap-framed.js';
import { dmapTexts } from '../../../grammar/dmap-leaves.js';
import { dmapCodecOperations } from './dmap-codec-operations.js';
import { shapeError } from './schemas.js';
import { OperationRefusal } from './serve.js';

const input = (text: string) => ({ octets: Buffer.from(text, 'latin1').toString('base64url') });
const octets = (text: string): string => input(text).octets;
const { 'dmap.command.parse': parseCommand, 'dmap.response.parse': parseResponse } = dmapCodecOperations;

function refusalOf(work: () => unknown): OperationRefusal {
  try {
    return expect.fail(`not refused: ${JSON.stringify(work())}`);
  } catch (error) {
    if (error instanceof OperationRefusal) return error;
    throw error;
  }
}

describe('dmap.command.parse', () => {
  it('gives tag, name and arguments', () => {
    expect(parseCommand(input('a1 uid store 5:*,3 (UNCHANGEDSINCE 9223372036854775807) +flags \\seen\r\n'))).toEqual({
      tag: 'a1',
      command: 'STORE',
      arguments: {
        uid: true,
        set: [
          { first: 5, last: '*' },
          { first: 3, last: 3 },
        ],
        unchangedSince: '9223372036854775807',
        change: { item: 'FLAGS', mode: 'add', silent: false, flags: ['\\Seen'] },
      },
    });
    expect(parseCommand(input('a APPEND {7}\r\ngr\xc3\xbc\xc3\x9fe ~{3}\r\n\0\r\n\r\n'))).toEqual({
      tag: 'a',
      command: 'APPEND',
      arguments: { mailbox: 'grüße', flags: [], date: null, message: { size: 3, octets: octets('\0\r\n') } },
    });
    expect(parseCommand(input('a XFOO (b "c")\r\n'))).toEqual({
      tag: 'a',
      command: 'XFOO',
      arguments: {
        values: [
          {
            kind: 'list',
            items: [
              { kind: 'atom', text: 'b' },
              { kind: 'string', octets: octets('c') },
            ],
          },
        ],
      },
    });
  });

  it.each<[string, string | undefined, number]>([
    ['a SELECT\r\n', undefined, 8],
    ['a APPEND x {3}\r\nab\r\n', undefined, 19],
    ['a NOOP\n', undefined, 6],
    ['a NOOP\r\nb NOOP\r\n', undefined, 8],
    ['a SEARCH ON 31-Jun-2015\r\n', 'DMAP-I-64', 12],
    ['a RENAME {3}\r\nabc {1}\r\n\xff\r\n', 'DMAP-I-16', 18],
  ])('refuses %j, and names the interpretation and the octet', (text, requirement, offset) => {
    const refusal = refusalOf(() => parseCommand(input(text)));
    expect([refusal.requirement, refusal.offset]).toEqual([requirement, offset]);
  });
});

describe('dmap.response.parse', () => {
  it('gives kind and value', () => {
    expect(parseResponse(input('* 2 FETCH (BODY[67.1]<0> {2}\r\n)\n MODSEQ (7) META NIL)\r\n'))).toEqual({
      kind: 'fetch',
      value: {
        number: 2,
        items: [
          { item: 'BODY', section: { type: 67, index: 1 }, start: 0, value: octets(')\n') },
          { item: 'MODSEQ', modseq: '7' },
          { item: 'META', value: null },
        ],
      },
    });
    expect(parseResponse(input('a NO [TRYCREATE] none\r\n'))).toEqual({
      kind: 'tagged',
      value: { tag: 'a', status: 'NO', code: { name: 'OTHER', word: 'TRYCREATE', text: null }, text: 'none' },
    });
    expect(parseResponse(input('* 3 FETCH ()\r\n'))).toEqual({
      kind: 'unknown',
      value: { octets: octets('3 FETCH ()'), malformed: 'FETCH' },
    });
  });

  it('refuses what is no response', () => {
    expect(refusalOf(() => parseResponse(input('hello\r\n'))).offset).toBe(5);
    expect(refusalOf(() => parseResponse(input('* 99999999999 EXISTS\r\n'))).requirement).toBe('DMAP-I-14');
  });
});

describe('results have the shape of their schemas', () => {
  it.each(['Command', 'Response'] as const)('for every %s', (rule) => {
    const operation = rule === 'Command' ? 'dmap.command.parse' : 'dmap.response.parse';
    fc.assert(
      fc.property(dmapTexts(rule), (framed) => {
        const result = dmapCodecOperations[operation]({
          octets: Buffer.from(wireOctets(framed)).toString('base64url'),
        });
        expect(shapeError(`${operation}.result`, result), framed.text).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});
