/** SUBMIT: the flag protocol around a delivery that is done elsewhere (sections 3.9 and 5.9 of the DMAP digest). */
import type { SubmitCommand } from '../../grammar/dmap.js';
import type { MailStore, MessageReader } from '../account/mail-store.js';
import { bad, no, ok, refusedBy, type Steps, sentence, submitted } from './answer.js';
import { accountOf, type Conversation, viewOf } from './conversation.js';
import { deniedOption, misusedOption } from './delivery-options.js';
import { noSuchNumber, someAreGone } from './messages.js';
import { keyIdOf } from './ring-keys.js';
import type { MailboxView } from './view.js';

const race = 'It is not waiting to be submitted, or somebody submits it already.';

/**
 * Syntax comes before SUBMISSIONRACE, and that before POLICYDENIED (DMAP-I-89). Flags change only once the message is
 * taken (DMAP-I-88).
 */
export function* submit(conversation: Conversation, { uid: byUid, number, options }: SubmitCommand): Steps {
  const { store, deliveryOptions } = conversation;
  const view = viewOf(conversation);
  const { name: account } = accountOf(conversation);
  const misused = misusedOption(options, deliveryOptions);
  if (misused !== null) return bad(sentence(`the delivery option ${misused} is not announced, or not used rightly`));
  const uid = byUid ? number : number <= view.uids.length ? view.uids.at(number - 1) : null;
  if (uid === null) return bad(noSuchNumber);
  if (view.readOnly) return no('The mailbox is selected for reading only.', 'NOPERM');
  if (view.numberOf(uid) === 0) return no('There is no message with that UID.', 'NONEXISTENT');

  let reader: MessageReader | null = null;
  try {
    const flags = store.summary(view.id, uid)?.flags;
    if (flags === undefined) return no(someAreGone);
    if (!flags.includes('\\SubmitPending') || flags.includes('\\Submitted')) return no(race, 'SUBMISSIONRACE');
    const denied = deniedOption(options, deliveryOptions, account);
    if (denied !== null) return no(sentence(denied), 'POLICYDENIED');
    reader = store.open(view.id, uid);
    const start = view.changing(() => store.startSubmission(view.id, uid));
    if (reader === null || start === 'missing') return no(someAreGone);
    if (start === 'race') return no(race, 'SUBMISSIONRACE');
    const source = reader;
    const outcome = yield* submitted({
      author: account,
      octets: source.size,
      read: () => source.pieces(0, source.size),
      options,
    });
    const { accepted } = outcome;
    const there = view.changing(() => end(store, view, uid, accepted));
    if (accepted && outcome.signingKey !== undefined) {
      const keyId = keyIdOf(store, account, outcome.signingKey);
      if (keyId !== null) conversation.keyUse.add(account, keyId, { mailbox: view.id, uid });
    }
    if (there) yield* flagsOf(store, view, uid);
    return accepted ? ok('The message is submitted.') : no(sentence(outcome.text));
  } catch (error) {
    return refusedBy(error);
  } finally {
    reader?.close();
  }
}

/** False when the message, or its mailbox, has gone in the meantime: then nobody has to be told of flags. */
function end(store: MailStore, view: MailboxView, uid: number, success: boolean): boolean {
  return !view.dead && store.endSubmission(view.id, uid, success);
}

function* flagsOf(store: MailStore, view: MailboxView, uid: number): Steps<void> {
  const number = view.numberOf(uid);
  const flags = store.summary(view.id, uid)?.flags;
  if (number === 0 || flags === undefined) return;
  view.told(uid);
  yield {
    kind: 'fetch',
    number,
    items: [
      { item: 'UID', uid },
      { item: 'FLAGS', flags },
    ],
  };
}
