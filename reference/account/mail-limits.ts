/** What a mail store keeps at most. Beyond it a call is refused with `limit`, `too-big` or `over-quota`. */

export interface MailLimits {
  readonly mostAccounts: number;
  /** Of one account, `\Noselect` names included. */
  readonly mostMailboxes: number;
  /** Of one account. */
  readonly mostSubscriptions: number;
  /** Of a mailbox name in UTF-8. */
  readonly mostNameOctets: number;
  /** Of one mailbox. */
  readonly mostMessages: number;
  readonly mostMessageOctets: number;
  /** Of one META block; 1 MiB (DMAP-I-74). */
  readonly mostMetaOctets: number;
  /** Messages and META of one account, copies counted again, and what is being appended. */
  readonly quotaOctets: number;
  /** Removed UIDs that a mailbox remembers for clients that come back. About 16 octets of memory each. */
  readonly mostExpungedKept: number;
  /** Of one account. */
  readonly mostKeys: number;
  /** Of one account. */
  readonly mostSignets: number;
  /** Of each part of a key, and of a signet. */
  readonly mostRingOctets: number;
}

export const defaultMailLimits: MailLimits = {
  mostAccounts: 10_000,
  mostMailboxes: 10_000,
  mostSubscriptions: 10_000,
  mostNameOctets: 1_000,
  mostMessages: 1_000_000,
  mostMessageOctets: 128 * 1024 * 1024,
  mostMetaOctets: 1024 * 1024,
  quotaOctets: 4 * 1024 * 1024 * 1024,
  mostExpungedKept: 10_000,
  mostKeys: 1_000,
  mostSignets: 10_000,
  mostRingOctets: 1024 * 1024,
};
