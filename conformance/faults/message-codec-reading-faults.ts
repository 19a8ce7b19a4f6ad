/** Seeded faults of an implementation that reads messages: it takes what is wrong, or refuses or misreads what is right. */
import { sharedX } from '../model/message-ciphers.js';
import { signatureHolds } from '../model/message-opener.js';
import type { MessageProfile } from '../model/message-tables.js';

import type { Fault } from './fault.js';
import { type Given, refuses, says, showsRaw, takes } from './message-codec-bending.js';
import { bendResult } from './record-and-codec-bending.js';

const parse = 'message.parse';
const decrypt = 'message.decrypt';

/** It does not look at this, and so takes what is wrong. */
const lax = (
  operation: typeof parse | typeof decrypt,
  breaks: string,
  id: string,
  title: string,
  ...also: string[]
): Fault => ({
  id: `message-codec/${id}`,
  breaks,
  title,
  operations: takes(operation, breaks, ...also),
});

const strict = (
  breaks: string,
  id: string,
  title: string,
  when: (given: Given) => boolean,
  profile: MessageProfile = 'dime-2015',
  operation: typeof parse | typeof decrypt = decrypt,
): Fault => ({ id: `message-codec/${id}`, breaks, title, operations: refuses(profile, operation, when) });

const count = ({ message }: Given, type: number): number =>
  message.chunks.filter((chunk) => chunk.type === type).length;
const bits = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const differ = (given: Given): boolean => {
  const sizes = given.message.chunks.filter(({ type }) => type === 67).map(({ payload }) => payload.length);
  return new Set(sizes).size > 1;
};

/** Members of an answer left out, or made up. */
const without = (result: Record<string, unknown>, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(result).filter(([each]) => each !== name));

/** Of messages that lie about their sizes, the reference may name the rule of the chunk. */
const parsing: readonly Fault[] = [
  lax(parse, 'MSG-001', 'any-magic', 'takes any magic number'),
  lax(
    parse,
    'MSG-002',
    'length-ignored',
    'does not compare the length with what is there',
    'MSG-001',
    'MSG-006',
    'MSG-009',
  ),
  strict(
    'MSG-003',
    'no-tracing',
    'refuses a tracing block',
    ({ message }) => message.tracing !== null,
    'dime-2015',
    parse,
  ),
  lax(parse, 'MSG-004', 'tracing-of-any-length', 'takes a tracing block of any length'),
  lax(parse, 'MSG-006', 'chunk-past-the-end', 'takes a chunk that runs past the end', 'MSG-078'),
  {
    id: 'message-codec/offsets-with-more-slots',
    breaks: 'MSG-006',
    title: 'counts a slot more for every chunk',
    operations: says('dime-2015', parse, (result) => ({
      ...result,
      chunks: (result.chunks as { offset: number }[]).map((chunk, at) => ({
        ...chunk,
        offset: chunk.offset + 64 * at,
      })),
    })),
  },
  {
    id: 'message-codec/attachments-overlooked',
    breaks: 'MSG-008',
    title: 'skips attachment chunks',
    operations: says('dime-2015', parse, (result) => ({
      ...result,
      chunks: (result.chunks as { type: number }[]).filter(({ type }) => type !== 131),
    })),
  },
  lax(parse, 'MSG-009', 'unknown-types', 'takes chunks of unknown types'),
  lax(parse, 'MSG-010', 'alternate-chunk', 'takes chunks of type 3'),
  lax(parse, 'MSG-012', 'descending', 'takes chunks in any order'),
  lax(parse, 'MSG-013', 'repeats', 'takes a second chunk of any type', 'MSG-012'),
  strict('MSG-015', 'sizes-of-the-first', 'reads parts only when all are of one size', differ, 'dime-2015', parse),
  lax(parse, 'MSG-019', 'ephemeral-of-any-size', 'takes an ephemeral key of any size'),
  lax(parse, 'MSG-020', 'signature-of-any-size', 'takes a signature of any size'),
  lax(parse, 'MSG-023', 'broken-blocks', 'takes payloads that are no whole blocks'),
  lax(parse, 'MSG-080', 'naked-any-head', 'takes naked messages with any magic number', 'MSG-001', 'MSG-002'),
  lax(parse, 'MSG-081', 'naked-any-type', 'takes unknown chunks in a naked message', 'MSG-009'),
  lax(parse, 'MSG-082', 'naked-ephemeral-of-any-size', 'takes an ephemeral chunk of any size'),
];

const opening: readonly Fault[] = [
  strict(
    'MSG-005',
    'tracing-is-signed',
    'checks signatures over tracing too',
    ({ message }) => message.tracing !== null,
  ),
  {
    id: 'message-codec/parts-turned-round',
    breaks: 'MSG-014',
    title: 'gives the displays in the reverse order',
    operations: says('dime-2015', decrypt, (result) => ({
      ...result,
      ...(Array.isArray(result.display) ? { display: result.display.toReversed() } : {}),
    })),
  },
  strict('MSG-015', 'opens-equal-sizes', 'opens a message only when all displays are of one size', differ),
  lax(decrypt, 'MSG-016', 'incomplete', 'opens messages that are not complete', 'MSG-060', 'MSG-044'),
  strict('MSG-018', 'wants-34-and-67', 'refuses a message without chunk 34 or 67', (given) =>
    [34, 67].some((type) => count(given, type) === 0),
  ),
  {
    id: 'message-codec/padding-is-data',
    breaks: 'MSG-021',
    title: 'takes an octet of padding for data',
    operations: says('dime-2015', decrypt, (result) => ({
      ...result,
      ...(Array.isArray(result.display)
        ? { display: result.display.map((part) => ({ ...part, data: `${part.data.slice(0, -2)}AAAA` })) }
        : {}),
    })),
  },
  lax(decrypt, 'MSG-022', 'no-data', 'takes a payload without data'),
  lax(decrypt, 'MSG-027', 'padding-unread', 'does not look at padding'),
  strict('MSG-028', 'no-zero-padding', 'refuses a padding octet 0', ({ data }) =>
    (data.get(67) ?? []).some(({ length }) => length >= 187 && (length + 69) % 16 === 0),
  ),
  lax(decrypt, 'MSG-029', 'alternate-unread', 'does not look at alternate padding', 'MSG-027'),
  lax(decrypt, 'MSG-030', 'length-unread', 'reads data past the payload'),
  {
    id: 'message-codec/flags-unread',
    breaks: 'MSG-031',
    title: 'shows data as it stands, whatever the flags say',
    operations: showsRaw(),
  },
  strict('MSG-034', 'kek-unfolded', 'derives another key-encryption key, and opens nothing', () => true),
  strict('MSG-035', 'coordinate-cut', 'hashes the shared coordinate without its leading zeros', ({ point, input }) => {
    const scalar = Buffer.from(String((input.keys as { encryptionPrivate: string }).encryptionPrivate), 'base64url');
    return sharedX(scalar, point)[0] === 0;
  }),
  strict('MSG-037', 'other-cipher', 'decrypts with another cipher, and opens nothing', () => true),
  strict('MSG-038', 'vector-unmasked', 'takes the masked vector as it stands, and opens nothing', () => true),
  strict(
    'MSG-040',
    'slots-by-number',
    'takes the fourth slot for the recipient, and so opens little',
    ({ input }) => input.actor === 'recipient',
  ),
  lax(decrypt, 'MSG-044', 'plaintext-unsigned', 'does not check the signatures of plaintexts'),
  lax(decrypt, 'MSG-046', 'any-tree', 'takes any tree signature', 'MSG-060'),
  lax(decrypt, 'MSG-050', 'origin-trusts', "does not check the author's signatures as the origin"),
  strict('MSG-058', 'primary-only', "takes the origin's primary key only", ({ message, opener, input }) => {
    const { origin = '' } = input.signets as { origin?: string };
    // Field 1 stands first: header (5), id, length, format octet, key.
    const primary = new Uint8Array(Buffer.from(origin, 'base64url').subarray(8, 40));
    return opener !== null && signatureHolds('dime-2015', message, 255, opener, primary) === false;
  }),
  lax(decrypt, 'MSG-059', 'destination-trusts', "does not check the origin's signatures as the destination"),
  lax(decrypt, 'MSG-060', 'recipient-trusts', 'does not check signatures as the recipient'),
  {
    id: 'message-codec/author-unread',
    breaks: 'MSG-061',
    title: 'does not tell the origin who the author is',
    operations: says('dime-2015', decrypt, (result, { actor }) =>
      actor === 'origin' ? without(result, 'author') : result,
    ),
  },
  {
    id: 'message-codec/recipient-unread',
    breaks: 'MSG-062',
    title: 'does not tell the destination who the recipient is',
    operations: says('dime-2015', decrypt, (result, { actor }) =>
      actor === 'destination' ? without(result, 'recipient') : result,
    ),
  },
  lax(decrypt, 'MSG-064', 'envelope-of-any-form', 'takes an envelope in any form', 'MSG-065', 'MSG-066'),
  lax(decrypt, 'MSG-065', 'envelope-of-any-octet', 'takes any octet in a name', 'MSG-064'),
  lax(decrypt, 'MSG-066', 'envelope-goes-on', 'takes what follows the envelope'),
  lax(decrypt, 'MSG-068', 'fingerprints-unread', 'does not compare fingerprints'),
  strict('MSG-071', 'headers-in-order', 'refuses headers in another order', ({ data }) => {
    const text = Buffer.from(data.get(33)?.[0] ?? []).toString('latin1');
    const order = ['Date: ', 'To: ', 'CC: ', 'From: ', 'Organization: ', 'Subject: '];
    const found = text.split('\r\n').flatMap((line) => {
      const at = order.findIndex((label) => line.startsWith(label));
      return at === -1 ? [] : [at];
    });
    return found.some((place, at) => place < (found[at - 1] ?? 0));
  }),
  lax(decrypt, 'MSG-072', 'headers-twice', 'takes headers twice and unknown ones'),
  lax(decrypt, 'MSG-073', 'headers-with-any-end', 'takes headers with any end', 'MSG-072'),
  lax(decrypt, 'MSG-074', 'labels-in-any-case', 'takes labels in any case', 'MSG-072'),
  {
    id: 'message-codec/origin-reads-headers',
    breaks: 'MSG-075',
    title: 'shows the headers to the origin',
    operations: says('dime-2015', decrypt, (result, { actor }) =>
      actor === 'origin' ? { ...result, headers: { subject: 'seen' } } : result,
    ),
  },
  {
    id: 'message-codec/destination-reads-the-author',
    breaks: 'MSG-076',
    title: 'shows the author to the destination',
    operations: says('dime-2015', decrypt, (result, { actor }) =>
      actor === 'destination' ? { ...result, author: { name: 'ann@origin.example' } } : result,
    ),
  },
  strict(
    'MSG-079',
    'example-unread',
    'does not open what the worked example encrypts',
    ({ point }) => bits(point) === '025edd5cc23c51e87a497ca815d5dce0f8ab52554f849ed8995de64c5f34ce7143',
  ),
  lax(
    decrypt,
    'MSG-083',
    'naked-without-signer',
    'opens a naked message without an ephemeral signing key',
    'MSG-092',
    'MSG-088',
  ),
  lax(decrypt, 'MSG-084', 'naked-tag-unread', 'does not check the tag of a chunk'),
  lax(decrypt, 'MSG-088', 'naked-payload-unread', 'does not check payloads'),
  {
    id: 'message-codec/naked-first-body-only',
    breaks: 'MSG-089',
    title: 'reads the first chunk of a body only',
    operations: bendResult(decrypt, (result) =>
      typeof result.plaintext === 'string' ? { ...result, plaintext: result.plaintext.slice(0, 60) } : result,
    ),
  },
  lax(decrypt, 'MSG-090', 'naked-open-end', 'takes a body that goes on and does not'),
  lax(decrypt, 'MSG-092', 'naked-trusts', 'does not check the signatures of a naked message'),
];

export const faults: readonly Fault[] = [...parsing, ...opening];
