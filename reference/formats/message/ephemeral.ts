/** The per-message key pair and the keys made with it. (Sections 4.1, 5.1 and 12.3 of the messages digest) */
import { compressedPoint, isScalar, type Random } from '../signet/index.js';
import type { Actor } from './actors.js';
import type { Chunk } from './chunk.js';
import type { MessageProfile } from './chunk-table.js';
import { agreement, cipherSuites, sharedX } from './cipher-suite.js';
import { chunksNamed, type Message } from './message.js';
import { MessageError } from './message-error.js';
import { concat } from './octets.js';

export interface EphemeralKeys {
  /** Compressed secp256k1 point, 33 octets; whether it is on the curve shows when it is used. */
  readonly encryption: Uint8Array;
  /** Raw Ed25519 key, 32 octets: stands for the author's in a naked message. Null in `dime-2015`. */
  readonly signing: Uint8Array | null;
}

const pointOctets = 33;
const signingOctets = 32;

/**
 * The keys in the ephemeral chunk.
 *
 * @throws MessageError `bad-key` (MSG-019, MSG-082, MSG-083)
 */
export function readEphemeral(profile: MessageProfile, { payload, offset }: Chunk): EphemeralKeys {
  if (profile === 'dime-2015') return { encryption: payload, signing: null };
  const refuse = (requirement: string, what: string): MessageError =>
    new MessageError({ code: 'bad-key', requirement, offset, what: `ephemeral chunk: ${what}`, section: '12.3' });
  const field = (id: number, size: number, at: number): Uint8Array => {
    if (payload[at] !== id || payload[at + 1] !== size) {
      throw refuse('MSG-082', `at octet ${at} of the payload there is no field ${id} of ${size} octets`);
    }
    return payload.subarray(at + 2, at + 2 + size);
  };
  if (payload.length === 2 + pointOctets) throw refuse('MSG-083', 'a naked message needs a signing key too');
  return { signing: field(1, signingOctets, 0), encryption: field(2, pointOctets, 2 + signingOctets) };
}

/** The payload that says these keys. */
export function writeEphemeral(profile: MessageProfile, { encryption, signing }: EphemeralKeys): Uint8Array {
  if (profile === 'dime-2015') return encryption;
  const signingField = signing === null ? [] : [Uint8Array.of(1, signingOctets), signing];
  return concat(...signingField, Uint8Array.of(2, pointOctets), encryption);
}

/** The ephemeral chunk of a message. @throws MessageError when there is none */
export function ephemeralKeysOf(message: Message): EphemeralKeys {
  const [chunk] = chunksNamed(message, 'ephemeral');
  if (chunk !== undefined) return readEphemeral(message.profile, chunk);
  throw new MessageError({
    code: 'missing-chunk',
    requirement: 'MSG-016',
    offset: 0,
    what: 'there is no ephemeral chunk',
    section: '9.2',
  });
}

/**
 * The key that opens an actor's slots: in `dime-2015` vector (16) and key (32), in `prime` 32 octets.
 *
 * @param encryptionPrivate the actor's secp256k1 scalar, 32 octets
 * @throws MessageError `bad-key` when the ephemeral key is no point of the curve
 */
export function kekFor(message: Message, encryptionPrivate: Uint8Array): Uint8Array {
  const { encryption } = ephemeralKeysOf(message);
  const shared = sharedX(encryptionPrivate, encryption);
  if (shared !== null) return cipherSuites[message.profile].kekOf(shared);
  const prime = message.profile === 'prime';
  throw new MessageError({
    code: 'bad-key',
    requirement: prime ? 'MSG-082' : 'MSG-019',
    offset: chunksNamed(message, 'ephemeral')[0]?.offset ?? 0,
    what: 'the ephemeral key is no point of secp256k1',
    section: prime ? '12.3' : '4.1',
  });
}

/** A right source misses the range of scalars once in 2^128 times; one that does so again and again is broken. */
const mostDraws = 16;

/** A fresh scalar (MSG-033) and its point. @throws RangeError when the random source gives no usable scalar */
export function freshKeyPair(random: Random): { scalar: Uint8Array; point: Uint8Array } {
  for (let draw = 0; draw < mostDraws; draw++) {
    const scalar = random(32);
    if (isScalar(scalar)) return { scalar, point: compressedPoint(scalar) };
  }
  throw new RangeError(`the random source gave no secp256k1 scalar in ${mostDraws} draws`);
}

/**
 * Gives the key for the slots of an actor, made by the author (section 5.1).
 *
 * @param scalar private half of the ephemeral key
 * @returns a function of the actor and his encryption key; throws MessageError `bad-key` when that is no point of the curve
 */
export function kekMaker(profile: MessageProfile, scalar: Uint8Array): (actor: Actor, point: Uint8Array) => Uint8Array {
  const shared = agreement(scalar);
  return (actor, point) => {
    const x = shared(point);
    if (x !== null) return cipherSuites[profile].kekOf(x);
    throw new MessageError({
      code: 'bad-key',
      requirement: 'MSG-041',
      offset: 0,
      what: `the encryption key of the ${actor} is no point of secp256k1`,
      section: '5.1',
    });
  };
}
