/** Cuts a stream of octets into replies: bounded in line length, octets and lines. (Section 3.1 of the DMTP digest) */
import { type ClientReply, DmtpClientError, shown } from './client-error.js';

/** What one reply may cost. */
export interface ReplyBounds {
  /** Octets of a line with its line end. */
  readonly lineOctets: number;
  /** Octets of all lines. */
  readonly octets: number;
  readonly lines: number;
}

const lineFeed = 0x0a;

export class ReplyReader {
  #pieces: Uint8Array[] = [];
  #lineOctets = 0;
  #octets = 0;
  #code = 0;
  #lines: string[] = [];

  /** Whether octets of a reply have come that is not whole. */
  get begun(): boolean {
    return this.#octets > 0;
  }

  /**
   * Takes octets up to the end of one reply. Lines end with CRLF or LF (DMTP-012); every reply may have several
   * (DMTP-018).
   *
   * @param subject what the reply answers, for messages
   * @returns the reply and the octets after it; null while it is not whole
   * @throws DmtpClientError when these octets begin no reply, or one that is too long; the reader is of no use then
   */
  receive(
    octets: Uint8Array,
    bounds: ReplyBounds,
    subject: string,
  ): { readonly reply: ClientReply; readonly rest: Uint8Array } | null {
    let start = 0;
    while (start < octets.length) {
      const at = octets.indexOf(lineFeed, start);
      const end = at === -1 ? octets.length : at + 1;
      this.#keep(octets.subarray(start, end), bounds, subject);
      start = end;
      if (at === -1) return null;
      if (!this.#endLine(bounds, subject)) continue;
      const reply = { code: this.#code, lines: this.#lines };
      this.#lines = [];
      this.#octets = 0;
      return { reply, rest: octets.subarray(start) };
    }
    return null;
  }

  #keep(piece: Uint8Array, bounds: ReplyBounds, subject: string): void {
    this.#lineOctets += piece.length;
    this.#octets += piece.length;
    if (this.#lineOctets > bounds.lineOctets || this.#octets > bounds.octets) {
      const most = this.#lineOctets > bounds.lineOctets ? bounds.lineOctets : bounds.octets;
      throw new DmtpClientError('reply-too-long', `${subject} is longer than ${most} octets`);
    }
    // A copy: sockets may use their buffers again.
    this.#pieces.push(new Uint8Array(piece));
  }

  /** True at the last line of a reply. */
  #endLine(bounds: ReplyBounds, subject: string): boolean {
    const line = Buffer.concat(this.#pieces, this.#lineOctets)
      .toString('latin1')
      .replace(/\r?\n$/, '');
    this.#pieces = [];
    this.#lineOctets = 0;
    const code = /^[1-5][0-9]{2}(?=[ -])/.exec(line)?.[0];
    if (code === undefined || line.includes('\r')) {
      throw new DmtpClientError('malformed-reply', `${subject} has the line ${shown(line)}, which is none of a reply`);
    }
    if (this.#lines.length > 0 && Number(code) !== this.#code) {
      const what = `${subject} has lines of code ${this.#code} and of code ${code}`;
      throw new DmtpClientError('mixed-codes', what, { requirement: 'DMTP-017' });
    }
    if (this.#lines.length === bounds.lines) {
      throw new DmtpClientError('reply-too-long', `${subject} has more than ${bounds.lines} lines`);
    }
    this.#code = Number(code);
    this.#lines.push(line.slice(4));
    return line[3] === ' ';
  }
}
