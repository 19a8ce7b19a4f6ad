/** Master key and password key: a chain of digests over a base, 64 octets each. (Section 1.5 of the STACIE digest) */
import { checkKey, checkSalt } from './checks.js';
import { runStage } from './kernel/kernel.js';
import type { StageOrder } from './kernel/stage-order.js';
import { checkRounds } from './rounds.js';
import type { SeedInputs } from './seed.js';
import { passwordOctets, usernameOctets } from './text.js';

/** The same for both keys, and for the seed. */
export type KeyInputs = SeedInputs;

/**
 * The master key, from the seed. Takes the time of `rounds` digests in this thread: see `derive` for a way that leaves
 * it free.
 *
 * @throws StacieError for a seed that has not 64 octets (STACIE-068), rounds outside 8..16,777,216, and for a username,
 * password or salt outside its limits
 */
export function masterKey({ seed, ...inputs }: KeyInputs & { readonly seed: Uint8Array }): Uint8Array {
  return runStage(masterKeyOrder(seed, inputs));
}

/**
 * The password key, from the master key in the same way. It is sent to the server at a password change only.
 *
 * @throws StacieError as `masterKey` does (STACIE-069)
 */
export function passwordKey({ masterKey, ...inputs }: KeyInputs & { readonly masterKey: Uint8Array }): Uint8Array {
  return runStage(passwordKeyOrder(masterKey, inputs));
}

/** What the kernel has to do for a master key. @throws StacieError as `masterKey` does */
export function masterKeyOrder(seed: Uint8Array, inputs: KeyInputs): StageOrder {
  checkKey(seed, 'seed', 'STACIE-068', '1.5');
  return keyOrder(seed, inputs);
}

/** What the kernel has to do for a password key. @throws StacieError as `passwordKey` does */
export function passwordKeyOrder(masterKey: Uint8Array, inputs: KeyInputs): StageOrder {
  checkKey(masterKey, 'masterKey', 'STACIE-069', '1.5');
  return keyOrder(masterKey, inputs);
}

/** Without a salt nothing stands in its place (STACIE-I-15). */
function keyOrder(base: Uint8Array, { rounds, username, password, salt }: KeyInputs): StageOrder {
  checkRounds(rounds);
  const name = usernameOctets(username);
  checkSalt(salt);
  const text = passwordOctets(password);
  const input = new Uint8Array(base.length + name.length + (salt?.length ?? 0) + text.length);
  input.set(base);
  input.set(name, base.length);
  if (salt !== undefined) input.set(salt, base.length + name.length);
  input.set(text, input.length - text.length);
  text.fill(0);
  return { kind: 'key', input, octets: input.length, rounds };
}
