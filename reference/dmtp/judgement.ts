/** What a message is judged by once it has come whole, and how that comes out. */
import type { RefusalReason } from '../account/store.js';

/** A message in its outer layout, as the transaction has it. Names are in lower case. */
export interface ArrivedMail {
  /** The domain of MAIL. */
  readonly origin: string;
  /** What stood in the brackets of MAIL: any text. */
  readonly originFingerprint: string;
  /** The domain of RCPT, which is served here. */
  readonly destination: string;
  /** What stood in the brackets of RCPT: any text. */
  readonly destinationFingerprint: string;
  readonly octets: number;
  /** The message in pieces that do not change; can be gone through again until the judgement is given. */
  readonly pieces: () => Iterable<Uint8Array>;
}

/** `recipient`: the address (lower case) that the message is for; null when nobody looked. */
export type Judgement =
  | { readonly accepted: true; readonly recipient: string | null }
  | { readonly accepted: false; readonly reason: RefusalReason | 'internal error' };

/** A rejection counts as an internal error. */
export type Judge = (mail: ArrivedMail) => Promise<Judgement>;
