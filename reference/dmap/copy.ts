/** COPY (sections 2.7 and 5.8 of the DMAP digest). */
import { type Answer, bad, no, ok, refusedBy } from './answer.js';
import { accountOf, type Conversation, viewOf } from './conversation.js';
import { messagesOf, noSuchNumber, someAreGone } from './messages.js';
import { compactSet } from './sequences.js';
import { missingTarget } from './targets.js';
import type { CommandOf } from './understand.js';

/** All of them, or none (DMAP-352). New messages in the selected mailbox are told with the updates. */
export function copy(conversation: Conversation, command: CommandOf<'COPY'>): Answer {
  const { store } = conversation;
  const view = viewOf(conversation);
  const uids = messagesOf(view, command);
  if (uids === null) return bad(noSuchNumber);
  const target = store.mailbox(accountOf(conversation).name, command.mailbox);
  if (target === null || !target.selectable) return missingTarget(target, command.mailbox);
  try {
    if (!command.uid && uids.some((uid) => store.summary(view.id, uid) === null)) return no(someAreGone);
    const { uidValidity, sourceUids, targetUids } = store.copy(view.id, uids, target.id);
    if (targetUids.length === 0) return ok('There was nothing to copy.');
    if (!conversation.extensions.has('UIDPLUS')) return ok('They are copied.');
    return ok('They are copied.', {
      name: 'COPYUID',
      validity: uidValidity,
      from: compactSet(sourceUids),
      to: compactSet(targetUids),
    });
  } catch (error) {
    return refusedBy(error);
  }
}
