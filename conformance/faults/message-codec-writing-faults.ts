/** Seeded faults of an implementation that writes messages: the model makes them in one way that is wrong. */
import { createCipheriv } from 'node:crypto';
import { covered, digest, type Ways } from '../model/message-builder.js';
import { cbc, kekOf, payloadOctets, primaryLengths, sealPrime, xor } from '../model/message-ciphers.js';
import { type NakedWays, nakedDigest } from '../model/message-naked.js';
import { chunkOctets, integer } from '../model/message-tables.js';
import { concat, ed25519, type Octets, sha512, utf8 } from '../model/signet-builder.js';
import type { Fault } from './fault.js';
import { changesMessage, writes, writesAnyway, writesNaked } from './message-codec-bending.js';

const wrongly = (breaks: string, id: string, title: string, ways: Partial<Ways>): Fault => ({
  id: `message-codec/${id}`,
  breaks,
  title,
  operations: writes(ways),
});

const nakedly = (breaks: string, id: string, title: string, ways: Partial<NakedWays>): Fault => ({
  id: `message-codec/${id}`,
  breaks,
  title,
  operations: writesNaked(ways),
});

const typeOf = (chunk: Octets): number => chunk[0] ?? 0;
const zeros = (length: number): Octets => new Uint8Array(length);
/** A text of one chunk changed. */
const text = (types: readonly number[], change: (text: string) => string): Partial<Ways> => ({
  contents: (contents) =>
    contents.map((content) =>
      types.includes(content.type)
        ? {
            ...content,
            data: new Uint8Array(Buffer.from(change(Buffer.from(content.data).toString('latin1')), 'latin1')),
          }
        : content,
    ),
});

/** The padding of a payload changed; its length stays one of whole blocks. */
const padding = (change: (length: number, data: number) => { length: number; octet: number }): Partial<Ways> => ({
  padded: (content, random) => {
    const payload = digest.padded(content, random);
    const { length, octet } = change(payload.padding.length, payload.data.length);
    return { ...payload, octet, padding: zeros(length).fill(octet) };
  },
});

const paddedByCipher = (key: Octets, vector: Octets, plain: Octets): Octets => {
  const cipher = createCipheriv('aes-256-cbc', key, vector);
  return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final()]));
};

const oneKey = { key: zeros(32).fill(7), vector: zeros(16).fill(9) };
const uncompressed = zeros(65).fill(4);

const layout: readonly Fault[] = [
  {
    id: 'message-codec/writes-another-magic',
    breaks: 'MSG-001',
    title: 'begins messages with 1908',
    operations: changesMessage('dime-2015', (octets) => concat(integer(1908, 2), octets.subarray(2))),
  },
  wrongly('MSG-005', 'header-is-signed', 'signs the header too', {
    covered: (type, before, header) => concat(header, covered(type, before)),
  }),
  wrongly('MSG-006', 'slots-before-the-payload', 'writes the slots before the payload', {
    chunk: (type, payload, slots) => concat(Uint8Array.of(type), integer(payload.length, 3), ...slots, payload),
  }),
  wrongly('MSG-007', 'slots-counted', 'counts the slots in the length of a chunk', {
    chunk: (type, payload, slots) =>
      concat(Uint8Array.of(type), integer(payload.length + 64 * slots.length, 3), payload, ...slots),
  }),
  wrongly('MSG-008', 'attachments-as-display', 'writes displays as attachments', {
    contents: (contents) => contents.map((content) => (content.type === 67 ? { ...content, type: 131 } : content)),
  }),
  wrongly('MSG-011', 'headers-behind', 'writes the common headers after the other headers', {
    arranged: (chunks) => [...chunks].sort((a, b) => Number(typeOf(a) === 33) - Number(typeOf(b) === 33)),
  }),
  wrongly('MSG-014', 'parts-written-backwards', 'writes displays in the reverse order', {
    contents: (contents) => {
      const parts = contents.filter(({ type }) => type === 67).toReversed();
      return contents.map((content) => (content.type === 67 ? (parts.shift() ?? content) : content));
    },
  }),
  wrongly('MSG-017', 'no-other-headers', 'leaves out chunk 34', {
    contents: (contents) => contents.filter(({ type }) => type !== 34),
  }),
  wrongly('MSG-019', 'uncompressed-key', 'writes the ephemeral key uncompressed', {
    chunk: (type, payload, slots) => chunkOctets('dime-2015', type, type === 2 ? uncompressed : payload, slots),
  }),
  wrongly('MSG-020', 'padded-signature', 'pads signatures to 80 octets', {
    cipher: ({ key, vector }, plain) =>
      plain.length === 64 ? paddedByCipher(key, vector, plain) : cbc('encrypt', key, vector, plain),
  }),
];

const payloads: readonly Fault[] = [
  wrongly('MSG-021', 'flags-before-length', 'writes the flags before the length', {
    plain: ({ data, flags }, { padding: fill, octet }, key) => {
      const body = concat(Uint8Array.of(flags), integer(data.length, 3), Uint8Array.of(octet), data, fill);
      return concat(ed25519(key, body), body);
    },
  }),
  {
    id: 'message-codec/writes-no-data',
    breaks: 'MSG-022',
    title: 'writes parts without data',
    operations: writesAnyway(({ display }) => Array.isArray(display) && display.some(({ data }) => data === '')),
  },
  wrongly('MSG-023', 'half-block', 'writes a payload with an octet more', {
    cipher: ({ key, vector }, plain) => {
      const octets = cbc('encrypt', key, vector, plain);
      return plain.length === 64 ? octets : concat(octets, zeros(1));
    },
  }),
  wrongly('MSG-024', 'short-payloads', 'pads to the next 16 octets only', {
    ...padding((_length, data) => {
      const length = 16 - ((69 + data) % 16);
      return { length, octet: length };
    }),
  }),
  wrongly('MSG-025', 'least-padding', 'always takes the shortest padding', {
    ...padding((_length, data) => {
      const length = primaryLengths(data)[0] ?? 1;
      return { length, octet: length % 256 };
    }),
  }),
  wrongly('MSG-026', 'padding-of-zeros', 'pads with zeros', {
    padded: (content, random) => {
      const payload = digest.padded(content, random);
      return { ...payload, padding: zeros(payload.padding.length).fill(payload.octet === 0 ? 1 : 0) };
    },
  }),
  wrongly('MSG-029', 'alternate-octet', 'writes the length of alternate padding, modulo 256, as its octet', {
    padded: (content, random) => {
      const payload = digest.padded(content, random);
      const octet = (content.flags & 1) === 0 ? payload.octet : (payload.padding.length + 1) % 256;
      return { ...payload, octet, padding: payload.padding.map(() => octet) };
    },
  }),
  wrongly('MSG-032', 'flags-set', 'sets a flag that nobody asked for', {
    plain: (content, payload, key) =>
      payloadOctets({ ...payload, flags: content.type === 67 ? 8 : payload.flags }, key),
  }),
];

const keys: readonly Fault[] = [
  {
    id: 'message-codec/one-ephemeral-key',
    breaks: 'MSG-033',
    title: 'has one ephemeral key for all messages',
    operations: writes({}, { ephemeral: zeros(32).fill(3) }),
  },
  wrongly('MSG-034', 'kek-without-folding', 'takes the first 16 octets of the hash for the vector', {
    kek: (x) => {
      const hash = sha512(x);
      return concat(hash.subarray(0, 16), hash.subarray(32));
    },
  }),
  wrongly('MSG-036', 'one-chunk-key', 'encrypts all chunks with one key', { chunkKey: () => oneKey }),
  wrongly('MSG-037', 'cipher-padding', 'lets the cipher pad as well', {
    cipher: ({ key, vector }, plain) =>
      plain.length === 64 ? cbc('encrypt', key, vector, plain) : paddedByCipher(key, vector, plain),
  }),
  wrongly('MSG-038', 'vector-not-masked', 'writes the vector into the slot unmasked', {
    slotPlain: (random, { key, vector }) => concat(random, vector, key),
  }),
  wrongly('MSG-039', 'slots-without-chance', 'has the same random octets in all slots', {
    slotRandom: () => zeros(16),
  }),
  wrongly('MSG-040', 'slots-backwards', 'writes the slots in the reverse order', {
    access: (type) => digest.access(type).toReversed(),
  }),
  wrongly('MSG-041', 'encrypts-to-nobody', 'encrypts for the destination with another key than the signet has', {
    kek: (x, actor) => kekOf('dime-2015', actor === 'destination' ? sha512(x).subarray(0, 32) : x),
  }),
];

const signatures: readonly Fault[] = [
  wrongly('MSG-043', 'signs-data-only', 'signs the data of a chunk without what stands around it', {
    plain: (_content, payload, key) => {
      const body = payloadOctets(payload, key).subarray(64);
      return concat(ed25519(key, payload.data), body);
    },
  }),
  wrongly('MSG-045', 'tree-without-destination', 'leaves the hash of chunk 5 out of the tree', {
    covered: (type, before) => covered(type, type === 225 ? before.filter((chunk) => typeOf(chunk) !== 5) : before),
  }),
  wrongly('MSG-047', 'full-without-tree', 'leaves the tree signature out of the full signature', {
    covered: (type, before) => covered(type, type === 226 ? before.filter((chunk) => typeOf(chunk) !== 225) : before),
  }),
  wrongly('MSG-048', 'open-signatures', 'writes signatures without encrypting them', {
    cipher: (key, plain) => (plain.length === 64 ? plain : digest.cipher(key, plain)),
  }),
  wrongly('MSG-049', 'no-place-for-display-bounce', 'leaves no place for the display bounce', {
    has: (type) => type !== 249,
  }),
  wrongly('MSG-051', 'filled-with-own-key', 'encrypts the last signature with a key that is in no slot', {
    filledWith: () => oneKey,
  }),
  wrongly('MSG-052', 'bounce-over-the-envelope', 'signs the envelope alone for a metadata bounce', {
    covered: (type, before) => covered(type, type === 248 ? before.filter((chunk) => typeOf(chunk) < 33) : before),
  }),
  wrongly('MSG-053', 'bounce-without-display', 'leaves the display out of the display bounce', {
    covered: (type, before) => covered(type, type === 249 ? before.filter((chunk) => typeOf(chunk) < 67) : before),
  }),
  wrongly('MSG-054', 'metadata-place-left', 'leaves the place of a metadata bounce that is not wanted', {
    unwanted: 'leave',
  }),
  wrongly('MSG-055', 'display-place-left', 'leaves the place of a display bounce that is not wanted', {
    unwanted: 'leave',
  }),
  wrongly('MSG-056', 'signs-without-bounces', 'signs before bounce signatures and the author are there', {
    covered: (type, before) => covered(type, type === 255 ? before.filter((chunk) => typeOf(chunk) < 226) : before),
  }),
  {
    id: 'message-codec/both-bounces',
    breaks: 'MSG-057',
    title: 'makes both bounce signatures whatever is asked for',
    operations: writes({}, { bounces: [248, 249] }),
  },
];

const texts: readonly Fault[] = [
  wrongly(
    'MSG-063',
    'envelope-with-lf',
    'ends the lines of the envelope with LF',
    text([4, 5], (all) => all.replaceAll('\r\n', '\n')),
  ),
  wrongly(
    'MSG-067',
    'padded-fingerprints',
    'pads fingerprints with equal signs',
    text([4, 5], (all) => all.replaceAll(']', '==]')),
  ),
  wrongly('MSG-069', 'subject-first', 'writes the subject first', {
    ...text([33], (all) => all.replace(/^([\s\S]*)(Subject: [^\r]*\r\n)/, '$2$1')),
  }),
  {
    id: 'message-codec/headers-missing',
    breaks: 'MSG-070',
    title: 'writes messages without the required headers',
    operations: writesAnyway(() => true),
  },
];

const naked: readonly Fault[] = [
  nakedly('MSG-083', 'naked-one-key', 'writes naked messages without the ephemeral signing key', {
    ephemeral: (_signing, encryption) => encryption,
  }),
  nakedly('MSG-084', 'naked-vector-unmasked', 'uses the vector as it stands in the chunk', {
    seal: (key, vector, plain) => {
      const shard = sha512(key).subarray(0, 16);
      // What a reader unmasks is then another vector than the one in use.
      const octets = sealPrime({ key, vector: xor(vector, shard) }, plain);
      return concat(vector, octets.subarray(16));
    },
  }),
  nakedly('MSG-085', 'naked-slot-hashed', 'masks slots with the hash of the shared coordinate', {
    slot: (key, kek) => xor(key, sha512(kek)),
  }),
  nakedly('MSG-086', 'naked-random-slots', 'fills slots of absent actors with random octets', {
    emptySlot: (random) => random(32),
  }),
  nakedly('MSG-087', 'naked-short-padding', 'pads naked messages to 16 octets, not to 256', {
    padded: ({ data, flags }) => {
      const length = (16 - ((69 + data.length) % 16)) % 16;
      return { data, flags, octet: length, padding: zeros(length).fill(length) };
    },
  }),
  nakedly('MSG-091', 'naked-open-signatures', 'writes signatures of naked messages unmasked', {
    masked: (signature) => signature,
  }),
  nakedly('MSG-093', 'naked-crlf', 'ends common headers of naked messages with CRLF', {
    contents: (contents) =>
      nakedDigest
        .contents(contents)
        .map((content) =>
          content.type === 32
            ? { ...content, data: utf8(Buffer.from(content.data).toString('latin1').replaceAll('\n', '\r\n')) }
            : content,
        ),
  }),
];

export const faults: readonly Fault[] = [...layout, ...payloads, ...keys, ...signatures, ...texts, ...naked];
