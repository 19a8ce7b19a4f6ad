/** SELECT, EXAMINE, CLOSE and EXPUNGE (sections 2.4, 2.7 and 5.5 of the DMAP digest). */
import { systemFlags } from '../../grammar/dmap-flags.js';
import { type Answer, attempt, no, ok, plainCode, refusedBy, type Steps, untaggedOk } from './answer.js';
import { accountOf, type Conversation, viewOf } from './conversation.js';
import { uidsOfSet } from './sequences.js';
import type { CommandOf } from './understand.js';
import { MailboxView } from './view.js';

/** The mailbox that was selected goes first, whatever comes of the command (DMAP-209, DMAP-210). */
export function* select(conversation: Conversation, { name, mailbox }: CommandOf<'SELECT' | 'EXAMINE'>): Steps {
  const { store } = conversation;
  const account = accountOf(conversation);
  if (conversation.view !== null) {
    leaveMailbox(conversation);
    yield untaggedOk(plainCode('CLOSED'), 'The mailbox that was selected is closed.');
  }
  const listing = store.mailbox(account.name, mailbox);
  if (listing === null) return no('There is no such mailbox.', 'NONEXISTENT');
  if (!listing.selectable) return no('That name cannot be selected.', 'NONEXISTENT');
  const readOnly = name === 'EXAMINE';
  let view: MailboxView;
  try {
    view = new MailboxView(store, listing.id, readOnly, conversation.changed);
  } catch (error) {
    return refusedBy(error);
  }
  conversation.view = view;
  conversation.state = 'selected';
  const status = store.status(listing.id);
  const flags = [...systemFlags, ...status.keywords];
  const permanent = readOnly ? [] : [...flags, ...(status.takesKeywords ? ['\\*'] : [])];
  // The order of DMAP-I-36.
  yield { kind: 'flags', flags };
  yield { kind: 'exists', count: view.uids.length };
  yield untaggedOk({ name: 'UIDVALIDITY', number: status.uidValidity }, 'UIDs are valid.');
  yield untaggedOk({ name: 'UIDNEXT', number: status.uidNext }, 'The next UID.');
  yield untaggedOk({ name: 'PERMANENTFLAGS', flags: permanent }, 'Flags that can be changed.');
  yield untaggedOk({ name: 'HIGHESTMODSEQ', modseq: status.highestModseq }, 'The highest MODSEQ.');
  return readOnly
    ? ok('The mailbox is selected for reading.', plainCode('READ-ONLY'))
    : ok('The mailbox is selected.', plainCode('READ-WRITE'));
}

/** Removes the messages with `\Deleted` without a word, and nothing in a mailbox that is read-only. */
export function close(conversation: Conversation): Answer {
  const { store } = conversation;
  const { id, readOnly, dead } = viewOf(conversation);
  leaveMailbox(conversation);
  if (!readOnly && !dead) store.expunge(id);
  return ok('The mailbox is closed.');
}

/** The client is told with the updates that go out before the completion. */
export function expunge(conversation: Conversation, { set }: CommandOf<'EXPUNGE'>): Answer {
  const view = viewOf(conversation);
  if (view.readOnly) return no('The mailbox is selected for reading only.', 'NOPERM');
  return attempt(() => {
    const among = set === null ? [] : [uidsOfSet(set, view.uids)];
    conversation.store.expunge(view.id, ...among);
    return ok('The messages are removed.');
  });
}

/** Ends the selection, without removing anything. */
export function leaveMailbox(conversation: Conversation): void {
  conversation.view?.leave();
  conversation.view = null;
  conversation.state = 'authenticated';
}
