/** Delivery within the house: the destination of a message is the organization that it was submitted to. */
import type { DateTime } from '../../grammar/dmap.js';
import { type MailStore, MailStoreError } from '../account/mail-store.js';
import { identityOf, MessageError, openMessage, readMessage } from '../formats/message/index.js';
import type { OriginOrganization } from './submission.js';
import type { Deliver, DeliveryResult } from './submission-contract.js';

export interface LocalDeliveryOptions {
  readonly organization: OriginOrganization;
  readonly store: MailStore;
  /** The time of the final delivery, which is the internal date (DMAP-082). */
  readonly clock: () => DateTime;
  /** Takes messages to other domains; they are refused when not given. */
  readonly elsewhere?: Deliver;
}

/** Puts messages for accounts of the store in their INBOX, and hands those to other domains on. */
export function createLocalDelivery(options: LocalDeliveryOptions): Deliver {
  const { organization, elsewhere } = options;
  return async (message) => {
    if (message.destination === organization.domain) return deliverHere(message.read, options);
    return elsewhere === undefined
      ? { delivered: false, text: 'there is no way to other domains from here' }
      : elsewhere(message);
  };
}

/** Opens the message as its destination to see who the recipient is. */
function deliverHere(read: () => Iterable<Uint8Array>, options: LocalDeliveryOptions): DeliveryResult {
  let recipient: string | null;
  try {
    recipient = recipientOf(read, options.organization);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    return { delivered: false, text: `the destination cannot open it (${error.code})` };
  }
  const account = recipient === null ? null : options.store.account(recipient.toLowerCase());
  if (account === null) return { delivered: false, text: 'there is no such recipient' };
  putInInbox(options.store, account.name, read(), options.clock());
  return { delivered: true };
}

/**
 * Adds a message that was delivered to a user's mail, wholly or not at all.
 *
 * @returns its UID
 * @throws MailStoreError for an account that is none, an empty message, or one that has no room
 */
export function putInInbox(
  store: MailStore,
  account: string,
  pieces: Iterable<Uint8Array>,
  internalDate: DateTime,
): number {
  const inbox = store.mailbox(account, 'INBOX');
  if (inbox === null) throw new MailStoreError('nonexistent', `there is no account ${JSON.stringify(account)}`);
  const sink = store.append(inbox.id, { internalDate });
  try {
    for (const piece of pieces) sink.write(piece);
    return sink.commit().uid;
  } catch (error) {
    sink.abort();
    throw error;
  }
}

/** @throws MessageError when none of the organization's keys opens it */
function recipientOf(
  read: () => Iterable<Uint8Array>,
  { signet, encryptionPrivates }: OriginOrganization,
): string | null {
  const message = readMessage('dime-2015', read);
  const identity = identityOf('destination', signet);
  const identities = { origin: identity, destination: identity };
  let failure: unknown;
  for (const encryptionPrivate of encryptionPrivates) {
    try {
      return openMessage(message, { actor: 'destination', encryptionPrivate, identities }).recipient?.name ?? null;
    } catch (error) {
      if (!(error instanceof MessageError) || error.code !== 'bad-signature') throw error;
      failure ??= error;
    }
  }
  throw failure ?? new RangeError('the organization has no encryption key');
}
