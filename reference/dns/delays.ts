/** Answers that are to come later. */
export class Delays {
  readonly #most: number;
  readonly #timers = new Set<NodeJS.Timeout>();

  /** @param most answers that wait at once */
  constructor(most: number) {
    this.#most = most;
  }

  /** Calls `act` after so many milliseconds. An answer for which there is no room is dropped: false. */
  later(ms: number, act: () => void): boolean {
    if (this.#timers.size >= this.#most) return false;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
    return true;
  }

  /** Drops all that wait. */
  cancel(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
