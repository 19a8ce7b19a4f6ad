import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actors,
  type ChunkName,
  decryptMessage,
  decryptNaked,
  MessageError,
  type MessageProfile,
  parseMessage,
  payloadNearMisses,
  privateKeyOf,
  type SealInput,
  sealMessage,
  writeCommonHeaders,
  writeEnvelope,
  writePayload,
} from './index.js';
import { encryptionPrivate, headers, identities, parties, repeatable, seedOf, signed } from './parties.test-support.js';
import { fromHex, libdimeCase, primeCase, primeIdentity, primeKeys } from './vectors.test-support.js';

const ways = fc.record({
  at: fc.nat(),
  way: fc.constantFrom('flip', 'set', 'cut', 'drop', 'double', 'insert'),
  octet: fc.nat(255),
  size: fc.integer({ min: 1, max: 80 }),
});

/** One change, most of them near the places where lengths and types stand. */
function mutate(
  octets: Uint8Array,
  places: readonly number[],
  { at, way, octet, size }: { at: number; way: string; octet: number; size: number },
): Uint8Array {
  const place = (at % 3 === 0 ? at : (places[at % places.length] ?? 0) + (octet % 4)) % octets.length;
  if (way === 'flip' || way === 'set') {
    const changed = new Uint8Array(octets);
    changed[place] = way === 'set' ? octet : (octets[place] ?? 0) ^ (1 << (octet & 7));
    return changed;
  }
  if (way === 'cut') return octets.subarray(0, place);
  const inserted =
    way === 'double' ? octets.subarray(place, place + size) : new Uint8Array(way === 'insert' ? size : 0).fill(octet);
  return Buffer.concat([octets.subarray(0, place), inserted, octets.subarray(way === 'drop' ? place + size : place)]);
}

/** Whether it was refused; anything but our own error is thrown on. */
function refused(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (error instanceof MessageError) return true;
    throw error;
  }
}

describe.each([
  ['dime-2015', [1, 4, 11, 14].map(libdimeCase)],
  ['prime', [1, 3].map(primeCase)],
] as const)('mutated vectors of %s', (profile: MessageProfile, originals) => {
  const known = originals.map((octets) => ({
    octets,
    places: [0, 2, ...parseMessage(profile, octets).chunks.map(({ offset }) => offset)],
  }));
  const mutants = fc
    .tuple(fc.constantFrom(...known), ways)
    .map(([{ octets, places }, way]) => mutate(octets, places, way));

  it('are parsed or refused, 30,000 times', () => {
    let refusals = 0;
    fc.assert(
      fc.property(mutants, (octets) => {
        if (refused(() => parseMessage(profile, octets))) refusals++;
      }),
      { numRuns: 30_000 },
    );
    expect(refusals).toBeGreaterThan(5000);
  });

  it('are opened or refused by everybody', () => {
    const organization = primeIdentity('destination', 'organisation');
    fc.assert(
      fc.property(mutants, fc.constantFrom(...actors), (octets, actor) => {
        refused(() => {
          const message = parseMessage(profile, octets);
          if (profile === 'prime')
            decryptNaked(message, { encryptionPrivate: fromHex(primeKeys('user').encryptionPrivate), organization });
          else
            decryptMessage(message, {
              actor,
              encryptionPrivate: encryptionPrivate(actor),
              identities,
              acceptLibdimeTree: true,
            });
        });
      }),
      { numRuns: 250 },
    );
  });
});

describe('an author who signs nonsense', () => {
  const seed = seedOf('author');
  const key = privateKeyOf(seed);
  const good: readonly (readonly [ChunkName, Uint8Array])[] = [
    ['origin', writeEnvelope('origin', parties.author, parties.destination)],
    ['destination', writeEnvelope('destination', parties.recipient, parties.origin)],
    ['common', writeCommonHeaders(headers)],
    ['display', Buffer.from('text')],
  ];
  const blocks = fc
    .integer({ min: 1, max: 20 })
    .chain((count) => fc.uint8Array({ minLength: count * 16, maxLength: count * 16 }));

  it('is refused, whatever stands in the payload of a chunk', () => {
    fc.assert(
      fc.property(fc.constantFrom('destination', 'common', 'display'), blocks, (bad, payload) => {
        const plain: SealInput['plain'] = good.map(([name, data]) => ({
          name,
          plaintext: () => (name === bad ? payload : writePayload('dime-2015', { data, flags: 0, random: 0, key })),
          kept: true,
        }));
        const message = signed(sealMessage({ parties, authorSeed: seed, plain, random: repeatable('nonsense') }));
        const read = () =>
          decryptMessage(message, {
            actor: 'recipient',
            encryptionPrivate: encryptionPrivate('recipient'),
            identities,
          });
        expect(refused(read)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it.each(payloadNearMisses(Buffer.from('text'), privateKeyOf(seed)))(
    'is refused for $requirement: $breach',
    ({ plaintext, code, requirement }) => {
      const plain: SealInput['plain'] = good.map(([name, data]) => ({
        name,
        plaintext: () =>
          name === 'display' ? plaintext : writePayload('dime-2015', { data, flags: 0, random: 0, key }),
        kept: true,
      }));
      const message = signed(sealMessage({ parties, authorSeed: seed, plain, random: repeatable('near miss') }));
      const outcome = (): unknown =>
        decryptMessage(message, { actor: 'recipient', encryptionPrivate: encryptionPrivate('recipient'), identities });
      expect(outcome).toThrow(expect.objectContaining({ name: 'MessageError', code, requirement }));
    },
  );
});
