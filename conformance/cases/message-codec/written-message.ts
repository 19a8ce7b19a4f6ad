/** A message that a peer made, opened by the suite with the keys of all four actors. */
import { type ReadPayload, readPayload } from '../../model/message-ciphers.js';
import {
  isStandard,
  type OpenedSlot,
  type Opener,
  openerOf,
  plainOf,
  signatureHolds,
  slotIn,
} from '../../model/message-opener.js';
import { type Actor, access, actors, type Chunk, splitMessage } from '../../model/message-tables.js';
import type { Octets } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import { askEncrypt, messageIn } from './message-calls.js';
import { type Draft, parties } from './message-inputs.js';

export interface WrittenChunk extends Chunk {
  /** By actor with access. */
  readonly opened: ReadonlyMap<Actor, OpenedSlot>;
  /** With the recipient's slot. */
  readonly plain: Octets;
}

export interface WrittenMessage {
  readonly octets: Octets;
  readonly chunks: readonly WrittenChunk[];
  /** Of the standard chunks, in order. */
  readonly payloads: readonly (ReadPayload & { readonly type: number })[];
  /** Whether the signature of a type holds, looked at by the recipient; null when it is not there. */
  readonly holds: (type: number, signer: 'author' | 'origin') => boolean | null;
}

/**
 * Asks for a message and opens it: each actor with access by type has a slot that opens with his key.
 *
 * @param bounces given: the origin signs too
 * @throws Breach of `requirement` when there is no message, or it cannot be cut into chunks and opened
 */
export async function write(
  context: CaseContext,
  requirement: string,
  draft: Draft,
  bounces: readonly ('metadata' | 'display')[] | null = null,
): Promise<WrittenMessage> {
  const octets = messageIn(context, requirement, await askEncrypt(context, draft, bounces));
  let trouble = '';
  try {
    return open(octets);
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
  }
  context.require(requirement, false, 'a message that can be cut into chunks and opened', trouble);
  throw new Error(trouble);
}

/** @throws RangeError or an error of node:crypto saying why it cannot be opened */
function open(octets: Octets): WrittenMessage {
  const known = parties('dime-2015');
  const message = splitMessage('dime-2015', octets);
  const openers = Object.fromEntries(
    actors.map((actor) => [actor, openerOf('dime-2015', message, actor, known[actor].identity.encryption.scalar)]),
  ) as Record<Actor, Opener>;
  const chunks = message.chunks.map((chunk): WrittenChunk => {
    const opened = new Map<Actor, OpenedSlot>();
    for (const actor of access['dime-2015'][chunk.type] ?? []) {
      const slot = slotIn('dime-2015', chunk, openers[actor]);
      if (slot !== null) opened.set(actor, slot);
    }
    const slot = opened.get('recipient');
    return { ...chunk, opened, plain: slot === undefined ? chunk.payload : plainOf('dime-2015', chunk, slot) };
  });
  return {
    octets,
    chunks,
    payloads: chunks.filter(isStandard).map(({ type, plain }) => ({ type, ...readPayload(plain) })),
    holds: (type, signer) =>
      signatureHolds('dime-2015', message, type, openers.recipient, known[signer].identity.signing.publicKey),
  };
}
