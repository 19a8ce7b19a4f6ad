/** Flags of a mailbox as bits: eight system flags and up to 24 keywords (section 2.13 of the DMAP digest). */
import { systemFlags } from '../../grammar/dmap-flags.js';
import { MailStoreError } from './mail-store.js';

export const seenBit = 1 << systemFlags.indexOf('\\Seen');
export const deletedBit = 1 << systemFlags.indexOf('\\Deleted');
export const pendingBit = 1 << systemFlags.indexOf('\\SubmitPending');
export const submittedBit = 1 << systemFlags.indexOf('\\Submitted');

/** Thirty-two bits hold both kinds. */
const mostKeywords = 32 - systemFlags.length;
const mostKeywordOctets = 100;
/** Sets of flags whose arrays are shared; a mailbox with more of them makes some anew. */
const mostSharedSets = 1_024;

const systemBits = new Map<string, number>(systemFlags.map((flag, at) => [flag.toLowerCase(), 1 << at]));

/** The keywords of one mailbox. Flags compare without regard to case and keep the case first seen (DMAP-I-79). */
export class FlagTable {
  readonly #keywords: string[];
  readonly #bits = new Map<string, number>();
  readonly #shared = new Map<number, readonly string[]>();

  constructor(keywords: readonly string[]) {
    this.#keywords = [...keywords];
    for (const [at, keyword] of keywords.entries()) this.#bits.set(keyword.toLowerCase(), bitAt(at));
  }

  get keywords(): readonly string[] {
    return this.#keywords;
  }

  get hasRoom(): boolean {
    return this.#keywords.length < mostKeywords;
  }

  /**
   * Says which bits these flags have, and which keywords would be new: their bits are those after the known ones. They
   * become known by `learn`, once they are kept.
   *
   * @throws MailStoreError `cannot`, `limit`
   */
  read(flags: readonly string[]): { readonly bits: number; readonly fresh: readonly string[] } {
    let bits = 0;
    const fresh: string[] = [];
    for (const flag of flags) {
      const folded = flag.toLowerCase();
      const known = systemBits.get(folded) ?? this.#bits.get(folded);
      if (known !== undefined) {
        bits |= known;
        continue;
      }
      const told = JSON.stringify(flag.slice(0, mostKeywordOctets));
      if (flag.startsWith('\\')) throw new MailStoreError('cannot', `there is no system flag ${told}`);
      if (!/^[!-~]+$/.test(flag)) throw new MailStoreError('cannot', `${told} is no keyword`);
      if (flag.length > mostKeywordOctets) {
        throw new MailStoreError('limit', `a keyword has at most ${mostKeywordOctets} octets, ${told}... has more`);
      }
      let at = fresh.findIndex((other) => other.toLowerCase() === folded);
      if (at === -1) at = fresh.push(flag) - 1;
      if (this.#keywords.length + at >= mostKeywords) {
        throw new MailStoreError('limit', `a mailbox has at most ${mostKeywords} keywords, and ${told} is one more`);
      }
      bits |= bitAt(this.#keywords.length + at);
    }
    return { bits: bits >>> 0, fresh };
  }

  learn(fresh: readonly string[]): void {
    for (const keyword of fresh) {
      this.#bits.set(keyword.toLowerCase(), bitAt(this.#keywords.length));
      this.#keywords.push(keyword);
    }
  }

  /** The flags of these bits; equal bits give the same array as long as there are not too many kinds. */
  names(bits: number): readonly string[] {
    const shared = this.#shared.get(bits);
    if (shared !== undefined) return shared;
    const names: string[] = systemFlags.filter((_, at) => (bits & (1 << at)) !== 0);
    for (const [at, keyword] of this.#keywords.entries()) if ((bits & bitAt(at)) !== 0) names.push(keyword);
    if (this.#shared.size >= mostSharedSets) this.#shared.clear();
    this.#shared.set(bits, names);
    return names;
  }
}

function bitAt(keyword: number): number {
  return 1 << (systemFlags.length + keyword);
}
