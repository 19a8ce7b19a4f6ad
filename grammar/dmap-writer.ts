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

const tag = /^[!#$&',-[\]-z|}~]+$/;
const atom = /^[!#$&'+-[^-z|}~]+$/;
const astringAtom = /^[!#$&'+-[\]-z|}~]+$/;
const bareText = /^[!#-'*-[\]-z|}~]+$/;
const value = /^[!#-'*-z|}~]+$/;
const flag = /^\\?[!#$&'+-[^-z|}~]+$/;
const quotable = /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/;

export class WireWriter {
  readonly #manner: LiteralManner;
  readonly #segments: Piece[][] = [[]];
  #text = '';

  constructor(manner: LiteralManner) {
    this.#manner = manner;
  }

  /** One character an octet, as it is. */
  raw(text: string): this {
    this.#text += text;
    return this;
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
    return this.raw(`(${flags.map((each) => checked(each, flag, 'flag')).join(' ')})`);
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

  /** The octets are taken as they are, not copied. */
  literal(octets: Uint8Array, binary: boolean): this {
    this.#header(octets.length, binary);
    this.#last().push(octets);
    return this;
  }

  streamedLiteral({ size, pieces }: StreamedOctets): this {
    this.#header(size, true);
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
    this.raw(`${binary ? '~' : ''}{${size}${this.#manner === 'client-nonsync' ? '+' : ''}}\r\n`);
    this.#flush();
    if (this.#manner === 'client') this.#segments.push([]);
  }

  #flush(): void {
    if (this.#text !== '') this.#last().push(new Uint8Array(Buffer.from(this.#text, 'latin1')));
    this.#text = '';
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

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}
