/**
 * The outer layout of a message, read as it comes (section 1 of the messages digest):
 * `[ 07 2D length(2) data ] 07 37 length(4) chunks`. Nothing behind the header is looked at.
 */
const magicFirst = 0x07;
const tracingSecond = 0x2d;
const messageSecond = 0x37;
const tracingHeaderOctets = 4;
const messageHeaderOctets = 6;

export type HeaderState =
  | { readonly kind: 'reading' }
  /** `octets`: the whole message, tracing block and header included. */
  | { readonly kind: 'read'; readonly octets: number }
  | { readonly kind: 'invalid' };

const reading: HeaderState = { kind: 'reading' };
const invalid: HeaderState = { kind: 'invalid' };

export class MessageHeaderReader {
  #state: HeaderState = reading;
  readonly #header: number[] = [];
  #tracing = { seen: false, octets: 0, left: 0 };

  get state(): HeaderState {
    return this.#state;
  }

  /**
   * Reads from `octets` until the header is known or cannot be one.
   *
   * @returns how many octets belong to the header; the one that makes it invalid is not counted
   */
  read(octets: Uint8Array): number {
    let position = 0;
    while (this.#state.kind === 'reading' && position < octets.length) {
      if (this.#tracing.left > 0) {
        const skipped = Math.min(this.#tracing.left, octets.length - position);
        this.#tracing.left -= skipped;
        position += skipped;
        continue;
      }
      this.#header.push(octets[position] ?? 0);
      this.#state = this.#judge();
      if (this.#state.kind !== 'invalid') position++;
    }
    return position;
  }

  #judge(): HeaderState {
    const [first, second] = this.#header;
    if (first !== magicFirst) return invalid;
    if (second === undefined) return reading;
    if (second === messageSecond) return this.#judgeMessage();
    // One tracing block at most.
    if (second === tracingSecond && !this.#tracing.seen) return this.#judgeTracing();
    return invalid;
  }

  #judgeMessage(): HeaderState {
    if (this.#header.length < messageHeaderOctets) return reading;
    const chunks = Buffer.from(this.#header).readUInt32BE(2);
    return { kind: 'read', octets: this.#tracing.octets + messageHeaderOctets + chunks };
  }

  #judgeTracing(): HeaderState {
    if (this.#header.length < tracingHeaderOctets) return reading;
    const left = Buffer.from(this.#header).readUInt16BE(2);
    if (left === 0) return invalid;
    this.#tracing = { seen: true, octets: tracingHeaderOctets + left, left };
    this.#header.length = 0;
    return reading;
  }
}
