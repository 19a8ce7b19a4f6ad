/** Encrypting one chunk for those with access. (Sections 5.2, 5.3, 12.4 and 12.5 of the messages digest) */
import type { Random } from '../signet/index.js';
import type { Actor } from './actors.js';
import { type Chunk, writeChunk } from './chunk.js';
import { type ChunkName, chunkTables, definitionNamed, type MessageProfile } from './chunk-table.js';
import { type ChunkSecret, cipherSuites } from './cipher-suite.js';

/** Everything random about one chunk, so that the same chunk can be made twice. */
export interface ChunkRecipe {
  readonly name: ChunkName;
  readonly secret: ChunkSecret;
  /** Slots in slot order; zero octets for an actor whose key is not given (MSG-086). */
  readonly slots: readonly Uint8Array[];
}

/** Key-encryption keys of those who are to read a message. */
export type Keks = { readonly [actor in Actor]?: Uint8Array };

/** Draws key, vector and slots for a chunk of this name (MSG-036, MSG-039). */
export function recipeFor(profile: MessageProfile, name: ChunkName, keks: Keks, random: Random): ChunkRecipe {
  const table = chunkTables[profile];
  const suite = cipherSuites[profile];
  const secret = { key: random(32), vector: random(16) };
  const slots = definitionNamed(table, name).access.map((actor) => {
    const kek = keks[actor];
    return kek === undefined ? new Uint8Array(table.slotOctets) : suite.writeSlot(kek, secret, random(16));
  });
  return { name, secret, slots };
}

/** @throws MessageError `too-large` */
export function encryptStandard(
  profile: MessageProfile,
  { name, secret, slots }: ChunkRecipe,
  plaintext: Uint8Array,
): Chunk {
  const table = chunkTables[profile];
  return writeChunk(table, definitionNamed(table, name), cipherSuites[profile].encrypt(secret, plaintext), slots);
}

/** @param signature 64 octets; zeros for a place that the origin fills (MSG-049) */
export function encryptSignature(
  profile: MessageProfile,
  { name, secret, slots }: ChunkRecipe,
  signature: Uint8Array,
): Chunk {
  const table = chunkTables[profile];
  return writeChunk(
    table,
    definitionNamed(table, name),
    cipherSuites[profile].encryptSignature(secret, signature),
    slots,
  );
}
