/** Open nonces: each bound to one username, good for a time, spent by the first request that names it. */
import type { StacieSessionLimits } from './limits.js';

/** Octets (STACIE-029). */
const nonceOctets = 128;

type Limits = Pick<StacieSessionLimits, 'nonceMs' | 'noncesPerUsername' | 'nonces'>;

export class Nonces {
  /** The oldest first, since all live equally long. */
  readonly #open = new Map<string, { readonly username: string; readonly until: number }>();
  readonly #ofUsername = new Map<string, Set<string>>();

  constructor(
    readonly limits: Limits,
    readonly random: (octets: number) => Uint8Array,
    readonly now: () => number,
  ) {}

  get size(): number {
    return this.#open.size;
  }

  /** A new one for `username`. */
  issue(username: string): Uint8Array {
    this.#dropExpired();
    const own = this.#ofUsername.get(username);
    const [oldest] = own ?? [];
    if (own !== undefined && oldest !== undefined && own.size >= this.limits.noncesPerUsername) this.#drop(oldest);
    const [oldestOfAll] = this.#open.keys();
    if (oldestOfAll !== undefined && this.#open.size >= this.limits.nonces) this.#drop(oldestOfAll);
    const nonce = this.random(nonceOctets);
    const key = keyOf(nonce);
    this.#open.set(key, { username, until: this.now() + this.limits.nonceMs });
    const nonces = this.#ofUsername.get(username) ?? new Set();
    this.#ofUsername.set(username, nonces.add(key));
    return nonce;
  }

  /** Spends a nonce. False when it is unknown, expired, spent, or another username's (STACIE-I-80). */
  spend(nonce: Uint8Array, username: string): boolean {
    return this.#spend(keyOf(nonce)) === username;
  }

  /** Spends the nonce of this base64url text, whoever it belongs to. */
  spendText(text: string): void {
    this.#spend(text);
  }

  /** After a password change nobody else's attempt goes on. */
  dropAll(username: string): void {
    for (const key of this.#ofUsername.get(username) ?? []) this.#open.delete(key);
    this.#ofUsername.delete(username);
  }

  #spend(key: string): string | null {
    const found = this.#open.get(key);
    if (found === undefined) return null;
    this.#drop(key);
    return this.now() < found.until ? found.username : null;
  }

  #dropExpired(): void {
    const now = this.now();
    for (const [key, { until }] of this.#open) {
      if (now < until) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    const found = this.#open.get(key);
    if (found === undefined) return;
    this.#open.delete(key);
    const own = this.#ofUsername.get(found.username);
    own?.delete(key);
    if (own?.size === 0) this.#ofUsername.delete(found.username);
  }
}

const keyOf = (nonce: Uint8Array): string =>
  Buffer.from(nonce.buffer, nonce.byteOffset, nonce.byteLength).toString('base64url');
