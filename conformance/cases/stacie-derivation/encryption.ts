/**
 * What an implementation encrypts (section 1.8). The envelope is taken apart by the suite, since more padding than is
 * needed is allowed, so that more than one envelope is right.
 */
import fc from 'fast-check';
import type { Octets } from '../../model/stacie-derivation.js';
import {
  type Envelope,
  type EnvelopeKeys,
  fieldsOf,
  headOctets,
  type Payload,
  unseal,
} from '../../model/stacie-envelope.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { askEncryption, base64url, mustRefuse, octetsIn, same, show } from './stacie-calls.js';
import { envelopeKeys, exactly, ofLengths, plainTexts, serials, shortTexts } from './stacie-inputs.js';

const encrypts = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.encrypt' } as const;

interface Order {
  readonly keys: EnvelopeKeys;
  readonly serial: number;
  readonly data: Octets;
  readonly vectorShard: Octets | null;
}

interface Opened extends Envelope {
  readonly octets: Octets;
  readonly payload: Payload;
  readonly tagHolds: boolean;
}

/** The text of every size class: its place in a block, and whether the size needs one octet, two or three. */
const anyText = fc.oneof(
  { weight: 6, arbitrary: shortTexts },
  { weight: 2, arbitrary: plainTexts },
  {
    weight: 1,
    arbitrary: fc.constantFrom(255, 256, 4096, 65_536, 70_000).map((length) => new Uint8Array(length).fill(0x61)),
  },
);

function orders(parts: { readonly [Part in keyof Order]?: fc.Arbitrary<Order[Part]> } = {}): fc.Arbitrary<Order> {
  return fc.record({ keys: envelopeKeys, serial: serials, data: anyText, vectorShard: exactly(16), ...parts });
}

/** @throws Breach of `requirement` when there is no envelope with something in it */
async function encrypted(context: CaseContext, requirement: string, order: Order): Promise<Opened> {
  const answer = await askEncryption(context, order.keys, order);
  const octets = answer.kind === 'result' ? octetsIn(answer.value, 'envelope') : null;
  context.require(
    requirement,
    octets !== null && octets.length > headOctets,
    `${order.data.length} octets to be encrypted under serial ${order.serial} into more than ${headOctets}`,
    show(answer),
  );
  const envelope = octets ?? new Uint8Array(0);
  return { octets: envelope, ...fieldsOf(envelope), ...unseal(order.keys, envelope) };
}

interface EncryptionCase {
  readonly id: string;
  readonly title: string;
  readonly decides: string;
  /** What an envelope must be, for the reader. */
  readonly expected: string;
  readonly holds: (opened: Opened, order: Order) => boolean;
  readonly given?: fc.Arbitrary<Order>;
}

function encryptionCase({ id, title, decides, expected, holds, given }: EncryptionCase): Case {
  return defineCase({
    ...encrypts,
    id: `stacie/encryption/${id}`,
    title,
    decides: [decides],
    given: () => given ?? orders(),
    check: async (order, context) => {
      const opened = await encrypted(context, decides, order);
      const { payload, tagHolds } = opened;
      context.require(
        decides,
        holds(opened, order),
        `${expected}, for ${order.data.length} octets of text under serial ${order.serial}`,
        () =>
          `${base64url(opened.octets).slice(0, 400)}, of which serial ${opened.serial}, vector shard ` +
          `${base64url(opened.vectorShard)}, tag ${tagHolds ? 'right' : 'wrong'}, decrypted: size ${payload.size}, ` +
          `pad ${payload.pad}, then ${payload.rest.length} octets ${base64url(payload.rest).slice(0, 200)}`,
      );
    },
  });
}

const holdsTheText = ({ payload }: Opened, { data }: Order): boolean =>
  same(payload.rest.subarray(0, data.length), data);

const paddingOf = ({ payload: { size, rest } }: Opened): Octets => rest.subarray(size);

const freshShards = defineCase({
  ...encrypts,
  id: 'stacie/encryption/vector-shard-fresh-each-time',
  title: 'Each encryption has a vector shard of its own, so that the same text never gives the same envelope.',
  decides: ['STACIE-113'],
  given: () => orders({ vectorShard: fc.constant(null) }),
  check: async (order, context) => {
    const shards: string[] = [];
    for (let time = 0; time < 4; time++) {
      shards.push(base64url((await encrypted(context, 'STACIE-113', order)).vectorShard));
    }
    context.require(
      'STACIE-113',
      new Set(shards).size === shards.length && shards.every((shard) => shard.length === 22),
      'four encryptions of one text to have four vector shards of 16 octets',
      shards.join(', '),
    );
  },
});

/** Texts that are aligned without padding: the sample pads them with 16 octets, the prose with none (STACIE-I-39). */
const writtenPadding = defineCase({
  ...encrypts,
  id: 'stacie/encryption/aligned-text',
  title: 'A text that is aligned as it stands is padded with whole blocks, or not at all.',
  decides: ['STACIE-119'],
  given: () => orders({ data: ofLengths([12, 28, 44, 60, 252]) }),
  check: async (order, context) => {
    const { payload, tagHolds } = await encrypted(context, 'STACIE-119', order);
    const { size, pad, rest } = payload;
    context.require(
      'STACIE-119',
      tagHolds && size === order.data.length && pad % 16 === 0 && rest.length === size + pad,
      `${order.data.length} octets of text, and padding of a multiple of 16 or none`,
      `size ${size}, pad ${pad}, and ${rest.length} octets in all`,
    );
    context.follows('stacie-written-padding', pad === 0 ? 'none' : '16 octets');
  },
});

const extraPadding = defineCase({
  ...encrypts,
  id: 'stacie/encryption/extra-padding',
  title: 'Padding may be more than alignment needs, in steps of 16 octets, by 240 at most.',
  decides: ['STACIE-120'],
  given: () => orders(),
  check: async (order, context) => {
    const { octets, payload } = await encrypted(context, 'STACIE-120', order);
    const needed = (16 - ((order.data.length + 4) % 16)) % 16;
    const extra = octets.length - headOctets - 4 - order.data.length - needed;
    // The drafts' own sample pads a text that is aligned with 16 octets.
    context.took('STACIE-120', extra > 16 || (extra === 16 && needed > 0), `${extra} octets more than needed`);
    context.require(
      'STACIE-120',
      extra >= 0 && extra <= 240 && extra % 16 === 0,
      `padding of ${needed} octets, and none or a multiple of 16 up to 240 more`,
      `${needed + extra} octets of padding, pad ${payload.pad}`,
    );
  },
});

function refusing(
  id: string,
  title: string,
  decides: string,
  wrong: fc.Arbitrary<{ readonly change: (order: Order) => Order; readonly because: string }>,
): Case {
  return defineCase({
    ...encrypts,
    id: `stacie/encryption/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ order: orders({ data: plainTexts }), wrong }),
    check: async ({ order, wrong: { change, because } }, context) => {
      const { tagHolds } = await encrypted(context, decides, order);
      context.require(decides, tagHolds, 'the right tag on what is right', 'another tag');
      const spoilt = change(order);
      mustRefuse(context, decides, await askEncryption(context, spoilt.keys, spoilt), because);
    },
  });
}

function wrongKey(name: keyof EnvelopeKeys, id: string, decides: string, lengths: readonly number[]): Case {
  const words = name.replace('Key', ' key');
  const right = name === 'cipherKey' ? 32 : 16;
  return refusing(
    `${id}-of-${right}-octets`,
    `A ${words} that has not ${right} octets is refused when encrypting.`,
    decides,
    ofLengths(lengths).map((key) => ({
      change: (order) => ({ ...order, keys: { ...order.keys, [name]: key } }),
      because: `a ${words} of ${key.length} octets`,
    })),
  );
}

export const cases: readonly Case[] = [
  encryptionCase({
    id: 'key-of-256-bits',
    title: 'The payload is encrypted with AES and all 256 bits of the cipher key.',
    decides: 'STACIE-107',
    expected: 'a text that opens under the whole cipher key',
    holds: holdsTheText,
  }),
  encryptionCase({
    id: 'galois-counter-mode',
    title: 'The payload is encrypted in Galois/Counter Mode, without additional data.',
    decides: 'STACIE-108',
    expected: 'an envelope that opens in Galois/Counter Mode, its tag too',
    holds: (opened, order) => opened.tagHolds && holdsTheText(opened, order),
  }),
  encryptionCase({
    id: 'aes-gcm-256',
    title: 'The cipher that everyone supports, AES in Galois/Counter Mode with a key of 256 bits, is supported.',
    decides: 'STACIE-173',
    expected: 'an envelope of that cipher with the text in it',
    holds: (opened, order) => opened.tagHolds && holdsTheText(opened, order),
  }),
  encryptionCase({
    id: 'envelope-of-34-octets',
    title: 'An envelope is serial (2 octets), vector shard (16), tag shard (16) and then the payload.',
    decides: 'STACIE-109',
    expected: 'the vector shard that was given at offset 2, and a payload behind 34 octets that opens',
    holds: ({ vectorShard, payload, tagHolds }, { data, vectorShard: given }) =>
      same(vectorShard, given) && tagHolds && payload.size === data.length,
  }),
  encryptionCase({
    id: 'serial-most-significant-first',
    title: 'The serial stands in 2 octets, the most significant first.',
    decides: 'STACIE-110',
    expected: 'the serial that was given in the first 2 octets',
    holds: ({ serial }, order) => serial === order.serial,
  }),
  freshShards,
  encryptionCase({
    id: 'vector-mixed-of-key-and-shard',
    title: 'The vector of the cipher is the vector key mixed with the vector shard, all 16 octets of it.',
    decides: 'STACIE-114',
    expected: 'a text that opens under vector key mixed with vector shard',
    holds: ({ payload, tagHolds }, { data }) => tagHolds && same(payload.rest.subarray(0, data.length), data),
  }),
  encryptionCase({
    id: 'tag-shard-mixed-of-tag-and-key',
    title: 'The tag shard is the authentication tag mixed with the tag key.',
    decides: 'STACIE-115',
    expected: 'a tag shard that is the tag mixed with the tag key',
    holds: ({ tagHolds }) => tagHolds,
  }),
  encryptionCase({
    id: 'size-and-pad-before-the-text',
    title: 'The payload starts with the size of the text in 3 octets, the most significant first, and the pad in 1.',
    decides: 'STACIE-117',
    expected: 'size and pad that say how long text and padding are, and the text behind them',
    holds: ({ payload: { size, pad, rest } }, { data }) =>
      size === data.length && rest.length === size + pad && same(rest.subarray(0, size), data),
  }),
  encryptionCase({
    id: 'payload-in-blocks',
    title: 'The payload with its size, pad and padding is a multiple of 16 octets.',
    decides: 'STACIE-118',
    expected: 'a payload of a multiple of 16 octets',
    holds: ({ ciphertext }) => ciphertext.length % 16 === 0,
  }),
  writtenPadding,
  encryptionCase({
    id: 'padded-to-alignment',
    title: 'The padding includes what alignment needs.',
    decides: 'STACIE-119',
    expected: 'padding that fills the last block, and no less than its pad says',
    holds: ({ payload: { size, pad, rest } }, { data }) =>
      size === data.length && (4 + size + pad) % 16 === 0 && rest.length === size + pad,
  }),
  extraPadding,
  encryptionCase({
    id: 'padding-says-its-length',
    title: 'Every octet of the padding is its length.',
    decides: 'STACIE-121',
    expected: 'padding whose octets are all its length',
    holds: (opened) => {
      const padding = paddingOf(opened);
      return padding.length === opened.payload.pad && padding.every((octet) => octet === padding.length);
    },
  }),
  encryptionCase({
    id: 'padding-to-255-octets',
    title: 'Padding is never longer than 255 octets.',
    decides: 'STACIE-122',
    expected: 'at most 255 octets behind the text',
    holds: ({ ciphertext, payload }, { data }) =>
      payload.size === data.length && ciphertext.length - 4 - data.length <= 255,
  }),
  refusing(
    'serial-to-65535',
    'A serial outside 0 to 65,535 is refused.',
    'STACIE-123',
    fc
      .oneof(fc.constantFrom(-1, 65_536, 2 ** 32, -(2 ** 31)), fc.integer({ min: 65_536, max: 2 ** 40 }))
      .map((serial) => ({
        change: (order) => ({ ...order, serial }),
        because: `serial ${serial}`,
      })),
  ),
  wrongKey('cipherKey', 'cipher-key', 'STACIE-124', [0, 16, 24, 31, 33, 64]),
  wrongKey('vectorKey', 'vector-key', 'STACIE-125', [0, 12, 15, 17, 32]),
  wrongKey('tagKey', 'tag-key', 'STACIE-126', [0, 12, 15, 17, 32]),
  refusing(
    'empty-text-refused',
    'Encrypting nothing is refused.',
    'STACIE-127',
    fc.constant({ change: (order) => ({ ...order, data: new Uint8Array(0) }), because: 'a text of 0 octets' }),
  ),
];
