/** What a DMTP server allows its peers. */

export interface DmtpServerLimits {
  /** Open connections, over all ports. At the limit the longest silent one without a finished handshake makes room. */
  readonly connections: number;
  /** Open connections from one address. */
  readonly connectionsPerAddress: number;
  /** Milliseconds from the connect, or from the go-ahead of STARTTLS, to the end of the TLS handshake. */
  readonly handshakeMs: number;
  /** Milliseconds without an octet from the peer while a command is awaited. */
  readonly idleMs: number;
  /** Milliseconds without an octet from the peer while a message is awaited. */
  readonly dataIdleMs: number;
  /** Milliseconds for the look into a message that came whole; then it is refused for now. */
  readonly judgeMs: number;
  /** Milliseconds to reach the SMTP service and to get its greeting (dual mode). */
  readonly relayConnectMs: number;
  /** Octets of replies the peer has not taken; above it, nothing more is read from that peer. */
  readonly writeBufferOctets: number;
  /** Milliseconds from our end of the connection to a close by force. */
  readonly lingerMs: number;
}

export const defaultServerLimits: DmtpServerLimits = {
  connections: 10_000,
  connectionsPerAddress: Number.POSITIVE_INFINITY,
  handshakeMs: 10_000,
  idleMs: 300_000,
  dataIdleMs: 60_000,
  judgeMs: 60_000,
  relayConnectMs: 10_000,
  writeBufferOctets: 256 * 1024,
  lingerMs: 2_000,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function serverLimits(changes: Partial<DmtpServerLimits> = {}): DmtpServerLimits {
  const limits = { ...defaultServerLimits, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new RangeError(`server limit ${name} is ${value}, which is not a number above 0`);
  }
  return limits;
}
