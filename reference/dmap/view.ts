/**
 * The selected mailbox as one session sees it: its own sequence numbers, and what others did that the client has not
 * been told yet (sections 1.1 and 5.5 of the DMAP digest).
 */

import type { FetchValue, UntaggedResponse } from '../../grammar/dmap.js';
import { systemFlags } from '../../grammar/dmap-flags.js';
import type { MailboxEvent, MailboxId, MailStore } from '../account/mail-store.js';
import { UidList } from './uid-list.js';

export class MailboxView {
  readonly uids: UidList;
  /** Deleted by somebody: nothing can be done with it any more but to leave it (DMAP-I-52). */
  dead = false;
  readonly #unwatch: () => void;
  #appended: number[] = [];
  readonly #expunged = new Set<number>();
  readonly #changed = new Set<number>();
  /** Changes are this session's own, and its client is told in the answer to the command. */
  #own = false;
  #keywords: readonly string[];

  /**
   * Begins to watch the mailbox.
   *
   * @param tell called when there is something to tell
   * @throws MailStoreError `nonexistent`, `noselect`
   */
  constructor(
    private readonly store: MailStore,
    readonly id: MailboxId,
    /** Selected by EXAMINE: nothing in it can be changed. */
    readonly readOnly: boolean,
    private readonly tell: () => void,
  ) {
    this.#keywords = store.status(id).keywords;
    this.#unwatch = store.watch(id, (event) => this.#hear(event));
    this.uids = new UidList(store.uids(id));
  }

  leave(): void {
    this.#unwatch();
  }

  /** From 1; 0 for a message that this session does not see. */
  numberOf(uid: number): number {
    return this.uids.placeOf(uid) + 1;
  }

  /** Runs a change of flags or META whose outcome the command itself tells. */
  changing<Result>(change: () => Result): Result {
    this.#own = true;
    try {
      return change();
    } finally {
      this.#own = false;
    }
  }

  /** The client hears of the newest flags of this message in another way. */
  told(uid: number): void {
    this.#changed.delete(uid);
  }

  /**
   * What the client has to be told now.
   *
   * @param expunges whether EXPUNGE may be among it: never between commands, nor in FETCH, STORE and SEARCH by sequence
   * number (DMAP-I-82)
   */
  *updates(expunges: boolean): Generator<UntaggedResponse, void> {
    if (this.dead) return;
    if (expunges) yield* this.#removals();
    if (this.#appended.length > 0 || this.#changed.size > 0) yield* this.flagNews();
    if (this.#appended.length > 0) {
      const appended = this.#appended.filter((uid) => !this.#expunged.delete(uid));
      this.#appended = [];
      this.uids.append(appended);
      if (appended.length > 0) yield { kind: 'exists', count: this.uids.length };
    }
    for (const uid of this.#changed) {
      const number = this.numberOf(uid);
      const summary = number === 0 ? null : this.store.summary(this.id, uid);
      if (summary === null) continue;
      const items: FetchValue[] = [
        { item: 'UID', uid },
        { item: 'FLAGS', flags: summary.flags },
        { item: 'MODSEQ', modseq: summary.modseq },
      ];
      yield { kind: 'fetch', number, items };
    }
    this.#changed.clear();
  }

  /** FLAGS again, when a keyword came up that was not in it. */
  *flagNews(): Generator<UntaggedResponse, void> {
    const { keywords } = this.store.status(this.id);
    if (keywords.length === this.#keywords.length) return;
    this.#keywords = [...keywords];
    yield { kind: 'flags', flags: [...systemFlags, ...keywords] };
  }

  *#removals(): Generator<UntaggedResponse, void> {
    if (this.#expunged.size === 0) return;
    const places = this.uids.remove(this.#expunged);
    // Each takes effect before the next one: the places after it have moved down by then.
    for (const [removed, place] of places.entries()) yield { kind: 'expunge', number: place + 1 - removed };
    this.#appended = this.#appended.filter((uid) => !this.#expunged.has(uid));
    this.#expunged.clear();
  }

  #hear(event: MailboxEvent): void {
    switch (event.kind) {
      case 'appended':
        for (const uid of event.uids) this.#appended.push(uid);
        break;
      case 'expunged':
        for (const uid of event.uids) this.#expunged.add(uid);
        break;
      case 'changed':
        if (this.#own) return;
        for (const uid of event.uids) this.#changed.add(uid);
        break;
      case 'deleted':
        this.dead = true;
        return;
      case 'renamed':
        return;
    }
    this.tell();
  }
}
