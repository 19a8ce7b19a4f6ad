/** Naked messages of `prime` that the suite made: section 12 of the messages digest. */
import fc from 'fast-check';
import { type Payload, payloadOctets } from '../../model/message-ciphers.js';
import { type NakedWays, nakedDigest } from '../../model/message-naked.js';
import { octetsFrom } from '../../model/message-parties.js';
import { access, chunkOctets, integer, splitMessage } from '../../model/message-tables.js';
import { concat, ed25519, type Octets } from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { decrypts, type Facts, parses, refusingNaked, type WrongNaked } from './case-kinds.js';
import { askParse, mustOpenNaked, mustParse, mustRefuse } from './message-calls.js';
import { mails, nakedOf, parties } from './message-inputs.js';

/** The right message is parsed, the changed one is not. */
function refusingToParse(
  { id, title, decides }: Facts,
  wrong: fc.Arbitrary<[string, (octets: Octets) => Octets]>,
): Case {
  return defineCase({
    ...parses,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ mail: mails, wrong }),
    check: async ({ mail, wrong: [because, change] }, context) => {
      const octets = nakedOf(mail);
      await mustParse(context, decides, 'prime', octets);
      mustRefuse(context, decides, await askParse(context, 'prime', change(octets)), because);
    },
  });
}

function opening({ id, title, decides }: Facts, ways: fc.Arbitrary<Partial<NakedWays>> = fc.constant({})): Case {
  return defineCase({
    ...decrypts,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ mail: mails, how: ways }),
    check: async ({ mail, how }, context) => await mustOpenNaked(context, decides, mail, nakedOf(mail, how)),
  });
}

const magics = [1847, 1851, 1861, 1931, 1948, 2001, 1776, 0];
const wrongHead = fc.oneof(
  fc
    .constantFrom(...magics)
    .map((magic): [string, (octets: Octets) => Octets] => [
      `magic number ${magic}`,
      (octets) => concat(integer(magic, 2), octets.subarray(2)),
    ]),
  fc
    .constantFrom(-1, 1, 100)
    .map((more): [string, (octets: Octets) => Octets] => [
      `a length that is ${more} off`,
      (octets) => concat(octets.subarray(0, 2), integer(octets.length - 6 + more, 4), octets.subarray(6)),
    ]),
);

/** A chunk of another type in the place where it would stand by order. */
const wrongType = fc
  .integer({ min: 4, max: 253 })
  .filter((type) => access.prime[type] === undefined && type < 224)
  .map((type): [string, (octets: Octets) => Octets] => [
    `a chunk of type ${type}`,
    (octets) => {
      const { chunks } = splitMessage('prime', octets);
      const more = chunkOctets('prime', type, octetsFrom('payload', 288), [octetsFrom('a', 32), octetsFrom('b', 32)]);
      const content = concat(
        ...chunks.filter((chunk) => chunk.type < type).map((chunk) => chunk.octets),
        more,
        ...chunks.filter((chunk) => chunk.type > type).map((chunk) => chunk.octets),
      );
      return concat(octets.subarray(0, 2), integer(content.length, 4), content);
    },
  ]);

const ephemeralOf = (length: number): [string, (octets: Octets) => Octets] => [
  `an ephemeral payload of ${length} octets`,
  (octets) => {
    const rest = splitMessage('prime', octets).chunks.slice(1);
    const content = concat(chunkOctets('prime', 1, octetsFrom('keys', length)), ...rest.map((chunk) => chunk.octets));
    return concat(octets.subarray(0, 2), integer(content.length, 4), content);
  },
];

/** The payload of one type changed before it is signed. */
const bent = (because: string, type: number, change: (payload: Payload) => Payload): WrongNaked => ({
  because: `${because} in chunk ${type}`,
  ways: {
    padded: (content) => (content.type === type ? change(nakedDigest.padded(content)) : nakedDigest.padded(content)),
  },
});

const wrongPayloads = fc.constantFrom(33, 48).chain((type) =>
  fc.constantFrom<WrongNaked>(
    bent('another count of padding', type, (payload) => ({ ...payload, octet: payload.octet ^ 1 })),
    bent('16 octets more of padding', type, (payload) => ({
      ...payload,
      padding: new Uint8Array(payload.padding.length + 16).fill(payload.octet),
    })),
    bent('a data length beyond the payload', type, (payload) => ({
      ...payload,
      length: payload.data.length + payload.padding.length + 1,
    })),
    {
      because: `a plaintext of chunk ${type} signed by a stranger`,
      ways: {
        plain: (content, payload, key) =>
          payloadOctets(payload, content.type === type ? parties('prime').author.identity.signing : key),
      },
    },
  ),
);

const wrongSignatures = fc
  .record({
    type: fc.constantFrom(224, 225, 255),
    forge: fc.constantFrom<(right: Octets) => Octets>(
      (right) => right.map((octet, at) => (at === 9 ? octet ^ 1 : octet)),
      (right) => new Uint8Array(right.length),
      (right) => ed25519(parties('prime').author.identity.signing, right),
    ),
  })
  .map(
    ({ type, forge }): WrongNaked => ({
      because: `signature ${type} does not hold`,
      ways: { signature: (each, right) => (each === type ? forge(right) : right) },
    }),
  );

const flipped = (octets: Octets, place: number): Octets =>
  octets.map((octet, at) => (at === place ? octet ^ 1 : octet));

export const cases: readonly Case[] = [
  refusingToParse(
    {
      id: 'naked/header',
      title: 'A naked message with another magic number or length is refused.',
      decides: 'MSG-080',
    },
    wrongHead,
  ),
  refusingToParse(
    {
      id: 'naked/types',
      title: 'The chunks of a naked message are read by their types; others are refused.',
      decides: 'MSG-081',
    },
    wrongType,
  ),
  refusingToParse(
    {
      id: 'naked/ephemeral-size',
      title: 'An ephemeral chunk that has not 39 or 73 octets is refused.',
      decides: 'MSG-082',
    },
    fc.constantFrom(0, 33, 34, 36, 68, 70, 104).map(ephemeralOf),
  ),
  refusingNaked(
    {
      id: 'naked/both-ephemeral-keys',
      title: 'A naked message without the ephemeral signing key is not opened.',
      decides: 'MSG-083',
    },
    fc.constant({ because: 'no ephemeral signing key', ways: { ephemeral: (_signing, encryption) => encryption } }),
  ),
  refusingNaked(
    {
      id: 'naked/tag',
      title: 'A chunk whose masked tag does not hold is refused, though signatures cover it.',
      decides: 'MSG-084',
    },
    fc.integer({ min: 16, max: 31 }).map((place) => ({
      because: 'one bit of a tag changed before signing',
      ways: {
        seal: (key: Octets, vector: Octets, plain: Octets) => flipped(nakedDigest.seal(key, vector, plain), place),
      },
    })),
  ),
  refusingNaked(
    {
      id: 'naked/payloads',
      title: 'A payload whose signature, length or padding is wrong is refused.',
      decides: 'MSG-088',
    },
    wrongPayloads,
  ),
  opening({ id: 'naked/bodies-are-joined', title: 'A body in several chunks is joined.', decides: 'MSG-089' }),
  refusingNaked(
    {
      id: 'naked/body-that-goes-on',
      title: 'A body whose last chunk says that it goes on is refused.',
      decides: 'MSG-090',
    },
    fc.constant({
      because: 'flag 128 in the last body chunk',
      ways: { contents: (all) => all.map((content) => (content.type === 48 ? { ...content, flags: 128 } : content)) },
    }),
  ),
  refusingNaked(
    {
      id: 'naked/signatures-are-checked',
      title: 'A naked message in which one of the three signatures does not hold is refused.',
      decides: 'MSG-092',
    },
    wrongSignatures,
  ),
];
