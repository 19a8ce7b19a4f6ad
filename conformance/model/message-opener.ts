/**
 * Opens messages from the messages digest, apart from reference/formats. It says what is there and judges nothing: what a
 * case looks at in a message that a peer made.
 */

import { covered } from './message-builder.js';
import { cbc, kekOf, openPrime, openSlot, type ReadPayload, readPayload, sharedX, xor } from './message-ciphers.js';
import { type Actor, access, type Chunk, type MessageProfile, type SplitMessage, slotOf } from './message-tables.js';
import { concat, type Octets, sha512, verifies } from './signet-builder.js';

/** What an actor finds in his slot of a chunk. */
export interface OpenedSlot {
  readonly random: Octets;
  readonly key: Octets;
  readonly vector: Octets;
}

export interface Opener {
  readonly actor: Actor;
  readonly kek: Octets;
}

/** The encryption key in the ephemeral chunk. @throws RangeError when there is none */
export function ephemeralPoint(profile: MessageProfile, { chunks }: SplitMessage): Octets {
  const chunk = chunks.find(({ type }) => type === (profile === 'prime' ? 1 : 2));
  if (chunk === undefined) throw new RangeError('there is no ephemeral chunk');
  return profile === 'prime' ? chunk.payload.subarray(-33) : chunk.payload;
}

/** The ephemeral signing key of a naked message; null when there is none. */
export function ephemeralSigningKey({ chunks }: SplitMessage): Octets | null {
  const payload = chunks.find(({ type }) => type === 1)?.payload;
  return payload?.length === 69 ? payload.subarray(2, 34) : null;
}

/** @throws Error when the ephemeral chunk holds no point */
export function openerOf(profile: MessageProfile, message: SplitMessage, actor: Actor, scalar: Octets): Opener {
  return { actor, kek: kekOf(profile, sharedX(scalar, ephemeralPoint(profile, message))) };
}

/** Null when the actor has no slot, or one of zeros in `prime`. */
export function slotIn(profile: MessageProfile, chunk: Chunk, { actor, kek }: Opener): OpenedSlot | null {
  const slot = slotOf(profile, chunk, actor);
  if (slot === null || (profile === 'prime' && slot.every((octet) => octet === 0))) return null;
  return openSlot(profile, kek, slot);
}

/** A payload with the key in a slot. @throws Error when it cannot be decrypted at all */
export function plainOf(profile: MessageProfile, { payload, type }: Chunk, { key, vector }: OpenedSlot): Octets {
  if (profile === 'dime-2015') return cbc('decrypt', key, vector, payload);
  return type >= 224 ? xor(payload, sha512(key)) : openPrime(key, payload);
}

/** A standard chunk, for an actor who has a slot. */
export function payloadIn(profile: MessageProfile, chunk: Chunk, opener: Opener): ReadPayload | null {
  const slot = slotIn(profile, chunk, opener);
  return slot === null ? null : readPayload(plainOf(profile, chunk, slot));
}

/** Chunks with content, not keys or signatures. */
export const isStandard = ({ type }: Chunk): boolean => type > 2 && type < 224;

/** Whether the signature chunk of a type holds with a key; null when it is not there or the actor has no slot. */
export function signatureHolds(
  profile: MessageProfile,
  { chunks }: SplitMessage,
  type: number,
  opener: Opener,
  key: Octets,
): boolean | null {
  const chunk = chunks.find((each) => each.type === type);
  const slot = chunk === undefined ? null : slotIn(profile, chunk, opener);
  if (chunk === undefined || slot === null) return null;
  const before = chunks.filter((each) => each.type < type).map(({ octets }) => octets);
  const signed =
    profile === 'dime-2015' ? covered(type, before) : concat(...(type === 224 ? before.map(sha512) : before));
  return verifies(key, signed, plainOf(profile, chunk, slot));
}

/** What the members of `message.decrypt` are made of, read without any check. */
export function readUnchecked(profile: MessageProfile, message: SplitMessage, opener: Opener): Map<number, Octets[]> {
  const found = new Map<number, Octets[]>();
  for (const chunk of message.chunks.filter(isStandard)) {
    const payload = access[profile][chunk.type]?.includes(opener.actor) ? payloadIn(profile, chunk, opener) : null;
    if (payload !== null) found.set(chunk.type, [...(found.get(chunk.type) ?? []), payload.data]);
  }
  return found;
}
