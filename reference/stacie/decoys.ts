/** Accounts that do not exist and look as if they did (STACIE-202, STACIE-203, STACIE-I-83, STACIE-I-84). */
import { createHmac } from 'node:crypto';
import type { StacieAccount } from '../account/store.js';

/** Octets of a site secret, at least. */
const leastSecret = 32;

/**
 * Gives each username its decoy: always the same, not to be computed without the secret, and with a verification token
 * that nobody has.
 *
 * @param bonus the bonus that real accounts get
 * @throws RangeError when the secret is shorter than 32 octets
 */
export function createDecoys(siteSecret: Uint8Array, bonus: number): (username: string) => StacieAccount {
  if (siteSecret.length < leastSecret) {
    throw new RangeError(`the site secret has ${siteSecret.length} octets; at least ${leastSecret} are needed`);
  }
  const secret = Uint8Array.from(siteSecret);
  const derive = (label: string, username: string): Buffer =>
    createHmac('sha512', secret).update(`${label}\0${username}`).digest();
  return (username) => ({
    username,
    salt: new Uint8Array(Buffer.concat([derive('salt 0', username), derive('salt 1', username)])),
    bonus,
    verificationToken: new Uint8Array(derive('token', username)),
    realms: [],
    nextIndex: new Map(),
  });
}
