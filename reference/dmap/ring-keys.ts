/** What the server can see in the key ring: signing requests and signets (DMAP-I-95, DMAP-I-97). */
import type { MailStore } from '../account/mail-store.js';
import {
  detectProfiles,
  isAtLeast,
  magicNumbers,
  parseSignet,
  type Signet,
  signetTypes,
  signingKeyOf,
  validateSignet,
} from '../formats/signet/index.js';

/** The signet or signing request in these octets; null for anything else. */
function signetIn(octets: Uint8Array): Signet | null {
  for (const profile of detectProfiles(octets)) {
    try {
      return parseSignet(profile, octets);
    } catch {
      // Of another profile, or of none.
    }
  }
  return null;
}

/**
 * Why the public part of a key cannot be kept; null when it can. What claims to be a signing request has to be one, with
 * a self-signature that holds; all else is the client's own business and stays opaque.
 */
export function publicPartFault(octets: Uint8Array): string | null {
  if (octets.length === 0) return 'the public part is empty';
  const magic = octets.length < 2 ? 0 : ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);
  if (magic !== magicNumbers['signing-request']) return null;
  const request = signetIn(octets);
  if (request === null) return 'the public part is a signing request that cannot be read';
  const { state, reason } = validateSignet(request);
  // A custody signature is checked where the previous signet is at hand, and that is not here.
  if (state === 'broken-chain' || isAtLeast(state, 'signing-request')) return null;
  return `the public part is a signing request that does not hold: ${reason ?? state}`;
}

/** The key of the ring whose signing key this is; null when there is none. */
export function keyIdOf(store: MailStore, account: string, signingKey: Uint8Array): string | null {
  for (const id of store.keyIds(account)) {
    const octets = store.key(account, id)?.publicPart;
    const signet = octets === undefined ? null : signetIn(octets);
    const own = signet === null || signet.type === 'organization' ? null : signingKeyOf(signet);
    if (own !== null && Buffer.compare(own, signingKey) === 0) return id;
  }
  return null;
}

/** Whether a signet of a user or an organization can be read from these octets (DMAP-I-100). */
export function isSignet(octets: Uint8Array): boolean {
  const signet = signetIn(octets);
  return signet !== null && signet.type !== 'signing-request' && signetTypes.includes(signet.type);
}
