/** Names that are reserved between register and enroll (STACIE-I-72). */
import type { StacieSessionLimits } from './limits.js';

export interface Recruit {
  readonly username: string;
  readonly salt: Uint8Array;
  readonly bonus: number;
}

/** Octets (STACIE-024). */
const saltOctets = 128;

export class Recruits {
  /** The oldest first. */
  readonly #pending = new Map<string, Recruit & { readonly until: number }>();

  constructor(
    readonly limits: Pick<StacieSessionLimits, 'recruitMs' | 'recruits'>,
    readonly random: (octets: number) => Uint8Array,
    readonly now: () => number,
  ) {}

  get size(): number {
    return this.#pending.size;
  }

  /**
   * The recruit of this name. Asking again gives the same one: otherwise anybody could keep a name from being enrolled
   * by asking over and over. Null when there is no room.
   */
  recruit(username: string, bonus: number): Recruit | null {
    this.#dropExpired();
    const known = this.#pending.get(username);
    if (known !== undefined) return known;
    if (this.#pending.size >= this.limits.recruits) return null;
    const recruit = { username, salt: this.random(saltOctets), bonus, until: this.now() + this.limits.recruitMs };
    this.#pending.set(username, recruit);
    return recruit;
  }

  pending(username: string): Recruit | null {
    this.#dropExpired();
    return this.#pending.get(username) ?? null;
  }

  done(username: string): void {
    this.#pending.delete(username);
  }

  #dropExpired(): void {
    const now = this.now();
    for (const [username, { until }] of this.#pending) {
      if (now < until) return;
      this.#pending.delete(username);
    }
  }
}
