/**
 * The reading `numbered-codes` (section 12.5 of the DMTP digest): what differs from replies.ts. The texts stay, so that
 * libdime's client still understands them, save where one is given here.
 */
import type { CanonicalReply, ReplyRow } from './replies.js';

/** Situations that only this reading tells apart; the digest has no text for the last two. */
const ofThisReadingOnly = {
  duplicate: { code: 255, texts: ['DUPLICATE={fingerprint}'] },
  mailOutdatedSignet: { code: 575, texts: ['MAIL FROM REJECTED - NO SIGNET OF THE ORIGIN HAS THIS FINGERPRINT'] },
  rcptOutdatedSignet: { code: 576, texts: ['RCPT TO REJECTED - THE SIGNET OF THE DESTINATION WAS REPLACED'] },
} as const satisfies Record<string, ReplyRow>;

export type NumberedReply = keyof typeof ofThisReadingOnly;

export const numberedReplies: Partial<Record<CanonicalReply | NumberedReply, Partial<ReplyRow>>> = {
  signetOfDomain: { code: 270 },
  signetOfAddress: { code: 280 },
  currentOfDomain: { code: 271 },
  currentOfAddress: { code: 281 },
  updateOfDomain: { code: 270 },
  updateOfAddress: { code: 280 },
  history: { code: 290 },
  historyOfNewest: { code: 291 },
  signetNotFound: { code: 576 },
  mode: { code: 250 },
  modeDual: { code: 250 },
  verb: { code: 250 },
  stats: { code: 250 },
  stored: { code: 254, texts: ['ACCEPTED={fingerprint}'] },
  // A text that is fixed, and that libdime's client takes.
  goAhead: { texts: ['CONTINUE [NONE]'] },
  rcptNotServed: { code: 510 },
  recipientNotServed: { code: 510 },
  recipientUnknown: { code: 510 },
  secondDestination: { code: 431 },
  originUnavailable: { code: 470 },
  originUnknown: { code: 570 },
  invalidOriginSignet: { code: 575 },
  wrongSignature: { code: 578 },
  outdatedRecipientSignet: { code: 586 },
  badMessage: { code: 451 },
  tooManyViolations: { code: 421 },
  ...ofThisReadingOnly,
};
