/** What one lookup may take. */

export interface ResolverLimits {
  /** Milliseconds that the first question over UDP waits; each further one waits twice as long, give or take a quarter. */
  readonly udpMs: number;
  /** Times that a question is sent over UDP before it is sent over TCP. */
  readonly udpAttempts: number;
  /** Milliseconds of a question over TCP, connecting included. */
  readonly tcpMs: number;
  /** Milliseconds of a whole lookup, with all that its proof needs. */
  readonly totalMs: number;
  /** Records that are kept; the ones that were asked for longest ago go first. */
  readonly keptRecords: number;
}

const defaultResolverLimits: ResolverLimits = {
  udpMs: 800,
  udpAttempts: 3,
  tcpMs: 4_000,
  totalMs: 20_000,
  keptRecords: 1_000,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function resolverLimits(changes: Partial<ResolverLimits> = {}): ResolverLimits {
  const limits = { ...defaultResolverLimits, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new RangeError(`resolver limit ${name} is ${value}, which is not a number above 0`);
  }
  return limits;
}
