/** Mailboxes and messages to try a server with: real D/MIME objects between the users of one domain. */
import type { DateTime } from '../../grammar/dmap.js';
import type { MailStore } from '../account/mail-store.js';
import { encryptMessage, type Message, messagePieces, type PartInput, signAsOrigin } from '../formats/message/index.js';
import { type HouseKeys, organizationOf, partyOf } from './parties.js';

export interface SampleMailOptions {
  readonly house: HouseKeys;
  /** Of the newest sample; the others are each a day older. */
  readonly date: DateTime;
  readonly random: (octets: number) => Uint8Array;
}

/** Besides INBOX; with the role of RFC 6154. */
const mailboxes = [
  ['Drafts', '\\Drafts'],
  ['Sent', '\\Sent'],
  ['Trash', '\\Trash'],
  ['Archive', '\\Archive'],
  ['Archive/2026', null],
] as const;

/** In INBOX, the oldest first. */
const received: readonly {
  readonly subject: string;
  readonly flags: readonly string[];
  readonly attachment: boolean;
}[] = [
  { subject: 'Sample 1: read', flags: ['\\Seen'], attachment: false },
  { subject: 'Sample 2: flagged, with an attachment', flags: ['\\Flagged'], attachment: true },
  { subject: 'Sample 3: new', flags: [], attachment: false },
];

/**
 * Gives each user some mailboxes, mail from another user in INBOX, and one message in Drafts that can be submitted to
 * that user once `\SubmitPending` is set. An account that has a mailbox of these names already is left alone.
 *
 * @param users accounts of the store, with keys in the house
 */
export function fillSampleMail(store: MailStore, users: readonly string[], options: SampleMailOptions): void {
  for (const [index, user] of users.entries()) {
    if (store.mailbox(user, mailboxes[0][0]) !== null) continue;
    for (const [name, use] of mailboxes) {
      store.createMailbox(user, name);
      if (use !== null) store.setSpecialUse(user, name, use);
      store.subscribe(user, name);
    }
    store.subscribe(user, 'INBOX');
    const other = users[(index + 1) % users.length] ?? user;
    for (const [place, { subject, flags, attachment }] of received.entries()) {
      const message = sampleMessage(options, { author: other, recipient: user, subject, attachment });
      put(
        store,
        user,
        'INBOX',
        signed(message, options, other),
        flags,
        daysBefore(options.date, received.length - place),
      );
    }
    const draft = sampleMessage(options, {
      author: user,
      recipient: other,
      subject: 'Sample draft',
      attachment: false,
    });
    put(store, user, 'Drafts', draft, ['\\Seen', '\\Draft'], options.date);
  }
}

interface SampleContent {
  readonly author: string;
  readonly recipient: string;
  readonly subject: string;
  readonly attachment: boolean;
}

/** As its author made it: the origin has not signed. */
export function sampleMessage({ house, random }: SampleMailOptions, content: SampleContent): Message {
  const { author, recipient, subject, attachment } = content;
  const keys = house.keys.get(author)?.at(-1);
  if (keys === undefined) throw new RangeError(`there are no keys of ${author}`);
  const attachments: PartInput[] = attachment ? [{ data: Buffer.from(`Attached to: ${subject}\r\n`) }] : [];
  return encryptMessage({
    author: partyOf(house, 'author', author),
    origin: partyOf(house, 'origin', house.domain),
    destination: partyOf(house, 'destination', house.domain),
    recipient: partyOf(house, 'recipient', recipient),
    authorSeed: keys.signingPrivate,
    headers: { date: 'Mon, 02 Nov 2026 10:00:00 +0000', to: `<${recipient}>`, from: `<${author}>`, subject },
    display: [{ data: Buffer.from(`Content-Type: text/plain; charset=utf-8\r\n\r\n${subject}.\r\n`) }],
    attachments,
    random,
  });
}

function signed(message: Message, { house }: SampleMailOptions, author: string): Message {
  const { encryptionPrivates, signingSeed } = organizationOf(house);
  const [encryptionPrivate] = encryptionPrivates;
  if (encryptionPrivate === undefined) throw new RangeError(`there is no encryption key of ${house.domain}`);
  const identities = { author: partyOf(house, 'author', author) };
  return signAsOrigin(message, { encryptionPrivate, signingSeed, identities });
}

function put(
  store: MailStore,
  user: string,
  name: string,
  message: Message,
  flags: readonly string[],
  internalDate: DateTime,
): void {
  const mailbox = store.mailbox(user, name);
  if (mailbox === null) throw new RangeError(`${user} has no mailbox ${name}`);
  const sink = store.append(mailbox.id, { flags, internalDate });
  for (const piece of messagePieces(message)) sink.write(piece);
  sink.commit();
}

function daysBefore(date: DateTime, days: number): DateTime {
  const before = new Date(Date.UTC(date.year, date.month - 1, date.day - days));
  return { ...date, year: before.getUTCFullYear(), month: before.getUTCMonth() + 1, day: before.getUTCDate() };
}
