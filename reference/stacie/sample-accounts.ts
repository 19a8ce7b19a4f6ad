/** STACIE accounts to try a server with, and the passwords that go with them. */
import type { StacieAccount } from '../account/store.js';
import { deriveVerificationToken } from './derive-token.js';

export interface Credentials {
  readonly username: string;
  /** Only for whoever runs the server: the server itself keeps what is derived from it. */
  readonly password: string;
}

export interface SampleStacieAccounts {
  readonly credentials: readonly Credentials[];
  readonly accounts: readonly StacieAccount[];
}

/** Octets of a password before base64url: 24 characters, which take the fewest rounds. */
const passwordOctets = 18;
const saltOctets = 128;
const shardOctets = 64;

/**
 * Makes an account with a random password for each name, as a client would have enrolled it, with a first shard of the
 * realm `mail`.
 *
 * @param usernames normalised
 * @param random gives as many random octets as it is asked for
 * @param passwords the same for the passwords
 */
export async function sampleStacieAccounts(
  usernames: readonly string[],
  bonus: number,
  random: (octets: number) => Uint8Array,
  passwords: (username: string, octets: number) => Uint8Array = (_, octets) => random(octets),
): Promise<SampleStacieAccounts> {
  const credentials: Credentials[] = [];
  const accounts: StacieAccount[] = [];
  for (const username of usernames) {
    const password = Buffer.from(passwords(username, passwordOctets)).toString('base64url');
    const salt = random(saltOctets);
    const verificationToken = await deriveVerificationToken({ username, password, salt, bonus });
    const realms = [{ label: 'mail', index: 0, shard: random(shardOctets) }];
    credentials.push({ username, password });
    accounts.push({ username, salt, bonus, verificationToken, realms, nextIndex: new Map([['mail', 1]]) });
  }
  return { credentials, accounts };
}
