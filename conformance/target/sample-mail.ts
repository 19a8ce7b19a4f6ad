/** Mail that a target would store, made from what its profile says of those who take part. */
import fc from 'fast-check';
import { buildMessage, type Letter, type MessageInput } from '../model/message-builder.js';
import { octetsFrom, partyOf, sourceFrom } from '../model/message-parties.js';
import { sha512, signingKey, utf8 } from '../model/signet-builder.js';
import type { MailParty, MailProfile } from './profile.js';

export interface MailWishes {
  /** The first of the recipients when not given. */
  readonly recipient?: MailParty;
  readonly letter?: Letter;
  /** From the same text come the same keys and octets. */
  readonly seed: string;
}

/** What the message builder needs for a message that is right in all points. @throws RangeError without a recipient */
export function mailInput(
  mail: MailProfile,
  { recipient = mail.recipients[0], letter, seed }: MailWishes,
): MessageInput {
  if (recipient === undefined) throw new RangeError('a mail profile has at least one recipient');
  const party = ({ name, signet }: MailParty) => partyOf('dime-2015', name, signet);
  return {
    parties: {
      author: party(mail.author),
      origin: party(mail.origin),
      destination: party(mail.destination),
      recipient: party(recipient),
    },
    letter: letter ?? letterOf(mail.author.name, recipient.name, utf8(`A letter: ${seed}\r\n`)),
    authorKey: signingKey(mail.author.signingSeed()),
    originKey: signingKey(mail.origin.signingSeed()),
    ephemeral: octetsFrom(`${seed} ephemeral`, 32),
    random: sourceFrom(seed),
  };
}

/** Messages of the origin's user to the recipients, all different, most of them small. */
export function mails(mail: MailProfile): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      number: fc.nat(),
      recipient: fc.constantFrom(...mail.recipients),
      octets: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 600 }) },
        { weight: 1, arbitrary: fc.integer({ min: 5000, max: 70_000 }) },
      ),
    })
    .map(({ number, recipient, octets }) => {
      const letter = letterOf(mail.author.name, recipient.name, new Uint8Array(octets).fill(0x0a));
      return buildMessage(mailInput(mail, { recipient, letter, seed: `mail ${number}` }));
    });
}

function letterOf(author: string, recipient: string, display: Uint8Array): Letter {
  return {
    common: `Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nTo: ${recipient}\r\nFrom: ${author}\r\nSubject: A letter\r\n`,
    other: null,
    display: [{ data: display }],
    attachments: [],
  };
}

/** The full fingerprint (section 8 of the signets digest) of a signet in its full form, header left out. */
export function fullFingerprint(signet: Uint8Array): string {
  return Buffer.from(sha512(signet.subarray(5)))
    .toString('base64')
    .replace(/=+$/, '');
}
