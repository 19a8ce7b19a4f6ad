/**
 * A clock that stands while the process does not attend to its connections: stopped, swapped out, busy elsewhere. What
 * peers sent in that time lies unread, so they must not be taken for silent.
 */
export class AttentiveClock {
  #missed = 0;
  #last: number;

  /**
   * @param real milliseconds of a clock that never goes back
   * @param period milliseconds from tick to tick while all is well
   */
  constructor(
    private readonly real: () => number,
    private readonly period: number,
  ) {
    this.#last = real();
  }

  /** Milliseconds attended. */
  now(): number {
    return this.real() - this.#missed;
  }

  /** Called once a period; what it is late by is time missed. Gives the new time. */
  tick(): number {
    const real = this.real();
    this.#missed += Math.max(0, real - this.#last - 2 * this.period);
    this.#last = real;
    return this.now();
  }
}
