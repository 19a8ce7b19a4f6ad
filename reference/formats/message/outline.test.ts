import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChunkName, MessageError, outlineOf, parseMessage, rangeOf } from './index.js';
import { libdime } from './vectors.test-support.js';

const names: ReadonlySet<ChunkName> = new Set(['ephemeral', 'destination', 'origin-full']);
const vectors = libdime.cases.map(
  ({ tcId, input }) => [tcId, new Uint8Array(Buffer.from(input.data, 'base64'))] as const,
);

/** Cuts octets into pieces of these sizes again and again. */
function* cut(octets: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < octets.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield octets.subarray(at, at + size);
    at += size;
  }
}

function outcome<Value>(act: () => Value): Value | string {
  try {
    return act();
  } catch (error) {
    if (error instanceof MessageError) return `${error.code} at ${error.offset}`;
    throw error;
  }
}

describe('the outline of a message', () => {
  it.each(vectors)('is what the whole message has, or refused like it: case %i', (_, octets) => {
    const whole = outcome(() =>
      parseMessage('dime-2015', octets).chunks.filter(({ definition }) => names.has(definition.name)),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sizes, (pieces) => {
        const outline = outcome(
          () => outlineOf('dime-2015', cut(octets, pieces), octets.length, names, 4096).wanted.chunks,
        );
        expect(outline).toEqual(whole);
      }),
      { numRuns: 5 },
    );
  });

  it('says where chunks begin and what is missing', () => {
    const [, octets] = vectors[3] ?? [0, new Uint8Array()];
    const { chunks } = parseMessage('dime-2015', octets);
    const outline = outlineOf('dime-2015', [octets], octets.length, names, 4096);
    const first = (above: number) => chunks.find(({ definition }) => definition.type > above)?.offset ?? octets.length;
    expect([outline.start, ...[34, 67, 131, 254, 255].map((type) => outline.endOf(type))]).toEqual([
      chunks[0]?.offset,
      ...[34, 67, 131, 254, 255].map(first),
    ]);
    expect(outline.missing).toBeNull();
    const [, without] = vectors.find(([tcId]) => tcId === 24) ?? [0, new Uint8Array()];
    expect(outlineOf('dime-2015', [without], without.length, names, 4096).missing).not.toBeNull();
  });

  it('keeps no chunk that is larger than was allowed', () => {
    const [, octets] = vectors[0] ?? [0, new Uint8Array()];
    expect(outcome(() => outlineOf('dime-2015', [octets], octets.length, names, 451))).toMatch(/^too-large at /);
    expect(typeof outcome(() => outlineOf('dime-2015', [octets], octets.length, names, 2000))).toBe('object');
  });
});

it('a range of pieces is the same part of what they are together', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.nat(80), fc.nat(80), (pieces, start, length) => {
      const whole = Buffer.concat(pieces);
      const range = Buffer.concat([...rangeOf(pieces, start, start + length)]);
      expect(range).toEqual(whole.subarray(start, start + length));
    }),
  );
});
