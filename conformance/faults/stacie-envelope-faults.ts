/** Seeded faults of an implementation that encrypts and decrypts for a realm of STACIE, revision 03. */
import { createCipheriv } from 'node:crypto';
import { exclusiveOr, type Octets } from '../model/stacie-derivation.js';
import { fieldsOf, type Payload, padded, payloadOctets, seal, unseal } from '../model/stacie-envelope.js';
import type { Fault } from './fault.js';
import { bendResult } from './record-and-codec-bending.js';
import { changeInput, envelopeKeysOf, fitInput, forgiveRefusal, lengthOf, octetsOf, write } from './stacie-bending.js';

const encrypt = 'stacie.encrypt';
const decrypt = 'stacie.decrypt';
type Input = Readonly<Record<string, unknown>>;

/** The envelope of the reference, changed. */
const seals = (change: (envelope: Octets, input: Input) => Octets) =>
  bendResult(encrypt, (result, input) => ({
    ...result,
    envelope: write(change(Uint8Array.from(octetsOf(result.envelope)), input)),
  }));

/** The same with another payload under a right tag. */
const sealsPayload = (change: (payload: Payload) => Octets) =>
  seals((envelope, input) => {
    const keys = envelopeKeysOf(input);
    const { serial, vectorShard } = fieldsOf(envelope);
    return seal(keys, serial, vectorShard, change(unseal(keys, envelope).payload));
  });

/** The same sealed by another cipher, vector or key. */
const sealsWith = (cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'aes-256-ctr', vectorOf: (vector: Octets) => Octets) =>
  seals((envelope, input) => {
    const { cipherKey, vectorKey, tagKey } = envelopeKeysOf(input);
    const { serial, vectorShard } = fieldsOf(envelope);
    const payload = payloadOctets(unseal(envelopeKeysOf(input), envelope).payload);
    const key = cipher === 'aes-128-gcm' ? cipherKey.subarray(0, 16) : cipherKey;
    const vector = vectorOf(exclusiveOr(vectorKey, vectorShard));
    const [ciphertext, tag] =
      cipher === 'aes-256-ctr' ? counted(key, vector, payload) : locked(cipher, key, vector, payload);
    return Buffer.concat([
      Uint8Array.of(serial >> 8, serial & 0xff),
      vectorShard,
      exclusiveOr(tag, tagKey),
      ciphertext,
    ]);
  });

function counted(key: Octets, vector: Octets, payload: Octets): [Octets, Octets] {
  const cipher = createCipheriv('aes-256-ctr', key, vector);
  return [Buffer.concat([cipher.update(payload), cipher.final()]), new Uint8Array(16)];
}

function locked(name: 'aes-128-gcm' | 'aes-256-gcm', key: Octets, vector: Octets, payload: Octets): [Octets, Octets] {
  const cipher = createCipheriv(name, key, vector);
  const ciphertext = Buffer.concat([cipher.update(payload), cipher.final()]);
  return [ciphertext, cipher.getAuthTag()];
}

const same = (octets: Octets): Octets => octets;
const textOf = ({ size, rest }: Payload): Octets => rest.subarray(0, size);

const encryptionFaults: readonly Fault[] = [
  {
    id: 'stacie/encrypts-with-aes-128',
    breaks: 'STACIE-107',
    title: 'encrypts with the first half of the cipher key',
    operations: sealsWith('aes-128-gcm', same),
  },
  {
    id: 'stacie/encrypts-with-other-cipher',
    breaks: 'STACIE-173',
    title: 'encrypts with AES-128 although it says AES-256',
    operations: sealsWith('aes-128-gcm', same),
  },
  {
    id: 'stacie/encrypts-in-counter-mode',
    breaks: 'STACIE-108',
    title: 'encrypts in counter mode, without a tag',
    operations: sealsWith('aes-256-ctr', same),
  },
  {
    id: 'stacie/tag-before-vector-shard',
    breaks: 'STACIE-109',
    title: 'puts the tag shard before the vector shard',
    operations: seals((envelope) => {
      const { vectorShard, tagShard, ciphertext } = fieldsOf(envelope);
      return Buffer.concat([envelope.subarray(0, 2), tagShard, vectorShard, ciphertext]);
    }),
  },
  {
    id: 'stacie/tag-behind-the-payload',
    breaks: 'STACIE-109',
    title: 'puts the tag shard behind the payload',
    operations: seals((envelope) => {
      const { tagShard, ciphertext } = fieldsOf(envelope);
      return Buffer.concat([envelope.subarray(0, 18), ciphertext, tagShard]);
    }),
  },
  {
    id: 'stacie/serial-reversed',
    breaks: 'STACIE-110',
    title: 'writes the serial with the least octet first',
    operations: seals((envelope) => Buffer.concat([envelope.subarray(0, 2).toReversed(), envelope.subarray(2)])),
  },
  {
    id: 'stacie/serial-in-one-octet',
    breaks: 'STACIE-110',
    title: 'writes the least octet of the serial alone',
    operations: changeInput(encrypt, (input) => ({ ...input, serial: Number(input.serial) & 0xff })),
  },
  {
    id: 'stacie/one-vector-shard',
    breaks: 'STACIE-113',
    title: 'uses the same vector shard for every text',
    operations: changeInput(encrypt, (input) => ({ vectorShard: write(new Uint8Array(16).fill(7)), ...input })),
  },
  {
    id: 'stacie/vector-of-the-text',
    breaks: 'STACIE-113',
    title: 'makes the vector shard from the text, so that the same text has the same',
    operations: changeInput(encrypt, (input) => ({
      vectorShard: write(octetsOf(`${String(input.data)}${'A'.repeat(24)}`).subarray(0, 16)),
      ...input,
    })),
  },
  {
    id: 'stacie/vector-without-key',
    breaks: 'STACIE-114',
    title: 'takes the vector shard itself for the vector',
    operations: seals((envelope, input) => {
      const keys = envelopeKeysOf(input);
      const { serial, vectorShard } = fieldsOf(envelope);
      const unmixed = { ...keys, vectorKey: new Uint8Array(16) };
      return seal(unmixed, serial, vectorShard, payloadOctets(unseal(keys, envelope).payload));
    }),
  },
  {
    id: 'stacie/vector-of-12-octets',
    breaks: 'STACIE-114',
    title: 'uses 12 octets of the vector (STACIE-I-45)',
    operations: sealsWith('aes-256-gcm', (vector) => vector.subarray(0, 12)),
  },
  {
    id: 'stacie/tag-unmixed',
    breaks: 'STACIE-115',
    title: 'writes the tag without mixing it with the tag key',
    operations: seals((envelope, input) => {
      const { tagShard, ciphertext } = fieldsOf(envelope);
      const tag = exclusiveOr(tagShard, envelopeKeysOf(input).tagKey);
      return Buffer.concat([envelope.subarray(0, 18), tag, ciphertext]);
    }),
  },
  {
    id: 'stacie/size-reversed',
    breaks: 'STACIE-117',
    title: 'writes the size with the least octet first',
    operations: sealsPayload((payload) => {
      const octets = payloadOctets(payload);
      return Buffer.concat([octets.subarray(0, 3).toReversed(), octets.subarray(3)]);
    }),
  },
  {
    id: 'stacie/size-with-padding',
    breaks: 'STACIE-117',
    title: 'counts the padding into the size',
    operations: sealsPayload((payload) => payloadOctets({ ...payload, size: payload.size + payload.pad })),
  },
  {
    id: 'stacie/prefix-not-counted',
    breaks: 'STACIE-118',
    title: 'aligns the text alone, without size and pad',
    operations: sealsPayload((payload) => {
      const text = textOf(payload);
      return payloadOctets(padded(text, 16 - (text.length % 16)));
    }),
  },
  {
    id: 'stacie/not-padded',
    breaks: 'STACIE-119',
    title: 'does not pad at all',
    operations: sealsPayload((payload) => payloadOctets(padded(textOf(payload), 0))),
  },
  {
    id: 'stacie/aligned-text-half-padded',
    breaks: 'STACIE-119',
    title: 'pads an aligned text with 8 octets',
    operations: sealsPayload((payload) =>
      payloadOctets(padded(textOf(payload), payload.size % 16 === 12 ? 8 : payload.pad)),
    ),
  },
  {
    id: 'stacie/extra-padding-of-8',
    breaks: 'STACIE-120',
    title: 'adds 8 octets of padding to what alignment needs',
    operations: sealsPayload((payload) => payloadOctets(padded(textOf(payload), payload.pad + 8))),
  },
  {
    id: 'stacie/padded-with-zeros',
    breaks: 'STACIE-121',
    title: 'pads with zeros',
    operations: sealsPayload((payload) => {
      const rest = Buffer.concat([textOf(payload), new Uint8Array(payload.pad)]);
      return payloadOctets({ ...payload, rest });
    }),
  },
  {
    id: 'stacie/padded-last-octet-only',
    breaks: 'STACIE-121',
    title: 'writes the length of the padding into its last octet alone',
    operations: sealsPayload((payload) => {
      const rest = Uint8Array.from(payload.rest).fill(0, payload.size, payload.rest.length - 1);
      return payloadOctets({ ...payload, rest });
    }),
  },
  {
    id: 'stacie/padded-over-255',
    breaks: 'STACIE-122',
    title: 'adds 256 octets of padding and writes what fits of its length',
    operations: sealsPayload((payload) => {
      const pad = payload.pad + 256;
      const rest = Buffer.concat([textOf(payload), new Uint8Array(pad).fill(payload.pad)]);
      return payloadOctets({ ...payload, rest });
    }),
  },
  {
    id: 'stacie/serial-cut',
    breaks: 'STACIE-123',
    title: 'takes the 16 low bits of a serial',
    operations: changeInput(encrypt, (input) => ({
      ...input,
      serial: Number(BigInt.asUintN(16, BigInt(Number(input.serial)))),
    })),
  },
  {
    id: 'stacie/empty-text-encrypted',
    breaks: 'STACIE-127',
    title: 'encrypts an empty text',
    operations: forgiveRefusal(
      encrypt,
      (input) => input.data === '',
      (input) => ({
        envelope: write(
          seal(
            envelopeKeysOf(input),
            Number(input.serial),
            octetsOf(input.vectorShard),
            payloadOctets(padded(new Uint8Array(0), 12)),
          ),
        ),
      }),
    ),
  },
];

const keyFaults: readonly Fault[] = (
  [
    ['cipherKey', 'STACIE-124', 32],
    ['vectorKey', 'STACIE-125', 16],
    ['tagKey', 'STACIE-126', 16],
  ] as const
).flatMap(([member, breaks, length]) =>
  [encrypt, decrypt].map(
    (operation): Fault => ({
      id: `stacie/${member.replace('Key', '-key')}-of-any-length-${operation.slice('stacie.'.length)}ed`,
      breaks,
      title: `${operation.slice('stacie.'.length)}s with a ${member.replace('Key', ' key')} of any length, cut or filled with zeros`,
      operations: fitInput(operation, member, length),
    }),
  ),
);

/** Opens what the reference refuses, as far as `agrees` lets it. */
const opens = (agrees: (payload: Payload, tagHolds: boolean, envelope: Octets) => boolean) =>
  forgiveRefusal(
    decrypt,
    (input) => {
      if (lengthOf(input.cipherKey) !== 32 || lengthOf(input.vectorKey) !== 16 || lengthOf(input.tagKey) !== 16)
        return false;
      const envelope = octetsOf(input.envelope);
      if (envelope.length < 34) return false;
      const { payload, tagHolds } = unseal(envelopeKeysOf(input), envelope);
      return agrees(payload, tagHolds, envelope);
    },
    (input) => {
      const envelope = octetsOf(input.envelope);
      const { payload } = unseal(envelopeKeysOf(input), envelope);
      return { serial: fieldsOf(envelope).serial, data: write(textOf(payload)) };
    },
  );

const decryptionFaults: readonly Fault[] = [
  {
    id: 'stacie/tag-not-verified',
    breaks: 'STACIE-116',
    title: 'does not verify the tag',
    operations: opens((_payload, tagHolds) => !tagHolds),
  },
  {
    id: 'stacie/no-shortest-envelope',
    breaks: 'STACIE-129',
    title: 'opens an envelope of any length, those without anything in them as empty text',
    operations: forgiveRefusal(
      decrypt,
      (input) => octetsOf(input.envelope).length < 50,
      (input) => ({ serial: fieldsOf(octetsOf(input.envelope)).serial, data: '' }),
    ),
  },
  {
    id: 'stacie/alignment-not-checked',
    breaks: 'STACIE-130',
    title: 'opens payloads that are no whole blocks',
    operations: opens(
      ({ size, pad, rest }, tagHolds, { length }) => tagHolds && (length - 34) % 16 !== 0 && size + pad === rest.length,
    ),
  },
  {
    id: 'stacie/sum-not-checked',
    breaks: 'STACIE-131',
    title: 'takes size octets of text, whatever the pad says',
    operations: opens(({ size, pad, rest }, tagHolds) => tagHolds && size + pad !== rest.length),
  },
  {
    id: 'stacie/empty-text-is-its-padding',
    breaks: 'STACIE-131',
    title: 'gives the padding where the text is empty',
    operations: forgiveRefusal(
      decrypt,
      (input) => {
        const { payload, tagHolds } = unseal(envelopeKeysOf(input), Uint8Array.from(octetsOf(input.envelope)));
        return tagHolds && payload.size === 0;
      },
      (input) => {
        const envelope = Uint8Array.from(octetsOf(input.envelope));
        const { payload } = unseal(envelopeKeysOf(input), envelope);
        return { serial: fieldsOf(envelope).serial, data: write(payload.rest) };
      },
    ),
  },
  {
    id: 'stacie/padding-not-checked',
    breaks: 'STACIE-132',
    title: 'does not look at the octets of padding',
    operations: opens(
      ({ size, pad, rest }, tagHolds, { length }) => tagHolds && (length - 34) % 16 === 0 && size + pad === rest.length,
    ),
  },
  {
    id: 'stacie/last-octet-of-padding-checked',
    breaks: 'STACIE-132',
    title: 'looks at the last octet of padding alone',
    operations: opens(
      ({ size, pad, rest }, tagHolds, { length }) =>
        tagHolds && (length - 34) % 16 === 0 && size + pad === rest.length && rest.at(-1) === pad,
    ),
  },
  {
    id: 'stacie/padding-given-out',
    breaks: 'STACIE-133',
    title: 'gives out the padding with the text',
    operations: bendResult(decrypt, (result, input) => ({
      ...result,
      data: write(unseal(envelopeKeysOf(input), octetsOf(input.envelope)).payload.rest),
    })),
  },
  {
    id: 'stacie/extra-padding-refused',
    breaks: 'STACIE-122',
    title: 'refuses more than 16 octets of padding',
    operations: bendResult(decrypt, (result, input) => {
      const { payload } = unseal(envelopeKeysOf(input), octetsOf(input.envelope));
      if (payload.pad > 16) throw new Error('more padding than this implementation has room for');
      return result;
    }),
  },
];

export const envelopeFaults: readonly Fault[] = [...encryptionFaults, ...keyFaults, ...decryptionFaults];
