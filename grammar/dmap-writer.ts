/** Puts DMAP texts together: the canonical forms of strings and names (section 6.8 of the DMAP digest). */

/** How literals are announced: by a server, by a client that waits for each, by one that saw LITERAL+. */
type LiteralManner = 'server' | 'client' | 'client-nonsync';

/** Octets that are not in memory all at once. */
export interface StreamedOctets {
  readonly size: number;
  /** Together `size` octets. */
  readonly pieces: Iterable<Uint8Array>;
}

type Piece = Uint8Array | Iterable<Uint8Array>;

/** Longer ones go as literals: a quoted string is for what a person may read. */
const longestQuoted = 64;
/** Texts and literals above it are not put octet by octet. */
const shortOctets = 32;
/** Literals above it stay where they are. */
const mostCopied = 4096;
const firstCapacity = 256;
/** What is written goes out as it lies there, from so many octets on; less is copied. */
const handedOverOctets = 8192;
const zeroDigit = 0x30;

const tag = /^[!#$&',-[\]-z|}~]+$/;
const atom = /^[!#$&'+-[^-z|}~]+$/;
const astringAtom = /^[!#$&'+-[\]-z|}~]+$/;
const bareText = /^[!#-'*-[\]-z|}~]+$/;
const value = /^[!#-'*-z|}~]+$/;
const flag = /^\\?[!#$&'+-[^-z|}~]+$/;
const quotable = /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/;

/**
 * Flags that were found good to write: mailboxes have the same few over and over, and to check them costs more than all
 * else that is written of a message.
 */
const knownFlags = new Set<string>();
const mostKnownFlags = 1024;

export class WireWriter {
  readonly #manner: LiteralManner;
  readonly #segments: Piece[][] = [[]];
  /** What was written since the last piece. */
  #octets: Buffer;
  #length = 0;
  #flushed = 0;

  /** @param capacity octets that will probably be written */
  constructor(manner: LiteralManner, capacity = firstCapacity) {
    this.#manner = manner;
    this.#octets = Buffer.allocUnsafe(capacity);
  }

  /** One character an octet, as it is. */
  raw(text: string): this {
    const from = this.#grow(text.length);
    const octets = this.#octets;
    const length = text.length;
    if (length > shortOctets) octets.write(text, from, 'latin1');
    else for (let at = 0; at < length; at += 1) octets[from + at] = text.charCodeAt(at);
    return this;
  }

  /** Octets as they are, copied: few of them. */
  octets(octets: Uint8Array): this {
    const from = this.#grow(octets.length);
    this.#octets.set(octets, from);
    return this;
  }

  /** Octets written, without those of literals above 4 KiB, which are not copied. */
  get copied(): number {
    return this.#flushed + this.#length;
  }

  /** @throws RangeError; `what` names it */
  atom(text: string, what: string): this {
    return this.raw(checked(text, atom, what));
  }

  /** @throws RangeError */
  tag(text: string): this {
    return this.raw(checked(text, tag, 'tag'));
  }

  /** @throws RangeError */
  flags(flags: readonly string[]): this {
    this.raw('(');
    for (let at = 0; at < flags.length; at += 1) {
      if (at > 0) this.raw(' ');
      this.raw(checkedFlag(flags[at] ?? ''));
    }
    return this.raw(')');
  }

  /** A whole number below 2^53, as digits. @throws RangeError unless it is `least` to `most`; `what` names it */
  number(number: number, least: number, most: number, what: string): this {
    if (!(Number.isInteger(number) && number >= least && number <= most)) digits(number, least, most, what);
    let places = 1;
    for (let bound = 10; number >= bound; bound *= 10) places += 1;
    let at = this.#grow(places) + places;
    const octets = this.#octets;
    for (let rest = number; places > 0; places -= 1) {
      // What fits in 31 bits is divided as whole numbers are, which is faster.
      const tenth = rest < 0x8000_0000 ? (rest / 10) | 0 : Math.floor(rest / 10);
      at -= 1;
      octets[at] = zeroDigit + rest - 10 * tenth;
      rest = tenth;
    }
    return this;
  }

  /** @throws RangeError with a NUL, or a lone surrogate */
  astring(text: string, what: string): this {
    if (astringAtom.test(text) && !/^nil$/i.test(text)) return this.raw(text);
    return this.string(utf8(text, what), what);
  }

  /** Never as an atom, which a pattern is not (section 6.8). @throws RangeError as astring */
  pattern(text: string): this {
    return bareText.test(text) ? this.raw(text) : this.string(utf8(text, 'pattern'), 'pattern');
  }

  /** Quoted when it is 7-bit, else a literal. @throws RangeError with a NUL */
  string(octets: Uint8Array, what: string): this {
    const text = latin1(octets);
    if (quotable.test(text)) return this.quoted(text);
    if (octets.includes(0)) throw new RangeError(`${what}: a NUL in it`);
    return this.literal(octets, false);
  }

  /** @throws RangeError when it cannot be quoted */
  quoted(text: string): this {
    return this.raw(`"${checked(text, quotable, 'quoted string').replace(/["\\]/g, '\\$&')}"`);
  }

  /** A binary literal with a NUL, quoted when it is short 7-bit text, else a literal. */
  bstring(octets: Uint8Array): this {
    if (octets.includes(0)) return this.literal(octets, true);
    const text = octets.length <= longestQuoted ? latin1(octets) : null;
    return text !== null && /^[ -~]*$/.test(text) ? this.quoted(text) : this.literal(octets, false);
  }

  nbstring(octets: Uint8Array | null): this {
    return octets === null ? this.raw('NIL') : this.bstring(octets);
  }

  /** Long ones are taken as they are, not copied. */
  literal(octets: Uint8Array, binary: boolean): this {
    this.#header(octets.length, binary);
    if (octets.length > mostCopied) {
      this.#flush();
      this.#last().push(octets);
    } else {
      const from = this.#grow(octets.length);
      this.#octets.set(octets, from);
    }
    return this;
  }

  streamedLiteral({ size, pieces }: StreamedOctets): this {
    this.#header(size, true);
    this.#flush();
    this.#last().push(pieces);
    return this;
  }

  /** A value without quotes, as generic values have it. @throws RangeError */
  valueAtom(text: string): this {
    return this.raw(checked(text, value, 'value'));
  }

  list<Item>(items: readonly Item[], write: (item: Item) => unknown): this {
    this.raw('(');
    this.separated(items, write);
    return this.raw(')');
  }

  separated<Item>(items: readonly Item[], write: (item: Item) => unknown): this {
    for (const [index, item] of items.entries()) {
      if (index > 0) this.raw(' ');
      write(item);
    }
    return this;
  }

  /** What may be sent at once, and then at each continuation request. Nothing may be written afterwards. */
  segments(): readonly (readonly Piece[])[] {
    this.#flush();
    return this.#segments;
  }

  #header(size: number, binary: boolean): void {
    this.raw(binary ? '~{' : '{').number(size, 0, Number.MAX_SAFE_INTEGER, 'size of a literal');
    this.raw(this.#manner === 'client-nonsync' ? '+}\r\n' : '}\r\n');
    if (this.#manner !== 'client') return;
    this.#flush();
    this.#segments.push([]);
  }

  /** Makes room for so many octets more; gives where they go. */
  #grow(octets: number): number {
    const from = this.#length;
    const needed = from + octets;
    if (needed > this.#octets.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#octets.length));
      larger.set(this.#octets.subarray(0, from));
      this.#octets = larger;
    }
    this.#length = needed;
    return from;
  }

  #flush(): void {
    const length = this.#length;
    if (length === 0) return;
    const octets = this.#octets.subarray(0, length);
    if (length < handedOverOctets) {
      this.#last().push(new Uint8Array(octets));
    } else {
      this.#last().push(octets);
      this.#octets = Buffer.allocUnsafe(firstCapacity);
    }
    this.#flushed += length;
    this.#length = 0;
  }

  #last(): Piece[] {
    const last = this.#segments.at(-1);
    if (last === undefined) throw new Error('a writer has a segment from the start');
    return last;
  }
}

/** @throws RangeError when a text has a lone surrogate; `what` names it */
export function utf8(text: string, what: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError(`${what}: a lone surrogate, which has no UTF-8`);
  return new Uint8Array(Buffer.from(text, 'utf8'));
}

/** @throws RangeError unless `least` to `most`, whole; `what` names it */
export function digits(number: number | bigint, least: number, most: number | bigint, what: string): string {
  if ((typeof number === 'bigint' || Number.isInteger(number)) && number >= least && number <= most) return `${number}`;
  throw new RangeError(`${what}: ${number} is not ${least} to ${most}`);
}

/** @throws RangeError; `what` names it */
function checked(text: string, allowed: RegExp, what: string): string {
  if (allowed.test(text)) return text;
  throw new RangeError(`${what}: ${JSON.stringify(text.slice(0, 100))} cannot be written`);
}

function checkedFlag(text: string): string {
  if (knownFlags.has(text)) return text;
  checked(text, flag, 'flag');
  if (knownFlags.size >= mostKnownFlags) knownFlags.clear();
  knownFlags.add(text);
  return text;
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}
