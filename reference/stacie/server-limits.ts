/** What the HTTPS transport allows its peers; all times in milliseconds. */

export interface StacieServerLimits {
  /** Octets of a request's body. */
  readonly bodyOctets: number;
  /** Octets of a request's head. */
  readonly headOctets: number;
  /** Open connections; a new one beyond it is closed. */
  readonly connections: number;
  /** Requests on one connection; the last is answered with `Connection: close`. */
  readonly requestsPerConnection: number;
  /** From the connect to the end of the TLS handshake. */
  readonly handshakeMs: number;
  /** From a request's first octet to its last. */
  readonly requestMs: number;
  /** Without an octet from or to the peer. */
  readonly idleMs: number;
}

export const defaultStacieServerLimits: StacieServerLimits = {
  bodyOctets: 65_536,
  headOctets: 8_192,
  connections: 1_000,
  requestsPerConnection: 1_000,
  handshakeMs: 10_000,
  requestMs: 10_000,
  idleMs: 30_000,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function stacieServerLimits(changes: Partial<StacieServerLimits> = {}): StacieServerLimits {
  const limits = { ...defaultStacieServerLimits, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new RangeError(`STACIE server limit ${name} is ${value}, which is not a number above 0`);
  }
  return limits;
}
