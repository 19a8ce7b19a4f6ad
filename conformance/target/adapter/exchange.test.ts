import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exchange, type ExchangeEvent } from './exchange.js';

const unsupported = (id: number): string => JSON.stringify({ id, unsupported: { reason: 'no' } });

describe('Exchange', () => {
  it('writes a request as one line of JSON', () => {
    const { line } = new Exchange().request('record.parse', { text: 'ver=1\nü' });
    expect(line).toBe('{"id":1,"op":"record.parse","input":{"text":"ver=1\\nü"}}\n');
  });

  it('reads the three kinds of answers', () => {
    const exchange = opened(3);
    const events = read(
      exchange,
      '{"id":2,"error":{"code":"invalid","message":"no","requirement":"REC-024","offset":7}}',
      '{"id":3,"unsupported":{"reason":"never"}}',
      '{"id":1,"result":{"a":[1]}}',
    );
    expect(events.map((event) => (event.kind === 'answer' ? [event.id, event.answer] : event))).toEqual([
      [2, { kind: 'error', code: 'invalid', message: 'no', requirement: 'REC-024', offset: 7 }],
      [3, { kind: 'unsupported', reason: 'never' }],
      [1, { kind: 'result', value: { a: [1] } }],
    ]);
  });

  it.each([
    ['no-json', 'Starting up...'],
    ['no-json', ''],
    ['no-json', '{"id":1,'],
    ['not-an-answer', '[]'],
    ['not-an-answer', 'null'],
    ['not-an-answer', '{"id":1}'],
    ['not-an-answer', '{"id":"1","result":{}}'],
    ['not-an-answer', '{"id":1,"result":{},"error":{"code":"internal","message":""}}'],
    ['not-an-answer', '{"id":1,"result":5}'],
    ['unknown-id', unsupported(2)],
    ['unknown-id', unsupported(-1)],
  ])('calls %s the line %j, and ends the one open request with it', (kind, line) => {
    const [event, ...more] = read(opened(1), line);
    expect(event).toMatchObject({ kind: 'fault', id: 1, fault: { fault: kind } });
    expect(more).toEqual([]);
  });

  it('ends no request when several are open and the line names none of them', () => {
    const exchange = opened(2);
    expect(read(exchange, 'a message of the program')).toMatchObject([{ kind: 'fault', id: null }]);
    expect(read(exchange, unsupported(2), unsupported(1))).toMatchObject([
      { kind: 'answer', id: 2 },
      { kind: 'answer', id: 1 },
    ]);
  });

  it('ends the request that a wrong answer names, though others are open', () => {
    expect(read(opened(2), '{"id":2,"result":{},"unsupported":{"reason":""}}')).toMatchObject([
      { kind: 'fault', id: 2, fault: { fault: 'not-an-answer' } },
    ]);
  });

  it('tells a second answer', () => {
    const exchange = opened(2);
    expect(read(exchange, unsupported(1), unsupported(1))).toMatchObject([
      { kind: 'answer', id: 1 },
      { kind: 'fault', id: null, fault: { fault: 'second-answer' } },
    ]);
  });

  it('drops one late answer to a request that was given up; another is a second answer', () => {
    const exchange = opened(1);
    exchange.abandon(1);
    expect(read(exchange, unsupported(1))).toEqual([]);
    expect(read(exchange, unsupported(1))).toMatchObject([{ kind: 'fault', fault: { fault: 'second-answer' } }]);
  });

  it('tells a result of the wrong shape, and leaves wrong values to the cases', () => {
    const exchange = new Exchange();
    exchange.request('dmtp.reply.parse', { text: '250 OK\r\n' });
    exchange.request('dmtp.reply.parse', { text: '250 OK\r\n' });
    expect(read(exchange, '{"id":1,"result":{"code":"250","lines":["OK"]}}')).toMatchObject([
      { id: 1, fault: { fault: 'bad-result', message: expect.stringContaining('member code must be integer') } },
    ]);
    expect(read(exchange, '{"id":2,"result":{"code":999,"lines":[]}}')).toMatchObject([{ kind: 'answer', id: 2 }]);
  });

  it('names the line, and cuts and escapes what it shows of it', () => {
    const [event] = read(opened(1), `\u001b[31m${'x'.repeat(5000)}`);
    const message = event?.kind === 'fault' ? event.fault.message : '';
    expect(message).toMatch(/^line 1 of the adapter is no JSON: "\\u001b\[31mxxx/);
    expect(message.length).toBeLessThan(300);
  });

  it('bounds lines both ways', () => {
    const exchange = new Exchange(100);
    exchange.request('a', {});
    expect(() => exchange.request('a', { text: 'x'.repeat(100) })).toThrow(
      /a request for a has 137 octets; a line may have 100/,
    );
    expect(exchange.receive(Buffer.alloc(101, 'x'))).toMatchObject([{ id: 1, fault: { fault: 'too-long' } }]);
  });

  it('makes of any octets nothing but events', () => {
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.json().map((json) => Buffer.from(`${json}\n`)),
      fc.integer({ min: -1, max: 6 }).map((id) => Buffer.from(`${unsupported(id)}\n`)),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (chunks) => {
        const exchange = opened(4);
        const events = [...chunks.flatMap((chunk) => exchange.receive(chunk)), ...exchange.end()];
        const ended = events.flatMap(({ id }) => (id === null ? [] : [id]));
        expect(new Set(ended).size).toBe(ended.length);
        expect(ended.every((id) => id >= 1 && id <= 4)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** An exchange with `count` open requests, 1 to `count`. */
function opened(count: number): Exchange {
  const exchange = new Exchange();
  for (let index = 0; index < count; index += 1) exchange.request('suite.any', {});
  return exchange;
}

function read(exchange: Exchange, ...lines: string[]): ExchangeEvent[] {
  return exchange.receive(Buffer.from(lines.map((line) => `${line}\n`).join('')));
}
