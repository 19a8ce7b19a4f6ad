/** The selected mailbox as the server has told of it: what came last counts (DMAP-038, DMAP-388). */
import type { FetchValue, ResponseCode, UntaggedResponse } from '../../../grammar/dmap.js';
import type { DmapClientLimits } from './client-limits.js';
import { NumberedList } from './numbered-list.js';

/** Null: not told yet. */
export interface KnownMessage {
  readonly uid: number | null;
  readonly flags: readonly string[] | null;
  readonly modseq: bigint | null;
}

const unknownMessage: KnownMessage = { uid: null, flags: null, modseq: null };

export class MailboxView {
  /** DMAP-140: whatever the server said last. */
  exists = 0;
  flags: readonly string[] = [];
  /** Null when the server told none: then all flags are permanent (DMAP-206). */
  permanentFlags: readonly string[] | null = null;
  /** Null when the server told none: then it has no UIDs (DMAP-207). */
  uidValidity: number | null = null;
  uidNext: number | null = null;
  highestModseq: bigint | null = null;

  #messages = new NumberedList<KnownMessage>();
  #octets = 0;

  constructor(
    /** As it was asked for. */
    readonly name: string,
    public readOnly: boolean,
    private readonly limits: Pick<DmapClientLimits, 'rememberedMessages' | 'rememberedOctets'>,
  ) {}

  /** What is known of a message; of one that was never told of, nothing. */
  message(number: number): KnownMessage {
    return this.#messages.get(number) ?? unknownMessage;
  }

  /** Those of which something is known, ascending by number. */
  messages(): Iterable<readonly [number: number, message: KnownMessage]> {
    return this.#messages.entries();
  }

  /** Takes the UIDs of all messages, in ascending order, from a search; false when they are not as many. */
  learnUids(uids: readonly number[]): boolean {
    if (uids.length !== this.exists) return false;
    for (const [index, uid] of uids.entries()) {
      if (index >= this.limits.rememberedMessages) break;
      const told = this.message(index + 1);
      if (told.uid !== uid) this.#messages.set(index + 1, { ...unknownMessage, uid });
    }
    return true;
  }

  /** Whether a flag can be changed for good; `\*` stands for keywords that are not known yet. */
  keeps(flag: string): boolean {
    if (this.permanentFlags === null) return true;
    const has = (wanted: string): boolean =>
      this.permanentFlags?.some((each) => each.toLowerCase() === wanted.toLowerCase()) === true;
    return has(flag) || (!flag.startsWith('\\') && has('\\*'));
  }

  /** Takes note of a response; false when it cannot be about this mailbox. */
  record(response: UntaggedResponse): boolean {
    switch (response.kind) {
      case 'flags':
        this.flags = response.flags;
        return true;
      case 'exists':
        // No message leaves but by EXPUNGE: when some did, which number is which is no longer known (DMAP-067).
        if (response.count < this.exists) this.#forget();
        this.exists = response.count;
        return true;
      case 'expunge':
        if (response.number > this.exists) return false;
        this.exists -= 1;
        this.#messages.remove(response.number);
        return true;
      case 'fetch':
        return this.#recordFetch(response.number, response.items);
      case 'status':
        if (response.code !== null) this.#recordCode(response.code);
        return true;
      default:
        return true;
    }
  }

  /** The code of the tagged OK of the selection, too. */
  recordCode(code: ResponseCode | null): void {
    if (code !== null) this.#recordCode(code);
  }

  #recordCode(code: ResponseCode): void {
    switch (code.name) {
      case 'PERMANENTFLAGS':
        this.permanentFlags = code.flags;
        break;
      case 'UIDVALIDITY':
        if (this.uidValidity !== null && this.uidValidity !== code.number) this.#forget();
        this.uidValidity = code.number;
        break;
      case 'UIDNEXT':
        this.uidNext = code.number;
        break;
      case 'HIGHESTMODSEQ':
        this.highestModseq = code.modseq;
        break;
      case 'OTHER':
        if (code.word === 'READ-ONLY') this.readOnly = true;
        if (code.word === 'READ-WRITE') this.readOnly = false;
        break;
    }
  }

  #recordFetch(number: number, items: readonly FetchValue[]): boolean {
    if (number > this.exists) return false;
    let told: KnownMessage = this.message(number);
    const uid = items.find((item) => item.item === 'UID')?.uid;
    // Another message than before has this number now.
    if (uid !== undefined && told.uid !== null && told.uid !== uid) told = unknownMessage;
    if (uid !== undefined) told = { ...told, uid };
    for (const item of items) {
      if (item.item === 'FLAGS') {
        told = { ...told, flags: item.flags };
        this.#octets += item.flags.reduce((sum, flag) => sum + flag.length, 0);
      }
      if (item.item === 'MODSEQ') told = { ...told, modseq: item.modseq };
    }
    if (this.#octets > this.limits.rememberedOctets) this.#forget();
    if (number <= this.limits.rememberedMessages) this.#messages.set(number, told);
    return true;
  }

  /** What is not known can be asked for again. */
  #forget(): void {
    this.#messages = new NumberedList();
    this.#octets = 0;
  }
}
