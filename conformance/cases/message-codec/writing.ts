/** What an author writes: the chunks, payloads, keys and slots of a message that the peer made (sections 1 to 5). */
import fc from 'fast-check';
import { alternateLength, primaryLengths } from '../../model/message-ciphers.js';
import { octetsFrom } from '../../model/message-parties.js';
import { type Octets, verifies } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { encrypts, type Facts } from './case-kinds.js';
import { askEncrypt, mustRefuse } from './message-calls.js';
import { type Draft, drafts, manyParts, parties } from './message-inputs.js';
import { type WrittenMessage, write } from './written-message.js';

export type Look = (
  must: (holds: boolean, expected: string, found: string) => void,
  message: WrittenMessage,
  draft: Draft,
) => void;

/** The peer makes a message of a draft, and the suite looks at it. */
export function writing({ id, title, decides }: Facts, look: Look, given: fc.Arbitrary<Draft> = drafts()): Case {
  return defineCase({
    ...encrypts,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => given,
    check: async (draft, context) => {
      const must = musting(context, decides);
      const message = await write(context, decides, draft);
      // Only what could be opened came this far.
      must(message.chunks.length > 0, 'a message with chunks', 'none');
      look(must, message, draft);
    },
  });
}

export const musting =
  (context: CaseContext, requirement: string) =>
  (holds: boolean, expected: string, found: string): void =>
    context.require(requirement, holds, expected, found);

const typesOf = ({ chunks }: WrittenMessage): number[] => chunks.map(({ type }) => type);
export const hex = (octets: Octets): string => Buffer.from(octets).toString('hex');
const base64url = (octets: Octets): string => Buffer.from(octets).toString('base64url');

/** Every chunk's author signature, which shows that key, vector, cipher and layout are right. */
export const signedInside: Look = (must, { payloads }) => {
  const { publicKey } = parties('dime-2015').author.identity.signing;
  for (const { type, signed, signature } of payloads) {
    must(verifies(publicKey, signed, signature), `the plaintext of chunk ${type} signed by the author`, hex(signature));
  }
};

const wantedTypes = ({ display, attachments }: Draft): number[] => [
  ...[2, 4, 5, 33, 34],
  ...display.map(() => 67),
  ...attachments.map(() => 131),
  ...[225, 226, 248, 249, 255],
];

/** Parts of one size, so that only chance tells their padding apart: 16 ways and more each. */
const alike = fc
  .integer({ min: 200, max: 400 })
  .map((length) => Array.from({ length: 12 }, (_, at) => ({ data: octetsFrom(`alike ${at}`, length) })));

export const paddingOf: Look = (must, { payloads }) => {
  for (const { type, data, padding } of payloads) {
    const lengths = primaryLengths(data.length);
    must(
      lengths.includes(padding.length),
      `padding of chunk ${type} with ${data.length} octets of data to be of ${lengths.join(', ')} octets`,
      String(padding.length),
    );
  }
};

export const cases: readonly Case[] = [
  writing(
    { id: 'writing/starts-with-1847', title: 'A message begins with 1847 and its length.', decides: 'MSG-001' },
    (must, { octets }) =>
      must(hex(octets.subarray(0, 2)) === '0737', 'the magic number 0737', hex(octets.subarray(0, 2))),
  ),
  writing(
    {
      id: 'writing/chunks',
      title: 'A chunk is written as type, three octets of length, payload and slots.',
      decides: 'MSG-006',
    },
    signedInside,
  ),
  writing(
    {
      id: 'writing/length-of-the-payload',
      title: 'The length of a chunk does not count its slots.',
      decides: 'MSG-007',
    },
    signedInside,
  ),
  writing(
    {
      id: 'writing/types-and-slots',
      title: 'The chunks are those of the table, each with the slots of its type.',
      decides: 'MSG-008',
    },
    (must, message, draft) => {
      const wanted = new Set(wantedTypes(draft));
      const strange = typesOf(message).filter((type) => !wanted.has(type));
      must(strange.length === 0, `chunks of the types ${[...wanted].join(', ')}`, `also ${strange.join(', ')}`);
      for (const type of [4, 5, 33, 67, 225, 226, 255]) {
        must(typesOf(message).includes(type), `a chunk ${type}`, typesOf(message).join(', '));
      }
    },
  ),
  writing(
    { id: 'writing/ascending', title: 'Chunks are written in ascending order of their types.', decides: 'MSG-011' },
    (must, message) => {
      const types = typesOf(message);
      must(
        types.every((type, at) => type >= (types[at - 1] ?? 0)),
        'ascending types',
        types.join(', '),
      );
    },
    drafts({ display: manyParts }),
  ),
  writing(
    { id: 'writing/parts-in-their-order', title: 'Parts keep their order.', decides: 'MSG-014' },
    (must, { payloads }, { display, attachments }) => {
      for (const [type, parts] of [
        [67, display],
        [131, attachments],
      ] as const) {
        const found = payloads.filter((payload) => payload.type === type).map(({ data }) => base64url(data));
        const wanted = parts.map(({ data }) => base64url(data));
        must(found.join() === wanted.join(), `the parts of chunk ${type}: ${wanted.join()}`, found.join());
      }
    },
    drafts({ display: manyParts, attachments: manyParts }),
  ),
  writing(
    {
      id: 'writing/other-headers-and-display',
      title: 'A message has chunk 34 and a chunk 67, without which libdime does not read it.',
      decides: 'MSG-017',
    },
    (must, message) => {
      for (const type of [34, 67])
        must(typesOf(message).includes(type), `a chunk ${type}`, typesOf(message).join(', '));
    },
  ),
  writing(
    { id: 'writing/ephemeral-key', title: 'Chunk 2 holds a compressed key of 33 octets.', decides: 'MSG-019' },
    (must, { chunks }) => {
      const payload = chunks[0]?.payload ?? new Uint8Array(0);
      must(payload.length === 33 && (payload[0] === 2 || payload[0] === 3), 'a compressed key', hex(payload));
    },
  ),
  writing(
    { id: 'writing/signature-size', title: 'A signature chunk has a payload of 64 octets.', decides: 'MSG-020' },
    (must, { chunks }) => {
      for (const { type, payload } of chunks.filter((chunk) => chunk.type > 224)) {
        must(payload.length === 64, `64 octets in chunk ${type}`, String(payload.length));
      }
    },
  ),
  writing(
    {
      id: 'writing/standard-payload',
      title: 'A payload is a signature, three octets of length, flags, a padding octet, data and padding.',
      decides: 'MSG-021',
    },
    (must, { payloads }, { display }) => {
      const found = payloads.filter(({ type }) => type === 67);
      for (const [at, { data }] of display.entries()) {
        const { data: written = new Uint8Array(0), length = 0 } = found[at] ?? {};
        must(
          length === data.length && base64url(written) === base64url(data),
          `display ${at}: length ${data.length}, data ${base64url(data)}`,
          `length ${length}, data ${base64url(written)}`,
        );
      }
    },
  ),
  defineCase({
    ...encrypts,
    id: 'message/writing/no-data',
    title: 'A part without data is not written.',
    decides: ['MSG-022'],
    given: () => drafts(),
    check: async (draft, context) => {
      await write(context, 'MSG-022', draft);
      const empty = { ...draft, display: [...draft.display, { data: new Uint8Array(0) }] };
      mustRefuse(context, 'MSG-022', await askEncrypt(context, empty), 'a display part without data');
    },
  }),
  writing(
    { id: 'writing/whole-blocks', title: 'A payload is a multiple of 16 octets.', decides: 'MSG-023' },
    (must, { chunks }) => {
      for (const { type, payload } of chunks.filter((chunk) => chunk.type > 2)) {
        must(payload.length % 16 === 0, `whole blocks in chunk ${type}`, `${payload.length} octets`);
      }
    },
  ),
  writing(
    { id: 'writing/at-least-256-octets', title: 'A payload has at least 256 octets.', decides: 'MSG-024' },
    (must, { chunks }) => {
      for (const { type, payload } of chunks.filter((chunk) => chunk.type > 2 && chunk.type < 225)) {
        must(payload.length >= 256, `256 octets or more in chunk ${type}`, String(payload.length));
      }
    },
  ),
  writing(
    {
      id: 'writing/padding-length',
      title: 'The padding has one of the lengths of the formula, chosen by chance.',
      decides: 'MSG-025',
    },
    (must, message, draft) => {
      paddingOf(must, message, draft);
      const lengths = message.payloads.filter(({ type }) => type === 67).map(({ padding }) => padding.length);
      must(new Set(lengths).size > 1, 'padding of different lengths in 12 equal parts', lengths.join(', '));
    },
    drafts({ display: alike, attachments: fc.constant([]) }),
  ),
  writing(
    { id: 'writing/padding-octets', title: 'Padding consists of the padding octet.', decides: 'MSG-026' },
    (must, { payloads }) => {
      for (const { type, octet, padding } of payloads) {
        const right = padding.every((each) => each === octet) && octet === padding.length % 256;
        must(right, `padding of chunk ${type} of octets ${padding.length % 256}`, `${octet}: ${hex(padding)}`);
      }
    },
  ),
  writing(
    {
      id: 'writing/alternate-padding',
      title: 'Alternate padding is written with the octet floor((p - 1) / 16), where it is asked for.',
      decides: 'MSG-029',
    },
    (must, { payloads }) => {
      const payload = payloads.find(({ type }) => type === 67);
      const { data = new Uint8Array(0), octet = 0, padding = new Uint8Array(0), flags = 0 } = payload ?? {};
      if ((flags & 1) === 0) return;
      const right = padding.length === alternateLength(data.length, octet) && padding.every((each) => each === octet);
      must(right, `${alternateLength(data.length, octet)} octets ${octet} of padding`, hex(padding));
    },
    drafts({ display: fc.constant([{ data: octetsFrom('alternate', 90), flags: 1 }]) }),
  ),
  writing(
    { id: 'writing/flags', title: 'Flags are 0 where no feature is in use.', decides: 'MSG-032' },
    (must, { payloads }) => {
      for (const { type, flags } of payloads) must(flags === 0, `flags 0 in chunk ${type}`, String(flags));
    },
  ),
];
