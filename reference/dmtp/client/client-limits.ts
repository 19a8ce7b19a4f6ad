/** What a DMTP client allows its peers. */
import { headerOctets, mostFieldOctets } from '../../formats/signet/index.js';

export interface DmtpClientLimits {
  /** Milliseconds to connect to one address (REC-061). */
  readonly connectMs: number;
  /** Milliseconds of a TLS handshake. */
  readonly handshakeMs: number;
  /** Milliseconds from a command, or from the connect, to the last octet of the reply. */
  readonly replyMs: number;
  /** Milliseconds from the end of the message to its reply: the server decides and stores in that time. */
  readonly storedMs: number;
  /** Milliseconds in which the peer takes none of the message. */
  readonly stallMs: number;
  /** Milliseconds to the reply to QUIT; the connection is closed then in any case (DMTP-033). */
  readonly goodbyeMs: number;
  /** Milliseconds of one question to an OCSP responder. */
  readonly ocspMs: number;
  /** Milliseconds of a whole lookup, verification, history or delivery, DNS included. */
  readonly totalMs: number;
  /** Octets of an ordinary reply, and lines of one. */
  readonly replyOctets: number;
  readonly replyLines: number;
  /** Octets of a signet; its line is a third longer (DMTP-072). */
  readonly signetOctets: number;
  /** Signets of a history, and octets of the reply that carries them. */
  readonly historySignets: number;
  readonly historyOctets: number;
  /** Addresses of a host, and hosts of a record, that are tried. */
  readonly addresses: number;
  readonly hosts: number;
}

const defaultClientLimits: DmtpClientLimits = {
  connectMs: 5_000,
  handshakeMs: 10_000,
  replyMs: 30_000,
  storedMs: 120_000,
  stallMs: 60_000,
  goodbyeMs: 2_000,
  ocspMs: 5_000,
  totalMs: 600_000,
  replyOctets: 65_536,
  replyLines: 200,
  signetOctets: headerOctets + mostFieldOctets,
  historySignets: 1_000,
  historyOctets: 67_108_864,
  addresses: 16,
  hosts: 16,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function clientLimits(changes: Partial<DmtpClientLimits> = {}): DmtpClientLimits {
  const limits = { ...defaultClientLimits, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new RangeError(`DMTP client limit ${name} is ${value}, which is not a number above 0`);
  }
  return limits;
}
