/** Delivery of submitted messages as the reference DMAP server asks for it: a plug-in point (DMAP-I-91). */
import type { DeliveryOption } from '../../grammar/dmap.js';

/** A message that the origin has verified and signed. */
export interface OutgoingMessage {
  readonly octets: number;
  /** From the first octet, in pieces, each time it is called. */
  readonly read: () => Iterable<Uint8Array>;
  readonly author: string;
  /** Domain names, in lower case, and the cryptographic fingerprints of their signets. */
  readonly origin: string;
  readonly originFingerprint: string;
  readonly destination: string;
  readonly destinationFingerprint: string;
  readonly options: readonly DeliveryOption[];
}

export type DeliveryResult =
  | { readonly delivered: true }
  /** `text`: printable, for the author. */
  | { readonly delivered: false; readonly text: string };

/** Hands a message on; rejections count as a failed delivery. */
export type Deliver = (message: OutgoingMessage) => Promise<DeliveryResult>;
