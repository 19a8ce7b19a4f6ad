/** What a DMTP session is to the transport that carries it: octets in, effects out. */
import type { Verb } from '../../grammar/dmtp.js';
import type { DmtpStore } from '../account/store.js';
import type { ArrivedMail, Judgement } from './judgement.js';

/** What the transport has to do, in this order. */
export type SessionEffect =
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** Once what was sent before is written: drop plain octets, shake hands for `host`, then call `secured`. */
  | { readonly kind: 'secure'; readonly host: string }
  /** Find out whether the message may be stored, then call `judged`. Its pieces can be read until then. */
  | { readonly kind: 'judge'; readonly mail: ArrivedMail }
  /** Give the connection to the SMTP service for good, these octets first; call `handOverFailed` when it has none. */
  | { readonly kind: 'hand-over'; readonly octets: Uint8Array }
  | { readonly kind: 'close' };

export interface DmtpSession {
  /** The banner. */
  start(): SessionEffect[];
  /**
   * Takes octets, cut anywhere. They may be reused after the call. Those that come while a judgement is awaited are kept
   * until it is given.
   *
   * @throws RangeError for more of those than a transport that looks at `awaiting` would give
   */
  receive(octets: Uint8Array): SessionEffect[];
  /** What came of `judge`. Nothing when the session is over. @throws Error when none was asked for */
  judged(judgement: Judgement): SessionEffect[];
  /** The SMTP service cannot be reached: a last word and the close. */
  handOverFailed(): SessionEffect[];
  /** The handshake after `secure` is done. @throws Error when none was asked for */
  secured(): SessionEffect[];
  /** Nothing came for the configured time. */
  expire(): SessionEffect[];
  /** The server goes down. */
  shutdown(): SessionEffect[];
  /** The peer is gone: an unfinished message leaves no trace. */
  end(): void;
  /** Which time limit applies. With `judgement` no octets should be given. */
  readonly awaiting: 'command' | 'message' | 'judgement';
}

export interface DmtpSessionOptions {
  /** The server's name; its certificate is the only one. */
  readonly host: string;
  /** For the banner: printable ASCII. */
  readonly software: string;
  /** The domains served, in any case. */
  readonly domains: readonly string[];
  readonly store: DmtpStore;
  /** `tls`: TLS from the first octet. `plain`: STARTTLS is needed. */
  readonly transport: 'tls' | 'plain';
  /** A plain port with an SMTP service behind it: the banner offers SMTP too, and lines for it hand the connection over. */
  readonly dualMode: boolean;
  readonly limits: {
    /** The largest message in octets. */
    readonly messageOctets: number;
    /** How many 500s are answered before the peer is sent away. */
    readonly violations: number;
  };
  /** Answered with 502. */
  readonly disabled: ReadonlySet<Verb>;
  /** Gives as many random octets as it is asked for. */
  readonly random: (octets: number) => Uint8Array;
  /** The reading of section 12.5. */
  readonly numberedCodes?: boolean;
}
