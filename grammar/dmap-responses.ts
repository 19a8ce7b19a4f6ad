/** What DMAP responses say (section 6.5 of the DMAP digest). */
import type { DateTime, KeyPart, Section, StatusValue, UidSet, Value } from './dmap-values.js';

export type Completion = 'OK' | 'NO' | 'BAD';

/** Keywords are in upper case; texts are decoded from UTF-8 (octets that are none become U+FFFD). */
export type Response =
  | { readonly kind: 'continue'; readonly text: string }
  | {
      readonly kind: 'tagged';
      readonly tag: string;
      readonly status: Completion;
      readonly code: ResponseCode | null;
      readonly text: string;
    }
  | UntaggedResponse;

export type UntaggedResponse =
  | {
      readonly kind: 'status';
      readonly status: Completion | 'PREAUTH' | 'BYE';
      readonly code: ResponseCode | null;
      readonly text: string;
    }
  /** Names as written. */
  | { readonly kind: 'capability'; readonly capabilities: readonly string[] }
  | ListResponse
  | { readonly kind: 'search'; readonly numbers: readonly number[]; readonly modseq: bigint | null }
  | { readonly kind: 'mailbox-status'; readonly mailbox: string; readonly values: readonly StatusValue[] }
  | { readonly kind: 'flags'; readonly flags: readonly string[] }
  /** `parts` is null in the answers to LISTKEYS. */
  | {
      readonly kind: 'key';
      readonly keyId: string;
      readonly parts: readonly { readonly part: KeyPart; readonly value: Uint8Array | null }[] | null;
    }
  /** `signet` is null in the answers to LISTSIGNETS. */
  | { readonly kind: 'signet'; readonly address: string; readonly signet: Uint8Array | null }
  | { readonly kind: 'exists'; readonly count: number }
  | { readonly kind: 'expunge'; readonly number: number }
  | { readonly kind: 'fetch'; readonly number: number; readonly items: readonly FetchValue[] }
  /**
   * Well framed, and nothing that the grammar knows. `octets`: all between `* ` and the last CRLF, literals with their
   * headers. `malformed`: the known response whose name it has, when it is one of those written wrongly.
   */
  | { readonly kind: 'unknown'; readonly octets: Uint8Array; readonly malformed: string | null };

export interface ListResponse {
  readonly kind: 'list';
  /** With their backslash, as written. */
  readonly attributes: readonly string[];
  readonly delimiter: string | null;
  readonly mailbox: string;
  /** The extended item STATUS; null when there is none. */
  readonly status: readonly StatusValue[] | null;
  /** All other extended items. */
  readonly extended: readonly { readonly name: string; readonly value: Value }[];
}

export type FetchValue =
  | { readonly item: 'FLAGS'; readonly flags: readonly string[] }
  | { readonly item: 'INTERNALDATE'; readonly date: DateTime }
  | { readonly item: 'SIZE'; readonly size: number }
  | { readonly item: 'UID'; readonly uid: number }
  | { readonly item: 'MODSEQ'; readonly modseq: bigint }
  | { readonly item: 'META'; readonly value: Uint8Array | null }
  /** `records`: written as one string of four octets a chunk (DMAP-I-69). */
  | { readonly item: 'BODYSTRUCTURE'; readonly form: 'list' | 'records'; readonly chunks: readonly ChunkEntry[] }
  /** `start`: of a partial. */
  | {
      readonly item: 'BODY';
      readonly section: Section | null;
      readonly start: number | null;
      readonly value: Uint8Array | null;
    }
  | { readonly item: 'OTHER'; readonly name: string; readonly value: Value };

export interface ChunkEntry {
  readonly type: number;
  readonly size: number;
  readonly extensions: readonly Value[];
}

/** `OTHER`: ALERT, READ-ONLY and all others that the grammar does not read further; `word` is in upper case. */
export type ResponseCode =
  | { readonly name: 'CAPABILITY'; readonly capabilities: readonly string[] }
  | { readonly name: 'PERMANENTFLAGS'; readonly flags: readonly string[] }
  | { readonly name: 'UIDNEXT' | 'UIDVALIDITY'; readonly number: number }
  | { readonly name: 'HIGHESTMODSEQ'; readonly modseq: bigint }
  | { readonly name: 'MODIFIED'; readonly set: UidSet }
  | { readonly name: 'APPENDUID'; readonly validity: number; readonly uids: UidSet }
  | { readonly name: 'COPYUID'; readonly validity: number; readonly from: UidSet; readonly to: UidSet }
  | { readonly name: 'OTHER'; readonly word: string; readonly text: string | null };
