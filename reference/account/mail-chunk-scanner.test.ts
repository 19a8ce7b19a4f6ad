/** The scanner finds what the strict reader of messages finds, and nothing where that one refuses. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage, nearMissesOf, type ParsedMessage, serializeMessage } from '../formats/message/index.js';
import { sentMessage } from '../formats/message/parties.test-support.js';
import { ChunkScanner, packChunks, unpackChunks } from './mail-chunk-scanner.js';
import type { ChunkPlace } from './mail-message.js';

function scanned(octets: Uint8Array, cut = octets.length): readonly ChunkPlace[] {
  const scanner = new ChunkScanner();
  for (let at = 0; at < octets.length; at += cut) scanner.push(octets.subarray(at, at + cut));
  return scanner.finish();
}

/** What BODY[type.n] has to give: tracing data, or what follows a chunk's length. */
function expected({ tracing, chunks }: ParsedMessage): ChunkPlace[] {
  const block = tracing === null ? [] : [{ type: 0, offset: 4, size: tracing.length }];
  const places = chunks.map(({ definition, offset, octets }) => {
    return { type: definition.type, offset: offset + 4, size: octets.length - 4 };
  });
  return [...block, ...places];
}

describe('the places of chunks', () => {
  it('are those of the reader, in any cut', () => {
    fc.assert(
      fc.property(arbitraryMessage('dime-2015'), fc.integer({ min: 1, max: 200 }), (message, cut) => {
        expect(scanned(serializeMessage(message), cut)).toEqual(expected(message));
      }),
      { numRuns: 60 },
    );
  });

  it('are none when the reader refuses the message', () => {
    const message = fc.sample(arbitraryMessage('dime-2015'), { numRuns: 12, seed: 7 });
    const misses = message.flatMap(nearMissesOf);
    expect(misses.length).toBeGreaterThan(100);
    expect(misses.filter(({ octets }) => scanned(octets).length > 0).map(({ breach }) => breach)).toEqual([]);
  });

  it('let a client take a real message apart: bodies and four octets before each make the whole', () => {
    const octets = serializeMessage(sentMessage());
    const places = scanned(octets);
    expect(places.map(({ type }) => type)).toEqual([2, 4, 5, 33, 34, 67, 225, 226, 255]);
    let at = 6;
    for (const { type, offset, size } of places) {
      expect(octets[at]).toBe(type);
      expect(offset).toBe(at + 4);
      at = offset + size;
    }
    expect(at).toBe(octets.length);
  });

  it('are none of what is no message at all', () => {
    for (const text of ['', 'From: alice\r\n\r\nHello', '\x07', '\x07\x37\0\0\0\x01']) {
      expect(scanned(Buffer.from(text, 'latin1'))).toEqual([]);
    }
  });

  it('are kept in nine octets each', () => {
    const places = [
      { type: 67, offset: 4_000_000_000, size: 16_777_471 },
      { type: 0, offset: 4, size: 1 },
    ];
    expect(packChunks(places)).toHaveLength(18);
    expect(unpackChunks(packChunks(places))).toEqual(places);
  });
});
