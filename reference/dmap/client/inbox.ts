/** What came and belongs to one command: bounded, and sorted into what it means for the user. */
import type { ResponseCode, UntaggedResponse } from '../../../grammar/dmap.js';
import { DmapClientError } from './client-error.js';
import type { DmapClientLimits } from './client-limits.js';
import { codeWord, type Outcome } from './outcome.js';

/** Alerts and warnings that are kept of one command. */
const mostTexts = 1_000;

export class Inbox {
  #data: UntaggedResponse[] = [];
  #before: UntaggedResponse[] = [];
  #alerts: string[] = [];
  #warnings: string[] = [];
  #ignored = 0;
  #octets = 0;
  #responses = 0;

  constructor(private readonly limits: Pick<DmapClientLimits, 'commandOctets' | 'commandResponses'>) {}

  /** @throws DmapClientError `too-much` */
  countOctets(octets: number): void {
    this.#octets += octets;
    this.#require(this.#octets, this.limits.commandOctets, 'octets');
  }

  /** @throws DmapClientError `too-much` */
  countResponse(): void {
    this.#responses += 1;
    this.#require(this.#responses, this.limits.commandResponses, 'responses');
  }

  ignore(): void {
    this.#ignored += 1;
  }

  add(response: UntaggedResponse): void {
    this.#data.push(response);
    if (response.kind !== 'status') return;
    this.note(response.code, response.text);
    // Not the end of the command, which may succeed still (DMAP-411).
    if (response.status !== 'NO' && response.status !== 'BAD') return;
    if (this.#warnings.length < mostTexts) this.#warnings.push(response.text);
  }

  /** The text of an ALERT is the user's, wherever it came from. */
  note(code: ResponseCode | null, text: string): void {
    if (codeWord(code) === 'ALERT' && this.#alerts.length < mostTexts) this.#alerts.push(text);
  }

  /** A command begins: what is there came without it. */
  begin(): void {
    this.#before = this.#data;
    this.#data = [];
  }

  /** Gives everything and is empty after it. */
  take(): Omit<Outcome, 'status' | 'code' | 'text'> {
    const taken = {
      data: this.#data,
      before: this.#before,
      alerts: this.#alerts,
      warnings: this.#warnings,
      ignored: this.#ignored,
    };
    this.#data = [];
    this.#before = [];
    this.#alerts = [];
    this.#warnings = [];
    this.#ignored = 0;
    this.#octets = 0;
    this.#responses = 0;
    return taken;
  }

  #require(count: number, most: number, what: string): void {
    if (count > most) throw new DmapClientError('too-much', `more than ${most} ${what} came for one command`);
  }
}
