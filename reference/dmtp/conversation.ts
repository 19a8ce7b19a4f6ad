/** What the handlers of the commands share: the server's settings, what the peer said so far, and their answers. */
import type { Command, Verb } from '../../grammar/dmtp.js';
import { fitsRule } from '../../grammar/parse.js';
import type { DmtpStore } from '../account/store.js';
import type { ReplyName, ReplyWriter } from './reply-writer.js';

export interface Transaction {
  /** In lower case, like the destination. */
  readonly origin: string;
  /** What stood in MAIL's brackets: any text. */
  readonly originFingerprint: string;
  /** SIZE, or null in the named dialect. */
  readonly octets: number | null;
  /** Null until RCPT. */
  destination: { readonly domain: string; readonly fingerprint: string } | null;
}

export interface Conversation {
  readonly host: string;
  /** In lower case. */
  readonly domains: ReadonlySet<string>;
  readonly store: DmtpStore;
  /** The connection started in plain text on a port with an SMTP service behind it, and says so in its banner. */
  readonly dualPort: boolean;
  readonly messageOctets: number;
  readonly disabled: ReadonlySet<Verb>;
  readonly numberedCodes: boolean;
  readonly random: (octets: number) => Uint8Array;
  readonly write: ReplyWriter;

  encrypted: boolean;
  /** A STARTTLS with a well-formed host was received: no way back to SMTP. */
  established: boolean;
  transaction: Transaction | null;
  /** The outstanding nonce of STATS. */
  nonce: string | null;
}

/** One reply; the state moves on only when the command was accepted. */
export interface Answer {
  readonly accepted: boolean;
  readonly reply: ReplyName;
  readonly values?: Readonly<Record<string, string>>;
  readonly lines?: string[];
}

/** Carries out a command that the grammar and the state table let through. Throws are internal errors, 451. */
export type Handler = (conversation: Conversation, command: Command) => Answer;

export const accept = (reply: ReplyName, values?: Readonly<Record<string, string>>, lines?: string[]): Answer => ({
  accepted: true,
  reply,
  ...(values === undefined ? {} : { values }),
  ...(lines === undefined ? {} : { lines }),
});

export const refuse = (reply: ReplyName, values?: Readonly<Record<string, string>>): Answer => ({
  accepted: false,
  reply,
  ...(values === undefined ? {} : { values }),
});

// The named dialect lets any text stand in brackets (section 5.1), so its values are judged here. In the positional one
// the grammar has judged them, and once is enough.
export const isDomain = ({ dialect }: Command, text: string): boolean =>
  dialect === 'positional' || fitsRule('dmtp', 'Domain', text);
export const isAddress = ({ dialect }: Command, text: string): boolean =>
  dialect === 'positional' || fitsRule('dmtp', 'Address', text);
/** Any text, but not none (section 12.2). */
export const isFingerprint = (text: string | undefined): text is string => text !== undefined && text !== '';

/** A peer's text with every octet but printable ASCII replaced, so that it can break neither line nor terminal. */
export const printable = (text: string, substitute: string): string => text.replace(/[^ -~]/g, substitute);
/** The same, and no space either: one token. */
export const printableToken = (text: string, substitute: string): string => text.replace(/[^!-~]/g, substitute);
