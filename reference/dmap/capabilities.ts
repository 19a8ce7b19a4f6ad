/** What the server can do (sections 2.15 and 5.1 of the DMAP digest). */
import type { Conversation } from './conversation.js';

/**
 * The mode is that of the account once somebody has logged in (DMAP-I-06); there is no bare DMAP (DMAP-I-04). Extensions
 * are registered for IMAP and used unchanged, so their names need no X (DMAP-I-08).
 */
export function capabilitiesOf(conversation: Conversation): string[] {
  const { account, mode, plain, extensions, deliveryOptions } = conversation;
  const mechanisms = plain ? ['AUTH=STACIE', 'AUTH=PLAIN'] : ['AUTH=STACIE'];
  const options = [...deliveryOptions.keys()].map((name) => `SUBMIT=${name}`);
  return [`DMAP=${account?.mode ?? mode}`, ...mechanisms, ...extensions, ...options];
}
