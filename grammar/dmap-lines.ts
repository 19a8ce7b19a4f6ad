/** Octets that came, taken line by line and literal by literal, whatever the cuts between the pieces. */

/** What is wrong with a line: section 6.7, step 1, and the ban on NUL (DMAP-I-18). */
export type LineFault = 'bare-cr' | 'bare-lf' | 'nul' | 'too-long';

type LineResult =
  | { readonly kind: 'line'; readonly text: string }
  /** `text`: what was read of the line, with its line end or not. */
  | { readonly kind: 'bad'; readonly reason: LineFault; readonly text: string };

const lineFeed = 0x0a;

/** Pieces as they came; nothing is copied. */
export class OctetQueue {
  readonly #pieces: Uint8Array[] = [];
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** At most `most` octets of the first piece; null when there is none. */
  take(most: number): Uint8Array | null {
    const piece = this.#pieces[this.#first];
    return piece === undefined ? null : this.#cut(piece, Math.min(most, piece.length));
  }

  /** The same, and nothing behind the first line feed. */
  takeLinePart(most: number): Uint8Array | null {
    const piece = this.#pieces[this.#first];
    if (piece === undefined) return null;
    const end = piece.subarray(0, most).indexOf(lineFeed);
    return this.#cut(piece, end === -1 ? Math.min(most, piece.length) : end + 1);
  }

  #cut(piece: Uint8Array, length: number): Uint8Array {
    this.#length -= length;
    if (length < piece.length) {
      this.#pieces[this.#first] = piece.subarray(length);
      return piece.subarray(0, length);
    }
    this.#first += 1;
    // Taken pieces leave the front in bulk, since each removal moves all the others.
    if (this.#first === this.#pieces.length || this.#first > 1_024) {
      this.#pieces.splice(0, this.#first);
      this.#first = 0;
    }
    return piece;
  }
}

/** One line that ends in CRLF, put together from its parts. */
export class LineReader {
  #text = '';
  /** The last character of the text, kept apart: to look into a text that grows would copy it each time. */
  #last = '';

  /** Whether a line has begun. */
  get begun(): boolean {
    return this.#text !== '';
  }

  /** A fault is told as soon as it is seen. `most`: of the octets of the line, with its end. Null: more has to come. */
  read(queue: OctetQueue, most: number): LineResult | null {
    for (;;) {
      const part = queue.takeLinePart(Math.max(1, most + 1 - this.#text.length));
      if (part === null) return null;
      const found = latin1(part);
      const context = this.#last + found;
      const fault = /\r(?!\n|$)|(?<!\r)\n|\0/.exec(context)?.[0];
      this.#text += found;
      this.#last = context.slice(-1);
      const ended = context.endsWith('\r\n');
      const reason = fault !== undefined ? reasonOf(fault) : this.#text.length > most ? 'too-long' : null;
      if (reason === null && !ended) continue;
      const text = this.#text;
      this.#text = '';
      this.#last = '';
      return reason === null ? { kind: 'line', text } : { kind: 'bad', reason, text };
    }
  }
}

/** Reads on to the end of a line that nobody wants, and over the literals that follow it without being asked for. */
export class Skipper {
  #tail: string;
  #octets: number;
  #skipped: number;

  /** `read`: what was read of the line already. `octets`: of a literal before the line goes on. */
  constructor(read: string, octets = 0) {
    this.#tail = read.slice(-32);
    this.#skipped = read.length;
    this.#octets = octets;
  }

  /** `most`: octets in all, with what was read already. Null: more has to come. */
  skip(queue: OctetQueue, most: number): 'done' | 'endless' | null {
    for (;;) {
      if (this.#octets === 0 && this.#tail.endsWith('\r\n')) {
        const header = /\{([0-9]{1,20})\+\}\r\n$/.exec(this.#tail);
        if (header === null) return 'done';
        this.#tail = '';
        this.#octets = Number(header[1]);
      }
      if (this.#skipped + this.#octets > most) return 'endless';
      const part = this.#octets > 0 ? queue.take(this.#octets) : queue.takeLinePart(most + 1 - this.#skipped);
      if (part === null) return null;
      this.#skipped += part.length;
      if (this.#octets > 0) this.#octets -= part.length;
      else this.#tail = (this.#tail + latin1(part.subarray(-32))).slice(-32);
    }
  }
}

/** The header of a literal at the end of a line. */
export interface LiteralHeader {
  readonly size: number;
  readonly binary: boolean;
  readonly nonSync: boolean;
}

/** Null when the line ends in none. `quotes`: one within a quoted string that was not closed is none (section 6.7). */
export function headerAtEnd(line: string, quotes: 'seen' | 'unseen'): LiteralHeader | null {
  if (!line.endsWith('}\r\n')) return null;
  const found = /(~?)\{([0-9]+)(\+?)\}\r\n$/.exec(line);
  if (found === null) return null;
  if (quotes === 'seen' && endsInQuotes(line.slice(0, found.index))) return null;
  return { size: Number(found[2]), binary: found[1] === '~', nonSync: found[3] === '+' };
}

/** No regular expression: over many quotation marks without a second one it would start again at each. */
function endsInQuotes(text: string): boolean {
  let within = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') within = !within;
    else if (within && character === '\\') at += 1;
  }
  return within;
}

/** The octets of one literal, copied once into their place, or handed on as they come. */
export class LiteralReader {
  readonly #kept: Uint8Array | null;
  #read = 0;

  constructor(
    readonly size: number,
    readonly sink: ((piece: Uint8Array) => void) | null,
  ) {
    this.#kept = sink === null ? new Uint8Array(size) : null;
  }

  /** Gives the octets, or null for them when they went to the sink. `more`: more has to come. */
  read(queue: OctetQueue): Uint8Array | null | 'more' {
    while (this.#read < this.size) {
      const piece = queue.take(this.size - this.#read);
      if (piece === null) return 'more';
      if (this.sink === null) this.#kept?.set(piece, this.#read);
      else this.sink(piece);
      this.#read += piece.length;
    }
    return this.#kept;
  }
}

function reasonOf(fault: string): LineFault {
  if (fault === '\0') return 'nul';
  return fault === '\n' ? 'bare-lf' : 'bare-cr';
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}
