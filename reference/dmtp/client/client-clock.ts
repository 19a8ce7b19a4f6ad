/** The clock that a client's limits are kept by. */

export interface ClientClock {
  /** Milliseconds since 1970, for the times of certificates' proofs. */
  now(): number;
  /** Calls `action` once, after `ms` milliseconds; the result takes that back. */
  after(ms: number, action: () => void): () => void;
}

export const systemClock: ClientClock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
