/** APPEND: the message goes to the store piece by piece, and is there wholly or not at all (section 5.7). */
import type { AppendCommand, ResponseCode } from '../../grammar/dmap.js';
import { type AppendSink, MailStoreError } from '../account/mail-store.js';
import { type Answer, bad, no, ok, refusedBy } from './answer.js';
import { accountOf, type Conversation } from './conversation.js';
import { storableFlags, unknownSystemFlag } from './flags.js';
import { missingTarget } from './targets.js';

/** A message that is on its way into a mailbox. */
export class Appending {
  #sink: AppendSink | null;
  #failure: Answer | null = null;

  /** @param tellsUid whether the client is told where the message is (UIDPLUS) */
  constructor(
    sink: AppendSink,
    private readonly tellsUid: boolean,
  ) {
    this.#sink = sink;
  }

  /** What the store refuses is answered after the message: its octets come anyway. */
  write(octets: Uint8Array): void {
    if (this.#failure !== null) return;
    try {
      this.#sink?.write(octets);
    } catch (error) {
      this.abandon();
      this.#failure = failureOf(error);
    }
  }

  /** The message is whole and the command ends after it. */
  finish(): Answer {
    if (this.#failure !== null) return this.#failure;
    const sink = this.#sink;
    this.#sink = null;
    if (sink === null) throw new Error('an APPEND was finished twice');
    try {
      const { uid, uidValidity } = sink.commit();
      const code: ResponseCode = { name: 'APPENDUID', validity: uidValidity, uids: [{ first: uid, last: uid }] };
      return ok('The message is kept.', this.tellsUid ? code : null);
    } catch (error) {
      sink.abort();
      return failureOf(error);
    }
  }

  /** No trace of the message stays. */
  abandon(): void {
    const sink = this.#sink;
    this.#sink = null;
    sink?.abort();
  }
}

/**
 * Opens the place for a message before the client is told to send it, so that what cannot be is refused early
 * (DMAP-022).
 */
export function openAppend(
  conversation: Conversation,
  { mailbox, flags, date, message }: AppendCommand,
): Appending | Answer {
  const { store, limits } = conversation;
  const unknown = unknownSystemFlag(flags);
  if (unknown !== null) return bad(`There is no system flag ${unknown}.`);
  if (flags.length > limits.flags) return no(`A message has at most ${limits.flags} flags.`, 'LIMIT');
  if (message.size > limits.messageOctets) return no(`A message has at most ${limits.messageOctets} octets.`, 'TOOBIG');
  const listing = store.mailbox(accountOf(conversation).name, mailbox);
  if (listing === null || !listing.selectable) return missingTarget(listing, mailbox);
  try {
    const sink = store.append(listing.id, {
      flags: storableFlags(flags, store.status(listing.id)),
      internalDate: date ?? conversation.clock(),
    });
    return new Appending(sink, conversation.extensions.has('UIDPLUS'));
  } catch (error) {
    return refusedBy(error);
  }
}

/** A mailbox that went away in the meantime is missing like any other. */
function failureOf(error: unknown): Answer {
  if (error instanceof MailStoreError && error.code === 'nonexistent')
    return no('There is no such mailbox.', 'TRYCREATE');
  if (error instanceof MailStoreError) return refusedBy(error);
  return no('The message could not be kept.', 'SERVERBUG');
}
