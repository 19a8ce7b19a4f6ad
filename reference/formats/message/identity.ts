/** What a message needs to know of each actor, taken from a signet. (Sections 0 and 6.4 of the messages digest) */
import {
  encryptionKeyOf,
  fingerprintOf,
  fingerprintText,
  type Signet,
  signingKeyOf,
  signingKeysFor,
} from '../signet/index.js';
import { type Actor, isOrganization } from './actors.js';
import { MessageError } from './message-error.js';

export interface Identity {
  /** Raw Ed25519 keys that may have signed: of an organization the primary key, then the secondary ones (MSG-058). */
  readonly signingKeys: readonly Uint8Array[];
  /** Compressed secp256k1 point, 33 octets (MSG-041). */
  readonly encryptionKey: Uint8Array;
  /** Text of the cryptographic fingerprint (MSG-067). */
  readonly fingerprint: string;
}

/** The identities of those actors that are known. */
export type Identities = { readonly [actor in Actor]?: Identity };

/**
 * The identity in a signet. Whether the signet is valid has to be known already (`validateSignet`).
 *
 * @throws MessageError `missing-signet` for a signet of the wrong kind or without usable keys
 */
export function identityOf(actor: Actor, signet: Signet): Identity {
  const organization = isOrganization(actor);
  const encryptionKey = encryptionKeyOf(signet);
  const own = signingKeyOf(signet);
  const userKeys = own === null ? [] : [own];
  const signingKeys = organization ? signingKeysFor(signet, 'message') : userKeys;
  if (signet.type !== (organization ? 'organization' : 'user') || encryptionKey === null || signingKeys.length === 0) {
    throw new MessageError({
      code: 'missing-signet',
      requirement: 'MSG-041',
      offset: 0,
      what: `the signet given for the ${actor} is not a usable ${organization ? 'organizational' : 'user'} signet`,
      section: '8',
    });
  }
  return { signingKeys, encryptionKey, fingerprint: fingerprintText(fingerprintOf(signet, 'cryptographic')) };
}
