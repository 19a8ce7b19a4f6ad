/** What DMAP commands say (section 6.4 of the DMAP digest). */
import type { CalendarDate, DateTime, Section, SequenceSet, Value } from './dmap-values.js';

export type BareName = 'CAPABILITY' | 'NOOP' | 'LOGOUT' | 'CLOSE' | 'LISTKEYS';

export type MailboxCommandName = 'SELECT' | 'EXAMINE' | 'CREATE' | 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE';

/**
 * Names of commands, items and options are in upper case. Mailbox names, patterns and addresses are decoded from UTF-8;
 * INBOX in any case is `INBOX`. Flags have the spelling of section 2.13 when they are system flags, else as written.
 */
export type Command =
  | { readonly name: BareName }
  | AuthenticateCommand
  | { readonly name: MailboxCommandName; readonly mailbox: string }
  | { readonly name: 'RENAME'; readonly from: string; readonly to: string }
  | ListCommand
  | { readonly name: 'STATUS'; readonly mailbox: string; readonly items: readonly StatusItem[] }
  | AppendCommand
  | { readonly name: 'GETKEY'; readonly keyId: string; readonly part: 'PRIVATE' | 'PUBLIC' | 'BOTH' }
  | {
      readonly name: 'ADDKEY';
      readonly keyId: string;
      readonly public: Uint8Array;
      readonly private: Uint8Array | null;
    }
  | { readonly name: 'DELETEKEY'; readonly keyId: string }
  | { readonly name: 'GETSIGNET' | 'DELETESIGNET'; readonly address: string }
  | { readonly name: 'ADDSIGNET'; readonly address: string; readonly signet: Uint8Array }
  | { readonly name: 'LISTSIGNETS'; readonly pattern: string | null }
  | SearchCommand
  | FetchCommand
  | StoreCommand
  | { readonly name: 'COPY'; readonly uid: boolean; readonly set: SequenceSet; readonly mailbox: string }
  | SubmitCommand
  /** `set`: of UIDs, in UID EXPUNGE alone (UIDPLUS). */
  | { readonly name: 'EXPUNGE'; readonly set: SequenceSet | null }
  /** Any command whose name begins with X; `word` is that name in upper case. */
  | { readonly name: 'X'; readonly word: string; readonly values: readonly Value[] };

export type CommandName = Command['name'];

export interface AuthenticateCommand {
  readonly name: 'AUTHENTICATE';
  /** In upper case. */
  readonly mechanism: string;
  /** Decoded; empty for `=`; null when there was none. */
  readonly initial: Uint8Array | null;
}

export interface ListCommand {
  readonly name: 'LIST';
  readonly selection: readonly SelectionOption[];
  readonly pattern: string;
  readonly returns: readonly ReturnOption[];
}

/** DMAP-I-55. */
export const selectionOptions = ['SUBSCRIBED', 'RECURSIVEMATCH', 'REMOTE', 'SPECIAL-USE'] as const;
export type SelectionOption = (typeof selectionOptions)[number];

/** DMAP-I-55, STATUS apart. */
export const plainReturnOptions = ['SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE'] as const;
export type ReturnOption =
  | { readonly option: (typeof plainReturnOptions)[number] }
  | { readonly option: 'STATUS'; readonly items: readonly StatusItem[] };

/** Section 2.4; HIGHESTMODSEQ with CONDSTORE. */
export const statusItems = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'HIGHESTMODSEQ'] as const;
export type StatusItem = (typeof statusItems)[number];

export interface AppendCommand {
  readonly name: 'APPEND';
  readonly mailbox: string;
  readonly flags: readonly string[];
  readonly date: DateTime | null;
  readonly message: AppendedMessage;
}

export interface AppendedMessage {
  readonly size: number;
  /** Null when the octets were not kept: they are still to come, or went to a sink. */
  readonly octets: Uint8Array | null;
}

export type SearchKey =
  | { readonly key: 'ALL' | 'DELETED' | 'UNDELETED' | 'SEEN' | 'UNSEEN' }
  | { readonly key: 'NOT'; readonly of: SearchKey }
  | { readonly key: 'OR'; readonly of: readonly [SearchKey, SearchKey] }
  /** Keys in parentheses. */
  | { readonly key: 'AND'; readonly of: readonly SearchKey[] }
  | { readonly key: 'SEQUENCE' | 'UID'; readonly set: SequenceSet }
  | { readonly key: 'BEFORE' | 'ON' | 'SINCE'; readonly date: CalendarDate }
  | { readonly key: 'LARGER' | 'SMALLER'; readonly size: number }
  | { readonly key: 'MODSEQ'; readonly modseq: bigint };

export interface SearchCommand {
  readonly name: 'SEARCH';
  readonly uid: boolean;
  /** All have to match; at least one. */
  readonly keys: readonly SearchKey[];
}

export type PlainFetchItem = 'BODYSTRUCTURE' | 'FLAGS' | 'INTERNALDATE' | 'SIZE' | 'META' | 'MODSEQ' | 'UID';

export type FetchItem =
  | { readonly item: PlainFetchItem }
  | {
      readonly item: 'BODY';
      readonly peek: boolean;
      readonly section: Section | null;
      readonly partial: { readonly start: number; readonly count: number } | null;
    };

export interface FetchCommand {
  readonly name: 'FETCH';
  readonly uid: boolean;
  readonly set: SequenceSet;
  /** A macro, or at least one item. */
  readonly what: 'FAST' | 'FULL' | readonly FetchItem[];
  readonly changedSince: bigint | null;
}

export type StoreChange =
  | {
      readonly item: 'FLAGS';
      readonly mode: 'replace' | 'add' | 'remove';
      readonly silent: boolean;
      readonly flags: readonly string[];
    }
  /** Null takes the block away. */
  | { readonly item: 'META'; readonly silent: boolean; readonly value: Uint8Array | null };

export interface StoreCommand {
  readonly name: 'STORE';
  readonly uid: boolean;
  readonly set: SequenceSet;
  readonly unchangedSince: bigint | null;
  readonly change: StoreChange;
}

export interface SubmitCommand {
  readonly name: 'SUBMIT';
  readonly uid: boolean;
  readonly number: number;
  readonly options: readonly DeliveryOption[];
}

/** The name is in upper case. Values are strings without NUL, and lists; atoms stand in lists alone (DMAP-I-87). */
export interface DeliveryOption {
  readonly name: string;
  readonly values: readonly Value[];
}

/** A command with its tag. */
export interface TaggedCommand {
  readonly tag: string;
  readonly command: Command;
}

/** What a server has to advertise before a command may use it (section 6.1). */
export type CommandExtension = 'CONDSTORE' | 'UIDPLUS' | 'SPECIAL-USE';
