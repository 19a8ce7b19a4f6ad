import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldValuesOf, noiseOf, objectsOf, privateKeysOf, type Specimen, specimensOf } from './generate.js';
import {
  createOrganizationSignet,
  decryptKeys,
  detectProfiles,
  encryptKeys,
  generateKeys,
  type KeyObjectType,
  keyObjectTypes,
  magicNumbers,
  type ObjectType,
  type Profile,
  parseKeys,
  parseSignet,
  profiles,
  SignetError,
  type SignetType,
  serializeKeys,
  serializeSignet,
  signetTypes,
  structureOf,
  validateOctets,
  validateSignet,
} from './index.js';
import { nearMissOf } from './near-miss.js';
import { inputOctets, libdimeVectors, primeVectors, type Vector } from './vectors.test-support.js';

const bySignet = profiles.flatMap((profile) => signetTypes.map((type): [Profile, SignetType] => [profile, type]));
const byKeys = profiles.flatMap((profile) => keyObjectTypes.map((type): [Profile, KeyObjectType] => [profile, type]));
const valid = ['signing-request', 'cryptographic', 'full', 'identifiable'];

function read(profile: Profile, type: ObjectType, octets: Uint8Array): unknown {
  return type.endsWith('-keys') ? parseKeys(profile, octets) : parseSignet(profile, octets);
}

/** The error, or null when it loads; anything else that is thrown is a failure of the parser. */
function refusalOf(profile: Profile, type: ObjectType, octets: Uint8Array): SignetError | null {
  try {
    read(profile, type, octets);
    return null;
  } catch (error) {
    if (error instanceof SignetError) return error;
    throw error;
  }
}

describe.each(bySignet)('%s, %s', (profile, type) => {
  it('what is made is valid, told apart, and written as it was read', () => {
    fc.assert(
      fc.property(specimensOf(profile, type), ({ signet, context, state }) => {
        expect(validateSignet(signet, context).state).toBe(state);
        expect(detectProfiles(signet.octets)).toEqual([profile]);
        expect(serializeSignet(parseSignet(profile, signet.octets))).toEqual(signet.octets);
      }),
      { numRuns: 10 },
    );
  });

  it('every cut is refused, with the header as it was and adapted', () => {
    fc.assert(
      fc.property(specimensOf(profile, type), fc.nat(), ({ signet: { octets, fields } }, at) => {
        const cut = octets.slice(0, at % octets.length);
        expect(refusalOf(profile, type, cut)).toBeInstanceOf(SignetError);
        if (cut.length < 5) return;
        cut.set([(cut.length - 5) >> 16, ((cut.length - 5) >> 8) & 0xff, (cut.length - 5) & 0xff], 2);
        // A cut between two fields leaves a lower form, or one that is not whole; anywhere else nothing that loads.
        const between = [...fields].some(({ offset }) => offset === cut.length);
        if (!between) expect(refusalOf(profile, type, cut)).toBeInstanceOf(SignetError);
      }),
      { numRuns: 20 },
    );
  });

  it('every single changed octet that a signature covers, or of a signature, is noticed', () => {
    const flips = fc.infiniteStream(fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(specimensOf(profile, type), flips, ({ signet, context }, flip) => {
        const before = valid.indexOf(stateOf(profile, signet.octets, context));
        for (const [offset, octet] of signet.octets.entries()) {
          if (offset < 5) continue;
          const changed = new Uint8Array(signet.octets);
          changed[offset] = octet ^ (flip.next().value ?? 1);
          // A last signature whose field becomes another one leaves a signet of the state below.
          expect(valid.indexOf(stateOf(profile, changed, context))).toBeLessThan(before);
        }
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});

function stateOf(profile: Profile, octets: Uint8Array, context: Specimen['context']): string {
  const { organization, previous, primaryKeys } = context;
  return validateOctets(profile, octets, {
    ...(organization && { organization: organization.octets }),
    ...(previous && { previous: previous.octets }),
    ...(primaryKeys && { primaryKeys }),
  }).state;
}

describe.each([...bySignet, ...byKeys])('the layout of %s, %s', (profile, type) => {
  it('one broken rule is refused under its name', () => {
    fc.assert(
      fc.property(nearMissOf(profile, type), ({ octets, requirement }) => {
        const error = refusalOf(profile, type, octets);
        expect(error?.requirement).toBe(requirement);
        expect(error?.offset).toBeLessThanOrEqual(octets.length);
        expect(error?.message).toContain(requirement);
      }),
      { numRuns: 80 },
    );
  });

  it('what is in the data does not matter for loading, except in prime and in key files', () => {
    if (profile === 'prime' || type.endsWith('-keys')) return;
    fc.assert(
      fc.property(fieldValuesOf(profile, type), objectsOf(profile, type), (fields, octets) => {
        expect(fields.map(({ id }) => id)).toEqual(fields.map(({ id }) => id).sort((a, b) => a - b));
        expect(serializeSignet(parseSignet(profile, octets))).toEqual(octets);
      }),
      { numRuns: 20 },
    );
  });
});

describe.each(byKeys)('%s, %s', (profile, type) => {
  const kind = type === 'user-keys' ? 'user' : 'organization';
  it('are written as they were read', () => {
    fc.assert(
      fc.property(privateKeysOf(profile, kind), (keys) => {
        const octets = serializeKeys(keys);
        expect(octets).toHaveLength(profile === 'dime-2015' ? 74 : 73);
        expect(parseKeys(profile, octets)).toEqual(keys);
      }),
      { numRuns: 20 },
    );
  });

  // SIG-071.
  it('are read in both forms of the file by the 2015 profiles', () => {
    const keys = generateKeys(profile, kind, (length) => new Uint8Array(length).fill(7));
    if (profile === 'prime') {
      const other = serializeKeys({ ...keys, profile: 'dime-2015' });
      expect(() => parseKeys('prime', other)).toThrow(SignetError);
    } else {
      for (const other of ['dime-2015', 'dime-2015-magma'] as const) {
        expect(parseKeys(profile, serializeKeys({ ...keys, profile: other })).profile).toBe(other);
      }
    }
  });
});

describe('encrypted keys', () => {
  const realmKeys = fc.uint8Array({ minLength: 64, maxLength: 64 });
  it('come back, and every changed octet is noticed (SIG-094)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('user', 'organization').chain((type) => privateKeysOf('prime', type)),
        realmKeys,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (keys, realmKey, at, flip) => {
          const octets = encryptKeys(keys, realmKey, (length) => new Uint8Array(length).fill(9));
          expect(octets).toHaveLength(118);
          expect(decryptKeys(octets, realmKey)).toEqual(keys);
          const place = at % octets.length;
          const changed = octets.with(place, (octets[place] ?? 0) ^ flip);
          expect(() => decryptKeys(changed, realmKey)).toThrow(SignetError);
          expect(() => decryptKeys(octets.subarray(0, place), realmKey)).toThrow(SignetError);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('hostile input', () => {
  const runs = Number(process.env.DIME_MUTATIONS ?? 30_000);
  const readable = (profile: Profile, vectors: readonly (Vector & { readonly operation?: string })[]) =>
    vectors.flatMap((vector): [Profile, Uint8Array, ObjectType][] => {
      try {
        return [[profile, inputOctets(vector), vector.operation === 'key' ? 'user-keys' : 'user']];
      } catch {
        return []; // Broken armor has tests of its own.
      }
    });
  const libdime = readable('dime-2015', libdimeVectors.cases);
  const prime = readable('prime', primeVectors.cases);

  it(`${runs} mutated vectors never make the parsers throw anything but SignetError`, () => {
    // A generator of its own: fast-check would take most of the time for itself.
    let state = 1;
    const below = (bound: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    let loaded = 0;
    // Most of the time would go into stack traces that nobody reads.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    for (let run = 0; run < runs; run++) {
      // Fewer of prime, where each that loads costs a verification.
      const vectors = run % 5 === 0 ? prime : libdime;
      const [profile, original, type] =
        vectors[below(vectors.length)] ?? (['prime', new Uint8Array(), 'user'] as const);
      const octets = mutate(original, below);
      const asked = run % 20 === 1 ? (profiles[below(3)] ?? profile) : profile;
      detectProfiles(octets);
      if (refusalOf(asked, type, octets) === null) loaded++;
      if (run % 49 === 0) expect(() => validateOctets(asked, octets)).not.toThrow();
      if (run % 99 === 0) {
        try {
          decryptKeys(octets, original.length >= 64 ? original.subarray(0, 64) : new Uint8Array(64));
        } catch (error) {
          expect(error).toBeInstanceOf(SignetError);
        }
      }
    }
    Error.stackTraceLimit = stackTraceLimit;
    expect(loaded).toBeGreaterThan(runs / 100);
  });

  it('arbitrary octets behind a right header load or are refused', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...bySignet)
          .chain(([profile, type]) => fc.tuple(fc.constant(profile), fc.constant(type), noiseOf(magicNumbers[type]))),
        ([profile, type, octets]) => {
          refusalOf(profile, type, octets);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('a signet of five million empty fields costs a small multiple of its size', () => {
    const keys = generateKeys('dime-2015', 'organization', (length) => new Uint8Array(length).fill(3));
    const head = createOrganizationSignet(keys).octets;
    // Two octets a field: phone numbers without digits.
    const octets = new Uint8Array(10_000_000);
    octets.set(head);
    for (let at = head.length; at < octets.length; at += 2) octets[at] = 21;
    const used = head.length % 2 === 0 ? octets : octets.subarray(0, -1);
    const length = used.length - 5;
    used.set([length >> 16, (length >> 8) & 0xff, length & 0xff], 2);
    const before = process.memoryUsage();
    const signet = parseSignet('dime-2015', used);
    const after = process.memoryUsage();
    expect(signet.fields.length).toBeGreaterThan(4_900_000);
    expect(structureOf(signet)).toBe('cryptographic');
    const grown = after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed;
    expect(grown).toBeLessThan(12 * used.length);
  });
});

/** One to three octets changed, a piece cut out, doubled or moved; half of the time the header is made to fit. */
function mutate(original: Uint8Array, below: (bound: number) => number): Uint8Array {
  let octets = new Uint8Array(original);
  for (let change = below(3); change >= 0 && octets.length > 0; change--) {
    const at = below(octets.length);
    const size = below(Math.min(80, octets.length - at));
    const kind = below(4);
    if (kind < 2) octets[at] = kind === 0 ? below(256) : (octets[at] ?? 0) ^ (1 << below(8));
    else {
      const piece = octets.subarray(at, at + size);
      const rest = [octets.subarray(0, at), ...(kind === 2 ? [] : [piece, piece]), octets.subarray(at + size)];
      octets = new Uint8Array(Buffer.concat(rest));
    }
  }
  if (octets.length >= 5 && below(2) === 0) {
    const length = octets.length - 5;
    octets.set([length >> 16, (length >> 8) & 0xff, length & 0xff], 2);
  }
  return octets;
}
