/**
 * STACIE inside another protocol: DMAP's AUTHENTICATE sends one message a step (DMAP-I-30 of the DMAP digest). The same
 * session serves there and over HTTPS, so a nonce of the one is a nonce of the other, and failed attempts add up.
 */
import type { StacieSession } from './session.js';

export type MechanismStep =
  /** Send `text` to the client as one message, and give its answer to the next step. */
  | { readonly kind: 'challenge'; readonly text: string }
  /** The client is `username` (normalised). `text` has its shards, as one more message. */
  | { readonly kind: 'authenticated'; readonly username: string; readonly text: string }
  /** The attempt is over; the protocol refuses in its own way. `text` is what STACIE would have answered. */
  | { readonly kind: 'refused'; readonly text: string };

/** Takes one message of a client. Only login and authenticate are taken: a mechanism logs in and does no more. */
export type Mechanism = (message: string | Uint8Array) => MechanismStep;

/** One attempt to log in over `session`; a caller makes one for each. After `authenticated` or `refused` it is over. */
export function createStacieMechanism(session: StacieSession): Mechanism {
  let over = false;
  let asked = false;
  return (message) => {
    if (over) throw new Error('this attempt to log in is over');
    const reply = session.receive(message, { only: ['login', 'authenticate'] });
    if (reply.authenticated !== null) {
      over = true;
      return { kind: 'authenticated', username: reply.authenticated, text: reply.text };
    }
    // A second methods is the answer to a wrong token: another attempt is another AUTHENTICATE.
    if (reply.kind === 'methods' && !asked) {
      asked = true;
      return { kind: 'challenge', text: reply.text };
    }
    over = true;
    return { kind: 'refused', text: reply.text };
  };
}
