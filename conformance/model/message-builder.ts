/**
 * Makes messages of `dime-2015` from sections 5 to 9 of the messages digest, on node:crypto alone and apart from
 * reference/formats. Every step can be done in another way, so that a message is wrong in one place and right in all
 * others: signatures are made over what is there.
 */
import {
  type ChunkKey,
  cbc,
  kekOf,
  type Payload,
  padded,
  payloadOctets,
  pointOf,
  sealSlot,
  sharedX,
  slotPlain,
} from './message-ciphers.js';
import type { Party } from './message-parties.js';
import { type Actor, access, actors, chunkOctets, messageOctets } from './message-tables.js';
import { concat, ed25519, type Octets, type SigningKey, sha512, utf8 } from './signet-builder.js';

/** What a standard chunk holds before padding. */
export interface Content {
  readonly type: number;
  readonly data: Octets;
  readonly flags: number;
}

export interface Part {
  readonly data: Octets;
  readonly flags?: number;
}

export interface Letter {
  /** Common headers as text. */
  readonly common: string;
  /** Other headers; null: no chunk. */
  readonly other: Octets | null;
  readonly display: readonly Part[];
  readonly attachments: readonly Part[];
}

export interface MessageInput {
  readonly parties: Readonly<Record<Actor, Party>>;
  readonly letter: Letter;
  readonly authorKey: SigningKey;
  /** Null: the message is as the author leaves it, with places for the origin's signatures. */
  readonly originKey: SigningKey | null;
  /** Filled in by the origin; the places of the others are taken out. */
  readonly bounces?: readonly (248 | 249)[];
  readonly tracing?: Octets | null;
  /** secp256k1 scalar of the message. */
  readonly ephemeral: Octets;
  readonly random: (length: number) => Octets;
}

/** The steps. */
export interface Ways {
  readonly contents: (contents: readonly Content[]) => readonly Content[];
  /** Data with flags and padding. */
  readonly padded: (content: Content, random: number) => Payload;
  /** The plaintext of a standard chunk. */
  readonly plain: (content: Content, payload: Payload, key: SigningKey) => Octets;
  readonly kek: (x: Octets, actor: Actor) => Octets;
  /** Key and vector of a chunk. */
  readonly chunkKey: (random: (length: number) => Octets) => ChunkKey;
  readonly cipher: (key: ChunkKey, plain: Octets) => Octets;
  readonly slotRandom: (random: (length: number) => Octets) => Octets;
  readonly slotPlain: (random: Octets, key: ChunkKey) => Octets;
  /** Who has slots, in which order. */
  readonly access: (type: number) => readonly Actor[];
  readonly chunk: (type: number, payload: Octets, slots: readonly Octets[]) => Octets;
  /** Of the serialised chunks, before the author signs. */
  readonly arranged: (chunks: readonly Octets[]) => readonly Octets[];
  /** What the signature of a type covers. `before`: all chunks with a lower type. */
  readonly covered: (type: number, before: readonly Octets[], header: Octets) => Octets;
  /** The signature of a type, given the right one. */
  readonly signature: (type: number, right: Octets) => Octets;
  /** The chunk of a type with a signature; false leaves it out. */
  readonly has: (type: number) => boolean;
  /** What becomes of the place of a bounce that is not wanted. */
  readonly unwanted: 'remove' | 'leave';
  /** The key for the payload of a filled place, given the one in the slots. */
  readonly filledWith: (key: ChunkKey) => ChunkKey;
  /** Of all chunks, after every signature. */
  readonly finished: (chunks: readonly Octets[]) => readonly Octets[];
}

/** As the digest has them. */
export const digest: Ways = {
  contents: (contents) => contents,
  padded: ({ data, flags }, random) => padded('dime-2015', data, flags, random),
  plain: (_content, payload, key) => payloadOctets(payload, key),
  kek: (x) => kekOf('dime-2015', x),
  chunkKey: (random) => ({ key: random(32), vector: random(16) }),
  cipher: ({ key, vector }, plain) => cbc('encrypt', key, vector, plain),
  slotRandom: (random) => random(16),
  slotPlain,
  access: (type) => access['dime-2015'][type] ?? [],
  chunk: (type, payload, slots) => chunkOctets('dime-2015', type, payload, slots),
  arranged: (chunks) => chunks,
  covered,
  signature: (_type, right) => right,
  has: () => true,
  unwanted: 'remove',
  filledWith: (key) => key,
  finished: (chunks) => chunks,
};

/** The octets that a signature covers (section 6.2). */
export function covered(type: number, before: readonly Octets[]): Octets {
  if (type === 225) return treeOctets(before);
  const last = type === 248 ? 34 : type === 249 ? 67 : type - 1;
  return concat(...before.filter((chunk) => (chunk[0] ?? 0) <= last));
}

/** `libdime`: the hash of chunk 5 is lost, and 64 zero octets end the block (section 6.3). */
export function treeOctets(chunks: readonly Octets[], form: 'digest' | 'libdime' = 'digest'): Octets {
  const hashes = chunks.filter((chunk) => form === 'digest' || chunk[0] !== 5).map(sha512);
  return concat(...hashes, new Uint8Array(64 * (chunks.length - hashes.length)));
}

/** Sections 7.1 and 7.2. */
export function envelopeText(type: 4 | 5, { author, origin, destination, recipient }: MessageInput['parties']): string {
  const lines = (label: string, { name, fingerprint }: Party): string =>
    `${label}: <${name}>\r\n${label}-Signet: [${fingerprint}]\r\n`;
  return type === 4
    ? lines('Author', author) + lines('Destination', destination)
    : lines('Recipient', recipient) + lines('Origin', origin);
}

export function contentsOf({ parties, letter }: MessageInput): Content[] {
  const text = (type: number, value: string): Content => ({ type, data: utf8(value), flags: 0 });
  const part = (type: number, { data, flags = 0 }: Part): Content => ({ type, data, flags });
  return [
    text(4, envelopeText(4, parties)),
    text(5, envelopeText(5, parties)),
    text(33, letter.common),
    ...(letter.other === null ? [] : [part(34, { data: letter.other })]),
    ...letter.display.map((each) => part(67, each)),
    ...letter.attachments.map((each) => part(131, each)),
  ];
}

/** A whole message; of `changed`, what is given is done in that way. */
export function buildMessage(input: MessageInput, changed: Partial<Ways> = {}): Octets {
  const ways = { ...digest, ...changed };
  const { authorKey, originKey, random, tracing = null, bounces = [] } = input;
  const keks = Object.fromEntries(
    actors.map((actor) => [actor, ways.kek(sharedX(input.ephemeral, input.parties[actor].point), actor)]),
  ) as Record<Actor, Octets>;
  const sealed = (type: number, plain: Octets): { octets: Octets; key: ChunkKey; slots: Octets[] } => {
    const key = ways.chunkKey(random);
    const slots = ways
      .access(type)
      .map((actor) => sealSlot('dime-2015', keks[actor], ways.slotPlain(ways.slotRandom(random), key)));
    return { octets: ways.chunk(type, ways.cipher(key, plain), slots), key, slots };
  };
  const contents = ways.contents(contentsOf(input)).map((content) => {
    const payload = ways.padded(content, random(1)[0] ?? 0);
    return sealed(content.type, ways.plain(content, payload, authorKey)).octets;
  });
  const ephemeral = ways.chunk(2, pointOf(input.ephemeral), []);
  const chunks: Octets[] = [...ways.arranged([ephemeral, ...contents])];
  const header = messageOctets('dime-2015', chunks).subarray(0, 6);
  const signed = (type: number, key: SigningKey): Octets =>
    ways.signature(type, ed25519(key, ways.covered(type, chunks, header)));
  for (const type of [225, 226]) if (ways.has(type)) chunks.push(sealed(type, signed(type, authorKey)).octets);
  for (const type of [248, 249, 255] as const) {
    if (!ways.has(type)) continue;
    const place = sealed(type, new Uint8Array(64));
    const wanted = type === 255 || bounces.includes(type);
    if (originKey === null || (!wanted && ways.unwanted === 'leave')) chunks.push(place.octets);
    else if (wanted) {
      const payload = ways.cipher(ways.filledWith(place.key), signed(type, originKey));
      chunks.push(ways.chunk(type, payload, place.slots));
    }
  }
  return messageOctets('dime-2015', ways.finished(chunks), tracing);
}
