/** Decrypted payloads that are wrong, under signatures that hold: sections 4 and 6.1 of the messages digest. */
import fc from 'fast-check';
import { digest, type Ways } from '../../model/message-builder.js';
import { type Payload, payloadOctets } from '../../model/message-ciphers.js';
import type { Actor } from '../../model/message-tables.js';
import { concat, type Octets } from '../../model/signet-builder.js';
import type { Case } from '../case.js';
import { made, refusingToOpen, type Wrong } from './case-kinds.js';
import { data, drafts, parties } from './message-inputs.js';

const readers: readonly Actor[] = ['author', 'recipient'];
const types = [4, 5, 33, 34, 67] as const;
const filled = (length: number, octet: number): Octets => new Uint8Array(length).fill(octet);

/** The payload of one type changed before it is signed. */
const bent = (because: string, type: number, change: (payload: Payload) => Payload): Wrong =>
  made(`${because} in chunk ${type}`, {
    ways: {
      padded: (content, random) => {
        const payload = digest.padded(content, random);
        return content.type === type ? change(payload) : payload;
      },
    },
  });

const inAny = (because: string, change: (payload: Payload) => Payload): fc.Arbitrary<Wrong> =>
  fc.constantFrom(...types).map((type) => bent(because, type, change));

const wrongPadding = fc.oneof(
  inAny('another padding octet', (payload) => ({ ...payload, octet: payload.octet ^ 1 })),
  inAny('padding of zeros', (payload) => ({
    ...payload,
    // Padding of 256 octets is of zeros by right.
    padding: filled(payload.padding.length, payload.octet === 0 ? 1 : 0),
  })),
  fc.record({ type: fc.constantFrom(...types), place: fc.nat() }).map(({ type, place }) =>
    bent('one padding octet changed', type, (payload) => ({
      ...payload,
      padding: payload.padding.map((octet, at) => (at === place % payload.padding.length ? octet ^ 0x80 : octet)),
    })),
  ),
  inAny('256 octets more of padding, under the same padding octet', (payload) => ({
    ...payload,
    padding: filled(payload.padding.length + 256, payload.octet),
  })),
  inAny('a data length that takes padding for data', ({ padding, ...payload }) => ({
    ...payload,
    padding,
    length: payload.data.length + 1,
  })),
);

/** Data that ends a block, and nothing behind it. */
const noPadding = fc.constant(
  bent('no padding', 67, ({ flags }) => ({ data: filled(187, 65), flags, octet: 0, padding: filled(0, 0) })),
);

const pastTheEnd = fc
  .record({ type: fc.constantFrom(...types), more: fc.oneof(fc.integer({ min: 0, max: 64 }), fc.constant(0xff0000)) })
  .map(({ type, more }) =>
    bent(`a data length ${more} beyond the payload`, type, ({ data: octets, flags, padding }) => ({
      data: octets,
      flags,
      padding,
      octet: 0,
      length: octets.length + padding.length + more + 1,
    })),
  );

const alternate = fc.constantFrom(-1, 1, 16).map((more) =>
  bent(`a padding octet ${more} off`, 67, ({ padding, octet, ...payload }) => {
    const wrong = (octet + more) & 0xff;
    return { ...payload, octet: wrong, padding: filled(padding.length, wrong) };
  }),
);

type Sign = Ways['plain'];
const flip = (octets: Octets): Octets => octets.map((octet, at) => (at === 5 ? octet ^ 4 : octet));
const forgeries: readonly (readonly [string, Sign])[] = [
  ['one bit of the signature changed', (_content, payload, key) => flip(payloadOctets(payload, key))],
  [
    'signed by a stranger',
    (_content, payload) => payloadOctets(payload, parties('dime-2015', 'strangers').author.identity.signing),
  ],
  ['a signature of zeros', (_content, payload, key) => concat(filled(64, 0), payloadOctets(payload, key).subarray(64))],
];

const unsigned = fc
  .record({ type: fc.constantFrom(...types), forgery: fc.constantFrom(...forgeries) })
  .map(({ type, forgery: [because, plain] }) =>
    made(`${because} in chunk ${type}`, {
      ways: {
        plain: (content, payload, key) => (content.type === type ? plain : digest.plain)(content, payload, key),
      },
    }),
  );

export const cases: readonly Case[] = [
  refusingToOpen(
    { id: 'payloads/no-data', title: 'A payload without data is refused.', decides: 'MSG-022' },
    readers,
    fc
      .constantFrom(...types)
      .map((type) =>
        bent('no data', type, () => ({ data: filled(0, 0), flags: 0, octet: 187, padding: filled(187, 187) })),
      ),
  ),
  refusingToOpen(
    {
      id: 'payloads/padding',
      title: 'Padding whose octets or length do not match is refused.',
      decides: 'MSG-027',
    },
    readers,
    fc.oneof({ weight: 6, arbitrary: wrongPadding }, { weight: 1, arbitrary: noPadding }),
  ),
  refusingToOpen(
    {
      id: 'payloads/alternate-padding',
      title: 'The octet of alternate padding is the whole blocks of padding before the last.',
      decides: 'MSG-029',
    },
    readers,
    alternate,
    { given: drafts({ display: data(1, 300).map((octets) => [{ data: octets, flags: 1 }]) }) },
  ),
  refusingToOpen(
    {
      id: 'payloads/length-past-the-end',
      title: 'A data length that runs past the payload is refused.',
      decides: 'MSG-030',
    },
    readers,
    pastTheEnd,
  ),
  refusingToOpen(
    {
      id: 'payloads/plaintext-signature',
      title: 'A chunk whose plaintext is not signed by the author is refused.',
      decides: 'MSG-044',
    },
    ['recipient'],
    unsigned,
  ),
];
