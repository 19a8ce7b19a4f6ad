/** Seeded faults of private keys and of armor. */
import { concat, type Octets } from '../model/signet-builder.js';
import { armored, checksum, decryptedPlain, encryptedKeys } from '../model/signet-keys.js';
import type { Fault } from './fault.js';
import { type Bend, bendResult } from './record-and-codec-bending.js';
import { type Input, inputOctets, magicOf } from './signet-bending.js';
import { changeInput, forgiveRefusal, octetsOf, refuseInput, write } from './stacie-bending.js';

const parse = 'keys.parse';
const encrypt = 'keys.encrypt';
const decrypt = 'keys.decrypt';

const key = write(new Uint8Array(32).fill(1));
const someKeys = (): Record<string, unknown> => ({
  type: 'user',
  signingPrivate: key,
  signingPublic: key,
  encryptionPrivate: key,
  encryptionPublic: key,
});
const takesKeys = (when: (octets: Octets) => boolean): Bend =>
  forgiveRefusal(parse, (input) => when(inputOctets(input)), someKeys);

/** What stands behind the id of the encryption key: zero in the form of dime-2015. */
const scalarLengthStart = (octets: Octets): number => octets[5 + 2 + 32 + 1] ?? 0;
const isLongForm = (input: Input): boolean => scalarLengthStart(inputOctets(input)) === 0;

const keyFaults: readonly Fault[] = [
  {
    id: 'keys/any-magic-taken',
    breaks: 'SIG-002',
    title: 'takes every magic number for that of keys',
    operations: takesKeys((octets) => ![1952, 2013].includes(magicOf(octets))),
  },
  {
    id: 'keys/seed-of-any-length',
    breaks: 'SIG-068',
    title: 'takes signing keys of other lengths than 32 octets',
    operations: takesKeys((octets) => octets[6] !== 32),
  },
  {
    id: 'keys/scalar-read-backwards',
    breaks: 'SIG-069',
    title: 'reads the scalar with the least octet first',
    operations: bendResult(parse, (result) => ({
      ...result,
      encryptionPrivate: write(octetsOf(result.encryptionPrivate).toReversed()),
    })),
  },
  {
    id: 'keys/long-form-refused',
    breaks: 'SIG-070',
    title: 'refuses keys of dime-2015 with two length octets',
    operations: refuseInput(parse, (input) => input.profile === 'dime-2015' && isLongForm(input)),
  },
  {
    id: 'keys/other-form-refused',
    breaks: 'SIG-071',
    title: 'reads keys in the form of its own profile alone',
    operations: refuseInput(parse, (input) => (input.profile === 'dime-2015') !== isLongForm(input)),
  },
  {
    id: 'keys/any-scalar-taken',
    breaks: 'SIG-072',
    title: 'takes every scalar of 32 octets',
    operations: takesKeys(() => true),
  },
  {
    id: 'keys/header-of-five-octets',
    breaks: 'SIG-088',
    title: 'writes encrypted keys with a header of five octets (OQ-38)',
    operations: bendResult(encrypt, (result) => {
      const octets = inputOctets(result);
      const shorter = concat(octets.subarray(0, 2), octets.subarray(3));
      return { armored: armored('ENCRYPTED USER KEY', shorter) };
    }),
  },
  {
    id: 'keys/vector-not-masked',
    breaks: 'SIG-093',
    title: 'encrypts keys with the vector and the tag as they are, not masked by the shards of the realm key',
    operations: bendResult(encrypt, (result, input) => {
      const realmKey = octetsOf(input.realmKey);
      const opened = decryptedPlain(inputOctets(result), realmKey);
      if (opened === null) return result;
      const unmasked = concat(new Uint8Array(32), realmKey.subarray(32));
      const object = encryptedKeys({
        ...opened,
        realmKey: unmasked,
        vector: new Uint8Array(16).fill(3),
        lengthOctets: 4,
      });
      return { armored: armored('ENCRYPTED USER KEY', object) };
    }),
  },
  {
    id: 'keys/tag-not-checked',
    breaks: 'SIG-094',
    title: 'takes encrypted keys whatever their tag and padding',
    operations: forgiveRefusal(decrypt, () => true, someKeys),
  },
];

const decode = 'armor.decode';
const encode = 'armor.encode';

/** Writes another text. */
const writesText = (change: (text: string, data: Octets) => string): Bend =>
  bendResult(encode, (result, input) => ({ text: change(String(result.text), octetsOf(input.data)) }));

const base64Lines = (text: string): string[] => text.split('\n').filter((line) => /^[A-Za-z0-9+/]+=*$/.test(line));

const armorFaults: readonly Fault[] = [
  {
    id: 'armor/four-dashes',
    breaks: 'SIG-073',
    title: 'writes BEGIN and END between four dashes',
    operations: writesText((text) => text.replaceAll('-----', '----')),
  },
  {
    id: 'armor/any-end-taken',
    breaks: 'SIG-073',
    title: 'takes a block without its END line',
    operations: changeInput(decode, (input) => {
      const label = /-----BEGIN ([A-Z ]+)-----/.exec(String(input.text))?.[1];
      return label === undefined
        ? input
        : { ...input, text: `${String(input.text).trimEnd()}\n-----END ${label}-----\n` };
    }),
  },
  {
    id: 'armor/lines-of-76',
    breaks: 'SIG-074',
    title: 'writes lines of 76 characters',
    operations: writesText((text) => {
      const lines = base64Lines(text);
      return text.replace(lines.join('\n'), (lines.join('').match(/.{1,76}/g) ?? []).join('\n'));
    }),
  },
  {
    id: 'armor/checksum-without-header',
    breaks: 'SIG-075',
    title: 'makes the checksum of the fields alone',
    operations: writesText((text, data) => text.replace(/^=....$/m, `=${checksum(data.subarray(5))}`)),
  },
  {
    id: 'armor/checksum-not-checked',
    breaks: 'SIG-076',
    title: 'takes armor whose checksum is missing or wrong',
    operations: forgiveRefusal(
      decode,
      () => true,
      ({ text }) => ({ label: 'USER KEY', data: write(inputOctets({ armored: text })) }),
    ),
  },
  {
    id: 'armor/cr-refused',
    breaks: 'SIG-077',
    title: 'refuses CR before a line feed',
    operations: refuseInput(decode, ({ text }) => String(text).includes('\r')),
  },
  {
    id: 'armor/request-under-its-own-label-alone',
    breaks: 'SIG-078',
    title: 'reads a signing request under its own label alone',
    operations: refuseInput(
      'signet.parse',
      (input) =>
        input.armored !== undefined &&
        magicOf(inputOctets(input)) === 1215 &&
        !String(input.armored).includes('REQUEST'),
    ),
  },
  {
    id: 'armor/type-by-label',
    breaks: 'SIG-079',
    title: 'tells the type of an object by its label',
    operations: bendResult('signet.parse', (result, { armored: text }) => {
      const label = /-----BEGIN ([A-Z ]+)-----/.exec(String(text ?? ''))?.[1];
      if (label === undefined) return result;
      const type = label.startsWith('ORG') ? 'organization' : label.startsWith('USER') ? 'user' : 'signing-request';
      return { ...result, type };
    }),
  },
  {
    id: 'armor/empty-line-before-checksum',
    breaks: 'SIG-080',
    title: 'writes an empty line before the checksum behind a whole line (OQ-39)',
    operations: writesText((text) => (base64Lines(text).at(-1)?.length === 64 ? text.replace(/^=/m, '\n=') : text)),
  },
];

export const keysAndArmorFaults: readonly Fault[] = [...keyFaults, ...armorFaults];
