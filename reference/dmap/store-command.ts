/** STORE: flags and META (sections 2.12 and 5.8 of the DMAP digest). */
import type { FetchValue, StoreChange, StoreCommand } from '../../grammar/dmap.js';
import type { StoreOutcome } from '../account/mail-store.js';
import { bad, no, ok, refusedBy, type Steps } from './answer.js';
import { type Conversation, viewOf } from './conversation.js';
import { storableFlags, unknownSystemFlag } from './flags.js';
import { messagesOf, noSuchNumber, someAreGone } from './messages.js';
import { compactSet } from './sequences.js';
import type { MailboxView } from './view.js';

const modes = { replace: 'set', add: 'add', remove: 'remove' } as const;

export function* storeFlags(conversation: Conversation, command: StoreCommand): Steps {
  const view = viewOf(conversation);
  const { change, unchangedSince } = command;
  const unknown = change.item === 'FLAGS' ? unknownSystemFlag(change.flags) : null;
  if (unknown !== null) return bad(`There is no system flag ${unknown}.`);
  if (view.readOnly) return no('The mailbox is selected for reading only.', 'NOPERM');
  const { flags: mostFlags } = conversation.limits;
  if (change.item === 'FLAGS' && change.flags.length > mostFlags) return no(`At most ${mostFlags} flags.`, 'LIMIT');
  const uids = messagesOf(view, command);
  if (uids === null) return bad(noSuchNumber);
  if (unchangedSince !== null) conversation.wantsModseq = true;

  let outcome: StoreOutcome;
  try {
    outcome = view.changing(() => changed(conversation, view, uids, change, unchangedSince));
  } catch (error) {
    return refusedBy(error);
  }
  const { modified } = outcome;
  yield* view.flagNews();
  yield* news(conversation, view, command, outcome);
  if (modified.length > 0) {
    const numbers = command.uid ? modified : modified.map((uid) => view.numberOf(uid));
    return ok('Some were changed since.', { name: 'MODIFIED', set: compactSet(numbers) });
  }
  const handled = outcome.changed.length + outcome.same.length;
  if (!command.uid && handled < uids.length) return no(someAreGone);
  return ok('They are changed.');
}

function changed(
  { store }: Conversation,
  { id }: MailboxView,
  uids: readonly number[],
  change: StoreChange,
  since: bigint | null,
): StoreOutcome {
  if (change.item === 'META') {
    return since === null ? store.storeMeta(id, uids, change.value) : store.storeMeta(id, uids, change.value, since);
  }
  const how = modes[change.mode];
  // What is taken away need not be known.
  const flags = storableFlags(change.flags, store.status(id));
  return store.storeFlags(id, uids, { how, flags, ...(since === null ? {} : { unchangedSince: since }) });
}

/**
 * The new values, unless the client wants none. After UNCHANGEDSINCE it hears of the new MODSEQ anyway (RFC 7162, section
 * 3.1.3).
 */
function* news(
  conversation: Conversation,
  view: MailboxView,
  { uid: byUid, change, unchangedSince }: StoreCommand,
  { changed, same, modified }: StoreOutcome,
): Steps<void> {
  const { store } = conversation;
  if (change.silent && unchangedSince === null) return;
  // Of those not touched it hears as well, so that it need not ask what made them other than it thinks.
  const told = [...changed, ...same, ...(change.silent ? [] : modified)].sort((a, b) => a - b);
  for (const uid of told) {
    const number = view.numberOf(uid);
    const summary = number === 0 ? null : store.summary(view.id, uid);
    if (summary === null) continue;
    const items: FetchValue[] = byUid ? [{ item: 'UID', uid }] : [];
    if (!change.silent && change.item === 'FLAGS') {
      view.told(uid);
      items.push({ item: 'FLAGS', flags: summary.flags });
    }
    if (conversation.wantsModseq) items.push({ item: 'MODSEQ', modseq: summary.modseq });
    if (!change.silent && change.item === 'META') items.push({ item: 'META', value: store.meta(view.id, uid) });
    yield { kind: 'fetch', number, items };
  }
}
