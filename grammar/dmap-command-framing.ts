/**
 * Commands out of the octets of a client (section 6.7 of the DMAP digest). Bytes in, events out: at each literal the
 * session decides, with all that was read before it, whether the octets may come.
 */
import type { FramedText } from './dmap-framed.js';
import {
  headerAtEnd,
  type LineFault,
  LineReader,
  type LiteralHeader,
  LiteralReader,
  OctetQueue,
  Skipper,
} from './dmap-lines.js';
import { largestNumber } from './dmap-numbers.js';

export interface CommandFramingLimits {
  /** Octets of one command without those of its literals. At least 8192 (DMAP-I-20). */
  readonly text: number;
  /** Literals of one command. */
  readonly literals: number;
  /** Octets of all literals of one command that are kept, not handed to a sink. */
  readonly kept: number;
  /** Octets of one SASL line. */
  readonly saslLine: number;
  /** Octets of a command that was answered already, which are read over before it is given up. Not less than `text`. */
  readonly skipped: number;
}

/** `text`, `literals`: of what was read of the command; the last literal is null, as it is still to come. */
export interface LiteralOffer extends LiteralHeader {
  readonly kind: 'literal';
  readonly opening: FramedText;
  /**
   * `range`: no size has so many digits. `too-many`: one literal more than allowed. Both have to be refused.
   * `too-large`: more than is kept; a sink may take it.
   */
  readonly fault: 'range' | 'too-many' | 'too-large' | null;
}

/** A line that is none. What follows up to its end is read over; it gets one answer. */
export interface BadLine {
  readonly kind: 'bad';
  readonly reason: LineFault;
  /** What was read of the command, for its tag. */
  readonly text: string;
}

/** The end of a bad line does not come: nothing can be read any more. */
export interface EndlessLine {
  readonly kind: 'endless';
}

export type CommandEvent =
  | { readonly kind: 'command'; readonly framed: FramedText }
  | LiteralOffer
  | BadLine
  | EndlessLine;
export type SaslLineEvent = { readonly kind: 'line'; readonly line: string } | BadLine | EndlessLine;

export class CommandFramer {
  readonly #limits: CommandFramingLimits;
  readonly #queue = new OctetQueue();
  readonly #line = new LineReader();
  #text = '';
  #literals: (Uint8Array | null)[] = [];
  #kept = 0;
  #offer: LiteralOffer | null = null;
  #literal: LiteralReader | null = null;
  #skipper: Skipper | null = null;
  #dead = false;

  constructor(limits: CommandFramingLimits) {
    this.#limits = limits;
  }

  /** Octets that came and were not looked at yet: those behind the last event. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Whether part of a command was read. */
  get begun(): boolean {
    return this.#text !== '' || this.#line.begun;
  }

  push(octets: Uint8Array): void {
    if (!this.#dead) this.#queue.push(octets);
  }

  /**
   * The next event, or null when more has to come.
   *
   * @throws Error when a literal was offered and neither accepted nor refused
   */
  nextCommand(): CommandEvent | null {
    if (this.#offer !== null) throw new Error('DMAP framing: a literal was offered, and neither accepted nor refused');
    const before = this.#readOver();
    if (before !== 'done') return before;
    for (;;) {
      if (this.#literal !== null) {
        const octets = this.#literal.read(this.#queue);
        if (octets === 'more') return null;
        this.#literals.push(octets);
        this.#literal = null;
      }
      const found = this.#line.read(this.#queue, this.#limits.text - this.#text.length);
      if (found === null) return null;
      if (found.kind === 'bad') return this.#bad(found, this.#text);
      this.#text += found.text;
      const header = headerAtEnd(found.text, 'seen');
      if (header === null) {
        const framed = { text: this.#text, literals: this.#literals };
        this.#forget();
        return { kind: 'command', framed };
      }
      this.#offer = this.#offered(header);
      return this.#offer;
    }
  }

  /**
   * The next line as an answer to a SASL challenge; null when more has to come.
   *
   * @throws Error in the middle of a command
   */
  nextSaslLine(): SaslLineEvent | null {
    if (this.#text !== '' || this.#offer !== null) throw new Error('DMAP framing: a SASL line within a command');
    const before = this.#readOver();
    if (before !== 'done') return before;
    const found = this.#line.read(this.#queue, this.#limits.saslLine);
    if (found === null) return null;
    return found.kind === 'bad' ? this.#bad(found, '') : { kind: 'line', line: found.text };
  }

  /**
   * Lets the octets of the offered literal come, to be kept or to go to `sink` piece by piece. Pieces are parts of what
   * was pushed: they change when the pusher writes into it again.
   *
   * @throws RangeError when there was none, or it has a fault that does not allow it
   */
  acceptLiteral(sink: ((piece: Uint8Array) => void) | null = null): void {
    const offer = this.#taken();
    if (offer.fault !== null && !(offer.fault === 'too-large' && sink !== null)) {
      throw new RangeError(`DMAP framing: a literal of ${offer.size} octets cannot be accepted: ${offer.fault}`);
    }
    if (sink === null) this.#kept += offer.size;
    this.#literal = new LiteralReader(offer.size, sink);
  }

  /**
   * Drops the command. The client sends no more of it, or, if it did not wait to be asked, what it sends is read over.
   *
   * @throws RangeError when no literal was offered
   */
  refuseLiteral(): void {
    const { nonSync, size } = this.#taken();
    this.#forget();
    if (nonSync) this.#skipper = new Skipper('', size);
  }

  #taken(): LiteralOffer {
    const offer = this.#offer;
    if (offer === null) throw new RangeError('DMAP framing: no literal was offered');
    this.#offer = null;
    return offer;
  }

  #offered(header: LiteralHeader): LiteralOffer {
    const opening = { text: this.#text, literals: [...this.#literals, null] };
    const { literals, kept } = this.#limits;
    const left = kept - this.#kept;
    const fault =
      header.size > largestNumber
        ? 'range'
        : this.#literals.length >= literals
          ? 'too-many'
          : header.size > left
            ? 'too-large'
            : null;
    return { kind: 'literal', opening, ...header, fault };
  }

  #bad({ reason, text }: { reason: LineFault; text: string }, before: string): BadLine {
    this.#forget();
    this.#skipper = new Skipper(text);
    return { kind: 'bad', reason, text: before + text };
  }

  /** `done` when nothing is left to be read over. */
  #readOver(): 'done' | EndlessLine | null {
    if (this.#dead) return null;
    if (this.#skipper === null) return 'done';
    const skipped = this.#skipper.skip(this.#queue, this.#limits.skipped);
    if (skipped === null) return null;
    this.#skipper = null;
    if (skipped === 'done') return 'done';
    this.#dead = true;
    return { kind: 'endless' };
  }

  #forget(): void {
    this.#text = '';
    this.#literals = [];
    this.#kept = 0;
  }
}
