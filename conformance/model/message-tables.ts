/**
 * Chunks of messages from the tables of the messages digest (sections 1 to 3 and 12.1 to 12.5), apart from
 * reference/formats: octets cut into chunks and put together, nothing decrypted.
 */
import { concat, type Octets } from './signet-builder.js';

export type MessageProfile = 'dime-2015' | 'prime';

/** In the order of their slots. */
export const actors = ['author', 'origin', 'destination', 'recipient'] as const;
export type Actor = (typeof actors)[number];

const authorAndRecipient: readonly Actor[] = ['author', 'recipient'];
const withOrigin: readonly Actor[] = ['author', 'origin', 'recipient'];
const withDestination: readonly Actor[] = ['author', 'destination', 'recipient'];

/** By type: who has a slot (sections 3 and 12.2). */
export const access: Readonly<Record<MessageProfile, Readonly<Record<number, readonly Actor[]>>>> = {
  'dime-2015': {
    2: [],
    4: withOrigin,
    5: withDestination,
    33: authorAndRecipient,
    34: authorAndRecipient,
    67: authorAndRecipient,
    131: authorAndRecipient,
    225: withOrigin,
    226: withOrigin,
    248: actors,
    249: actors,
    255: actors,
  },
  prime: {
    1: [],
    2: withOrigin,
    3: withDestination,
    32: authorAndRecipient,
    33: authorAndRecipient,
    48: authorAndRecipient,
    224: withOrigin,
    225: withOrigin,
    254: actors,
    255: ['destination', 'recipient'],
  },
};

export const slotOctets = { 'dime-2015': 64, prime: 32 } as const;
export const messageMagic = { 'dime-2015': 1847, prime: 1908 } as const;
export const tracingMagic = 1837;

/** A chunk as it stands in a message. */
export interface Chunk {
  readonly type: number;
  readonly offset: number;
  readonly payload: Octets;
  readonly slots: readonly Octets[];
  /** All of it. */
  readonly octets: Octets;
}

export interface SplitMessage {
  readonly tracing: Octets | null;
  readonly chunks: readonly Chunk[];
}

/** Big-endian. */
export function integer(value: number, size: number): Octets {
  return Uint8Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** (size - 1 - at)) & 0xff);
}

export function chunkOctets(
  profile: MessageProfile,
  type: number,
  payload: Octets,
  slots: readonly Octets[] = [],
): Octets {
  const length = hasLength(profile, type) ? integer(payload.length, 3) : new Uint8Array(0);
  return concat(Uint8Array.of(type), length, payload, ...slots);
}

/** Signature chunks of `prime` have none (section 12.5). */
function hasLength(profile: MessageProfile, type: number): boolean {
  return profile !== 'prime' || type < 224;
}

/** Tracing, header, chunks. */
export function messageOctets(
  profile: MessageProfile,
  chunks: readonly Octets[],
  tracing: Octets | null = null,
): Octets {
  const content = concat(...chunks);
  const header = concat(integer(messageMagic[profile], 2), integer(content.length, 4));
  return concat(tracing === null ? new Uint8Array(0) : tracingOctets(tracing), header, content);
}

export function tracingOctets(data: Octets): Octets {
  return concat(integer(tracingMagic, 2), integer(data.length, 2), data);
}

/**
 * Cuts a message into its chunks. Types, lengths and the number of slots are those of the tables; order, repeats and the
 * sizes of payloads are left to those who ask.
 *
 * @throws RangeError saying what does not fit
 */
export function splitMessage(profile: MessageProfile, octets: Octets): SplitMessage {
  let at = 0;
  const take = (count: number, what: string): Octets => {
    if (at + count > octets.length) throw new RangeError(`${what} runs past the end at octet ${octets.length}`);
    at += count;
    return octets.subarray(at - count, at);
  };
  const number = (count: number, what: string): number =>
    take(count, what).reduce((sum, octet) => sum * 256 + octet, 0);
  let magic = number(2, 'the magic number');
  let tracing: Octets | null = null;
  if (profile === 'dime-2015' && magic === tracingMagic) {
    tracing = take(number(2, 'the length of the tracing block'), 'the tracing block');
    magic = number(2, 'the magic number');
  }
  if (magic !== messageMagic[profile]) throw new RangeError(`the magic number is ${magic}`);
  const length = number(4, 'the length of the message');
  if (length !== octets.length - at)
    throw new RangeError(`the length is ${length}, but ${octets.length - at} octets follow`);
  const chunks: Chunk[] = [];
  while (at < octets.length) {
    const offset = at;
    const type = number(1, 'a type');
    const who = access[profile][type];
    if (who === undefined) throw new RangeError(`a chunk at octet ${offset} has the type ${type}`);
    const size = hasLength(profile, type) ? number(3, `the length of chunk ${type}`) : 64;
    const payload = take(size, `the payload of chunk ${type} at octet ${offset}`);
    const slots = who.map((actor) => take(slotOctets[profile], `the slot of the ${actor} in chunk ${type}`));
    chunks.push({ type, offset, payload, slots, octets: octets.subarray(offset, at) });
  }
  return { tracing, chunks };
}

/** The slot of an actor; null when chunks of this type have none for him. */
export function slotOf(profile: MessageProfile, { type, slots }: Chunk, actor: Actor): Octets | null {
  return slots[(access[profile][type] ?? []).indexOf(actor)] ?? null;
}
