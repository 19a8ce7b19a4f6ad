/** What an offline client keeps of a mailbox, what it did meanwhile, and what comes of both (DMAP-I-42). */
import type { ChunkEntry, DateTime, Section } from '../../../grammar/dmap.js';

/** One chunk, or the whole message where `section` is null. Null octets: the message has no such chunk. */
export interface CachedPart {
  readonly section: Section | null;
  readonly octets: Uint8Array | null;
}

/** Null: not known. */
export interface CachedMessage {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly modseq: bigint | null;
  readonly size: number | null;
  readonly date: DateTime | null;
  readonly chunks: readonly Pick<ChunkEntry, 'type' | 'size'>[] | null;
  /** Absent when it was never asked for; null when the message has no block. */
  readonly meta?: Uint8Array | null;
  readonly parts: readonly CachedPart[];
}

export interface MailboxCache {
  readonly uidValidity: number;
  readonly uidNext: number | null;
  readonly highestModseq: bigint | null;
  /** In ascending order of UIDs. */
  readonly messages: readonly CachedMessage[];
}

/** What was done offline. `id` names it in the result. UIDs are those of the cache. */
export type OfflineAction = { readonly id: string } & (
  | {
      readonly kind: 'flags';
      readonly uid: number;
      readonly add: readonly string[];
      readonly remove: readonly string[];
    }
  | {
      readonly kind: 'append';
      readonly message: Uint8Array;
      readonly flags: readonly string[];
      readonly date: DateTime | null;
    }
  | {
      readonly kind: 'move';
      readonly uid: number;
      readonly to: string;
      /** Makes the other mailbox when it is missing. */
      readonly create: boolean;
      /** How an earlier try ended is not known: the other mailbox is looked into before the message is copied again. */
      readonly attempted: boolean;
    }
  | { readonly kind: 'delete'; readonly uid: number }
  | { readonly kind: 'submit'; readonly uid: number }
);

export type ActionState =
  | 'done'
  /** The server had it so before: another client, or an earlier try. */
  | 'already'
  /** The message is no longer there. */
  | 'gone'
  /** The UIDs of the cache mean nothing any more. */
  | 'stale'
  /** The server said no. */
  | 'refused'
  /** This client does not do it. */
  | 'declined'
  /** The connection ended in the middle of it. */
  | 'unknown'
  /** Not begun. */
  | 'pending';

export interface ActionResult {
  readonly id: string;
  readonly state: ActionState;
  /** Why, or what is left of it. */
  readonly detail: string | null;
  /** Word of the response code. */
  readonly code: string | null;
  /** Of the new message in the mailbox that it came to, when the server tells. */
  readonly uid: number | null;
  /** Flags that another client had changed meanwhile and that are now as this user wanted them. */
  readonly overrode: readonly string[];
}

export interface SyncRequest {
  readonly mailbox: string;
  /** Null at the first time. */
  readonly cache: MailboxCache | null;
  /** Chunks to have of each message; null stands for the whole message. */
  readonly want: readonly (Section | null)[];
  /** Whether the encrypted blocks are wanted. */
  readonly meta: boolean;
  readonly actions: readonly OfflineAction[];
}

export interface SyncResult {
  /** False when something kept the client from its end; then the same request can be made again. */
  readonly complete: boolean;
  readonly failure: string | null;
  /** As the mailbox is now, as far as it was seen; what was given in, when it could not be read whole. */
  readonly cache: MailboxCache | null;
  /** Why nothing of the cache was used: there was none, or its UIDs are not those of the server. */
  readonly reset: 'no-cache' | 'uid-validity' | 'uid-next' | null;
  /** UIDs, against the cache that was given in. */
  readonly added: readonly number[];
  readonly changed: readonly number[];
  readonly gone: readonly number[];
  readonly actions: readonly ActionResult[];
}
