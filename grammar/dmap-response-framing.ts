/** Responses out of the octets of a server (section 6.7 of the DMAP digest). Bytes in, events out. */
import type { FramedText } from './dmap-framed.js';
import { headerAtEnd, type LineFault, LineReader, LiteralReader, OctetQueue } from './dmap-lines.js';

export interface ResponseFramingLimits {
  /** Octets of one response without those of its literals. */
  readonly text: number;
  /** Literals of one response. */
  readonly literals: number;
  /** Octets of all literals of one response. */
  readonly kept: number;
}

export type ResponseEvent =
  | { readonly kind: 'response'; readonly framed: FramedText }
  /** After this nothing can be read any more: where the next response begins is not known for sure. */
  | {
      readonly kind: 'bad';
      readonly reason: LineFault | 'too-many-literals' | 'literal-too-large';
      readonly text: string;
    };

export class ResponseFramer {
  readonly #limits: ResponseFramingLimits;
  readonly #queue = new OctetQueue();
  readonly #line = new LineReader();
  #text = '';
  #literals: Uint8Array[] = [];
  #kept = 0;
  #literal: LiteralReader | null = null;
  #dead = false;

  constructor(limits: ResponseFramingLimits) {
    this.#limits = limits;
  }

  /** Octets that came and were not looked at yet: those behind the last event. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Whether part of a response was read. */
  get begun(): boolean {
    return this.#text !== '' || this.#line.begun;
  }

  push(octets: Uint8Array): void {
    if (!this.#dead) this.#queue.push(octets);
  }

  /** The next event, or null when more has to come. */
  next(): ResponseEvent | null {
    if (this.#dead) return null;
    for (;;) {
      if (this.#literal !== null) {
        const octets = this.#literal.read(this.#queue);
        if (octets === 'more') return null;
        if (octets !== null) this.#literals.push(octets);
        this.#literal = null;
      }
      const found = this.#line.read(this.#queue, this.#limits.text - this.#text.length);
      if (found === null) return null;
      this.#text += found.text;
      if (found.kind === 'bad') return this.#bad(found.reason);
      const header = mayHoldLiterals(this.#text) ? headerAtEnd(found.text, 'unseen') : null;
      // Only clients write the plus sign (section 6.2): a server's is text.
      if (header === null || header.nonSync) {
        const framed = { text: this.#text, literals: this.#literals };
        this.#text = '';
        this.#literals = [];
        this.#kept = 0;
        return { kind: 'response', framed };
      }
      if (this.#literals.length >= this.#limits.literals) return this.#bad('too-many-literals');
      this.#kept += header.size;
      if (this.#kept > this.#limits.kept) return this.#bad('literal-too-large');
      this.#literal = new LiteralReader(header.size, null);
    }
  }

  #bad(reason: (ResponseEvent & { kind: 'bad' })['reason']): ResponseEvent {
    this.#dead = true;
    return { kind: 'bad', reason, text: this.#text };
  }
}

/** Lines with a tag or a plus sign, and untagged status responses, have braces as text (section 6.7, step 2). */
function mayHoldLiterals(text: string): boolean {
  return text.startsWith('* ') && !/^\* (?:OK|NO|BAD|PREAUTH|BYE)[ \r]/i.test(text);
}
