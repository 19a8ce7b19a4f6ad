/** What a lookup gives: the data, and what DNSSEC says about them. */
import type { DnssecState, ManagementRecord } from '../../formats/record/index.js';

/** What is known about where data came from. */
export interface Proven {
  /** `secure`: signed up to a trust anchor. `insecure`: not signed. `bogus`: a proof that has to be there fails. */
  readonly dnssec: DnssecState;
  /** Why it is not secure: the step of the proof that fails or ends, in visible ASCII; null when it is secure. */
  readonly reason: string | null;
}

/** A domain's management record. It may not be used to connect when it is bogus (REC-046). */
export interface ResolvedRecord extends Proven {
  readonly record: ManagementRecord;
  /** The domain as it was looked up: lower case, A-labels, no trailing dot (REC-079). */
  readonly domain: string;
  /** Seconds for which the copy is fresh; 0 for one that is used past its TTL because refreshing fails (REC-053). */
  readonly ttl: number;
}

export interface MailExchanger {
  readonly preference: number;
  /** Lower case, no trailing dot. */
  readonly host: string;
}

export interface ResolvedExchangers extends Proven {
  /** In ascending preference, equal ones as they came; empty when the domain has none (REC-057). */
  readonly exchangers: readonly MailExchanger[];
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface ResolvedAddresses extends Proven {
  /** IPv6 first, each family as it came; empty when the host has none. */
  readonly addresses: readonly ResolvedAddress[];
}

/**
 * Looks up what DNS says about DIME domains. Every promise is settled within the limits that the resolver has; each
 * fails with a ResolverError.
 */
export interface DimeResolver {
  /**
   * The management record of a domain, from `_dx.<domain>` (section 5 of the management record digest). One whose proof
   * failed is given as well, as `bogus`.
   *
   * @throws ResolverError when there is no record, a wrong one, several, or no answer
   */
  record(domain: string): Promise<ResolvedRecord>;
  /** @throws ResolverError when DNS gives no answer; a domain without mail exchangers is no error */
  mailExchangers(domain: string): Promise<ResolvedExchangers>;
  /**
   * Addresses of both families; those of one when the answer about the other does not come, or is bogus. A host that is
   * an IP address itself is given back without a question.
   *
   * @throws ResolverError when DNS gives no answer; a host without addresses is no error
   */
  addresses(host: string): Promise<ResolvedAddresses>;
}
