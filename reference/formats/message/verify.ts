/** Signatures of a message: which an actor has to check, and whether they hold. (Sections 6 and 8) */
import type { Actor } from './actors.js';
import type { Chunk } from './chunk.js';
import { verifyPieces } from './ed25519-stream.js';
import type { Message } from './message.js';
import { MessageError } from './message-error.js';
import {
  type SignatureName,
  type SignatureRow,
  signatureRows,
  signedPieces,
  type TreeForm,
} from './message-signatures.js';
import { type Opener, openSignature } from './open-chunk.js';

/** By signature: whether it holds; absent when it is not in the message, or nobody could or had to check it. */
export type SignatureReport = { readonly [name in SignatureName]?: boolean };

/** Raw Ed25519 keys of each signer, as far as they are known. */
export type SigningKeys = { readonly [actor in Actor]?: readonly Uint8Array[] };

export interface VerifyOptions {
  /** Also takes the tree signature as libdime makes it (MSG-046, OQ-45). Off unless asked for. */
  readonly acceptLibdimeTree?: boolean;
}

/** Whose signatures an actor checks; the origin makes its own, and for the author they are not made yet (section 8). */
const checkedSigners: Readonly<Record<Actor, readonly Actor[]>> = {
  author: ['author'],
  origin: ['author'],
  destination: ['origin', 'destination'],
  recipient: ['author', 'origin', 'destination'],
};

/** The signatures that this actor has to check, if they are there. */
export function signaturesToCheck({ profile, actor }: Pick<Opener, 'profile' | 'actor'>): SignatureRow[] {
  return signatureRows[profile].filter(({ signer }) => checkedSigners[actor].includes(signer));
}

/**
 * Whether one signature holds with one of the keys. Works on a part of a message too: a bounce signature needs only the
 * chunks that it covers (section 9.4).
 *
 * @returns null when the message has no such chunk
 * @throws MessageError `no-slot` when the actor cannot read the signature
 */
export function verifySignature(
  message: Message,
  name: SignatureName,
  opener: Opener,
  signingKeys: readonly Uint8Array[],
  { acceptLibdimeTree = false }: VerifyOptions = {},
): boolean | null {
  const chunk = signatureChunk(message, name);
  const row = signatureRows[message.profile].find((each) => each.name === name);
  if (chunk === null || row === undefined) return null;
  const signature = openSignature(opener, chunk);
  const forms: readonly TreeForm[] = row.over === 'hashes' && acceptLibdimeTree ? ['digest', 'libdime'] : ['digest'];
  return forms.some((form) => {
    const pieces = signedPieces(message.chunks, row, chunk.definition.type, form);
    return signingKeys.some((key) => verifyPieces(key, pieces, signature));
  });
}

/**
 * Checks all that this actor has to check and can, and says how each came out. Nothing is refused here.
 *
 * @throws MessageError for a message that cannot be read
 */
export function verifySignatures(
  message: Message,
  opener: Opener,
  signingKeys: SigningKeys,
  options: VerifyOptions = {},
): SignatureReport {
  const report: { [name in SignatureName]?: boolean } = {};
  for (const { name, signer } of signaturesToCheck(opener)) {
    const keys = signingKeys[signer];
    const holds = keys === undefined ? null : verifySignature(message, name, opener, keys, options);
    if (holds !== null) report[name] = holds;
  }
  return report;
}

/** The rule that makes each actor check (MSG-050, MSG-059, MSG-060); an author checks his own work. */
const checkRequirement: Readonly<Record<Actor, string>> = {
  author: 'MSG-047',
  origin: 'MSG-050',
  destination: 'MSG-059',
  recipient: 'MSG-060',
};

/** @throws MessageError `bad-signature` for the first signature that does not hold */
export function refuseInvalid(message: Message, actor: Actor, report: SignatureReport): void {
  const prime = message.profile === 'prime';
  const row = signatureRows[message.profile].find(({ name }) => report[name] === false);
  if (row === undefined) return;
  throw new MessageError({
    code: 'bad-signature',
    requirement: prime ? 'MSG-092' : checkRequirement[actor],
    offset: signatureChunk(message, row.name)?.offset ?? 0,
    what: `the ${row.name} signature does not hold`,
    section: prime ? '12.5' : '6.2',
  });
}

function signatureChunk({ chunks }: Message, name: SignatureName): Chunk | null {
  for (const chunk of chunks) if (chunk.definition.name === name) return chunk;
  return null;
}
