/**
 * Takes one message out of the stream after `354` (rule 10 of section 12.1 and "After the message" in 12.4 of the DMTP
 * digest): its octets go to the sink as they come, then one line end is taken. Nothing is held back here.
 */
import type { MessageSink } from '../account/store.js';
import { MessageHeaderReader } from './message-header.js';

const lf = 0x0a;
const cr = 0x0d;

/** `whole`: in the sink, to be committed. With the others the sink has been given up. */
export type IntakeOutcome = 'whole' | 'invalid' | 'too large' | 'internal error';

export interface IntakeOptions {
  /** Throws are internal errors, answered after the message: a peer that pipelines must not lose step. */
  readonly openSink: () => MessageSink;
  /** SIZE; null: the message's own header tells its length. */
  readonly size: number | null;
  /** The largest length that a header may tell, in octets. */
  readonly limit: number;
  /** Sees what the sink sees. */
  readonly observe?: (octets: Uint8Array) => void;
}

export class MessageIntake {
  readonly #header = new MessageHeaderReader();
  #sink: MessageSink | null = null;
  #failure: Exclude<IntakeOutcome, 'whole'> | null = null;
  /** Octets of the whole message, once known. */
  #total: number | null;
  #received = 0;
  #phase: 'message' | 'line end' | 'rest of line' = 'message';
  #carriageReturn = false;
  #outcome: IntakeOutcome | null = null;

  constructor(private readonly options: IntakeOptions) {
    this.#total = options.size;
    this.#guarded(() => {
      this.#sink = options.openSink();
    });
  }

  /** Null until the message and its line end have been taken. */
  get outcome(): IntakeOutcome | null {
    return this.#outcome;
  }

  /**
   * Takes from `octets`, beginning at `position`, what belongs to the message.
   *
   * @returns the position after it; less than `octets.length` only when there is an outcome
   */
  take(octets: Uint8Array, position: number): number {
    let at = position;
    while (this.#outcome === null && at < octets.length) {
      if (this.#phase === 'message') at = this.#takeMessage(octets, at);
      else if (this.#phase === 'line end') at = this.#takeLineEnd(octets, at);
      else at = this.#takeRestOfLine(octets, at);
    }
    return at;
  }

  /** Octets of the message so far. */
  get received(): number {
    return this.#received;
  }

  /** The sink of a whole message, for the caller to commit. */
  get sink(): MessageSink | null {
    return this.#outcome === 'whole' ? this.#sink : null;
  }

  /** The message will not be finished: no trace of it stays. */
  abandon(): void {
    const sink = this.#sink;
    this.#sink = null;
    try {
      sink?.abort();
    } catch {
      // A store that cannot even forget must not take the session with it; what was to be said is said already.
    }
  }

  #takeMessage(octets: Uint8Array, at: number): number {
    const left = this.#total === null ? octets.length - at : this.#total - this.#received;
    const piece = octets.subarray(at, Math.min(octets.length, at + left));
    const taken = this.#header.state.kind === 'reading' ? this.#readHeader(piece) : piece.length;
    this.#keep(piece.subarray(0, taken));
    this.#received += taken;
    if (this.#received === this.#total) {
      if (this.#header.state.kind !== 'read') this.#fail('invalid');
      this.#phase = 'line end';
    }
    return at + taken;
  }

  /** @returns how many octets of `piece` are dealt with */
  #readHeader(piece: Uint8Array): number {
    const read = this.#header.read(piece);
    const state = this.#header.state;
    if (state.kind === 'invalid') {
      this.#fail('invalid');
      // With SIZE the end is known still; without it only the next LF can be the end.
      if (this.#total === null) this.#phase = 'rest of line';
      else return piece.length;
    }
    if (state.kind === 'read') {
      if (this.#total !== null && this.#total !== state.octets) this.#fail('invalid');
      this.#total ??= state.octets;
      if (this.#total > this.options.limit) this.#fail('too large');
    }
    return read;
  }

  #takeLineEnd(octets: Uint8Array, at: number): number {
    if (octets[at] === lf) {
      this.#decide();
      return at + 1;
    }
    if (octets[at] === cr && !this.#carriageReturn) {
      this.#carriageReturn = true;
      return at + 1;
    }
    this.#fail('invalid');
    this.#phase = 'rest of line';
    return at;
  }

  #takeRestOfLine(octets: Uint8Array, at: number): number {
    const end = octets.indexOf(lf, at);
    if (end === -1) return octets.length;
    this.#decide();
    return end + 1;
  }

  #keep(octets: Uint8Array): void {
    if (octets.length === 0 || this.#failure !== null) return;
    this.#guarded(() => {
      this.#sink?.write(octets);
      this.options.observe?.(octets);
    });
  }

  #guarded(use: () => void): void {
    try {
      use();
    } catch {
      this.#fail('internal error');
    }
  }

  /** What failed first is what is answered. */
  #fail(failure: Exclude<IntakeOutcome, 'whole'>): void {
    this.#failure ??= failure;
    this.abandon();
  }

  #decide(): void {
    this.#outcome = this.#failure ?? 'whole';
  }
}
