/**
 * What the origin does with a message that one of its users submits: opens it as far as an origin may, checks the
 * author's signatures and name, signs for the organization, and hands it on (DMAP-354, DMAP-355, DMAP-I-91).
 */
import {
  type Identity,
  identityOf,
  MessageError,
  messagePieces,
  openMessage,
  readMessage,
  signAsOrigin,
} from '../formats/message/index.js';
import type { Signet } from '../formats/signet/index.js';
import type { SubmitOutcome, SubmitRequest } from './session-contract.js';
import type { Deliver } from './submission-contract.js';

/** The organization that the users belong to. */
export interface OriginOrganization {
  /** Its domain name, in lower case. */
  readonly domain: string;
  /** The newest one; it has been validated. */
  readonly signet: Signet;
  /** secp256k1 scalars of all signets that mail may still be addressed with, 32 octets each, the newest first. */
  readonly encryptionPrivates: readonly Uint8Array[];
  /** Ed25519 seed, 32 octets. */
  readonly signingSeed: Uint8Array;
}

export interface SubmissionOptions {
  readonly organization: OriginOrganization;
  /** The current signet of a user, validated; null when there is none. A rotated key does not sign any more. */
  readonly authorSignet: (address: string) => Promise<Signet | null>;
  readonly deliver: Deliver;
}

const refused = (text: string): SubmitOutcome => ({ accepted: false, text });

/**
 * Makes the function that a DMAP server submits messages with. What it refuses is a text for the author that quotes
 * nothing from the message.
 */
export function createSubmission(options: SubmissionOptions): (request: SubmitRequest) => Promise<SubmitOutcome> {
  const { organization, deliver } = options;
  return async (request) => {
    const signet = await options.authorSignet(request.author);
    if (signet === null) return refused('There is no signet that your signature could be checked with.');
    try {
      const author = identityOf('author', signet);
      const outgoing = signed(request, organization, author);
      if (outgoing === null) return refused('The origin chunk names another author.');
      const { destination, pieces, octets } = outgoing;
      const result = await deliver({
        octets,
        read: pieces,
        author: request.author,
        origin: organization.domain,
        originFingerprint: identityOf('origin', organization.signet).fingerprint,
        destination: destination.name.toLowerCase(),
        destinationFingerprint: destination.fingerprint,
        options: request.options,
      });
      if (!result.delivered) return refused(`The message was not delivered: ${result.text}`);
      const [signingKey] = author.signingKeys;
      return { accepted: true, ...(signingKey === undefined ? {} : { signingKey }) };
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      return refused(`The message is not right: ${reasonOf(error)}`);
    }
  };
}

/** The message with the organization's signature; null when its author is not the one who submits. @throws MessageError */
function signed(
  { author: username, read }: SubmitRequest,
  { encryptionPrivates, signingSeed }: OriginOrganization,
  author: Identity,
): {
  readonly destination: { readonly name: string; readonly fingerprint: string };
  readonly pieces: () => Iterable<Uint8Array>;
  readonly octets: number;
} | null {
  const message = readMessage('dime-2015', read);
  const identities = { author };
  let failure: unknown;
  for (const encryptionPrivate of encryptionPrivates) {
    try {
      const opened = openMessage(message, { actor: 'origin', encryptionPrivate, identities });
      // An address is compared without regard to case, like the login name.
      if (opened.author?.name.toLowerCase() !== username.toLowerCase() || opened.destination === undefined) return null;
      const complete = signAsOrigin(message, { signingSeed, encryptionPrivate, identities });
      let octets = 0;
      for (const piece of messagePieces(complete)) octets += piece.length;
      return { destination: opened.destination, pieces: () => messagePieces(complete), octets };
    } catch (error) {
      // Made for an earlier key of the organization, perhaps: such a key shows as a signature that does not hold.
      if (!(error instanceof MessageError) || error.code !== 'bad-signature') throw error;
      failure ??= error;
    }
  }
  throw failure ?? new RangeError('the organization has no encryption key');
}

/** An error's own words, without what it may quote of the message. */
function reasonOf({ code, requirement }: MessageError): string {
  return requirement === undefined ? code : `${code} (${requirement})`;
}
