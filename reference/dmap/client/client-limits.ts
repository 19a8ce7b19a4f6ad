/** What a DMAP client allows a server. */

export interface DmapClientLimits {
  /** Milliseconds to connect. */
  readonly connectMs: number;
  /** Milliseconds of the TLS handshake. */
  readonly handshakeMs: number;
  /** Milliseconds without an octet while something is awaited, and in which the server takes nothing of what is sent. */
  readonly silenceMs: number;
  /** Milliseconds from a command to its completion, or from the connect to the greeting. */
  readonly commandMs: number;
  /** Milliseconds from BYE, or from LOGOUT, to the end of the connection. */
  readonly goodbyeMs: number;
  /** Milliseconds of the whole connection. */
  readonly totalMs: number;
  /** Octets of one response without its literals. */
  readonly responseOctets: number;
  /** Octets of all literals of one response. */
  readonly literalOctets: number;
  /** Literals of one response. */
  readonly responseLiterals: number;
  /** Octets and responses from the end of one command to the end of the next. */
  readonly commandOctets: number;
  readonly commandResponses: number;
  /** Messages of the selected mailbox that are remembered, and octets of what is remembered of them. */
  readonly rememberedMessages: number;
  readonly rememberedOctets: number;
  /** Octets of messages that one synchronisation reads. */
  readonly synchronizedOctets: number;
}

const defaultClientLimits: DmapClientLimits = {
  connectMs: 10_000,
  handshakeMs: 10_000,
  silenceMs: 60_000,
  commandMs: 600_000,
  goodbyeMs: 2_000,
  totalMs: 3_600_000,
  responseOctets: 4 * 1024 * 1024,
  literalOctets: 128 * 1024 * 1024,
  responseLiterals: 10_000,
  commandOctets: 512 * 1024 * 1024,
  commandResponses: 1_000_000,
  rememberedMessages: 1_000_000,
  rememberedOctets: 256 * 1024 * 1024,
  synchronizedOctets: 1024 * 1024 * 1024,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function clientLimits(changes: Partial<DmapClientLimits> = {}): DmapClientLimits {
  const limits = { ...defaultClientLimits, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new RangeError(`DMAP client limit ${name} is ${value}, which is not a number above 0`);
  }
  return limits;
}
