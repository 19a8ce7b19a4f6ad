/** The mailbox as a synchronisation has it so far, against the cache that it began with. */
import type { FetchValue, Section } from '../../../grammar/dmap.js';
import { sameSection } from './sync-fetch.js';
import type { CachedMessage, MailboxCache } from './sync-types.js';

export class SyncState {
  readonly #base: ReadonlyMap<number, CachedMessage>;
  #messages: Map<number, CachedMessage>;

  /** @param base what the client kept; null when nothing of it can be used */
  constructor(base: MailboxCache | null) {
    const messages = (base?.messages ?? []).map((message) => [message.uid, message] as const);
    this.#base = new Map(messages);
    this.#messages = new Map(messages);
  }

  /** As it was in the cache. */
  before(uid: number): CachedMessage | undefined {
    return this.#base.get(uid);
  }

  get(uid: number): CachedMessage | undefined {
    return this.#messages.get(uid);
  }

  get size(): number {
    return this.#messages.size;
  }

  /** In ascending order of UIDs. */
  get messages(): CachedMessage[] {
    return [...this.#messages.values()].sort((one, other) => one.uid - other.uid);
  }

  /** Takes the UIDs that there are: others go, and new ones come. */
  keepOnly(uids: readonly number[]): void {
    const before = this.#messages;
    this.#messages = new Map(uids.map((uid) => [uid, before.get(uid) ?? emptyMessage(uid)]));
  }

  /** Takes what FETCH tells of a message that is there. */
  record(uid: number, items: readonly FetchValue[]): void {
    const before = this.#messages.get(uid);
    if (before === undefined) return;
    let message = before;
    for (const item of items) message = told(message, item);
    this.#messages.set(uid, message);
  }

  recordFlags(uid: number, flags: readonly string[], modseq: bigint | null): void {
    const message = this.#messages.get(uid);
    if (message !== undefined) this.#messages.set(uid, { ...message, flags, modseq: modseq ?? message.modseq });
  }

  recordPart(uid: number, section: Section | null, octets: Uint8Array | null): void {
    const message = this.#messages.get(uid);
    if (message === undefined) return;
    const others = message.parts.filter((part) => !sameSection(part.section, section));
    this.#messages.set(uid, { ...message, parts: [...others, { section, octets }] });
  }

  /** What differs from the cache, each in ascending order. */
  differences(): { readonly added: number[]; readonly changed: number[]; readonly gone: number[] } {
    const messages = this.messages;
    return {
      added: messages.filter(({ uid }) => !this.#base.has(uid)).map(({ uid }) => uid),
      changed: messages.filter((message) => hasChanged(this.#base.get(message.uid), message)).map(({ uid }) => uid),
      gone: [...this.#base.keys()].filter((uid) => !this.#messages.has(uid)).sort((one, other) => one - other),
    };
  }
}

const emptyMessage = (uid: number): CachedMessage => ({
  uid,
  flags: [],
  modseq: null,
  size: null,
  date: null,
  chunks: null,
  parts: [],
});

function told(message: CachedMessage, item: FetchValue): CachedMessage {
  switch (item.item) {
    case 'FLAGS':
      return { ...message, flags: item.flags };
    case 'MODSEQ':
      return { ...message, modseq: item.modseq };
    case 'SIZE':
      return { ...message, size: item.size };
    case 'INTERNALDATE':
      return { ...message, date: item.date };
    case 'BODYSTRUCTURE':
      return { ...message, chunks: item.chunks.map(({ type, size }) => ({ type, size })) };
    case 'META':
      return { ...message, meta: item.value };
    default:
      return message;
  }
}

function hasChanged(before: CachedMessage | undefined, now: CachedMessage): boolean {
  if (before === undefined) return false;
  return !sameFlags(before.flags, now.flags) || !sameOctets(before.meta, now.meta);
}

/** In any order and letter case (DMAP-I-79). */
function sameFlags(one: readonly string[], other: readonly string[]): boolean {
  const key = (flags: readonly string[]): string =>
    flags
      .map((flag) => flag.toLowerCase())
      .sort()
      .join(' ');
  return key(one) === key(other);
}

function sameOctets(one: Uint8Array | null | undefined, other: Uint8Array | null | undefined): boolean {
  if (one === undefined || other === undefined || one === null || other === null)
    return one === other || one === undefined;
  return Buffer.compare(one, other) === 0;
}
