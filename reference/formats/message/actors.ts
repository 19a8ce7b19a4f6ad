/** The four who handle a message. (Section 0 of the messages digest) */

/** In the order of their key slots (MSG-040). */
export const actors = ['author', 'origin', 'destination', 'recipient'] as const;
export type Actor = (typeof actors)[number];

/** Whether an actor is the organization of one of the two users. */
export function isOrganization(actor: Actor): boolean {
  return actor === 'origin' || actor === 'destination';
}
