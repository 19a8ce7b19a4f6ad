/** The outer layout and the chunks of `dime-2015`: sections 1 to 3 and 10 of the messages digest. */
import fc from 'fast-check';
import { octetsFrom } from '../../model/message-parties.js';
import { access, chunkOctets, integer, tracingOctets } from '../../model/message-tables.js';
import { concat, type Octets } from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { made, parses, refusingToParse, type Wrong } from './case-kinds.js';
import { askParse, mustParse } from './message-calls.js';
import { data, drafts, manyParts, messageOf } from './message-inputs.js';

const both = [248, 249] as const;

/** The message with its octets changed. */
const changed = (because: string, change: (octets: Octets) => Octets): Wrong => ({
  because,
  message: (draft) => change(messageOf(draft)),
});

/** The magic number is at the front, the length behind it. */
const otherMagic = fc
  .integer({ min: 0, max: 0xffff })
  .filter((magic) => magic !== 1847 && magic !== 1837)
  .map((magic) => changed(`magic number ${magic}`, (octets) => concat(integer(magic, 2), octets.subarray(2))));

const otherLength = fc.oneof(
  fc
    .constantFrom(-1, 1, 2, -64, 1000)
    .map((more) =>
      changed(`a length that is ${more} off`, (octets) =>
        concat(octets.subarray(0, 2), integer(octets.length - 6 + more, 4), octets.subarray(6)),
      ),
    ),
  fc
    .integer({ min: 0, max: 999 })
    .map((part) =>
      changed(`cut after ${part / 10} per cent`, (octets) =>
        octets.slice(0, Math.floor((octets.length * part) / 1000)),
      ),
    ),
  data(1, 40).map((more) => changed(`${more.length} octets after the end`, (octets) => concat(octets, more))),
);

/** The last chunk says or has less than it should, and the header tells the truth about what is left. */
const cutChunk = fc.integer({ min: 1, max: 300 }).map((less) =>
  changed(`the last chunk lacks ${less} octets`, (octets) => {
    const left = octets.slice(0, octets.length - less);
    return concat(left.subarray(0, 2), integer(left.length - 6, 4), left.subarray(6));
  }),
);

const wrongTracing = fc.oneof(
  fc.constant(changed('a tracing block of length zero', (octets) => concat(tracingOctets(new Uint8Array(0)), octets))),
  fc.integer({ min: 1, max: 5000 }).map((more) =>
    changed(`a tracing block that ends ${more} octets behind the input`, (octets) => {
      const length = octets.length + more;
      return length > 0xffff ? octets.slice(0, 3) : concat(integer(1837, 2), integer(length, 2), octets);
    }),
  ),
);

const typeOf = (chunk: Octets): number => chunk[0] ?? 0;
const sorted = (chunks: readonly Octets[]): Octets[] => [...chunks].sort((a, b) => typeOf(a) - typeOf(b));
const strange = (type: number): Octets => {
  const slots = [1, 2].map((slot) => octetsFrom(`slot ${slot}`, 64));
  return chunkOctets('dime-2015', type, octetsFrom('payload', 256), slots);
};
const known = new Set([3, ...Object.keys(access['dime-2015']).map(Number)]);

const otherType = fc
  .oneof(
    fc.constantFrom(65, 66, 129, 130, 1, 32, 224, 250, 254),
    fc.integer({ min: 0, max: 254 }).filter((type) => !known.has(type)),
  )
  .map((type) =>
    made(`a chunk of type ${type}`, { ways: { finished: (chunks) => sorted([...chunks, strange(type)]) } }),
  );

const swapped = fc.nat().map((which) =>
  made('two chunks of different types in the wrong order', {
    bounces: both,
    ways: {
      finished: (chunks) => {
        const places = chunks.flatMap((chunk, at) => (typeOf(chunk) < typeOf(chunks[at + 1] ?? chunk) ? [at] : []));
        const at = places[which % places.length] ?? 0;
        return [...chunks.slice(0, at), ...chunks.slice(at, at + 2).reverse(), ...chunks.slice(at + 2)];
      },
    },
  }),
);

const repeated = fc.constantFrom(2, 4, 5, 33, 34, 225, 226, 248, 249, 255).map((type) =>
  made(`chunk ${type} twice`, {
    bounces: both,
    ways: { finished: (chunks) => sorted([...chunks, ...chunks.filter((chunk) => typeOf(chunk) === type)]) },
  }),
);

/** The payload of a chunk replaced by one of another size. */
const resized = (type: number, length: number): Wrong =>
  made(`chunk ${type} with a payload of ${length} octets`, {
    bounces: both,
    ways: {
      chunk: (each, payload, slots) =>
        chunkOctets('dime-2015', each, each === type ? octetsFrom('payload', length) : payload, slots),
    },
  });

const notBlocks = fc
  .record({
    type: fc.constantFrom(4, 5, 33, 34, 67),
    length: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 999 }).filter((length) => length % 16 !== 0),
    ),
  })
  .map(({ type, length }) => resized(type, length));

export const cases: readonly Case[] = [
  refusingToParse(
    { id: 'layout/starts-with-1847', title: 'A message with another magic number is refused.', decides: 'MSG-001' },
    otherMagic,
  ),
  refusingToParse(
    {
      id: 'layout/length-of-all-chunks',
      title: 'A message whose length is not that of what follows, a cut one and a longer one are refused.',
      decides: 'MSG-002',
    },
    otherLength,
  ),
  defineCase({
    ...parses,
    id: 'message/layout/tracing-before-the-header',
    title: 'A tracing block may stand before the header.',
    decides: ['MSG-003'],
    given: () => fc.record({ draft: drafts(), tracing: data(1, 200) }),
    check: async ({ draft, tracing }, context) => {
      const octets = messageOf(draft, { tracing });
      const answer = await askParse(context, 'dime-2015', octets);
      context.took('MSG-003', answer.kind === 'result', 'a message with a tracing block');
      if (answer.kind === 'result') await mustParse(context, 'MSG-003', 'dime-2015', octets);
    },
  }),
  refusingToParse(
    {
      id: 'layout/tracing-length',
      title: 'A tracing block of length zero, or one that runs past the input, is refused.',
      decides: 'MSG-004',
    },
    wrongTracing,
  ),
  refusingToParse(
    {
      id: 'layout/chunks-that-fit',
      title: 'A chunk is a type, a length of three octets, a payload and slots; one that runs past the end is refused.',
      decides: 'MSG-006',
    },
    cutChunk,
  ),
  defineCase({
    ...parses,
    id: 'message/layout/every-type',
    title: 'Every chunk type is read with its own set of slots.',
    decides: ['MSG-008'],
    given: () => fc.record({ draft: drafts({ attachments: manyParts }), bounces: fc.subarray([248, 249] as const) }),
    check: async ({ draft, bounces }, context) => {
      await mustParse(context, 'MSG-008', 'dime-2015', messageOf(draft, { bounces }));
    },
  }),
  defineCase({
    ...parses,
    id: 'message/layout/parts-of-different-sizes',
    title: 'Several display and attachment chunks of different sizes are read.',
    decides: ['MSG-015'],
    given: () => drafts({ display: manyParts, attachments: manyParts }),
    check: async (draft, context) => {
      await mustParse(context, 'MSG-015', 'dime-2015', messageOf(draft));
    },
  }),
  refusingToParse(
    { id: 'layout/unknown-type', title: 'A chunk of a type that nobody defines is refused.', decides: 'MSG-009' },
    otherType,
  ),
  refusingToParse(
    { id: 'layout/alternate-chunk', title: 'A chunk of type 3 is refused until it is defined.', decides: 'MSG-010' },
    fc.constant(made('a chunk of type 3', { ways: { finished: (chunks) => sorted([...chunks, strange(3)]) } })),
  ),
  refusingToParse(
    { id: 'layout/ascending', title: 'Chunks that do not ascend by type are refused.', decides: 'MSG-012' },
    swapped,
  ),
  refusingToParse(
    { id: 'layout/once', title: 'A second chunk of a type that stands once is refused.', decides: 'MSG-013' },
    repeated,
  ),
  refusingToParse(
    {
      id: 'layout/ephemeral-of-33-octets',
      title: 'A key in chunk 2 that has not 33 octets is refused.',
      decides: 'MSG-019',
    },
    fc.constantFrom(0, 1, 32, 34, 65, 69).map((length) => resized(2, length)),
  ),
  refusingToParse(
    {
      id: 'layout/signature-of-64-octets',
      title: 'A signature chunk whose payload has not 64 octets is refused.',
      decides: 'MSG-020',
    },
    fc
      .record({ type: fc.constantFrom(225, 226, 248, 249, 255), length: fc.constantFrom(0, 16, 48, 63, 65, 80, 128) })
      .map(({ type, length }) => resized(type, length)),
  ),
  refusingToParse(
    {
      id: 'layout/payload-of-whole-blocks',
      title: 'A payload whose length is no positive multiple of 16 is refused.',
      decides: 'MSG-023',
    },
    notBlocks,
  ),
];
