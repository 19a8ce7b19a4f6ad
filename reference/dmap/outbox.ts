/** What a session has to say and to ask for, until the transport takes it; and when there is enough of it for now. */
import { formatResponse, type Response } from '../../grammar/dmap.js';
import type { SessionEffect } from './session-contract.js';

export class Outbox {
  #effects: SessionEffect[] = [];
  /** Octets since the transport was asked last whether there is room. */
  #burst = 0;
  #full = false;
  #closed = false;

  /** @param burstOctets after so many nothing more is made before the transport says that there is room */
  constructor(private readonly burstOctets: number) {}

  get full(): boolean {
    return this.#full;
  }

  /** Nothing is heard any more. */
  close(): void {
    this.#closed = true;
  }

  hasRoom(): void {
    this.#burst = 0;
    this.#full = false;
  }

  /** @throws RangeError for what cannot be written: a mistake of the server */
  respond(response: Response): void {
    this.write(formatResponse(response));
  }

  write(octets: Uint8Array): void {
    if (this.#closed) return;
    this.#effects.push({ kind: 'send', octets });
    this.#burst += octets.length;
    if (this.#burst > this.burstOctets) this.#full = true;
  }

  ask(effect: Exclude<SessionEffect, { kind: 'send' }>): void {
    if (!this.#closed) this.#effects.push(effect);
  }

  take(): SessionEffect[] {
    if (!this.#full) this.#burst = 0;
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
