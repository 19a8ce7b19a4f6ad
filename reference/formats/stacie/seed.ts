/** The seed: an HMAC, keyed by the salt, over the password again and again. (Section 1.4 of the STACIE digest) */
import { createHash } from 'node:crypto';
import { checkSalt } from './checks.js';
import { runStage } from './kernel/kernel.js';
import type { StageOrder } from './kernel/stage-order.js';
import { bestSaltOctets } from './limits.js';
import { threeOctets } from './octets.js';
import { checkRounds } from './rounds.js';
import { passwordOctets, type Text, usernameOctets } from './text.js';

export interface SeedInputs {
  readonly rounds: number;
  readonly username: Text;
  readonly password: Text;
  readonly salt?: Uint8Array | undefined;
}

/**
 * The seed, 64 octets. Takes the time of rounds x password octets / 128 digests, in this thread: see `derive` for a way
 * that leaves it free.
 *
 * @throws StacieError for rounds outside 8..16,777,216, and for a username, password or salt outside its limits
 */
export function seed(inputs: SeedInputs): Uint8Array {
  return runStage(seedOrder(inputs));
}

/**
 * The key of the HMAC, 128 octets: a salt of 128 octets as it stands, any other expanded, and with no salt the hash of
 * the username in its place (STACIE-057 to STACIE-061, STACIE-I-15, STACIE-I-16).
 *
 * @throws StacieError for a username or salt outside its limits
 */
export function seedKey({ username, salt }: Pick<SeedInputs, 'username' | 'salt'>): Uint8Array {
  const name = usernameOctets(username);
  checkSalt(salt);
  if (salt?.length === bestSaltOctets) return Uint8Array.from(salt);
  const source = salt ?? createHash('sha512').update(name).digest();
  return new Uint8Array(
    Buffer.concat([0, 1].map((n) => createHash('sha512').update(source).update(threeOctets(n)).digest())),
  );
}

/** What the kernel has to do for a seed. @throws StacieError as `seed` does */
export function seedOrder({ rounds, username, password, salt }: SeedInputs): StageOrder {
  checkRounds(rounds);
  const key = seedKey({ username, salt });
  const text = passwordOctets(password);
  const input = new Uint8Array(key.length + text.length);
  input.set(key);
  input.set(text, key.length);
  key.fill(0);
  text.fill(0);
  return { kind: 'seed', input, octets: input.length - bestSaltOctets, rounds };
}
