/** What a STACIE session allows its peers. Every count is a bound on memory as well. */

export interface StacieSessionLimits {
  /** Octets of a request. */
  readonly requestOctets: number;
  /** Milliseconds that a nonce is good for (STACIE-I-80). */
  readonly nonceMs: number;
  /** Open nonces of one username; beyond it the oldest is dropped. */
  readonly noncesPerUsername: number;
  /** Open nonces of all; beyond it the oldest is dropped. */
  readonly nonces: number;
  /** Milliseconds from recruit to enroll (STACIE-I-72). */
  readonly recruitMs: number;
  /** Recruits that have not enrolled; beyond it nobody else is recruited. */
  readonly recruits: number;
  /** Failed attempts at one username within `failuresMs`, whether it exists or not; then error (STACIE-192). */
  readonly failures: number;
  readonly failuresMs: number;
  /** Usernames whose failures are remembered; beyond it the oldest is forgotten. */
  readonly failingUsernames: number;
  /** Register requests of all within a minute, since each can ask whether a name is taken (STACIE-I-74). */
  readonly registersPerMinute: number;
  /** Shards of one account. */
  readonly shards: number;
}

export const defaultSessionLimits: StacieSessionLimits = {
  requestOctets: 65_536,
  nonceMs: 5 * 60_000,
  noncesPerUsername: 16,
  nonces: 20_000,
  recruitMs: 10 * 60_000,
  recruits: 1_000,
  failures: 50,
  failuresMs: 10 * 60_000,
  failingUsernames: 10_000,
  registersPerMinute: 600,
  shards: 256,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function sessionLimits(changes: Partial<StacieSessionLimits> = {}): StacieSessionLimits {
  const limits = { ...defaultSessionLimits, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new RangeError(`STACIE limit ${name} is ${value}, which is not a number above 0`);
  }
  return limits;
}
