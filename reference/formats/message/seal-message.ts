/** Encrypting plaintext payloads and signing them as the author. (Sections 5 and 9.1, steps 4 to 6) */
import type { Random } from '../signet/index.js';
import { type Actor, actors } from './actors.js';
import { type Chunk, writeChunk } from './chunk.js';
import { chunksOfMakers, keptOrMade, type MakeChunk, messageOfMakers } from './chunk-list.js';
import { type ChunkName, chunkTables, definitionNamed, signatureOctets } from './chunk-table.js';
import { signPieces } from './ed25519-stream.js';
import { encryptSignature, encryptStandard, type Keks, recipeFor } from './encrypt-chunk.js';
import { freshKeyPair, kekMaker } from './ephemeral.js';
import type { Identity } from './identity.js';
import type { Message } from './message.js';
import { type SignatureName, signatureRows, signedPieces, type TreeForm } from './message-signatures.js';

const profile = 'dime-2015';

/** The plaintext of one standard chunk. */
export interface PlainChunk {
  readonly name: ChunkName;
  /**
   * A payload as writePayload gives it. It is encrypted as it stands, so that wrong ones can be sent too; its size must
   * be a multiple of 16. When the message is not kept, it is asked for more than once.
   */
  readonly plaintext: () => Uint8Array;
  /** Encrypt now and keep, whatever the message does. */
  readonly kept: boolean;
}

export interface SealInput {
  /** Encryption keys of the four. */
  readonly parties: Readonly<Record<Actor, Pick<Identity, 'encryptionKey'>>>;
  /** Ed25519 seed of the author, 32 octets. */
  readonly authorSeed: Uint8Array;
  /** In the order of their chunks in the message. */
  readonly plain: readonly PlainChunk[];
  /** `digest` unless named. */
  readonly tree?: TreeForm;
  /** Signature chunks of zeros, for the origin to fill: all three unless named (MSG-049). */
  readonly places?: readonly SignatureName[];
  readonly tracing?: Uint8Array | null;
  readonly random: Random;
}

const allPlaces = ['metadata-bounce', 'display-bounce', 'origin-full'] as const;

/**
 * Makes the ephemeral chunk, encrypts the payloads, and adds the author's signatures and the places for the origin's.
 *
 * @throws MessageError for keys that are no point of the curve, and payloads that are too large
 */
export function sealMessage(input: SealInput): Message {
  const { random, authorSeed, plain, tracing = null, places = allPlaces } = input;
  const { ephemeral, keks } = keysFor(input);
  const makers: MakeChunk[] = [
    () => ephemeral,
    ...plain.map(({ name, plaintext, kept }) => {
      const recipe = recipeFor(profile, name, keks, random);
      return keptOrMade(() => encryptStandard(profile, recipe, plaintext()), kept);
    }),
  ];
  for (const row of signatureRows[profile].filter(({ signer }) => signer === 'author')) {
    const recipe = recipeFor(profile, row.name, keks, random);
    const { type } = definitionNamed(chunkTables[profile], row.name);
    const pieces = signedPieces(chunksOfMakers(makers), row, type, input.tree);
    const chunk = encryptSignature(profile, recipe, signPieces(authorSeed, pieces));
    makers.push(() => chunk);
  }
  for (const name of places) {
    const chunk = encryptSignature(profile, recipeFor(profile, name, keks, random), new Uint8Array(signatureOctets));
    makers.push(() => chunk);
  }
  return messageOfMakers(profile, makers, { kept: plain.every(({ kept }) => kept), tracing });
}

/** The ephemeral chunk and the key-encryption keys of all four; the private half is gone afterwards (MSG-042). */
function keysFor({ parties, random }: SealInput): { ephemeral: Chunk; keks: Keks } {
  const { scalar, point } = freshKeyPair(random);
  try {
    const kekOf = kekMaker(profile, scalar);
    const keks = Object.fromEntries(actors.map((actor) => [actor, kekOf(actor, parties[actor].encryptionKey)]));
    const table = chunkTables[profile];
    return { ephemeral: writeChunk(table, definitionNamed(table, 'ephemeral'), point, []), keks };
  } finally {
    scalar.fill(0);
  }
}
