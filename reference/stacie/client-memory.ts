/** What a client remembers from one login to the next, so that a server cannot take it back. Never a secret. */
import { createHash } from 'node:crypto';

export interface Remembered {
  /** Null when there was none. */
  readonly salt: Uint8Array | null;
  readonly bonus: number;
}

/** Nonces that are remembered; the oldest is forgotten beyond it. */
const mostNonces = 10_000;
const mostAccounts = 1_000;

export class StacieClientMemory {
  readonly #nonces = new Set<string>();
  readonly #accounts = new Map<string, Remembered>();

  /** False when the nonce was used before (STACIE-183). */
  useNonce(nonce: Uint8Array): boolean {
    const key = createHash('sha256').update(nonce).digest('base64url');
    if (this.#nonces.has(key)) return false;
    this.#nonces.add(key);
    dropOldest(this.#nonces, mostNonces);
    return true;
  }

  /** What the server said when this user last logged in (STACIE-I-14). */
  remembered(endpoint: string, username: string): Remembered | null {
    return this.#accounts.get(keyOf(endpoint, username)) ?? null;
  }

  /** Only of logins that succeeded: others say nothing true. */
  remember(endpoint: string, username: string, said: Remembered): void {
    this.#accounts.delete(keyOf(endpoint, username));
    this.#accounts.set(keyOf(endpoint, username), said);
    dropOldest(this.#accounts, mostAccounts);
  }
}

const keyOf = (endpoint: string, username: string): string => JSON.stringify([endpoint, username]);

function dropOldest(kept: Map<string, unknown> | Set<string>, most: number): void {
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}
