/** The suite's side of the adapter protocol without streams and clocks: requests and octets in, answers and faults out. */
import { AdapterFault, type AdapterFaultKind, quote } from './fault.js';
import { type LineEvent, LineReader } from './lines.js';
import { type AdapterAnswer, type AdapterResponse, answerOf, longestLine } from './messages.js';
import { shapeError } from './schemas.js';

export type ExchangeEvent =
  | { readonly kind: 'answer'; readonly id: number; readonly line: string; readonly answer: AdapterAnswer }
  /** `id`: the open request that it spoils; null when it spoils none, or nobody can tell which. */
  | { readonly kind: 'fault'; readonly id: number | null; readonly line: string; readonly fault: AdapterFault };

export class Exchange {
  /** Open requests: id to operation. */
  readonly #open = new Map<number, string>();
  /** Requests that were given up: an answer that still comes is dropped, for the fault was told. */
  readonly #abandoned = new Set<number>();
  readonly #lines: LineReader;
  #lastId = 0;
  #lineNumber = 0;

  constructor(private readonly limit: number = longestLine) {
    this.#lines = new LineReader(limit);
  }

  /**
   * Opens a request; `line` is to be sent as it is.
   *
   * @throws RangeError when the line would be longer than the protocol allows
   */
  request(operation: string, input: Readonly<Record<string, unknown>>): { id: number; line: string } {
    const id = this.#lastId + 1;
    const line = `${JSON.stringify({ id, op: operation, input })}\n`;
    const octets = Buffer.byteLength(line) - 1;
    if (octets > this.limit) {
      throw new RangeError(`a request for ${operation} has ${octets} octets; a line may have ${this.limit}`);
    }
    this.#lastId = id;
    this.#open.set(id, operation);
    return { id, line };
  }

  /** Gives up an open request. */
  abandon(id: number): void {
    if (this.#open.delete(id)) this.#abandoned.add(id);
  }

  /** Takes octets that the adapter wrote, cut anywhere. */
  receive(chunk: Uint8Array): ExchangeEvent[] {
    return this.#lines
      .receive(chunk)
      .map((line) => this.#read(line))
      .filter(isEvent);
  }

  /** The adapter's output has ended; what stands behind the last line feed is read as a line. */
  end(): ExchangeEvent[] {
    return this.#lines
      .end()
      .map((line) => this.#read(line))
      .filter(isEvent);
  }

  #read(line: LineEvent): ExchangeEvent | null {
    this.#lineNumber += 1;
    switch (line.kind) {
      case 'line':
        return this.#readText(line.text);
      case 'not-utf8':
        return this.#stray('no-json', `no UTF-8: ${quote(line.shown)}`, line.shown);
      case 'too-long':
        return this.#stray('too-long', `longer than ${this.limit} octets: ${quote(line.start)}...`, line.start);
    }
  }

  #readText(text: string): ExchangeEvent | null {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return this.#stray('no-json', `no JSON: ${quote(text)}`, text);
    }
    const wrong = shapeError('response', message);
    if (wrong !== null) return this.#notAnAnswer(message, wrong, text);
    const response = message as AdapterResponse;
    const operation = this.#open.get(response.id);
    if (operation === undefined) return this.#unasked(response.id, text);
    this.#open.delete(response.id);
    const misshapen = response.result === undefined ? null : shapeError(`${operation}.result`, response.result);
    if (misshapen !== null) {
      return this.#fault(
        response.id,
        'bad-result',
        `a wrong result of ${operation}: ${misshapen}: ${quote(text)}`,
        text,
      );
    }
    return { kind: 'answer', id: response.id, line: text, answer: answerOf(response) };
  }

  #notAnAnswer(message: unknown, wrong: string, text: string): ExchangeEvent {
    const id = (message as { id?: unknown } | null)?.id;
    const detail = `no response, since ${wrong}: ${quote(text)}`;
    if (typeof id !== 'number' || !this.#open.has(id)) return this.#stray('not-an-answer', detail, text);
    this.abandon(id);
    return this.#fault(id, 'not-an-answer', detail, text);
  }

  #unasked(id: number, text: string): ExchangeEvent | null {
    if (this.#abandoned.delete(id)) return null;
    if (id >= 1 && id <= this.#lastId) {
      return this.#fault(null, 'second-answer', `a second answer to request ${id}: ${quote(text)}`, text);
    }
    return this.#stray('unknown-id', `an answer to request ${id}, which was never made: ${quote(text)}`, text);
  }

  /** A line that names no open request: if one request alone is open, it was meant, and waiting for it is in vain. */
  #stray(kind: AdapterFaultKind, detail: string, text: string): ExchangeEvent {
    const [id, ...others] = this.#open.keys();
    if (id === undefined || others.length > 0) return this.#fault(null, kind, detail, text);
    this.abandon(id);
    return this.#fault(id, kind, detail, text);
  }

  #fault(id: number | null, kind: AdapterFaultKind, detail: string, line: string): ExchangeEvent {
    return {
      kind: 'fault',
      id,
      line,
      fault: new AdapterFault(kind, `line ${this.#lineNumber} of the adapter is ${detail}`),
    };
  }
}

function isEvent(event: ExchangeEvent | null): event is ExchangeEvent {
  return event !== null;
}
