/** The origin's part: check, choose bounces, fill in signatures. (Sections 6.5, 6.6 and 9.1, steps 8 to 10) */
import { type Chunk, withPayload } from './chunk.js';
import { chunkTables } from './chunk-table.js';
import { cipherSuites } from './cipher-suite.js';
import { signPieces } from './ed25519-stream.js';
import { kekFor } from './ephemeral.js';
import { headerOctets } from './limits.js';
import { chunksNamed, leadOctets, type Message } from './message.js';
import { MessageError } from './message-error.js';
import { type SignatureName, type SignatureRow, signatureRows, signedPieces } from './message-signatures.js';
import { type Opener, secretOf } from './open-chunk.js';
import { type OpenInput, openMessage } from './open-message.js';

export interface OriginInput extends Omit<OpenInput, 'actor'> {
  /**
   * Ed25519 seed, 32 octets: of the primary key where libdime must verify; a secondary key with the message bit is as
   * good by the rules (MSG-058, OQ-54).
   */
  readonly signingSeed: Uint8Array;
  /** Bounces that the author may want back; at most one of them should be asked for (MSG-057). None unless named. */
  readonly bounces?: readonly ('metadata' | 'display')[];
}

/**
 * Verifies what the author signed (MSG-050), fills the places of the wanted signatures with the keys in the origin's own
 * slots (MSG-051), and takes out the places of the others (MSG-054, MSG-055). The full signature comes last (MSG-056).
 *
 * @throws MessageError when the message cannot be opened by the origin, or has no place for a signature
 */
export function signAsOrigin(message: Message, { signingSeed, bounces = [], ...input }: OriginInput): Message {
  openMessage(message, { ...input, actor: 'origin' });
  const opener: Opener = { profile: message.profile, actor: 'origin', kek: kekFor(message, input.encryptionPrivate) };
  const wanted: readonly SignatureName[] = [...bounces.map((bounce) => `${bounce}-bounce` as const), 'origin-full'];

  const changes = new Map<number, Chunk | null>();
  const changed = changedMessage(message, changes);
  for (const row of signatureRows[message.profile].filter(({ signer }) => signer === 'origin')) {
    const place = chunksNamed(message, row.name)[0];
    if (!wanted.includes(row.name)) {
      if (place !== undefined) changes.set(place.definition.type, null);
    } else if (place === undefined) {
      throw new MessageError({
        code: 'missing-chunk',
        requirement: 'MSG-049',
        offset: 0,
        what: `the author left no place for the ${row.name} signature`,
        section: '6.5',
      });
    } else {
      changes.set(place.definition.type, signedChunk(changed, row, place, opener, signingSeed));
    }
  }
  if (Array.isArray(message.chunks)) {
    const chunks = [...changed.chunks];
    return { ...changed, length: lengthOf(chunks), chunks };
  }
  return { ...changed, length: lengthOf(changed.chunks) };
}

function signedChunk(message: Message, row: SignatureRow, place: Chunk, opener: Opener, seed: Uint8Array): Chunk {
  const signature = signPieces(seed, signedPieces(message.chunks, row, place.definition.type));
  const payload = cipherSuites[message.profile].encryptSignature(secretOf(opener, place), signature);
  return withPayload(chunkTables[message.profile], place, payload);
}

/** The message with some chunks replaced, or left out where the change is null. */
function changedMessage(message: Message, changes: ReadonlyMap<number, Chunk | null>): Message {
  const start = leadOctets(message.profile, message.tracing).length + headerOctets;
  return {
    ...message,
    chunks: {
      *[Symbol.iterator]() {
        let offset = start;
        for (const chunk of message.chunks) {
          const change = changes.get(chunk.definition.type);
          if (change === null) continue;
          const now = change ?? chunk;
          yield { ...now, offset };
          offset += now.octets.length;
        }
      },
    },
  };
}

function lengthOf(chunks: Iterable<Chunk>): number {
  let length = 0;
  for (const { octets } of chunks) length += octets.length;
  return length;
}
