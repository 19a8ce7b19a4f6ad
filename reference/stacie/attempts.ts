/** Counts failed attempts at a username, and registrations; both within a time. */
import type { StacieSessionLimits } from './limits.js';

type Limits = Pick<StacieSessionLimits, 'failures' | 'failuresMs' | 'failingUsernames' | 'registersPerMinute'>;

const minuteMs = 60_000;

export class Attempts {
  /** The oldest first; a username is in it whether it exists or not, or its limit would tell. */
  readonly #failures = new Map<string, { count: number; readonly until: number }>();
  #registers = { count: 0, until: 0 };

  constructor(
    readonly limits: Limits,
    readonly now: () => number,
  ) {}

  failed(username: string): void {
    const known = this.#current(username);
    if (known !== null) {
      known.count += 1;
      return;
    }
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size >= this.limits.failingUsernames) this.#failures.delete(oldest);
    this.#failures.set(username, { count: 1, until: this.now() + this.limits.failuresMs });
  }

  succeeded(username: string): void {
    this.#failures.delete(username);
  }

  /** Whether no more attempts are allowed now. */
  exhausted(username: string): boolean {
    return (this.#current(username)?.count ?? 0) >= this.limits.failures;
  }

  /** Counts a registration; false when there were too many. */
  register(): boolean {
    const now = this.now();
    if (now >= this.#registers.until) this.#registers = { count: 0, until: now + minuteMs };
    this.#registers.count += 1;
    return this.#registers.count <= this.limits.registersPerMinute;
  }

  #current(username: string): { count: number } | null {
    const found = this.#failures.get(username);
    if (found === undefined) return null;
    if (this.now() < found.until) return found;
    this.#failures.delete(username);
    return null;
  }
}
