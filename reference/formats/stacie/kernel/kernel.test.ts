import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runStage } from './kernel.js';
import { blocksOf } from './stage-order.js';

const octets = (least: number, most: number) => fc.uint8Array({ minLength: least, maxLength: most });

it('chains digests as node:crypto does, whatever blocks the counter and the padding fall into', () => {
  // 256 lengths in a row move the counter through every place of two blocks.
  const longer = fc.tuple(fc.integer({ min: 0, max: 256 }), fc.integer({ min: 2, max: 300 }), octets(64, 64));
  fc.assert(
    fc.property(longer, ([more, rounds, base]) => {
      const input = Buffer.concat([base, Buffer.alloc(more, more)]);
      let wanted = Buffer.alloc(0);
      for (let round = 0; round < rounds; round++) {
        const counter = Buffer.from([round >> 16, round >> 8, round]);
        wanted = createHash('sha512').update(wanted).update(input).update(counter).digest();
      }
      const octets = input.length;
      expect(Buffer.from(runStage({ kind: 'key', input: Uint8Array.from(input), octets, rounds }))).toEqual(wanted);
    }),
    { examples: Array.from({ length: 257 }, (_, more) => [[more, 3, new Uint8Array(64)]]) },
  );
});

it('keys an HMAC over a repeated password as node:crypto does, whatever block the end falls into', () => {
  fc.assert(
    fc.property(octets(128, 128), octets(1, 300), fc.integer({ min: 8, max: 200 }), (key, password, rounds) => {
      const hmac = createHmac('sha512', key);
      for (let round = 0; round < rounds; round++) hmac.update(password);
      const input = Uint8Array.from([...key, ...password]);
      const seed = runStage({ kind: 'seed', input, octets: password.length, rounds });
      expect(Buffer.from(seed)).toEqual(hmac.digest());
    }),
  );
});

it('takes the longest inputs that the limits allow', () => {
  const input = new Uint8Array(64 + 3 * 4096).fill(0x61);
  let wanted = Buffer.alloc(0);
  for (let round = 0; round < 8; round++) {
    wanted = createHash('sha512')
      .update(wanted)
      .update(input)
      .update(Buffer.from([0, 0, round]))
      .digest();
  }
  const order = { kind: 'key', input: Uint8Array.from(input), octets: input.length, rounds: 8 } as const;
  expect(blocksOf(order)).toBe(8 * 98);
  expect(Buffer.from(runStage(order))).toEqual(wanted);
  // Its copy of the inputs is gone.
  expect(order.input.every((octet) => octet === 0)).toBe(true);
});
