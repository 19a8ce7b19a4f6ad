/** Decrypting one chunk as one actor. (Sections 5 and 12.4 of the messages digest) */
import { publicKeyOf, verifies } from '../signet/ed25519.js';
import type { Actor } from './actors.js';
import { type Chunk, slotOf } from './chunk.js';
import type { MessageProfile } from './chunk-table.js';
import { type ChunkSecret, cipherSuites } from './cipher-suite.js';
import { MessageError } from './message-error.js';
import { readPayload, type StandardPayload } from './standard-payload.js';

/** Who opens, and with which key-encryption key. */
export interface Opener {
  readonly profile: MessageProfile;
  readonly actor: Actor;
  readonly kek: Uint8Array;
}

/**
 * What the slot of this actor says the chunk is encrypted with. A wrong key gives a wrong secret: slots have no check of
 * their own (section 5.3).
 *
 * @throws MessageError `no-slot` when the actor has no access (MSG-075, MSG-076, MSG-086)
 */
export function secretOf({ profile, actor, kek }: Opener, chunk: Chunk): ChunkSecret {
  const suite = cipherSuites[profile];
  const slot = slotOf(chunk, actor);
  if (slot !== undefined && !suite.isEmptySlot(slot)) return suite.readSlot(kek, slot);
  const why = slot === undefined ? 'has no slot' : 'has an empty slot';
  throw new MessageError({
    code: 'no-slot',
    requirement: profile === 'prime' ? 'MSG-086' : actor === 'origin' ? 'MSG-075' : 'MSG-076',
    offset: chunk.offset,
    what: `the ${actor} ${why} in the ${chunk.definition.name} chunk`,
    section: profile === 'prime' ? '12.4' : '8',
  });
}

/** @throws MessageError for a chunk without access, a wrong tag, and what readPayload refuses */
export function openStandard(opener: Opener, chunk: Chunk): StandardPayload {
  const { profile } = opener;
  const plaintext = cipherSuites[profile].decrypt(secretOf(opener, chunk), chunk.payload);
  if (plaintext !== null) return readPayload(profile, chunk, plaintext);
  throw new MessageError({
    code: 'cannot-decrypt',
    requirement: 'MSG-084',
    offset: chunk.offset,
    what: `the ${chunk.definition.name} chunk cannot be decrypted: its tag does not fit`,
    section: '12.4',
  });
}

/** The 64 octets in a signature chunk. @throws MessageError `no-slot` */
export function openSignature(opener: Opener, chunk: Chunk): Uint8Array {
  return cipherSuites[opener.profile].decryptSignature(secretOf(opener, chunk), chunk.payload);
}

/** @throws MessageError `bad-signature` unless one of the keys made the plaintext signature (MSG-044, MSG-088) */
export function checkPlaintextSignature(
  profile: MessageProfile,
  { definition, offset }: Chunk,
  { signed, signature }: StandardPayload,
  signingKeys: readonly Uint8Array[],
): void {
  if (signingKeys.some((key) => verifies(publicKeyOf(key), signed, signature))) return;
  const prime = profile === 'prime';
  throw new MessageError({
    code: 'bad-signature',
    requirement: prime ? 'MSG-088' : 'MSG-044',
    offset,
    what: `the plaintext signature of the ${definition.name} chunk does not hold`,
    section: prime ? '12.4' : '6.1',
  });
}
