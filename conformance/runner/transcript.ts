/** What went over the wire in one run of a property, with times, bounded in size. */
import type { TranscriptEvent, TranscriptEventKind } from '../../reports/report.js';

/** Enough to follow any session that shrinking leaves; longer ones say what was left out. */
const mostEvents = 300;
const longestText = 1024;

export class Transcript {
  #events: TranscriptEvent[] = [];
  #leftOut = 0;
  readonly #start: number;

  /** `now` gives milliseconds; only differences count. */
  constructor(readonly now: () => number) {
    this.#start = now();
  }

  add(event: TranscriptEventKind, connection: number, content: string | Uint8Array): void {
    if (this.#events.length >= mostEvents) {
      this.#leftOut += 1;
      return;
    }
    const octets = content.length;
    const text = typeof content === 'string' ? content.slice(0, longestText) : toLatin1(content, longestText);
    this.#events.push({
      atMs: Math.round((this.now() - this.#start) * 10) / 10,
      connection,
      event,
      text,
      ...(octets > longestText ? { octets } : {}),
    });
  }

  get events(): readonly TranscriptEvent[] {
    if (this.#leftOut === 0) return this.#events;
    const last = this.#events.at(-1);
    return [
      ...this.#events,
      {
        atMs: last?.atMs ?? 0,
        connection: 0,
        event: 'note',
        text: `${this.#leftOut} further events were left out`,
      },
    ];
  }
}

function toLatin1(octets: Uint8Array, most: number): string {
  return Buffer.from(octets.buffer, octets.byteOffset, Math.min(octets.length, most)).toString('latin1');
}
