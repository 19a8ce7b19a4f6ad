/** Makes naked messages of `prime` from section 12 of the messages digest, in the manner of message-builder.ts. */
import { kekOf, type Payload, padded, payloadOctets, pointOf, sealPrime, sharedX, xor } from './message-ciphers.js';
import { type Actor, access, chunkOctets, messageOctets } from './message-tables.js';
import { concat, ed25519, type Octets, type SigningKey, sha512 } from './signet-builder.js';

export interface NakedContent {
  readonly type: 32 | 33 | 48;
  readonly data: Octets;
  readonly flags: number;
}

export interface NakedInput {
  /** Encryption keys of those who get slots. */
  readonly points: { readonly [actor in Actor]?: Octets };
  readonly organizationKey: SigningKey;
  /** Stands for the author. */
  readonly ephemeralKey: SigningKey;
  readonly ephemeral: Octets;
  readonly headers: string;
  /** One chunk each; all but the last go on (flag 128). */
  readonly body: readonly Octets[];
  readonly random: (length: number) => Octets;
}

export interface NakedWays {
  readonly contents: (contents: readonly NakedContent[]) => readonly NakedContent[];
  /** The payload of the ephemeral chunk, given both fields (34 and 35 octets). */
  readonly ephemeral: (signing: Octets, encryption: Octets) => Octets;
  readonly padded: (content: NakedContent) => Payload;
  readonly plain: (content: NakedContent, payload: Payload, key: SigningKey) => Octets;
  readonly seal: (key: Octets, vector: Octets, plain: Octets) => Octets;
  readonly slot: (key: Octets, kek: Octets) => Octets;
  /** Of an actor without a key. */
  readonly emptySlot: (random: (length: number) => Octets) => Octets;
  readonly arranged: (chunks: readonly Octets[]) => readonly Octets[];
  readonly signature: (type: number, right: Octets) => Octets;
  /** The payload of a signature chunk. */
  readonly masked: (signature: Octets, key: Octets) => Octets;
  readonly has: (type: number) => boolean;
  readonly finished: (chunks: readonly Octets[]) => readonly Octets[];
}

export const nakedDigest: NakedWays = {
  contents: (contents) => contents,
  ephemeral: (signing, encryption) => concat(signing, encryption),
  padded: ({ data, flags }) => padded('prime', data, flags, 0),
  plain: (_content, payload, key) => payloadOctets(payload, key),
  seal: (key, vector, plain) => sealPrime({ key, vector }, plain),
  slot: xor,
  emptySlot: () => new Uint8Array(32),
  arranged: (chunks) => chunks,
  signature: (_type, right) => right,
  masked: (signature, key) => xor(signature, sha512(key)),
  has: () => true,
  finished: (chunks) => chunks,
};

const commonNames = [
  'Date',
  'Subject',
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Bcc',
  'In-Reply-To',
  'Message-Id',
] as const;

/** The text of the common chunk for a header block (section 12.6). */
export function nakedCommon(headers: string): string {
  const lines = headers.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return commonNames
    .flatMap((name) => {
      const line = lines.find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
      return line === undefined ? [] : [`${name}: ${line.slice(name.length + 1).trim()}\n`];
    })
    .join('');
}

export function buildNaked(input: NakedInput, changed: Partial<NakedWays> = {}): Octets {
  const ways = { ...nakedDigest, ...changed };
  const { points, random, headers, body, ephemeralKey, organizationKey } = input;
  const keks = Object.fromEntries(
    Object.entries(points).map(([actor, point]) => [actor, kekOf('prime', sharedX(input.ephemeral, point))]),
  ) as { [actor in Actor]?: Octets };
  const slots = (type: number, key: Octets): Octets[] =>
    (access.prime[type] ?? []).map((actor) => {
      const kek = keks[actor];
      return kek === undefined ? ways.emptySlot(random) : ways.slot(key, kek);
    });
  const latin = (text: string): Octets => new Uint8Array(Buffer.from(text, 'latin1'));
  const contents = ways.contents([
    { type: 32, data: latin(nakedCommon(headers)), flags: 0 },
    { type: 33, data: latin(headers), flags: 0 },
    ...body.map((data, at) => ({ type: 48 as const, data, flags: at === body.length - 1 ? 0 : 128 })),
  ]);
  const field = (id: number, key: Octets): Octets => concat(Uint8Array.of(id, key.length), key);
  const keys = ways.ephemeral(field(1, ephemeralKey.publicKey), field(2, pointOf(input.ephemeral)));
  const standard = contents.map((content) => {
    const key = random(32);
    const plain = ways.plain(content, ways.padded(content), ephemeralKey);
    return chunkOctets('prime', content.type, ways.seal(key, random(16), plain), slots(content.type, key));
  });
  const chunks: Octets[] = [...ways.arranged([chunkOctets('prime', 1, keys), ...standard])];
  for (const type of [224, 225, 255]) {
    if (!ways.has(type)) continue;
    const signed = type === 224 ? concat(...chunks.map(sha512)) : concat(...chunks);
    const right = ed25519(type === 255 ? organizationKey : ephemeralKey, signed);
    const key = random(32);
    chunks.push(chunkOctets('prime', type, ways.masked(ways.signature(type, right), key), slots(type, key)));
  }
  return messageOctets('prime', ways.finished(chunks));
}
