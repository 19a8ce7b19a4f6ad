/** Cuts the stream into command lines (rules 1 and 7 of section 12.1 of the DMTP digest). */
import { longestCommandLine } from '../../grammar/dmtp.js';

const lf = 0x0a;

export class CommandLines {
  /** The beginning of a line whose end has not come, one character an octet: fewer than 512. */
  #partial = '';
  /** The rest of a line that was too long is thrown away. */
  #skipping = false;
  #line: string | null = null;
  #tooLong = false;

  /** The line that the last `take` completed, with its line end. */
  get line(): string | null {
    return this.#line;
  }

  /** The last `take` found a line too long; told once for each, as soon as it is certain. */
  get tooLong(): boolean {
    return this.#tooLong;
  }

  /** @returns the position behind what was taken: one line, or all there is */
  take(buffer: Buffer, at: number): number {
    this.#line = null;
    this.#tooLong = false;
    const end = buffer.indexOf(lf, at);
    const next = end === -1 ? buffer.length : end + 1;
    if (this.#skipping) {
      this.#skipping = end === -1;
      return next;
    }
    // Without its LF a line of 512 octets is too long already, so no more than that is ever kept.
    const length = this.#partial.length + (next - at);
    if (length > longestCommandLine || (end === -1 && length === longestCommandLine)) {
      this.#partial = '';
      this.#skipping = end === -1;
      this.#tooLong = true;
      return next;
    }
    const text = this.#partial + buffer.toString('latin1', at, next);
    this.#partial = end === -1 ? text : '';
    this.#line = end === -1 ? null : text;
    return next;
  }
}
