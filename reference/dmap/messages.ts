/** Which messages a command is about: by sequence number or by UID (DMAP-I-77). */
import type { SequenceSet } from '../../grammar/dmap.js';
import { uidsOfNumbers, uidsOfSet } from './sequences.js';
import type { MailboxView } from './view.js';

/** UIDs, ascending, each once; null when a sequence number is above the count, which is BAD. */
export function messagesOf(
  view: MailboxView,
  { uid, set }: { readonly uid: boolean; readonly set: SequenceSet },
): number[] | null {
  return uid ? uidsOfSet(set, view.uids) : uidsOfNumbers(set, view.uids);
}

export const noSuchNumber = 'There is no message with such a number.';
/** Removed by somebody else, and not to be told of yet: sequence numbers still count it (DMAP-I-82). */
export const someAreGone = 'Some of the messages were removed by somebody else.';
