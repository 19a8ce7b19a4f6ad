/** What a DMAP server allows its peers, connection by connection. */

export interface DmapServerLimits {
  /** Open connections. At the limit the longest silent one without a finished handshake makes room. */
  readonly connections: number;
  /** Open connections from one address. */
  readonly connectionsPerAddress: number;
  /** Milliseconds from the connect to the end of the TLS handshake. */
  readonly handshakeMs: number;
  /** Milliseconds without an octet from a peer that has not authenticated: 60 seconds and up (DMAP-I-09). */
  readonly loginIdleMs: number;
  /** Milliseconds without an octet from a peer that has: 30 minutes and up (DMAP-146). */
  readonly idleMs: number;
  /** Milliseconds in which a peer takes nothing of what waits for it. */
  readonly stallMs: number;
  /** Octets that the peer has not taken; above it, nothing more is read from it or made for it. */
  readonly writeBufferOctets: number;
  /** Milliseconds from our end of the connection to a close by force. */
  readonly lingerMs: number;
}

const defaultServerLimits: DmapServerLimits = {
  connections: 10_000,
  connectionsPerAddress: Number.POSITIVE_INFINITY,
  handshakeMs: 10_000,
  loginIdleMs: 60_000,
  idleMs: 30 * 60_000,
  stallMs: 5 * 60_000,
  writeBufferOctets: 512 * 1024,
  lingerMs: 2_000,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function serverLimits(changes: Partial<DmapServerLimits> = {}): DmapServerLimits {
  return checkedLimits({ ...defaultServerLimits, ...changes });
}

/** @throws RangeError naming the limit, when one is not a number above 0 */
export function checkedLimits<Limits extends object>(limits: Limits): Limits {
  for (const [name, value] of Object.entries(limits)) {
    if (!(typeof value === 'number' && value > 0)) {
      throw new RangeError(`DMAP limit ${name} is ${value}, which is not a number above 0`);
    }
  }
  return limits;
}
