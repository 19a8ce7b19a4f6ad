/** Signets that were found good: what a later one of the same name has to follow. */
import type { Signet } from '../../formats/signet/index.js';

const mostSignets = 1_000;
const mostOctets = 67_108_864;

export class SignetMemory {
  readonly #signets = new Map<string, Signet>();
  #octets = 0;

  /** The newest signet of a name that is known. */
  known(name: string): Signet | undefined {
    return this.#signets.get(name.toLowerCase());
  }

  /** The oldest names are forgotten beyond the bounds. */
  remember(name: string, signet: Signet): void {
    const key = name.toLowerCase();
    this.#forget(key);
    this.#signets.set(key, signet);
    this.#octets += signet.octets.length;
    for (const oldest of this.#signets.keys()) {
      if (oldest === key || (this.#signets.size <= mostSignets && this.#octets <= mostOctets)) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#octets -= this.#signets.get(key)?.octets.length ?? 0;
    this.#signets.delete(key);
  }
}
