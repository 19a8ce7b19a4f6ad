/** What a STACIE client allows a server. */

export interface StacieClientLimits {
  /** Octets of an answer. */
  readonly answerOctets: number;
  /** Milliseconds to an answer, connecting included. */
  readonly answerMs: number;
  /** Milliseconds of the whole login, the derivation included. */
  readonly totalMs: number;
  /** Rounds of a stage; more are refused before any is done (STACIE-I-13). */
  readonly rounds: number;
  /**
   * authenticate is sent a multiple of this after the login was answered, so that the time between the two does not
   * show how long the password is (STACIE-207). Milliseconds.
   */
  readonly paceMs: number;
}

export const defaultClientLimits: StacieClientLimits = {
  answerOctets: 262_144,
  answerMs: 10_000,
  totalMs: 120_000,
  rounds: 4_194_304,
  paceMs: 1_000,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function clientLimits(changes: Partial<StacieClientLimits> = {}): StacieClientLimits {
  const limits = { ...defaultClientLimits, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new RangeError(`STACIE client limit ${name} is ${value}, which is not a number above 0`);
  }
  return limits;
}
