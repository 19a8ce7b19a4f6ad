/** What the policies of a record say, and how long a copy of it may be used. */
import type { MessagePolicy, SubdomainPolicy } from '../../../grammar/record.js';

export interface PolicyMeaning {
  /** The number that the reference implementation gives the value. */
  readonly number: number;
  /** The meaning that the name suggests; no known implementation acts on it (OQ-12, OQ-13). */
  readonly meaning: string;
}

/** Section 3.5. */
export const messagePolicies: Readonly<Record<MessagePolicy, PolicyMeaning>> = {
  experimental: { number: 0, meaning: 'DIME is offered for testing; ordinary mail is still expected' },
  mixed: { number: 1, meaning: 'the domain takes DIME messages and ordinary mail' },
  strict: { number: 2, meaning: 'the domain takes DIME messages only' },
};

/** Section 3.7. */
export const subdomainPolicies: Readonly<Record<SubdomainPolicy, PolicyMeaning>> = {
  strict: { number: 0, meaning: 'the record says nothing about subdomains; each needs its own' },
  relaxed: { number: 1, meaning: 'the record may be applied to subdomains that have none' },
  explicit: { number: 2, meaning: 'subdomains are covered only where that is stated' },
};

const daySeconds = 86_400;

/** A copy of a record in a resolver's cache; times in seconds since 1970. */
export interface RecordCopy {
  readonly retrievedAt: number;
  /** Seconds: the TTL of the TXT RR (REC-051). */
  readonly ttl: number;
  /** Days: `expiry` of the record; 0 for none. */
  readonly expiry: number;
  /** When the copy that this one refreshed was first retrieved: its expiration stays (REC-052). */
  readonly firstRetrievedAt?: number;
}

/** `fresh`: use it. `refresh`: look it up again, and use it as long as that fails. `drop`: do not use it. */
export type CopyState = 'fresh' | 'refresh' | 'drop';

/** The time at which a copy must be thrown away, or null when it dies with its TTL. (Section 5.3, OQ-8) */
export function expirationOf({ retrievedAt, expiry, firstRetrievedAt = retrievedAt }: RecordCopy): number | null {
  return expiry === 0 ? null : firstRetrievedAt + expiry * daySeconds;
}

/** What may be done with a copy at the time `now`. (Section 5.3: REC-051, REC-053, REC-054) */
export function copyState({ now, ...copy }: RecordCopy & { readonly now: number }): CopyState {
  const expiration = expirationOf(copy);
  if (expiration !== null && now >= expiration) return 'drop';
  if (now < copy.retrievedAt + copy.ttl) return 'fresh';
  return expiration === null ? 'drop' : 'refresh';
}

/** The copy that a successful refresh leaves: new record and TTL, old expiration (REC-052). */
export function refreshedCopy(old: RecordCopy, renewed: RecordCopy): RecordCopy {
  return expirationOf(old) === null
    ? renewed
    : { ...renewed, expiry: old.expiry, firstRetrievedAt: old.firstRetrievedAt ?? old.retrievedAt };
}
