/** Messages of the account that submits, right or wrong in one place. */
import { randomBytes } from 'node:crypto';
import { buildMessage, type MessageInput, type Ways } from '../../model/message-builder.js';
import { octetsFrom, type Party, partyOf, sourceFrom } from '../../model/message-parties.js';
import { splitMessage } from '../../model/message-tables.js';
import { encryptionKey, type Octets, signingKey, utf8 } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import type { DmapSubmission, MailParty } from '../../target/profile.js';
import { endpointOf } from '../dmap/session.js';

export interface Draft {
  /** As the author leaves it: the places of the origin's signatures are there. */
  readonly octets: Octets;
  /** A key that no other message has: 33 octets in a chunk that nobody may change. */
  readonly mark: Octets;
}

export interface DraftWishes {
  readonly input?: (right: MessageInput) => Partial<MessageInput>;
  readonly ways?: Partial<Ways>;
  /** The From of the metadata; the author when not given. */
  readonly from?: string;
}

export function submissionOf(context: CaseContext): DmapSubmission {
  const { submission } = endpointOf(context);
  if (submission === undefined) throw new Unreachable('nobody is known who may submit');
  return submission;
}

export const party = ({ name, signet }: MailParty): Party => partyOf('dime-2015', name, signet);

/** A message to the recipient that nobody sent before. */
export function draft(
  { author, origin, recipient }: DmapSubmission,
  { input, ways = {}, from = author.name }: DraftWishes = {},
): Draft {
  // A server that has seen a message may know it again.
  const seed = `submission ${randomBytes(12).toString('hex')}`;
  const domain = party(origin);
  const right: MessageInput = {
    parties: { author: party(author), origin: domain, destination: domain, recipient: party(recipient) },
    letter: {
      common: `Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nTo: ${recipient.name}\r\nFrom: ${from}\r\nSubject: ${seed}\r\n`,
      other: null,
      display: [{ data: utf8(`${seed}\r\n`) }],
      attachments: [],
    },
    authorKey: signingKey(author.signingSeed()),
    originKey: null,
    ephemeral: octetsFrom(`${seed} ephemeral`, 32),
    random: sourceFrom(seed),
  };
  const made = { ...right, ...input?.(right) };
  return { octets: buildMessage(made, ways), mark: encryptionKey(made.ephemeral).point };
}

/** Of the origin: it fills them in, or takes them out. */
const ofOrigin = [248, 249, 255];

/** The chunks that a message keeps on its way. */
export function kept(octets: Octets): string {
  return splitMessage('dime-2015', octets)
    .chunks.filter(({ type }) => !ofOrigin.includes(type))
    .map((chunk) => Buffer.from(chunk.octets).toString('hex'))
    .join(' ');
}
