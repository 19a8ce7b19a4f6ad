/** Bounces: the part of a message that goes back to the author. (Section 9.4 of the messages digest) */
import type { Section } from './chunk-table.js';
import { type Message, messageOf, type ParsedMessage } from './message.js';

export const bounceKinds = ['metadata', 'display', 'full'] as const;
export type BounceKind = (typeof bounceKinds)[number];

const returned: Readonly<Record<BounceKind, readonly Section[]>> = {
  metadata: ['envelope', 'metadata', 'signature'],
  display: ['envelope', 'metadata', 'display', 'signature'],
  full: ['envelope', 'metadata', 'display', 'attachments', 'signature'],
};

/** The signature with which each kind can be verified: `verifySignature` does it. */
export const bounceSignatures = {
  metadata: 'metadata-bounce',
  display: 'display-bounce',
  full: 'origin-full',
} as const;

/** What is returned. How a bounce is labelled on the wire nobody says (OQ-57). */
export function bounceOf(message: Message, kind: BounceKind): ParsedMessage {
  const chunks = [...message.chunks].filter(({ definition }) => returned[kind].includes(definition.section));
  return messageOf(message.profile, chunks);
}
