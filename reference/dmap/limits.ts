/** What a DMAP session allows its peer. Every count is a bound on memory or on time as well. */
import { checkedLimits } from './server-limits.js';

export interface DmapSessionLimits {
  /** Octets of a command without its literals: 8192 and up (DMAP-I-20). */
  readonly lineOctets: number;
  /** Octets of a message in APPEND: 1 MiB and up (DMAP-I-20). */
  readonly messageOctets: number;
  /** Octets of any other literal: the largest is an encrypted block (DMAP-I-74). */
  readonly literalOctets: number;
  /** Octets of all literals of a command other than a message. */
  readonly commandLiteralOctets: number;
  readonly literalsPerCommand: number;
  /** Octets that are read over: of a line or a literal that was refused while it came. */
  readonly skippedOctets: number;
  /** Octets of a line inside AUTHENTICATE. */
  readonly saslOctets: number;
  /** Failed AUTHENTICATE commands before the peer is sent away (DMAP-I-10). */
  readonly authenticationAttempts: number;
  /** Milliseconds from a failed attempt to its NO. */
  readonly authenticationDelayMs: number;
  /** Commands in a row that cannot be understood, before the peer is sent away (DMAP-I-24). */
  readonly garbageLines: number;
  /** Octets of answers that are made before the transport says that there is room for more. */
  readonly burstOctets: number;
  /** Octets kept while a command is under way; more of them end the connection. The transport holds back long before. */
  readonly heldOctets: number;
  /** Keys in one SEARCH, those inside of others counted: each may be asked of every message. */
  readonly searchKeys: number;
  /** Flags in one list. */
  readonly flags: number;
}

const defaultSessionLimits: DmapSessionLimits = {
  lineOctets: 65_536,
  messageOctets: 128 * 1024 * 1024,
  literalOctets: 1024 * 1024,
  commandLiteralOctets: 2 * 1024 * 1024,
  literalsPerCommand: 32,
  skippedOctets: 16 * 1024 * 1024,
  saslOctets: 96 * 1024,
  authenticationAttempts: 3,
  authenticationDelayMs: 300,
  garbageLines: 200,
  burstOctets: 256 * 1024,
  heldOctets: 8 * 1024 * 1024,
  searchKeys: 500,
  flags: 100,
};

/**
 * The default limits with some of them replaced.
 *
 * @throws RangeError naming the limit, when one is not a number above 0
 */
export function sessionLimits(changes: Partial<DmapSessionLimits> = {}): DmapSessionLimits {
  return checkedLimits({ ...defaultSessionLimits, ...changes });
}
