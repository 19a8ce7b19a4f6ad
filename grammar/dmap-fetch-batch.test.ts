/** Batches say what single responses say, octet for octet. */
import { expect, it } from 'vitest';
import { type DateTime, FetchBatch, type FetchValue, formatResponse } from './dmap.js';

const taken = (batch: FetchBatch): string => Buffer.concat(batch.take()).toString('latin1');
const date: DateTime = { year: 2020, month: 2, day: 1, hour: 10, minute: 11, second: 60, zone: '-0330' };

it('writes responses one behind the other in their canonical form', () => {
  const batch = new FetchBatch(2);
  batch.add(1, [
    { item: 'UID', uid: 4_294_967_295 },
    { item: 'FLAGS', flags: ['\\Seen', '$Mine'] },
    { item: 'INTERNALDATE', date },
    { item: 'SIZE', size: 0 },
    { item: 'MODSEQ', modseq: 9_007_199_254_740_993n },
    { item: 'META', value: Buffer.from('a\0b') },
  ]);
  batch.add(10, [{ item: 'INTERNALDATE', date: { ...date, year: 99, day: 31, month: 12, zone: '+1459' } }]);
  batch.add(100, [{ item: 'FLAGS', flags: [] }]);
  expect(taken(batch)).toBe(
    [
      '* 1 FETCH (UID 4294967295 FLAGS (\\Seen $Mine) INTERNALDATE " 1-Feb-2020 10:11:60 -0330" SIZE 0 ' +
        'MODSEQ (9007199254740993) META ~{3}\r\na\0b)\r\n',
      '* 10 FETCH (INTERNALDATE "31-Dec-0099 10:11:60 +1459")\r\n',
      '* 100 FETCH (FLAGS ())\r\n',
    ].join(''),
  );
  expect(taken(batch)).toBe('');
});

it('is the same however many there are and however long they are', () => {
  const numbers = [1, 9, 10, 99, 100, 2_147_483_647, 2_147_483_648, 4_294_967_295];
  const sizes = [0, 1, 31, 32, 33, 4096, 4097, 100_000];
  const batch = new FetchBatch(1);
  const single: Uint8Array[] = [];
  for (const [at, number] of numbers.entries()) {
    const items: FetchValue[] = [
      { item: 'SIZE', size: number },
      { item: 'META', value: new Uint8Array(sizes[at] ?? 0).fill(at) },
    ];
    batch.add(number, items);
    single.push(formatResponse({ kind: 'fetch', number, items }));
  }
  expect(taken(batch)).toBe(Buffer.concat(single).toString('latin1'));
});

it('says when it is full, and begins anew once it was taken', () => {
  const batch = new FetchBatch(3);
  let added = 0;
  for (; !batch.full; added += 1) batch.add(1, [{ item: 'UID', uid: 1 }]);
  expect(added * '* 1 FETCH (UID 1)\r\n'.length).toBeGreaterThanOrEqual(65_536);
  batch.take();
  expect(batch.full).toBe(false);
});

it.each<[string, number, FetchValue[]]>([
  ['message number', 0, [{ item: 'UID', uid: 1 }]],
  ['UID', 1, [{ item: 'UID', uid: 4_294_967_296 }]],
  ['SIZE', 1, [{ item: 'SIZE', size: 1.5 }]],
  ['flag', 1, [{ item: 'FLAGS', flags: ['\\Seen', 'a b'] }]],
  ['no date and time', 1, [{ item: 'INTERNALDATE', date: { ...date, day: 30 } }]],
  ['no date and time', 1, [{ item: 'INTERNALDATE', date: { ...date, zone: '+1500' } }]],
  ['FETCH items', 1, []],
])('refuses a wrong %s', (what, number, items) => {
  expect(() => new FetchBatch(1).add(number, items)).toThrow(what);
});
