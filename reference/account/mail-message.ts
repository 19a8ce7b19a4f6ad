/** What the mail store tells of a mailbox and of a message. */
import type { DateTime } from '../../grammar/dmap-values.js';

/** As it was written, in its own zone, so that it is told back the same (DMAP-I-64). */
export type InternalDate = DateTime;

/** All that is in memory of a message. */
export interface MessageSummary {
  readonly uid: number;
  /** System flags first, in the order of `systemFlags`. Messages with the same flags share the array. */
  readonly flags: readonly string[];
  readonly internalDate: InternalDate;
  /** In octets. */
  readonly size: number;
  readonly modseq: bigint;
  readonly hasMeta: boolean;
}

/** What BODY[type.n] returns: what follows the chunk's length, key slots included; of type 0 the tracing data (DMAP-I-66). */
export interface ChunkPlace {
  readonly type: number;
  /** In octets, from the start of the message. */
  readonly offset: number;
  /** In octets. */
  readonly size: number;
}

export interface MailboxAttributes {
  /** False for `\Noselect`. */
  readonly selectable: boolean;
  /** `\Sent` for example (RFC 6154); null for none. */
  readonly specialUse: string | null;
}
