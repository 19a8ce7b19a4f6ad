/** Which chunks each signature covers, and how. (Sections 6.2, 6.3 and 12.5 of the messages digest) */
import type { Actor } from './actors.js';
import type { Chunk } from './chunk.js';
import type { ChunkDefinition, ChunkName, MessageProfile, Section } from './chunk-table.js';
import type { Pieces } from './ed25519-stream.js';
import { joined, sha512 } from './octets.js';

export type SignatureName = Extract<
  ChunkName,
  'author-tree' | 'author-full' | 'metadata-bounce' | 'display-bounce' | 'origin-full' | 'destination-full'
>;

export interface SignatureRow {
  readonly name: SignatureName;
  /** In a naked message the ephemeral signing key stands for the author. */
  readonly signer: Exclude<Actor, 'recipient'>;
  /** `hashes`: SHA-512 of each covered chunk, concatenated. `chunks`: the covered chunks themselves. */
  readonly over: 'hashes' | 'chunks';
  /** Covered sections; null for all chunks of a lower type. */
  readonly sections: readonly Section[] | null;
}

const content = ['envelope', 'metadata', 'display', 'attachments'] as const;

/** In the order in which they are made and checked (MSG-056, MSG-092). */
export const signatureRows: Readonly<Record<MessageProfile, readonly SignatureRow[]>> = {
  'dime-2015': [
    { name: 'author-tree', signer: 'author', over: 'hashes', sections: content },
    { name: 'author-full', signer: 'author', over: 'chunks', sections: null },
    { name: 'metadata-bounce', signer: 'origin', over: 'chunks', sections: ['envelope', 'metadata'] },
    { name: 'display-bounce', signer: 'origin', over: 'chunks', sections: ['envelope', 'metadata', 'display'] },
    { name: 'origin-full', signer: 'origin', over: 'chunks', sections: null },
  ],
  prime: [
    { name: 'author-tree', signer: 'author', over: 'hashes', sections: content },
    { name: 'author-full', signer: 'author', over: 'chunks', sections: null },
    { name: 'destination-full', signer: 'destination', over: 'chunks', sections: null },
  ],
};

/**
 * How the tree signature is counted. `libdime` leaves out the destination chunk and ends in 64 zero octets: what libdime
 * computes by a slip, and the only form that it can verify (OQ-45, MSG-046).
 */
export type TreeForm = 'digest' | 'libdime';

/**
 * What a signature covers. Header, tracing and the signature's own chunk are never among it (MSG-005).
 *
 * @param type of the signature chunk
 */
export function covers({ sections }: SignatureRow, type: number, definition: ChunkDefinition): boolean {
  return definition.type < type && (sections === null || sections.includes(definition.section));
}

/** The signed octets, in pieces; goes through the chunks anew each time. */
export function signedPieces(
  chunks: Iterable<Chunk>,
  row: SignatureRow,
  type: number,
  form: TreeForm = 'digest',
): Pieces {
  if (row.over === 'hashes') return [treeOctets(coveredChunks(chunks, row, type), form)];
  return {
    *[Symbol.iterator]() {
      for (const { octets } of coveredChunks(chunks, row, type)) yield octets;
    },
  };
}

function* coveredChunks(chunks: Iterable<Chunk>, row: SignatureRow, type: number): Generator<Chunk, void> {
  for (const chunk of chunks) if (covers(row, type, chunk.definition)) yield chunk;
}

/** The hashes that the tree signature covers (MSG-045). */
export function treeOctets(chunks: Iterable<Chunk>, form: TreeForm = 'digest'): Uint8Array {
  const hashes: Uint8Array[] = [];
  let skipped = 0;
  for (const { definition, octets } of chunks) {
    if (form === 'libdime' && definition.name === 'destination') skipped++;
    else hashes.push(sha512(octets));
  }
  return joined([...hashes, new Uint8Array(64 * skipped)]);
}
