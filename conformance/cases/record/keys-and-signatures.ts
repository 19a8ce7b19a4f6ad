/** Primary keys and certificate signatures as text (sections 3.3 and 3.4). */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { mustRead, mustRefuse, parseRecordText, quote, show } from './record-calls.js';
import { base64, base64url, keyLists, keyTexts, plainText, signatureLists, signatureTexts } from './record-inputs.js';

const parses = { class: 'record', needs: ['adapter'], operation: 'record.parse' } as const;

const needsKey = defineCase({
  ...parses,
  id: 'record/keys/at-least-one-needed',
  title: 'A record without a primary key is refused, whatever else it holds.',
  decides: ['REC-024'],
  given: () =>
    fc.record({
      key: keyTexts,
      rest: fc.subarray(['ver=1', 'pol=strict', 'dx=dx.example', 'sub=relaxed', 'exp=7', 'note=pok']),
    }),
  check: async ({ key, rest }, context) => {
    await mustRead(context, 'REC-024', [...rest, `pok=${key}`].join(' '), { primary: [key] });
    await mustRefuse(context, 'REC-024', rest.join(' '), 'it has no primary key');
  },
});

const severalKeys = defineCase({
  ...parses,
  id: 'record/keys/several-in-their-order',
  title: 'Several primary keys are all taken, in the order of the record.',
  decides: ['REC-025'],
  given: () => fc.record({ keys: keyLists(2, 6), together: fc.boolean() }),
  check: async ({ keys, together }, context) => {
    const fields = keys.map((key) => `pok=${key}`);
    const text = together ? fields.join(' ') : fields.join(' note=x ');
    await mustRead(context, 'REC-025', text, { primary: keys });
    const broken = fields.map((field, index) => (index === fields.length - 1 ? field.slice(0, -1) : field));
    await mustRefuse(context, 'REC-025', broken.join(' '), 'the last of its keys is a character short');
  },
});

/** A value, and spellings of it that are wrong, each with what is wrong about it. */
interface Respelled {
  readonly right: string;
  readonly wrong: readonly (readonly [text: string, because: string])[];
}

/** Another alphabet or another length. */
function respelled(texts: fc.Arbitrary<string>, length: number): fc.Arbitrary<Respelled> {
  return (
    texts
      // Only these two characters differ between the alphabets.
      .filter((text) => /[+/]/.test(text))
      .map((right) => ({
        right,
        wrong: [
          [base64url(right), 'it is URL-safe base64'],
          [right.slice(0, -1), `it has ${length - 1} characters`],
          [`${right}A`, `it has ${length + 1} characters`],
        ],
      }))
  );
}

/** Text that does not decode to the right number of octets: another number of them, or a stray character inside. */
function misdecoding(texts: fc.Arbitrary<string>, octets: number): fc.Arbitrary<Respelled> {
  return fc
    .record({
      right: texts,
      place: fc.nat(Math.floor((octets * 4) / 3) - 1),
      stray: fc.constantFrom('*', '!', '.', '@', ':', '~', ','),
      size: fc.integer({ min: 1, max: octets * 2 }).filter((size) => size !== octets),
    })
    .map(({ right, place, stray, size }) => ({
      right,
      wrong: [
        [right.slice(0, place) + stray + right.slice(place + 1), `${stray} is no character of base64`] as const,
        ...[octets - 1, octets + 1, size].map(
          (other) => [base64(cycled(Buffer.from(right, 'base64'), other)), `it decodes to ${other} octets`] as const,
        ),
      ],
    }));
}

/** As many octets as are wanted: the first ones, or the same again from the start. */
function cycled(octets: Uint8Array, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => octets[index % octets.length] ?? 0);
}

const keySpelling = defineCase({
  ...parses,
  id: 'record/keys/43-characters-of-standard-base64',
  title: 'A primary key is exactly 43 characters of standard base64; another length or alphabet is refused.',
  decides: ['REC-026'],
  given: () => respelled(keyTexts, 43),
  check: async ({ right, wrong }, context) => {
    await mustRead(context, 'REC-026', plainText(right), { primary: [right] });
    for (const [text, because] of wrong) {
      await mustRefuse(context, 'REC-026', plainText(text), `of the key, ${because}`);
    }
  },
});

const keyOctets = defineCase({
  ...parses,
  id: 'record/keys/32-octets',
  title: 'A primary key that does not decode to 32 octets is refused.',
  decides: ['REC-027'],
  given: () => misdecoding(keyTexts, 32),
  check: async ({ right, wrong }, context) => {
    await mustRead(context, 'REC-027', plainText(right), { primary: [right] });
    for (const [text, because] of wrong) {
      await mustRefuse(context, 'REC-027', plainText(text), `of the key, ${because}`);
    }
  },
});

const signatureSpelling = defineCase({
  ...parses,
  id: 'record/signatures/86-characters-of-standard-base64',
  title: 'A certificate signature is exactly 86 characters of standard base64; another length or alphabet is refused.',
  decides: ['REC-029'],
  given: () => fc.record({ key: keyTexts, signature: respelled(signatureTexts, 86) }),
  check: async ({ key, signature: { right, wrong } }, context) => {
    await mustRead(context, 'REC-029', plainText(key, `tls=${right}`), { primary: [key], tls: [right] });
    for (const [text, because] of wrong) {
      await mustRefuse(context, 'REC-029', plainText(key, `tls=${text}`), `of the signature, ${because}`);
    }
  },
});

const signatureOctets = defineCase({
  ...parses,
  id: 'record/signatures/64-octets',
  title: 'A certificate signature that does not decode to 64 octets is refused.',
  decides: ['REC-030'],
  given: () => fc.record({ key: keyTexts, signature: misdecoding(signatureTexts, 64) }),
  check: async ({ key, signature: { right, wrong } }, context) => {
    await mustRead(context, 'REC-030', plainText(key, `tls=${right}`), { primary: [key], tls: [right] });
    for (const [text, because] of wrong) {
      await mustRefuse(context, 'REC-030', plainText(key, `tls=${text}`), `of the signature, ${because}`);
    }
  },
});

const severalSignatures = defineCase({
  ...parses,
  id: 'record/signatures/several',
  title: 'Several certificate signatures are all taken.',
  decides: ['REC-031'],
  given: () => fc.record({ key: keyTexts, signatures: signatureLists(2, 5) }),
  check: async ({ key, signatures }, context) => {
    const fields = signatures.map((signature) => `tls=${signature}`);
    const text = plainText(key, ...fields);
    const answer = await parseRecordText(context, text);
    // Their order says nothing: each is tried with each key (section 7.4).
    const given = answer.kind === 'result' && Array.isArray(answer.value.tls) ? answer.value.tls.toSorted() : null;
    context.require(
      'REC-031',
      JSON.stringify(given) === JSON.stringify(signatures.map(base64url).toSorted()),
      `${quote(text)} to be read with its ${signatures.length} signatures`,
      show(answer),
    );
    const broken = plainText(key, ...fields).slice(0, -1);
    await mustRefuse(context, 'REC-031', broken, 'the last of its signatures is a character short');
  },
});

const padding = defineCase({
  ...parses,
  id: 'record/keys/padding-refused',
  title: 'Base64 padding behind a primary key or a certificate signature refuses the record.',
  decides: ['REC-032'],
  given: () =>
    fc.record({
      key: keyTexts,
      signature: signatureTexts,
      behind: fc.constantFrom('', ' ', ';', ' pol=mixed', ';pol=mixed'),
    }),
  check: async ({ key, signature, behind }, context) => {
    await mustRead(context, 'REC-032', `tls=${signature} pok=${key}${behind}`, { primary: [key], tls: [signature] });
    await mustRefuse(context, 'REC-032', `ver=1 pok=${key}=${behind}`, 'its key is padded');
    await mustRefuse(context, 'REC-032', `pok=${key} tls=${signature}==${behind}`, 'its signature is padded');
    await mustRefuse(context, 'REC-032', `pok=${key} tls=${signature}=${behind}`, 'its signature is padded by half');
  },
});

export const cases: readonly Case[] = [
  needsKey,
  severalKeys,
  keySpelling,
  keyOctets,
  signatureSpelling,
  signatureOctets,
  severalSignatures,
  padding,
];
