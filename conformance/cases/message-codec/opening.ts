/** What is accepted, and what each actor reads: sections 4, 5 and 8 of the messages digest. */
import fc from 'fast-check';
import { digest, type Ways } from '../../model/message-builder.js';
import { sharedX } from '../../model/message-ciphers.js';
import { octetsFrom, partiesFrom } from '../../model/message-parties.js';
import { type Actor, actors, integer } from '../../model/message-tables.js';
import { hex, type Octets } from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { decrypts, made, opening, refusingToOpen } from './case-kinds.js';
import { askDecrypt, mustOpen, show } from './message-calls.js';
import { type Draft, data, drafts, manyParts, messageOf, parties } from './message-inputs.js';

const readers: readonly Actor[] = ['author', 'recipient'];

/** Without one of the chunks that every message has; what is left is signed as it is. */
const incomplete = fc.constantFrom(2, 4, 5, 33, 225, 226, 255).map((type) =>
  made(`no chunk ${type}`, {
    ways: {
      arranged: (chunks) => chunks.filter(([each]) => each !== type),
      has: (each) => each !== type,
    },
  }),
);

/** Displays that end a block are padded with 256 octets, whose padding octet is 0; other chunks as usual. */
const by256: Partial<Ways> = {
  padded: (content, random) =>
    content.type === 67
      ? { data: content.data, flags: content.flags, octet: 0, padding: new Uint8Array(256) }
      : digest.padded(content, random),
};
const blockParts = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 40 }), fc.nat()).map(([blocks, seed]) => ({
    data: octetsFrom(`part ${seed}`, 187 + 16 * blocks),
  })),
  { minLength: 1, maxLength: 2 },
);

/** The key that shares a coordinate with leading zeros with the recipient: the first of those counted up. */
let found: Octets | null = null;
function smallCoordinate(): Octets {
  for (let scalar = 2; found === null; scalar += 1) {
    const candidate = integer(scalar, 32);
    if (sharedX(candidate, parties('dime-2015').recipient.point)[0] === 0) found = candidate;
  }
  return found;
}

/** Section 5.4: both private scalars, and the octets of the slot. */
const example = {
  ephemeral: hex('45'.padStart(64, '0')),
  recipient: hex('0000000c562e65f1e2603616804cec8dc4bf8bc5c183bffa66acc6148edbecc3'),
  random: Uint8Array.from({ length: 16 }, (_, at) => at),
  key: {
    vector: Uint8Array.from({ length: 16 }, (_, at) => 16 + at),
    key: Uint8Array.from({ length: 32 }, (_, at) => 32 + at),
  },
};

/** Members of an answer that an actor must not have, because he cannot read the chunks. */
function blind(who: 'origin' | 'destination', decides: string, hidden: readonly string[]): Case {
  return defineCase({
    ...decrypts,
    id: `message/opening/${who}-is-kept-out`,
    title: `The ${who} opens a message and learns nothing of ${hidden.join(', ')}.`,
    decides: [decides],
    given: () => drafts(),
    check: async (draft, context) => {
      const answer = await mustOpen(context, decides, draft, messageOf(draft), who);
      for (const member of hidden) {
        const value = answer[member];
        const empty = value === undefined || (Array.isArray(value) && value.length === 0);
        context.require(decides, empty, `no ${member} for the ${who}`, JSON.stringify(value ?? null).slice(0, 300));
      }
    },
  });
}

/** A display with a flag that asks for something; raw data must not be shown as if it were the text. */
const flagged = defineCase({
  ...decrypts,
  id: 'message/opening/flags-without-support',
  title: 'A part with flag 2, 4 or 128 is refused when that is not supported, and never shown as it stands.',
  decides: ['MSG-031'],
  given: () => fc.record({ draft: drafts(), flags: fc.constantFrom(2, 4, 128), raw: data(40, 200) }),
  check: async ({ draft, flags, raw }, context) => {
    const shown = { ...draft, display: [{ data: raw, flags }] };
    await mustOpen(context, 'MSG-031', draft, messageOf(draft), 'recipient');
    const answer = await askDecrypt(context, messageOf(shown), 'recipient');
    const display = answer.kind === 'result' ? JSON.stringify(answer.value.display ?? []) : '';
    context.require(
      'MSG-031',
      answer.kind === 'result' ? !display.includes(Buffer.from(raw).toString('base64url')) : answer.code === 'invalid',
      `data with flag ${flags}, which is neither encrypted further, compressed nor continued, not to be shown`,
      show(answer),
    );
  },
});

export const cases: readonly Case[] = [
  opening(
    {
      id: 'opening/tracing-is-not-signed',
      title: 'A tracing block, added on the way, breaks no signature.',
      decides: 'MSG-005',
    },
    actors,
    data(1, 60).map((tracing) => ({ tracing })),
  ),
  opening(
    { id: 'opening/parts-in-their-order', title: 'Parts are read in the order of their chunks.', decides: 'MSG-014' },
    readers,
    fc.constant({}),
    drafts({ display: manyParts, attachments: manyParts }),
  ),
  opening(
    {
      id: 'opening/parts-of-different-sizes',
      title: 'Several parts of different sizes are read, and their signatures hold.',
      decides: 'MSG-015',
    },
    readers,
    fc.constant({}),
    drafts({ display: manyParts, attachments: manyParts }),
  ),
  refusingToOpen(
    {
      id: 'opening/complete',
      title: 'A message without one of the chunks 2, 4, 5, 33, 225, 226, 255 is not opened.',
      decides: 'MSG-016',
    },
    ['recipient'],
    incomplete,
  ),
  opening(
    {
      id: 'opening/without-other-headers-or-display',
      title: 'A message without chunk 34, or without chunk 67, is read.',
      decides: 'MSG-018',
    },
    ['recipient'],
    fc.constant({}),
    fc.oneof(drafts({ other: fc.constant(null) }), drafts({ display: fc.constant([]) })),
  ),
  opening(
    {
      id: 'opening/standard-payload',
      title: 'A payload is a signature, three octets of length, flags, a padding octet, data and padding.',
      decides: 'MSG-021',
    },
    readers,
  ),
  opening(
    {
      id: 'opening/padding-of-256-octets',
      title: 'Padding of 256 octets has the padding octet 0, and is accepted.',
      decides: 'MSG-028',
    },
    readers,
    fc.constant({ ways: by256 }),
    drafts({ display: blockParts }),
  ),
  flagged,
  opening(
    {
      id: 'opening/key-encryption-key',
      title: 'Each actor derives the key-encryption key that the author made for him.',
      decides: 'MSG-034',
    },
    actors,
  ),
  defineCase({
    ...decrypts,
    id: 'message/opening/coordinate-with-leading-zeros',
    title: 'A shared coordinate that begins with zero octets is hashed with them.',
    decides: ['MSG-035'],
    given: () => drafts(),
    check: async (draft, context) => {
      await mustOpen(context, 'MSG-035', draft, messageOf(draft, { ephemeral: smallCoordinate() }), 'recipient');
    },
  }),
  opening(
    { id: 'opening/chunk-cipher', title: 'Payloads are decrypted with AES-256-CBC.', decides: 'MSG-037' },
    readers,
  ),
  opening(
    { id: 'opening/slots', title: 'Key and vector of a chunk come out of the slot.', decides: 'MSG-038' },
    actors,
  ),
  opening(
    { id: 'opening/slot-order', title: 'Each actor finds his slot in the order of the actors.', decides: 'MSG-040' },
    actors,
  ),
  opening({ id: 'opening/read-by-the-origin', title: 'The origin reads author and destination.', decides: 'MSG-061' }, [
    'origin',
  ]),
  opening(
    { id: 'opening/read-by-the-destination', title: 'The destination reads recipient and origin.', decides: 'MSG-062' },
    ['destination'],
  ),
  blind('origin', 'MSG-075', ['recipient', 'headers', 'display', 'attachments']),
  blind('destination', 'MSG-076', ['author', 'headers', 'display', 'attachments']),
  defineCase({
    ...decrypts,
    id: 'message/opening/worked-example',
    title: 'With the keys of the worked example the slot of the example is opened.',
    decides: ['MSG-079'],
    given: () => drafts(),
    check: async (draft, context) => await opensExample(draft, context),
  }),
];

/** A message to the example's recipient, with the example's slot in every chunk. */
async function opensExample(draft: Draft, context: Parameters<typeof mustOpen>[0]): Promise<void> {
  const { recipient } = partiesFrom('dime-2015', 'worked example', { recipient: example.recipient });
  const octets = messageOf(draft, {
    ephemeral: example.ephemeral,
    parties: { ...parties('dime-2015'), recipient },
    ways: { chunkKey: () => example.key, slotRandom: () => example.random },
  });
  const means = { signets: { recipient: recipient.signet }, keys: recipient.identity };
  await mustOpen(context, 'MSG-079', draft, octets, 'recipient', means);
}
