/** Opening a message as one of the four actors. (Sections 8 and 9 of the messages digest) */
import type { Actor } from './actors.js';
import { type Chunk, slotOf } from './chunk.js';
import { type CommonHeaders, readCommonHeaders } from './common-headers.js';
import { type EnvelopeEntry, type EnvelopeKind, readEnvelope } from './envelope-text.js';
import { kekFor } from './ephemeral.js';
import type { Identities } from './identity.js';
import { chunksNamed, type Message, missingChunk } from './message.js';
import { MessageError } from './message-error.js';
import { checkPlaintextSignature, type Opener, openStandard } from './open-chunk.js';
import { gatherParts, type Part, type PartOptions, readSegments, type Segment } from './parts.js';
import {
  refuseInvalid,
  type SignatureReport,
  signaturesToCheck,
  type VerifyOptions,
  verifySignatures,
} from './verify.js';

export interface OpenInput extends VerifyOptions, PartOptions {
  readonly actor: Actor;
  /** The actor's secp256k1 scalar, 32 octets. */
  readonly encryptionPrivate: Uint8Array;
  /**
   * Of validated signets. The author's and the origin's are needed to check signatures (MSG-050, MSG-059, MSG-060);
   * those that are known are compared with the envelope (MSG-068).
   */
  readonly identities: Identities;
  /** Goes on where an identity is missing, with the signatures that need it unchecked. Off unless asked for. */
  readonly unverified?: boolean;
}

/** What the actor may see; members that he may not see are absent. */
export interface OpenedMessage {
  readonly actor: Actor;
  readonly verified: SignatureReport;
  readonly author?: EnvelopeEntry;
  readonly destination?: EnvelopeEntry;
  readonly recipient?: EnvelopeEntry;
  readonly origin?: EnvelopeEntry;
  readonly headers?: CommonHeaders;
  /** Content of the other headers chunk; absent too when the message has none (MSG-018). */
  readonly other?: Uint8Array;
  /** The parts, decrypted chunk by chunk as they are asked for; nothing for actors without access. @throws MessageError */
  readonly segments: () => Iterable<Segment>;
}

/** An opened message with its parts in memory. */
export interface DecryptedMessage extends Omit<OpenedMessage, 'segments'> {
  readonly display?: readonly Part[];
  readonly attachments?: readonly Part[];
}

/**
 * Opens a message of `dime-2015`. Outer signatures are checked first, so that padding and lengths of a chunk are looked
 * at only after the author has been found to have made it: no error tells an attacker about a plaintext (OQ-69).
 *
 * A key that does not belong to the actor shows as a signature that does not hold.
 *
 * @throws MessageError
 */
export function openMessage(message: Message, input: OpenInput): OpenedMessage {
  const { actor, identities } = input;
  checkComplete(message);
  const opener: Opener = { profile: message.profile, actor, kek: kekFor(message, input.encryptionPrivate) };
  if (input.unverified !== true) checkIdentities(opener, identities);
  const verified = verifySignatures(message, opener, signingKeysOf(identities), input);
  refuseInvalid(message, actor, verified);

  // The destination does not know the author, and so cannot check what he signed in chunk 5 (OQ-55).
  const authorKeys = actor === 'destination' ? undefined : identities.author?.signingKeys;
  const read = (chunk: Chunk): Uint8Array => {
    const payload = openStandard(opener, chunk);
    if (authorKeys !== undefined) checkPlaintextSignature(message.profile, chunk, payload, authorKeys);
    return payload.data;
  };
  const single = (name: 'origin' | 'destination' | 'common' | 'headers'): Chunk | undefined =>
    chunksNamed(message, name).find((chunk) => slotOf(chunk, actor) !== undefined);

  const envelope = (kind: EnvelopeKind): { [who in Actor]?: EnvelopeEntry } => {
    const chunk = single(kind);
    if (chunk === undefined) return {};
    const [user, organization] = readEnvelope(kind, read(chunk), chunk.offset);
    const entries =
      kind === 'origin' ? { author: user, destination: organization } : { recipient: user, origin: organization };
    checkFingerprints(entries, identities, chunk.offset);
    return entries;
  };
  const common = single('common');
  const other = single('headers');
  return {
    actor,
    verified,
    ...envelope('origin'),
    ...envelope('destination'),
    ...(common === undefined ? {} : { headers: readCommonHeaders(read(common), common.offset) }),
    ...(other === undefined ? {} : { other: read(other) }),
    segments: () => (common === undefined ? [] : readSegments(message, opener, authorKeys, input)),
  };
}

/** The same with all parts in memory. @throws MessageError */
export function decryptMessage(message: Message, input: OpenInput): DecryptedMessage {
  const { segments, ...opened } = openMessage(message, input);
  if (opened.headers === undefined) return opened;
  const { display, attachment } = gatherParts(segments());
  return { ...opened, display, attachments: attachment };
}

/** @throws MessageError `missing-chunk` (MSG-016), `not-in-profile` */
export function checkComplete(message: Message): void {
  const missing = missingChunk(message);
  if (missing === null) return;
  const prime = message.profile === 'prime';
  throw new MessageError({
    code: 'missing-chunk',
    requirement: prime ? 'MSG-081' : 'MSG-016',
    offset: 0,
    what: `the message is not complete: there is no ${missing} chunk`,
    section: prime ? '12.6' : '9.2',
  });
}

/** @throws MessageError `missing-signet` */
function checkIdentities(opener: Opener, identities: Identities): void {
  for (const { name, signer } of signaturesToCheck(opener)) {
    if (identities[signer] !== undefined) continue;
    throw new MessageError({
      code: 'missing-signet',
      requirement: opener.actor === 'recipient' ? 'MSG-060' : opener.actor === 'destination' ? 'MSG-059' : 'MSG-050',
      offset: 0,
      what: `the signet of the ${signer} is needed to check the ${name} signature`,
      section: '8',
    });
  }
}

function signingKeysOf(identities: Identities): { [actor in Actor]?: readonly Uint8Array[] } {
  const entries = Object.entries(identities).map(([actor, identity]) => [actor, identity?.signingKeys]);
  return Object.fromEntries(entries.filter(([, keys]) => keys !== undefined));
}

/** libdime compares none (OQ-72). @throws MessageError `wrong-fingerprint` */
function checkFingerprints(entries: { [who in Actor]?: EnvelopeEntry }, identities: Identities, offset: number): void {
  for (const [who, { fingerprint }] of Object.entries(entries) as [Actor, EnvelopeEntry][]) {
    const known = identities[who]?.fingerprint;
    if (known === undefined || known === fingerprint) continue;
    throw new MessageError({
      code: 'wrong-fingerprint',
      requirement: 'MSG-068',
      offset,
      what: `the envelope names another signet of the ${who} than the one given`,
      section: '8',
    });
  }
}
