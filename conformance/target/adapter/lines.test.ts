import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineEvent, LineReader } from './lines.js';

describe('LineReader', () => {
  it('gives the same lines however the octets are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 })), fc.array(fc.nat(2000)), (texts, places) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' '));
        const octets = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const cuts = [0, ...places.filter((place) => place < octets.length).sort((a, b) => a - b), octets.length];
        const reader = new LineReader();
        const events = cuts.slice(1).flatMap((end, index) => reader.receive(octets.subarray(cuts[index], end)));
        expect(events).toEqual(lines.map((text) => ({ kind: 'line', text })));
        expect(reader.end()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('takes a line of exactly the limit, tells a longer one at once and goes on behind it', () => {
    const reader = new LineReader(8);
    expect(read(reader, '12345678\n')).toEqual([{ kind: 'line', text: '12345678' }]);
    expect(read(reader, '123456789')).toEqual([{ kind: 'too-long', start: '123456789' }]);
    expect(read(reader, 'and so on without an end')).toEqual([]);
    expect(read(reader, '\nnext\n')).toEqual([{ kind: 'line', text: 'next' }]);
  });

  it('tells octets that are no UTF-8', () => {
    const reader = new LineReader();
    const events = reader.receive(Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a]));
    expect(events).toEqual([
      { kind: 'not-utf8', shown: 'a\ufffd' },
      { kind: 'line', text: 'b' },
    ]);
  });

  it('reads what stands behind the last line feed when the stream ends', () => {
    const reader = new LineReader();
    expect(read(reader, 'one\ntwo')).toEqual([{ kind: 'line', text: 'one' }]);
    expect(reader.end()).toEqual([{ kind: 'line', text: 'two' }]);
    expect(reader.end()).toEqual([]);
  });
});

function read(reader: LineReader, text: string): LineEvent[] {
  return reader.receive(Buffer.from(text));
}
