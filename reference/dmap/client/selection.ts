/** Which mailbox is selected, and what responses mean for it (sections 1.4 and 5.5 of the DMAP digest). */
import type { Command, UntaggedResponse } from '../../../grammar/dmap.js';
import type { DmapClientLimits } from './client-limits.js';
import { MailboxView } from './mailbox-view.js';
import { codeWord } from './outcome.js';

/** What makes no sense without a selected mailbox, or with one of fewer messages. */
const aboutMessages: ReadonlySet<UntaggedResponse['kind']> = new Set(['exists', 'expunge', 'fetch']);

export class Selection {
  #current: MailboxView | null = null;
  /** Of a SELECT that is under way. */
  #next: MailboxView | null = null;

  constructor(private readonly limits: DmapClientLimits) {}

  get mailbox(): MailboxView | null {
    return this.#current;
  }

  /** A selection was sent: from now on what comes may be about the new mailbox. */
  begin({ name, mailbox }: Extract<Command, { readonly mailbox: string }>): void {
    this.#next = new MailboxView(mailbox, name === 'EXAMINE', this.limits);
  }

  /** Takes note of a response; false when it cannot be about a mailbox that is selected. */
  record(response: UntaggedResponse): boolean {
    if (response.kind === 'status' && codeWord(response.code) === 'CLOSED') {
      // What came before was about the old mailbox (DMAP-I-39); without a selection it is the end of it (DMAP-I-52).
      if (this.#next !== null)
        this.begin({ name: this.#next.readOnly ? 'EXAMINE' : 'SELECT', mailbox: this.#next.name });
      this.#current = null;
      return true;
    }
    // Until the selection has an end nobody knows which of the two is meant; one of them is thrown away then.
    const views = [this.#current, this.#next].filter((view) => view !== null);
    const about = views.map((view) => view.record(response));
    return about.includes(true) || !aboutMessages.has(response.kind);
  }

  /** How the selection that `begin` told of ended. */
  end(outcome: 'OK' | 'NO' | 'BAD'): MailboxView | null {
    // NO leaves nothing selected, BAD everything as it was (DMAP-155, DMAP-156).
    if (outcome === 'OK') this.#current = this.#next;
    if (outcome === 'NO') this.#current = null;
    this.#next = null;
    return this.#current;
  }

  leave(): void {
    this.#current = null;
  }
}
