import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arbitraryMessage,
  chunkOctets,
  chunkTables,
  definitionNamed,
  MessageError,
  messagePieces,
  messageProfiles,
  missingChunk,
  nearMissesOf,
  parseMessage,
  readMessage,
  serializeMessage,
} from './index.js';
import { hex, libdimeCase, primeCase } from './vectors.test-support.js';

/** A message of each profile that another implementation made. */
const known = { 'dime-2015': libdimeCase(1), prime: primeCase(1) } as const;

function refusal(act: () => unknown): MessageError {
  try {
    act();
  } catch (error) {
    if (error instanceof MessageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('size figures', () => {
  it.each([
    // name, payload, octets of section 11
    ['ephemeral', 33, 37],
    ['origin', 256, 452],
    ['display', 256, 388],
    ['author-tree', 64, 260],
    ['origin-full', 64, 324],
  ] as const)('dime-2015 %s with %i', (name, payload, octets) => {
    const table = chunkTables['dime-2015'];
    expect(chunkOctets(table, definitionNamed(table, name), payload)).toBe(octets);
  });

  it.each([
    // name, payload, octets of sections 12.3 and 12.5
    ['ephemeral', 69, 73],
    ['ephemeral', 35, 39],
    ['author-tree', 64, 161],
    ['author-full', 64, 161],
    ['origin-full', 64, 193],
    ['destination-full', 64, 129],
  ] as const)('prime %s with %i', (name, payload, octets) => {
    const table = chunkTables.prime;
    expect(chunkOctets(table, definitionNamed(table, name), payload)).toBe(octets);
  });
});

describe.each(messageProfiles)('%s', (profile) => {
  it('any generated message reads back, and is written as it was', () => {
    fc.assert(
      fc.property(arbitraryMessage(profile), (message) => {
        const octets = serializeMessage(message);
        const parsed = parseMessage(profile, octets);
        expect(parsed).toEqual(message);
        expect(Buffer.compare(serializeMessage(parsed), octets)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('cut in pieces anywhere it gives the same chunks', () => {
    fc.assert(
      fc.property(arbitraryMessage(profile), fc.integer({ min: 1, max: 700 }), (message, size) => {
        const octets = serializeMessage(message);
        const source = function* (): Generator<Uint8Array> {
          for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
        };
        const read = readMessage(profile, source);
        expect({ ...read, chunks: [...read.chunks] }).toEqual(message);
      }),
      { numRuns: 30 },
    );
  });

  it('every near miss is refused for the rule that it breaks', () => {
    const misses = nearMissesOf(parseMessage(profile, known[profile]));
    const got = misses.map(({ breach, octets }) => {
      const { code, requirement } = refusal(() => parseMessage(profile, octets));
      return { breach, code, requirement };
    });
    expect(got).toEqual(misses.map(({ breach, code, requirement }) => ({ breach, code, requirement })));
    expect(misses.length).toBeGreaterThan(30);
  });

  it('near misses of any message are refused', () => {
    fc.assert(
      fc.property(arbitraryMessage(profile), (message) => {
        for (const { octets } of nearMissesOf(message)) refusal(() => parseMessage(profile, octets));
      }),
      { numRuns: 10 },
    );
  });

  it('every truncation is refused, whole or in pieces', () => {
    const octets = known[profile];
    for (let length = 0; length < octets.length; length += 1) {
      const cut = octets.subarray(0, length);
      refusal(() => parseMessage(profile, cut));
      if (length % 97 === 0) refusal(() => [...readMessage(profile, () => [cut]).chunks]);
    }
  });

  it('a chunk without which a message is incomplete is named', () => {
    const message = parseMessage(profile, known[profile]);
    expect(missingChunk(message)).toBeNull();
    for (const { definition } of message.chunks.filter(({ definition: { presence } }) => presence === 'required')) {
      const chunks = message.chunks.filter((chunk) => chunk.definition !== definition);
      expect(missingChunk({ ...message, chunks })).toBe(definition.name);
    }
  });
});

describe('errors', () => {
  it('name the place, the rule and the section', () => {
    const octets = new Uint8Array(known['dime-2015']);
    octets[43] = 7;
    expect(refusal(() => parseMessage('dime-2015', octets)).message).toBe(
      'message, offset 43: there is no chunk of type 7 (section 3, MSG-009 of the messages digest)',
    );
  });

  it('a promised length takes no memory', () => {
    const head = Uint8Array.of(0x07, 0x37, 0xff, 0xff, 0xff, 0xff, 67, 0xff, 0xff, 0xf0);
    const error = refusal(() => [...readMessage('dime-2015', () => [head]).chunks]);
    expect(error).toMatchObject({ code: 'wrong-length', requirement: 'MSG-002' });
  });
});

describe('what a peer can make of many small things', () => {
  const chunkSize = 148;
  const small = (count: number): Uint8Array => {
    const octets = new Uint8Array(6 + count * chunkSize);
    octets.set([0x07, 0x37]);
    new DataView(octets.buffer).setUint32(2, count * chunkSize);
    for (let at = 0; at < count; at++) octets.set([67, 0, 0, 16], 6 + at * chunkSize);
    return octets;
  };

  it('a message of 130,000 chunks is read and written', () => {
    const octets = small(130_000);
    expect(Buffer.compare(serializeMessage(parseMessage('dime-2015', octets)), octets)).toBe(0);
  });

  it('a chunk of 400,000 octets comes octet by octet', () => {
    const payload = 400_000;
    const octets = new Uint8Array(10 + payload + 128);
    octets.set([0x07, 0x37, 0, 0, 0, 0, 67, 0, 0, 0]);
    new DataView(octets.buffer).setUint32(2, octets.length - 6);
    octets.set([payload >> 16, (payload >> 8) & 0xff, payload & 0xff], 7);
    const single = function* (): Generator<Uint8Array> {
      for (let at = 0; at < octets.length; at++) yield octets.subarray(at, at + 1);
    };
    const [chunk] = readMessage('dime-2015', single).chunks;
    expect(Buffer.compare(chunk?.octets ?? new Uint8Array(), octets.subarray(6))).toBe(0);
  });
});

describe('any selection of sections can be written (MSG-077)', () => {
  const message = parseMessage('dime-2015', libdimeCase(14));
  const written = (options: Parameters<typeof serializeMessage>[1]): number[] =>
    parseMessage('dime-2015', serializeMessage(message, options)).chunks.map(({ definition }) => definition.type);

  it('by section', () => {
    expect(written({ sections: ['envelope'] })).toEqual([2, 4, 5]);
    expect(written({ sections: ['metadata', 'display'] })).toEqual([33, 34, 67]);
    expect(written({ sections: ['attachments'] })).toEqual([]);
    expect(written({ sections: ['signature'] })).toEqual([225, 226, 248, 249, 255]);
  });

  it('with or without tracing, also in pieces', () => {
    expect(hex(serializeMessage(message).subarray(0, 4))).toBe('072d000b');
    expect(hex(serializeMessage(message, { tracing: false }).subarray(0, 2))).toBe('0737');
    expect(Buffer.concat([...messagePieces(message)])).toEqual(Buffer.from(libdimeCase(14)));
  });
});
