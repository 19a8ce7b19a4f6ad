/** Bounds of the DNS server. Each is there for a peer that would otherwise cost memory, sockets or time without end. */
export interface DnsLimits {
  /** Octets of the largest UDP answer, however much a client says it takes. */
  readonly udpPayload: number;
  /** Open TCP connections; further ones are closed at once. */
  readonly tcpConnections: number;
  /** Milliseconds in which a TCP connection has to bring its next whole query and take the answers to the last. */
  readonly tcpIdleMs: number;
  /** Octets of a query over TCP. One question and an OPT record are far less. */
  readonly tcpQueryOctets: number;
  /** Entries of the log of queries; the oldest go first. */
  readonly loggedQueries: number;
  /** Answers that wait to be sent, where a conduct says so; further ones are dropped. */
  readonly delayedAnswers: number;
}

export const defaultDnsLimits: DnsLimits = {
  // The reply buffer of the reference resolver (section 2.4 of the management record digest).
  udpPayload: 4096,
  tcpConnections: 64,
  // RFC 7766 section 6.2.3: "on the order of a few seconds".
  tcpIdleMs: 10_000,
  tcpQueryOctets: 4096,
  loggedQueries: 1000,
  delayedAnswers: 1000,
};
