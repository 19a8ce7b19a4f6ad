/** Copies of management records, with the rules by which they age. (Section 5.3 of the record digest) */
import {
  type CopyState,
  copyState,
  type DnssecState,
  expirationOf,
  type RecordCopy,
  refreshedCopy,
} from '../../formats/record/index.js';
import type { ResolvedRecord } from './resolved.js';

/** A copy that may still be used, with the seconds that it has left before it is to be refreshed. */
interface KeptRecord {
  readonly state: Exclude<CopyState, 'drop'>;
  readonly resolved: ResolvedRecord;
}

interface Entry {
  readonly resolved: ResolvedRecord;
  readonly copy: RecordCopy;
}

/** From weak to strong. */
const strength: Readonly<Record<DnssecState, number>> = { bogus: 0, insecure: 1, secure: 2 };

/** Keeps the last `limit` records that were used. Times are in seconds since 1970. */
export class RecordCache {
  readonly #limit: number;
  /** By domain, the one that was used last at the end. */
  readonly #entries = new Map<string, Entry>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The copy of a domain; null when there is none, or its time is over: then it is forgotten (REC-051, REC-054). */
  find(domain: string, now: number): KeptRecord | null {
    const entry = this.#entries.get(domain);
    if (entry === undefined) return null;
    this.#entries.delete(domain);
    const state = copyState({ ...entry.copy, now });
    if (state === 'drop') return null;
    this.#entries.set(domain, entry);
    const left = entry.copy.retrievedAt + entry.copy.ttl - now;
    return { state, resolved: { ...entry.resolved, ttl: Math.max(0, Math.ceil(left)) } };
  }

  /**
   * Keeps what a lookup found. A copy that it refreshes gives it its expiration (REC-052). What failed its proof is not
   * kept, so that one forged answer does not last, and nothing takes the place of a copy that was better proven.
   *
   * @returns whether it counts: false when the copy that is there has to be used on
   */
  keep(resolved: ResolvedRecord, now: number): boolean {
    const { domain, ttl, record, dnssec } = resolved;
    const old = this.find(domain, now) === null ? undefined : this.#entries.get(domain);
    if (old !== undefined && strength[dnssec] < strength[old.resolved.dnssec]) return false;
    if (dnssec === 'bogus') return true;
    const renewed: RecordCopy = { retrievedAt: now, ttl, expiry: record.expiry };
    const copy = old === undefined ? renewed : refreshedCopy(old.copy, renewed);
    this.#entries.delete(domain);
    if (ttl === 0 && expirationOf(copy) === null) return true;
    this.#entries.set(domain, { resolved, copy });
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldest);
    }
    return true;
  }
}
