/** Messages that a client is given to deliver, and who sends them. */
import fc from 'fast-check';
import { buildMessage } from '../../model/message-builder.js';
import { octetsFrom, partiesFrom, sourceFrom } from '../../model/message-parties.js';
import { tracingOctets } from '../../model/message-tables.js';
import { concat, type Octets, sha512, utf8 } from '../../model/signet-builder.js';
import type { Answer } from '../record/record-calls.js';
import { unpadded } from './parties.js';
import type { Stage } from './stage.js';

export interface ClientLetter {
  readonly message: Octets;
  /** The domain that sends it. */
  readonly origin: string;
  /** The full fingerprint of its signet, 86 characters of base64. */
  readonly originFingerprint: string;
}

let sample: Octets | null = null;

/** A right message, made once: clients do not look into it. */
function sampleMessage(): Octets {
  if (sample !== null) return sample;
  const parties = partiesFrom('dime-2015', 'dmtp-client letter');
  const { author, origin } = parties;
  sample = buildMessage({
    parties,
    letter: { common: 'Subject: A letter\r\n', other: null, display: [{ data: utf8('A letter.') }], attachments: [] },
    authorKey: author.identity.signing,
    originKey: origin.identity.signing,
    ephemeral: octetsFrom('dmtp-client ephemeral', 32),
    random: sourceFrom('dmtp-client letter'),
  });
  return sample;
}

/** What a mail client would change: dots at the beginnings of lines, ends of lines, and the end of all. */
const temptations = ['.\r\n', '\r\n.\r\n', '\r\n..\r\n.\r\nQUIT\r\n', 'a\nb\rc\r\n.', '\r\n', '.'];

/**
 * A right message with such texts in its tracing block, which is plain, and at its end, which is ciphertext that only its
 * reader can tell from other.
 */
export const letters: fc.Arbitrary<ClientLetter> = fc
  .record({
    text: fc.constantFrom(...temptations),
    tail: fc.constantFrom('', ...temptations),
    filling: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }) },
      { weight: 1, arbitrary: fc.integer({ min: 40_000, max: 60_000 }) },
    ),
    number: fc.nat(9_999),
  })
  .map(({ text, tail, filling, number }) => {
    const tracing = tracingOctets(utf8(`X-Trace: ${'.'.repeat(filling)}${text}`));
    const message = concat(tracing, sampleMessage());
    message.set(Buffer.from(tail, 'latin1'), message.length - tail.length);
    return {
      message,
      origin: `origin${number}.example`,
      originFingerprint: unpadded(sha512(utf8(`signet of origin ${number}`))),
    };
  });

/** Tries to deliver. */
export async function deliverLetter(
  stage: Stage,
  letter: ClientLetter,
  more: { readonly return?: string; readonly withoutDestination?: boolean } = {},
): Promise<Answer> {
  return await stage.deliver({ ...letter, ...more });
}

export const isDelivered = (answer: Answer): boolean => answer.kind === 'result' && answer.value.accepted === true;
