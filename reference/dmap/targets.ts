/** Where APPEND and COPY put messages, when there is no such place (DMAP-271, DMAP-350). */
import { nameToMake } from '../account/mail-names.js';
import type { MailboxListing } from '../account/mail-store.js';
import { type Answer, no } from './answer.js';

/** TRYCREATE, unless the mailbox certainly cannot be made; never for another reason (DMAP-404). */
export function missingTarget(listing: MailboxListing | null, name: string): Answer {
  if (listing !== null) return no('That name holds no messages.', 'CANNOT');
  return canBeMade(name)
    ? no('There is no such mailbox; it can be made.', 'TRYCREATE')
    : no('There is no such mailbox, and there cannot be.', 'CANNOT');
}

function canBeMade(name: string): boolean {
  try {
    nameToMake(name, Number.POSITIVE_INFINITY);
    return true;
  } catch {
    return false;
  }
}
