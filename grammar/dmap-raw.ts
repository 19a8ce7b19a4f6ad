/** What the actions of dmap.peggy give: numbers as digits, strings as octets or as the literal that holds them. */
import type { BareName, MailboxCommandName, PlainFetchItem } from './dmap-commands.js';
import type { RawDate, RawDateTime } from './dmap-dates.js';
import type { RawLiteral } from './dmap-framed.js';
import type { RawNumber, RawRange } from './dmap-numbers.js';
import type { Completion } from './dmap-responses.js';
import type { RawString, RawValue } from './dmap-strings.js';
import type { KeyPart } from './dmap-values.js';

/** A name in upper case; `items` where one belongs to it. */
export interface RawOption {
  readonly text: string;
  readonly offset: number;
  readonly items?: readonly RawOption[];
}

export interface RawText {
  readonly text: RawString;
  readonly offset: number;
}

export interface RawKeyPart {
  readonly part: KeyPart;
  readonly value: RawString;
  readonly offset: number;
}

interface RawSection {
  readonly type: RawNumber;
  readonly index: RawNumber;
}

export type RawSearchKey =
  | { readonly key: 'ALL' | 'DELETED' | 'UNDELETED' | 'SEEN' | 'UNSEEN' }
  | { readonly key: 'AND'; readonly of: readonly RawSearchKey[] }
  | { readonly key: 'NOT'; readonly of: RawSearchKey }
  | { readonly key: 'OR'; readonly of: readonly [RawSearchKey, RawSearchKey] }
  | { readonly key: 'UID' | 'SEQUENCE'; readonly set: readonly RawRange[] }
  | { readonly key: 'BEFORE' | 'ON' | 'SINCE'; readonly date: RawDate }
  | { readonly key: 'LARGER' | 'SMALLER'; readonly size: RawNumber }
  | { readonly key: 'MODSEQ'; readonly modseq: RawNumber };

export type RawFetchItem =
  | { readonly item: PlainFetchItem }
  | {
      readonly item: 'BODY';
      readonly peek: boolean;
      readonly section: RawSection | null;
      readonly partial: { readonly start: RawNumber; readonly count: RawNumber } | null;
    };

export type RawStoreChange =
  | {
      readonly item: 'FLAGS';
      readonly mode: 'replace' | 'add' | 'remove';
      readonly silent: boolean;
      readonly flags: readonly string[];
    }
  | { readonly item: 'META'; readonly silent: boolean; readonly value: RawString | null };

export interface RawDeliveryOption {
  readonly name: string;
  readonly values: readonly RawValue[];
}

export type RawCommand =
  | { readonly name: BareName }
  | { readonly name: 'EXPUNGE'; readonly set?: readonly RawRange[] }
  | { readonly name: 'AUTHENTICATE'; readonly mechanism: string; readonly initial: string | null }
  | { readonly name: MailboxCommandName; readonly mailbox: RawString }
  | { readonly name: 'RENAME'; readonly from: RawString; readonly to: RawString }
  | {
      readonly name: 'LIST';
      readonly selection: readonly RawOption[];
      readonly pattern: RawString;
      readonly returns: readonly RawOption[];
    }
  | { readonly name: 'STATUS'; readonly mailbox: RawString; readonly items: readonly RawOption[] }
  | {
      readonly name: 'APPEND';
      readonly mailbox: RawString;
      readonly flags: readonly string[];
      readonly date: RawDateTime | null;
      readonly message: RawLiteral;
    }
  | { readonly name: 'GETKEY'; readonly keyId: RawText; readonly part: 'PRIVATE' | 'PUBLIC' | 'BOTH' }
  | { readonly name: 'ADDKEY'; readonly keyId: RawText; readonly parts: readonly RawKeyPart[] }
  | { readonly name: 'DELETEKEY'; readonly keyId: RawText }
  | { readonly name: 'GETSIGNET' | 'DELETESIGNET'; readonly address: RawString }
  | { readonly name: 'ADDSIGNET'; readonly address: RawString; readonly signet: RawString }
  | { readonly name: 'LISTSIGNETS'; readonly pattern: RawString | null }
  | { readonly name: 'SEARCH'; readonly uid: boolean; readonly keys: readonly RawSearchKey[] }
  | {
      readonly name: 'FETCH';
      readonly uid: boolean;
      readonly set: readonly RawRange[];
      readonly what: 'FAST' | 'FULL' | readonly RawFetchItem[];
      readonly changedSince: RawNumber | null;
    }
  | {
      readonly name: 'STORE';
      readonly uid: boolean;
      readonly set: readonly RawRange[];
      readonly unchangedSince: RawNumber | null;
      readonly change: RawStoreChange;
    }
  | { readonly name: 'COPY'; readonly uid: boolean; readonly set: readonly RawRange[]; readonly mailbox: RawString }
  | {
      readonly name: 'SUBMIT';
      readonly uid: boolean;
      readonly number: RawNumber;
      readonly options: readonly RawDeliveryOption[];
    }
  | { readonly name: 'X'; readonly word: string; readonly values: readonly RawValue[] };

interface RawUidRange {
  readonly first: RawNumber;
  readonly last: RawNumber;
}

/** `written`: the code as it stands, for when a number in it is out of range. */
export type RawCode =
  | { readonly name: 'CAPABILITY'; readonly capabilities: readonly string[] }
  | { readonly name: 'PERMANENTFLAGS'; readonly flags: readonly string[] }
  | { readonly name: 'UIDNEXT' | 'UIDVALIDITY'; readonly number: RawNumber; readonly written: string }
  | { readonly name: 'HIGHESTMODSEQ'; readonly modseq: RawNumber; readonly written: string }
  | { readonly name: 'MODIFIED'; readonly set: readonly RawUidRange[]; readonly written: string }
  | {
      readonly name: 'APPENDUID';
      readonly validity: RawNumber;
      readonly uids: readonly RawUidRange[];
      readonly written: string;
    }
  | {
      readonly name: 'COPYUID';
      readonly validity: RawNumber;
      readonly from: readonly RawUidRange[];
      readonly to: readonly RawUidRange[];
      readonly written: string;
    }
  | { readonly name: 'OTHER'; readonly word: string; readonly text: string | null };

interface RawChunk {
  readonly type: RawNumber;
  readonly size: RawNumber;
  readonly extensions: readonly RawValue[];
}

export type RawFetchValue =
  | { readonly item: 'FLAGS'; readonly flags: readonly string[] }
  | { readonly item: 'INTERNALDATE'; readonly date: RawDateTime }
  | { readonly item: 'SIZE'; readonly size: RawNumber }
  | { readonly item: 'UID'; readonly uid: RawNumber }
  | { readonly item: 'MODSEQ'; readonly modseq: RawNumber }
  | { readonly item: 'META'; readonly value: RawString | null }
  | { readonly item: 'BODYSTRUCTURE'; readonly chunks: readonly RawChunk[] }
  | { readonly item: 'BODYSTRUCTURE'; readonly records: RawString; readonly offset: number }
  | {
      readonly item: 'BODY';
      readonly section: RawSection | null;
      readonly start: RawNumber | null;
      readonly value: RawString | null;
    }
  | { readonly item: 'OTHER'; readonly name: string; readonly value: RawValue };

export type RawResponse =
  | { readonly kind: 'continue'; readonly text: string }
  | {
      readonly kind: 'tagged';
      readonly tag: string;
      readonly status: Completion;
      readonly code: RawCode | null;
      readonly text: string;
    }
  | {
      readonly kind: 'status';
      readonly status: Completion | 'PREAUTH' | 'BYE';
      readonly code: RawCode | null;
      readonly text: string;
    }
  | { readonly kind: 'capability'; readonly capabilities: readonly string[] }
  | {
      readonly kind: 'list';
      readonly attributes: readonly string[];
      readonly delimiter: string | null;
      readonly mailbox: RawString;
      readonly extended: readonly { readonly name: RawString; readonly value: RawValue }[];
    }
  | { readonly kind: 'search'; readonly numbers: readonly RawNumber[]; readonly modseq: RawNumber | null }
  | {
      readonly kind: 'mailbox-status';
      readonly mailbox: RawString;
      readonly values: readonly { readonly name: string; readonly value: RawNumber }[];
    }
  | { readonly kind: 'flags'; readonly flags: readonly string[] }
  | {
      readonly kind: 'key';
      readonly keyId: RawText;
      readonly parts: readonly { readonly part: KeyPart; readonly value: RawString | null }[] | null;
    }
  | { readonly kind: 'signet'; readonly address: RawString; readonly signet: RawString | null }
  | { readonly kind: 'exists'; readonly count: RawNumber }
  | { readonly kind: 'expunge'; readonly number: RawNumber }
  | { readonly kind: 'fetch'; readonly number: RawNumber; readonly items: readonly RawFetchValue[] }
  | { readonly kind: 'unknown'; readonly text: string };
