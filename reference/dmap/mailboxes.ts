/** CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE and STATUS (sections 2.4 and 5.6 of the DMAP digest). */
import type { StatusItem, StatusValue } from '../../grammar/dmap.js';
import type { MailboxId, MailStore } from '../account/mail-store.js';
import { type Answer, attempt, no, ok, plainCode, refusedBy, type Steps, untaggedOk } from './answer.js';
import { accountOf, type Conversation } from './conversation.js';
import { leaveMailbox } from './select.js';
import type { CommandOf } from './understand.js';

export function create(conversation: Conversation, { mailbox }: CommandOf<'CREATE'>): Answer {
  return attempt(() => {
    conversation.store.createMailbox(accountOf(conversation).name, mailbox);
    return ok('The mailbox is made.');
  });
}

/** When it is the selected one, the selection ends with it (DMAP-I-52). */
export function* deleteMailbox(conversation: Conversation, { mailbox }: CommandOf<'DELETE'>): Steps {
  try {
    conversation.store.deleteMailbox(accountOf(conversation).name, mailbox);
  } catch (error) {
    return refusedBy(error);
  }
  if (conversation.view?.dead === true) {
    leaveMailbox(conversation);
    yield untaggedOk(plainCode('CLOSED'), 'The selected mailbox is deleted.');
  }
  return ok('The mailbox is deleted.');
}

export function rename(conversation: Conversation, { from, to }: CommandOf<'RENAME'>): Answer {
  return attempt(() => {
    conversation.store.renameMailbox(accountOf(conversation).name, from, to);
    return ok('The mailbox is renamed.');
  });
}

export function subscribe(conversation: Conversation, { mailbox }: CommandOf<'SUBSCRIBE'>): Answer {
  return attempt(() => {
    conversation.store.subscribe(accountOf(conversation).name, mailbox);
    return ok('The name is subscribed.');
  });
}

/** A name that is not subscribed is no error (DMAP-I-59). */
export function unsubscribe(conversation: Conversation, { mailbox }: CommandOf<'UNSUBSCRIBE'>): Answer {
  return attempt(() => {
    conversation.store.unsubscribe(accountOf(conversation).name, mailbox);
    return ok('The name is not subscribed any more.');
  });
}

export function* status(conversation: Conversation, { mailbox, items }: CommandOf<'STATUS'>): Steps {
  const listing = conversation.store.mailbox(accountOf(conversation).name, mailbox);
  if (listing === null || !listing.selectable) return no('There is no such mailbox.', 'NONEXISTENT');
  if (items.includes('HIGHESTMODSEQ')) conversation.wantsModseq = true;
  const values = statusValues(conversation.store, listing.id, items);
  yield { kind: 'mailbox-status', mailbox: listing.name, values };
  return ok('That is the status.');
}

/** Each item once, in the order in which it was asked for first. */
export function statusValues(store: MailStore, id: MailboxId, items: readonly StatusItem[]): StatusValue[] {
  const { messages, uidNext, uidValidity, unseen, highestModseq } = store.status(id);
  const values: Readonly<Record<StatusItem, bigint>> = {
    MESSAGES: BigInt(messages),
    UIDNEXT: BigInt(uidNext),
    UIDVALIDITY: BigInt(uidValidity),
    UNSEEN: BigInt(unseen),
    HIGHESTMODSEQ: highestModseq,
  };
  return [...new Set(items)].map((name) => ({ name, value: values[name] }));
}
