/**
 * What a client believes of its selected mailbox, from what it was told alone (sections 2.9, 3.2 and 5.8 of the DMAP
 * digest): the view that a right server keeps every client in.
 */
import type { Response } from '../../grammar/dmap.js';

interface Believed {
  uid: number | null;
  /** In lower case, sorted; null while nothing was told. */
  flags: string | null;
}

/** A response that a right server would not have sent. */
interface WrongNews {
  readonly requirement: 'DMAP-139' | 'DMAP-066' | 'DMAP-392';
  readonly expected: string;
  readonly got: string;
}

export class ClientView {
  readonly messages: Believed[] = [];

  constructor(count: number) {
    this.#grow(count);
  }

  /** From 1; 0 when no message is known to have it. */
  placeOf(uid: number): number {
    return this.messages.findIndex((message) => message.uid === uid) + 1;
  }

  /** Takes one response, and says what is wrong with it. */
  take(response: Response | null): WrongNews | null {
    if (response?.kind === 'exists') return this.#exists(response.count);
    if (response?.kind === 'expunge') {
      if (this.messages[response.number - 1] === undefined)
        return this.#noSuch('DMAP-066', `${response.number} EXPUNGE`);
      this.messages.splice(response.number - 1, 1);
    }
    if (response?.kind === 'fetch') {
      const message = this.messages[response.number - 1];
      // There is such a message, then, and no EXISTS told it.
      if (message === undefined) return this.#noSuch('DMAP-392', `${response.number} FETCH`);
      for (const value of response.items) {
        if (value.item === 'UID') message.uid = value.uid;
        if (value.item === 'FLAGS') message.flags = believedFlags(value.flags);
      }
    }
    return null;
  }

  #exists(count: number): WrongNews | null {
    const known = this.messages.length;
    if (count < known) return { requirement: 'DMAP-139', expected: `${known} EXISTS or more`, got: `${count} EXISTS` };
    this.#grow(count);
    return null;
  }

  #grow(count: number): void {
    while (this.messages.length < count) this.messages.push({ uid: null, flags: null });
  }

  #noSuch(requirement: WrongNews['requirement'], got: string): WrongNews {
    return { requirement, expected: `a number from 1 to ${this.messages.length}`, got };
  }
}

export const believedFlags = (flags: Iterable<string>): string =>
  [...new Set([...flags].map((flag) => flag.toLowerCase()))]
    .filter((flag) => flag !== '\\recent')
    .sort()
    .join(' ');
