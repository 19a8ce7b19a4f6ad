/** What stands between a DMAP session and the transport that carries it: octets in, effects out. */
import type { DeliveryOption } from '../../grammar/dmap.js';

/** What the transport has to do, in this order. */
export type SessionEffect =
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** Verify and deliver this message, then call `submitted`. */
  | { readonly kind: 'submit'; readonly request: SubmitRequest }
  /** Look for a signet outside of the ring (DMAP-I-102), then call `found`. */
  | { readonly kind: 'look-up'; readonly address: string }
  /** Only with PLAIN: see whether the password is right, then call `checked`. */
  | { readonly kind: 'check-password'; readonly username: string; readonly password: string }
  /** Call `resume` after so many milliseconds. */
  | { readonly kind: 'pause'; readonly milliseconds: number }
  | { readonly kind: 'close' };

export interface SubmitRequest {
  /** The user who submits: the author that the message has to name (DMAP-355). */
  readonly author: string;
  readonly octets: number;
  /** The message from its first octet, in pieces, each time it is called. @throws when it is gone */
  readonly read: () => Iterable<Uint8Array>;
  /** Announced ones only (DMAP-I-87). */
  readonly options: readonly DeliveryOption[];
}

export type SubmitOutcome =
  | {
      readonly accepted: true;
      /** The raw Ed25519 key that the author signed with, when it is known: its key in the ring is then in use. */
      readonly signingKey?: Uint8Array;
    }
  /** Looked at and not taken, or not delivered. `text` is for the author. */
  | { readonly accepted: false; readonly text: string };

/** What a session can go on with. */
export type Awaiting =
  /** Octets: `receive`. */
  | 'input'
  /** A peer that takes what was sent: `more`. */
  | 'room'
  /** The outcome of what was asked for by an effect. */
  | 'outcome'
  /** Nothing: it is over. */
  | 'nothing';

export interface DmapSession {
  /** The greeting, once TLS stands. */
  start(): SessionEffect[];
  /**
   * Takes octets, cut anywhere; they must not change afterwards. While something else than input is awaited they are
   * kept, so a transport that holds them back spares memory.
   */
  receive(octets: Uint8Array): SessionEffect[];
  /** The peer took what was sent, or most of it. */
  more(): SessionEffect[];
  /** After `end` too: how a submission came out is kept, although nobody can be told. */
  submitted(outcome: SubmitOutcome): SessionEffect[];
  /** @param signet its octets; null when none was found */
  found(signet: Uint8Array | null): SessionEffect[];
  /** @param username the account that the password is right for; null when it is wrong */
  checked(username: string | null): SessionEffect[];
  resume(): SessionEffect[];
  /** Something changed in the selected mailbox: says so, if it may be said while no command is under way (DMAP-142). */
  refresh(): SessionEffect[];
  /** Nothing came for the configured time (DMAP-146). */
  expire(): SessionEffect[];
  /** The server goes down. */
  shutdown(): SessionEffect[];
  /** The peer is gone: an unfinished message leaves no trace. */
  end(): void;
  readonly awaiting: Awaiting;
  /** Which time limit applies. */
  readonly authenticated: boolean;
}
