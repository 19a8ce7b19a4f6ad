/** Which messages were submitted under which key of the ring: such a key cannot be deleted (DMAP-283, DMAP-I-97). */
import type { MailboxId, MailStore } from '../account/mail-store.js';

interface Use {
  readonly mailbox: MailboxId;
  readonly uid: number;
}

/** Uses remembered for one key; one of them that is still there is enough. */
const mostUses = 100;

/**
 * Remembers submissions since the server started. Nothing else tells a server that a message and a key belong together,
 * and the weakest reading asks for what a server can see.
 */
export class KeyUse {
  readonly #uses = new Map<string, Use[]>();

  add(account: string, keyId: string, use: Use): void {
    const name = nameOf(account, keyId);
    const uses = this.#uses.get(name) ?? [];
    this.#uses.set(name, [...uses, use].slice(-mostUses));
  }

  /** Whether a message that was submitted under this key is still there. */
  isUsed(account: string, keyId: string, store: MailStore): boolean {
    const uses = this.#uses.get(nameOf(account, keyId)) ?? [];
    return uses.some(({ mailbox, uid }) => isThere(store, mailbox, uid));
  }

  forget(account: string, keyId: string): void {
    this.#uses.delete(nameOf(account, keyId));
  }
}

const nameOf = (account: string, keyId: string): string => `${account} ${keyId}`;

function isThere(store: MailStore, mailbox: MailboxId, uid: number): boolean {
  try {
    return store.summary(mailbox, uid) !== null;
  } catch {
    // The mailbox was deleted with all its messages.
    return false;
  }
}
