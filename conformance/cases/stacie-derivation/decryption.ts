/**
 * What an implementation decrypts, and what it refuses (section 1.8). The suite makes the envelopes; those with a wrong
 * payload have a right tag, so that a refusal is one of the payload.
 */
import fc from 'fast-check';
import type { Octets } from '../../model/stacie-derivation.js';
import {
  type EnvelopeKeys,
  headOctets,
  type Payload,
  padded,
  payloadOctets,
  seal,
  usualPad,
} from '../../model/stacie-envelope.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { askDecryption, base64url, isRefusal, mustRefuse, octetsIn, quote, same, show } from './stacie-calls.js';
import { envelopeKeys, exactly, ofLengths, plainTexts, serials, shortTexts } from './stacie-inputs.js';

const decrypts = { class: 'stacie-derivation', needs: ['adapter'], operation: 'stacie.decrypt' } as const;

/** A right envelope, and what it was made of. */
interface Sealed {
  readonly keys: EnvelopeKeys;
  readonly serial: number;
  readonly vectorShard: Octets;
  readonly data: Octets;
  /** Multiples of 16 octets over what alignment needs. */
  readonly extra: number;
}

/** As long as no pad is over 255. */
function sealed(parts: { readonly [Part in keyof Sealed]?: fc.Arbitrary<Sealed[Part]> } = {}): fc.Arbitrary<Sealed> {
  return fc
    .record({
      keys: envelopeKeys,
      serial: serials,
      vectorShard: exactly(16),
      data: plainTexts,
      extra: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 15 }) },
      ),
      ...parts,
    })
    .map((wanted) =>
      usualPad(wanted.data.length, wanted.extra) > 255 ? { ...wanted, extra: wanted.extra - 1 } : wanted,
    );
}

function payloadOf({ data, extra }: Sealed): Payload {
  return padded(data, usualPad(data.length, extra));
}

function envelopeOf(made: Sealed, payload: Octets = payloadOctets(payloadOf(made))): Octets {
  return seal(made.keys, made.serial, made.vectorShard, payload);
}

async function mustOpen(
  context: CaseContext,
  requirement: string,
  { keys, serial, data }: Sealed,
  envelope: Octets,
): Promise<void> {
  const answer = await askDecryption(context, keys, envelope);
  context.require(
    requirement,
    answer.kind === 'result' && answer.value.serial === serial && same(octetsIn(answer.value, 'data'), data),
    `envelope ${quote(base64url(envelope))} to hold ${quote(base64url(data))} (${data.length} octets) under serial ${serial}`,
    show(answer),
  );
}

interface Wrong {
  readonly because: string;
  readonly envelope: (made: Sealed) => Octets;
  readonly keys?: (keys: EnvelopeKeys) => EnvelopeKeys;
}

function refusing(
  id: string,
  title: string,
  decides: string,
  wrong: fc.Arbitrary<Wrong>,
  made: fc.Arbitrary<Sealed> = sealed(),
): Case {
  return defineCase({
    ...decrypts,
    id: `stacie/decryption/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ made, wrong }),
    check: async (
      { made: right, wrong: { because, envelope, keys: changed = (keys: EnvelopeKeys) => keys } },
      context,
    ) => {
      await mustOpen(context, decides, right, envelopeOf(right));
      mustRefuse(context, decides, await askDecryption(context, changed(right.keys), envelope(right)), because);
    },
  });
}

function wrongKey(name: keyof EnvelopeKeys, id: string, decides: string, lengths: readonly number[]): Case {
  const words = name.replace('Key', ' key');
  const right = name === 'cipherKey' ? 32 : 16;
  return refusing(
    `${id}-of-${right}-octets`,
    `A ${words} that has not ${right} octets is refused when decrypting.`,
    decides,
    // What is cut off or added makes no difference to one who fits the key: only the length is wrong.
    fc.constantFrom(...lengths).map((length) => ({
      because: `a ${words} of ${length} octets`,
      envelope: (made) =>
        envelopeOf({ ...made, keys: { ...made.keys, [name]: refitted(made.keys[name], length, right) } }),
      keys: (keys) => ({ ...keys, [name]: refitted(keys[name], length, length) }),
    })),
  );
}

/** The first `kept` octets, then zeros up to `length`. */
function refitted(octets: Octets, kept: number, length: number): Octets {
  const result = new Uint8Array(length);
  result.set(octets.subarray(0, Math.min(kept, length)));
  return result;
}

/** One octet of a right envelope changed; the serial is not authenticated (STACIE-I-42), so not there. */
const altered = fc.record({ place: fc.nat(10_000), bits: fc.integer({ min: 1, max: 255 }) }).map(
  ({ place, bits }): Wrong => ({
    because: 'an envelope with one octet changed behind its serial',
    envelope: (made) => {
      const envelope = Uint8Array.from(envelopeOf(made));
      const at = 2 + (place % (envelope.length - 2));
      envelope[at] = (envelope[at] ?? 0) ^ bits;
      return envelope;
    },
  }),
);

const blockMore: Wrong = {
  because: 'an envelope with 16 octets more at its end',
  envelope: (made) => Buffer.concat([envelopeOf(made), new Uint8Array(16)]),
};
const blockLess: Wrong = {
  because: 'an envelope without its last 16 octets',
  envelope: (made) => envelopeOf(made).subarray(0, -16),
};
const otherKey = fc.constantFrom('vectorKey' as const, 'tagKey' as const, 'cipherKey' as const).map(
  (name): Wrong => ({
    because: `an envelope under another ${name.replace('Key', ' key')}`,
    envelope: (made) => envelopeOf(made),
    keys: (keys) => ({ ...keys, [name]: keys[name].map((octet) => octet ^ 0x55) }),
  }),
);

const tagVerified = refusing(
  'tag-verified',
  'The tag is verified: one octet changed behind the serial, a block more or less, another key are all refused.',
  'STACIE-116',
  fc.oneof(
    { weight: 4, arbitrary: altered },
    { weight: 1, arbitrary: fc.constantFrom(blockMore, blockLess) },
    { weight: 1, arbitrary: otherKey },
  ),
  sealed({ data: ofLengths([28, 29, 43, 44, 60, 90]) }),
);

const wholeBlocks = refusing(
  'whole-blocks',
  'What stands behind the 34 octets has to be a multiple of 16 octets; an envelope cut or lengthened is refused.',
  'STACIE-130',
  fc.oneof(
    fc.integer({ min: 1, max: 15 }).map(
      (octets): Wrong => ({
        because: `an envelope without its last ${octets} octets`,
        envelope: (made) => envelopeOf(made).subarray(0, -octets),
      }),
    ),
    fc.integer({ min: 1, max: 15 }).map(
      (octets): Wrong => ({
        because: `an envelope with a right tag over a payload of ${octets} octets more than whole blocks`,
        // Size and pad add up: only the alignment is wrong.
        envelope: (made) => {
          const pad = usualPad(made.data.length) + octets;
          return envelopeOf(made, payloadOctets(padded(made.data, pad)));
        },
      }),
    ),
  ),
);

const tooShort = defineCase({
  ...decrypts,
  id: 'stacie/decryption/shortest-envelope',
  title: 'An envelope too short to hold a block is refused.',
  decides: ['STACIE-129'],
  given: () =>
    fc.record({
      right: sealed(),
      made: sealed({ data: shortTexts, extra: fc.constant(0) }),
      length: fc.oneof(fc.constantFrom(0, 1, 33, 34, 35, 49), fc.integer({ min: 0, max: 49 })),
    }),
  check: async ({ right, made, length }, context) => {
    await mustOpen(context, 'STACIE-129', right, envelopeOf(right));
    const payload = payloadOctets(payloadOf(made));
    const cut =
      length < headOctets
        ? envelopeOf(made).subarray(0, length)
        : envelopeOf(made, payload.subarray(0, length - headOctets));
    mustRefuse(context, 'STACIE-129', await askDecryption(context, made.keys, cut), `an envelope of ${length} octets`);
    // 50 octets: the least that there can be, and under the 54 of the drafts' sample.
    const shortest = envelopeOf(made);
    const answer = await askDecryption(context, made.keys, shortest);
    if (!isRefusal(answer)) await mustOpen(context, 'STACIE-129', made, shortest);
    context.follows('stacie-minimum-ciphertext', isRefusal(answer) ? '54 octets' : '50 octets');
  },
});

const noText = defineCase({
  ...decrypts,
  id: 'stacie/decryption/size-of-0',
  title: 'A payload whose size is 0 is refused, or gives an empty text: never its padding.',
  decides: ['STACIE-131'],
  given: () => fc.record({ made: sealed(), blocks: fc.integer({ min: 2, max: 15 }) }),
  check: async ({ made, blocks }, context) => {
    await mustOpen(context, 'STACIE-131', made, envelopeOf(made));
    const payload = payloadOctets(padded(new Uint8Array(0), 16 * blocks - 4));
    const answer = await askDecryption(context, made.keys, envelopeOf(made, payload));
    context.require(
      'STACIE-131',
      isRefusal(answer) || (answer.kind === 'result' && answer.value.data === ''),
      `a payload of size 0 with ${16 * blocks - 4} octets of padding to be refused, or to give an empty text`,
      show(answer),
    );
    context.follows('stacie-empty-buffer', isRefusal(answer) ? 'refused' : 'empty text');
  },
});

/** A payload whose size and pad do not add up to its length, by how much. */
const sums = refusing(
  'size-and-pad-add-up',
  'Size and pad have to add up, with 4, to the length of the payload; otherwise it is refused, though the tag is right.',
  'STACIE-131',
  fc.oneof(
    fc.constantFrom(-1, 1, -16, 16, 256).map(
      (difference): Wrong => ({
        because: `a payload whose size is ${Math.abs(difference)} too ${difference < 0 ? 'small' : 'large'}`,
        envelope: (made) => {
          const payload = payloadOf(made);
          const size = payload.size + difference > 0 ? payload.size + difference : payload.size + 1;
          return envelopeOf(made, payloadOctets({ ...payload, size }));
        },
      }),
    ),
    fc.constantFrom(0, 255, 1, 17).map(
      (pad): Wrong => ({
        because: `a payload whose pad says ${pad}, which it is not`,
        envelope: (made) => {
          const payload = payloadOf(made);
          return envelopeOf(made, payloadOctets({ ...payload, pad: pad === payload.pad ? pad - 1 : pad }));
        },
      }),
    ),
    fc.constant<Wrong>({
      because: 'a payload whose size says 16,777,215',
      envelope: (made) => envelopeOf(made, payloadOctets({ ...payloadOf(made), size: 16_777_215 })),
    }),
  ),
);

const paddingChecked = refusing(
  'every-octet-of-padding',
  'Every octet of the padding has to be its length; one that is not is refused, though the tag is right.',
  'STACIE-132',
  fc.oneof(
    fc.record({ place: fc.nat(300), bits: fc.integer({ min: 1, max: 255 }) }).map(
      ({ place, bits }): Wrong => ({
        because: 'a payload with one octet of padding that is not its length',
        envelope: (made) => {
          const payload = payloadOf(made);
          const rest = Uint8Array.from(payload.rest);
          const at = payload.size + (place % payload.pad);
          rest[at] = (rest[at] ?? 0) ^ bits;
          return envelopeOf(made, payloadOctets({ ...payload, rest }));
        },
      }),
    ),
    fc.constant<Wrong>({
      because: 'a payload padded with zeros',
      envelope: (made) => {
        const { size, pad } = payloadOf(made);
        const rest = Buffer.concat([made.data, new Uint8Array(pad)]);
        return envelopeOf(made, payloadOctets({ size, pad, rest }));
      },
    }),
  ),
);

const textAlone = defineCase({
  ...decrypts,
  id: 'stacie/decryption/text-alone',
  title: 'Decryption gives the serial and the text alone: no size, no pad, no padding, however much of it there was.',
  decides: ['STACIE-133'],
  given: () => sealed(),
  check: (made, context) => mustOpen(context, 'STACIE-133', made, envelopeOf(made)),
});

const extraPadding = defineCase({
  ...decrypts,
  id: 'stacie/decryption/extra-padding-taken',
  title: 'Padding of up to 255 octets is taken, since those who encrypt may choose it.',
  decides: ['STACIE-122'],
  given: () =>
    fc.oneof(
      sealed({ extra: fc.integer({ min: 1, max: 15 }) }),
      // 13 octets need 15 of padding, and 240 more are 255.
      sealed({ data: exactly(13), extra: fc.constant(15) }),
    ),
  check: (made, context) => mustOpen(context, 'STACIE-122', made, envelopeOf(made)),
});

export const cases: readonly Case[] = [
  tagVerified,
  wholeBlocks,
  tooShort,
  noText,
  sums,
  paddingChecked,
  textAlone,
  extraPadding,
  wrongKey('cipherKey', 'cipher-key', 'STACIE-124', [0, 16, 24, 31, 33]),
  wrongKey('vectorKey', 'vector-key', 'STACIE-125', [0, 12, 15, 17, 32]),
  wrongKey('tagKey', 'tag-key', 'STACIE-126', [0, 12, 15, 17]),
];
