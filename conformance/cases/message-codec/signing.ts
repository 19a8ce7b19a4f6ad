/** What an author and an origin sign, and the texts they write: sections 6 and 7, in a message that the peer made. */
import fc from 'fast-check';
import { envelopeText } from '../../model/message-builder.js';
import type { Actor } from '../../model/message-tables.js';
import { verifies } from '../../model/signet-builder.js';
import { Unsupported } from '../../runner/outcome.js';
import { type Case, defineCase } from '../case.js';
import { encrypts, type Facts } from './case-kinds.js';
import { askEncrypt, mustRefuse } from './message-calls.js';
import { drafts, type HeaderName, headerNames, labels, manyParts, parties, requiredHeaders } from './message-inputs.js';
import { type Look, musting, writing } from './writing.js';
import { type WrittenMessage, write } from './written-message.js';

type Bounce = 'metadata' | 'display';

/** The peer writes and signs as the origin. */
function signing({ id, title, decides }: Facts, bounces: fc.Arbitrary<readonly Bounce[]>, look: Look): Case {
  return defineCase({
    ...encrypts,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ draft: drafts({ display: manyParts }), wanted: bounces }),
    check: async ({ draft, wanted }, context) => {
      const message = await write(context, decides, draft, wanted);
      look(musting(context, decides), message, draft);
    },
  });
}

const none: fc.Arbitrary<readonly Bounce[]> = fc.constant([]);
const atMostOne = fc.constantFrom<readonly Bounce[]>([], ['metadata'], ['display']);

const holding =
  (signer: 'author' | 'origin', ...types: readonly number[]): Look =>
  (must, message) => {
    for (const type of types) {
      must(
        message.holds(type, signer) === true,
        `signature ${type} by the ${signer} to hold`,
        told(message, type, signer),
      );
    }
  };

const told = ({ holds }: WrittenMessage, type: number, signer: 'author' | 'origin'): string =>
  holds(type, signer) === null ? 'it is not there' : 'it does not hold';

const absent =
  (type: number): Look =>
  (must, { chunks }) =>
    must(!chunks.some((chunk) => chunk.type === type), `no chunk ${type}`, `chunk ${type} is there`);

/** An adapter that cannot be asked for bounces makes none; that decides nothing. */
const bounced =
  (type: number): Look =>
  (must, message, draft) => {
    if (!message.chunks.some((chunk) => chunk.type === type)) {
      throw new Unsupported(`message.encrypt: chunk ${type} was asked for with "bounces" and is not there`);
    }
    holding('origin', type)(must, message, draft);
  };

const textOf = ({ payloads }: WrittenMessage, type: number): string =>
  Buffer.from(payloads.find((payload) => payload.type === type)?.data ?? []).toString('latin1');

const namesIn = (text: string): string[] => text.split('\r\n').flatMap((line) => /^([A-Za-z]+):/.exec(line)?.[1] ?? []);

export const cases: readonly Case[] = [
  writing(
    {
      id: 'signing/nothing-outside-the-chunks',
      title: 'No signature covers the header of the message.',
      decides: 'MSG-005',
    },
    holding('author', 225, 226),
  ),
  writing(
    {
      id: 'signing/plaintext',
      title: 'Every payload is signed by the author from its length to its end.',
      decides: 'MSG-043',
    },
    (must, { payloads }) => {
      const { publicKey } = parties('dime-2015').author.identity.signing;
      for (const { type, signed, signature } of payloads) {
        must(
          verifies(publicKey, signed, signature),
          `a plaintext signature in chunk ${type} that holds`,
          'it does not',
        );
      }
    },
  ),
  writing(
    {
      id: 'signing/tree',
      title: 'The tree signature covers the hashes of all chunks, with none left out.',
      decides: 'MSG-045',
    },
    holding('author', 225),
  ),
  writing(
    { id: 'signing/full', title: "The author's full signature covers the chunks 2 to 225.", decides: 'MSG-047' },
    holding('author', 226),
  ),
  writing(
    {
      id: 'signing/signatures-are-encrypted',
      title: "The author's signatures are encrypted, with the slots of their type.",
      decides: 'MSG-048',
    },
    holding('author', 225, 226),
  ),
  writing(
    {
      id: 'signing/places-for-the-origin',
      title: 'The author leaves chunks 248, 249 and 255 of zeros, with slots for all four.',
      decides: 'MSG-049',
    },
    (must, { chunks }) => {
      for (const type of [248, 249, 255]) {
        const chunk = chunks.find((each) => each.type === type);
        const zeros = chunk?.opened.size === 4 && chunk.plain.every((octet) => octet === 0);
        must(
          zeros,
          `chunk ${type} with four slots and zeros`,
          chunk === undefined ? 'none' : Buffer.from(chunk.plain).toString('hex'),
        );
      }
    },
  ),
  signing(
    {
      id: 'signing/places-filled',
      title: 'The origin encrypts its signature with the key and vector of its slot.',
      decides: 'MSG-051',
    },
    none,
    holding('origin', 255),
  ),
  signing(
    { id: 'signing/metadata-bounce', title: 'Signature 248 covers envelope and metadata.', decides: 'MSG-052' },
    fc.constant(['metadata']),
    bounced(248),
  ),
  signing(
    {
      id: 'signing/display-bounce',
      title: 'Signature 249 covers envelope, metadata and display.',
      decides: 'MSG-053',
    },
    fc.constant(['display']),
    bounced(249),
  ),
  signing(
    {
      id: 'signing/unwanted-metadata-bounce',
      title: 'Where no metadata bounce is wanted there is no chunk 248.',
      decides: 'MSG-054',
    },
    none,
    absent(248),
  ),
  signing(
    {
      id: 'signing/unwanted-display-bounce',
      title: 'Where no display bounce is wanted there is no chunk 249.',
      decides: 'MSG-055',
    },
    none,
    absent(249),
  ),
  signing(
    {
      id: 'signing/origin-signs-last',
      title: "The origin's full signature covers the chunks 2 to 249 as they are in the end.",
      decides: 'MSG-056',
    },
    atMostOne,
    holding('origin', 255),
  ),
  signing(
    { id: 'signing/one-bounce', title: 'The origin makes one bounce signature at most.', decides: 'MSG-057' },
    atMostOne,
    (must, { chunks }) => {
      const bounces = chunks.filter(({ type }) => type === 248 || type === 249);
      must(bounces.length <= 1, 'one bounce signature or none', `${bounces.length} of them`);
    },
  ),
  writing(
    { id: 'signing/envelope-texts', title: 'The envelope texts are written exactly, with CRLF.', decides: 'MSG-063' },
    (must, message) => {
      for (const type of [4, 5] as const) {
        const wanted = envelopeText(type, parties('dime-2015')).replace(/\[.*?\]/g, '[]');
        const found = textOf(message, type).replace(/\[.*?\]/g, '[]');
        must(found === wanted, `chunk ${type}: ${JSON.stringify(wanted)}`, JSON.stringify(found));
      }
    },
  ),
  writing(
    {
      id: 'signing/fingerprints',
      title: 'The envelope has cryptographic fingerprints in unpadded base64.',
      decides: 'MSG-067',
    },
    (must, message) => {
      const known = parties('dime-2015');
      const pairs: readonly (readonly [number, readonly Actor[]])[] = [
        [4, ['author', 'destination']],
        [5, ['recipient', 'origin']],
      ];
      for (const [type, who] of pairs) {
        const found = [...textOf(message, type).matchAll(/\[(.*?)\]/g)].map(([, value]) => value);
        const wanted = who.map((actor) => known[actor].fingerprint);
        must(found.join() === wanted.join(), `the fingerprints ${wanted.join()}`, found.join());
      }
    },
  ),
  writing(
    {
      id: 'signing/header-order',
      title: 'Common headers are written in the order Date, To, CC, From, Organization, Subject.',
      decides: 'MSG-069',
    },
    (must, message, { headers }) => {
      const wanted = headerNames.filter((name) => headers[name] !== undefined).map((name) => labels[name]);
      const found = namesIn(textOf(message, 33));
      must(found.join() === wanted.join(), `the headers ${wanted.join()}`, found.join());
    },
  ),
  defineCase({
    ...encrypts,
    id: 'message/signing/required-headers',
    title: 'A message without Date, To, From or Subject is not written; one that has them carries all.',
    decides: ['MSG-070'],
    given: () => fc.record({ draft: drafts(), left: fc.constantFrom(...requiredHeaders) }),
    check: async ({ draft, left }, context) => {
      const found = namesIn(textOf(await write(context, 'MSG-070', draft), 33));
      const wanted = requiredHeaders.map((name: HeaderName) => labels[name]);
      const all = wanted.every((label) => found.includes(label));
      context.require('MSG-070', all, `the headers ${wanted.join()}`, found.join());
      const { [left]: _without, ...headers } = draft.headers;
      mustRefuse(context, 'MSG-070', await askEncrypt(context, { ...draft, headers }), `the header ${left} is missing`);
    },
  }),
];
