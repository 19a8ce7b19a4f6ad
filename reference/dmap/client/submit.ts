/** The client's part of the submission protocol (section 3.9 of the DMAP digest). */
import type { DeliveryOption } from '../../../grammar/dmap.js';
import { DmapClientError } from './client-error.js';
import type { KnownMessage, MailboxView } from './mailbox-view.js';
import type { Outcome, Run } from './outcome.js';

export interface SubmitRequest {
  readonly uid: boolean;
  /** A sequence number, or a UID. */
  readonly number: number;
  readonly options?: readonly DeliveryOption[];
  /** The user decides now: `\SubmitPending` is set when it is missing (DMAP-072). False: it has to be there. */
  readonly decide: boolean;
}

/** As much of a client as submitting needs. */
export interface Submitter {
  readonly run: Run;
  readonly mailbox: MailboxView | null;
}

const pending = '\\SubmitPending';
const submitted = '\\Submitted';

/**
 * Submits a message whose flags say that it may be (DMAP-357). The flags are asked for first: what is remembered of them
 * may be old, and another client may have been quicker.
 *
 * @returns how SUBMIT ended; of FETCH or STORE, when one of them was refused and nothing was submitted
 * @throws DmapClientError `declined` when the message must not be submitted
 */
export async function submit(client: Submitter, request: SubmitRequest): Promise<Outcome> {
  const { uid, number, options = [], decide } = request;
  const set = [{ first: number, last: number }];
  const items = [{ item: 'UID' }, { item: 'FLAGS' }] as const;
  const asked = await client.run({ name: 'FETCH', uid, set, what: items, changedSince: null });
  if (asked.status !== 'OK') return asked;
  const before = requireOpen(client.mailbox, request);
  if (!has(before.flags, pending)) {
    if (!decide) throw declined(`${nameOf(request)} has no ${pending}`);
    const change = { item: 'FLAGS', mode: 'add', silent: false, flags: [pending] } as const;
    const stored = await client.run({ name: 'STORE', uid, set, unchangedSince: null, change });
    if (stored.status !== 'OK') return stored;
    const after = requireOpen(client.mailbox, request);
    // A number may have come to denote another message (DMAP-067).
    if (after.uid !== before.uid) throw declined(`${nameOf(request)} is another one now`);
    if (!has(after.flags, pending)) throw declined(`${nameOf(request)} did not take ${pending}`);
  }
  return await client.run({ name: 'SUBMIT', uid, number, options });
}

/** @throws DmapClientError when the flags are not known, or say that somebody has submitted the message */
function requireOpen(
  mailbox: MailboxView | null,
  request: SubmitRequest,
): { readonly uid: number | null; readonly flags: readonly string[] } {
  const { uid, flags } = (mailbox === null ? null : findMessage(mailbox, request)) ?? { uid: null, flags: null };
  if (flags === null) throw declined(`the flags of ${nameOf(request)} are not known`);
  if (has(flags, submitted)) throw declined(`${nameOf(request)} has ${submitted}`);
  return { uid, flags };
}

function findMessage(mailbox: MailboxView, { uid, number }: SubmitRequest): KnownMessage | null {
  if (!uid) return mailbox.message(number);
  for (const [, message] of mailbox.messages()) if (message.uid === number) return message;
  return null;
}

const has = (flags: readonly string[], flag: string): boolean =>
  flags.some((each) => each.toLowerCase() === flag.toLowerCase());

const nameOf = ({ uid, number }: SubmitRequest): string => `message ${uid ? 'UID ' : ''}${number}`;

const declined = (what: string): DmapClientError => new DmapClientError('declined', what, { requirement: 'DMAP-357' });
