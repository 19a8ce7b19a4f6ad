/** Calls that wait for their answers, over any way to send a line. How the other side is started and ended is not here. */
import { Exchange, type ExchangeEvent } from './exchange.js';
import { AdapterFault } from './fault.js';
import { type AdapterAnswer, type AdapterHello, longestLine, protocolVersion } from './messages.js';
import { suiteVersion } from './suite-version.js';

export interface CallOptions {
  readonly timeoutMs: number;
  /** Told both lines of this call, without their line feeds, as they pass. */
  readonly onExchange?: (direction: 'request' | 'response', line: string) => void;
}

/** An adapter as the suite sees it. */
export interface AdapterClient {
  readonly hello: AdapterHello;
  /**
   * Sends a request and waits for its answer; many calls may wait at the same time, and answers may come in any order.
   * The values in a result are from the adapter; only their shape was checked.
   *
   * @throws AdapterFault when the adapter breaks the protocol, RangeError when the request is longer than a line may be
   */
  call(operation: string, input: Readonly<Record<string, unknown>>, options: CallOptions): Promise<AdapterAnswer>;
  /** What the adapter did wrong so far, in order: the first 200. */
  readonly faults: readonly AdapterFault[];
  /** The end of what it wrote to standard error; as it came, so it is to be escaped where it is shown. */
  readonly stderr: string;
  /** Ends its input, waits for its end and uses force when that does not come. Never rejects; faults tell how it went. */
  close(): Promise<void>;
}

/** Sends octets to the adapter. */
export interface Channel {
  send(line: string): void;
  /** Octets that were sent and not taken yet. */
  readonly unsent: number;
}

/** The first faults tell what is wrong; a flood of them tells no more. */
const mostFaults = 200;
/** So much is held for an adapter that does not read; more is not sent. */
const mostUnsent = 2 * longestLine;

interface Waiting {
  readonly resolve: (answer: AdapterAnswer) => void;
  readonly reject: (fault: AdapterFault) => void;
  readonly timer: NodeJS.Timeout;
  readonly onExchange: CallOptions['onExchange'];
}

export class AdapterSession {
  readonly #exchange: Exchange;
  readonly #waiting = new Map<number, Waiting>();
  readonly #faults: AdapterFault[] = [];
  #over: AdapterFault | null = null;

  /** `limit`: the longest line in octets. */
  constructor(
    private readonly channel: Channel,
    limit: number = longestLine,
  ) {
    this.#exchange = new Exchange(limit);
  }

  /** What the adapter did wrong so far: the first 200. */
  get faults(): readonly AdapterFault[] {
    return this.#faults;
  }

  /**
   * Asks the adapter what it is.
   *
   * @throws AdapterFault, also when it answers with anything but a result
   */
  async hello(timeoutMs: number): Promise<AdapterHello> {
    const input = { protocol: protocolVersion, suite: suiteVersion() };
    const answer = await this.call('hello', input, { timeoutMs });
    if (answer.kind !== 'result') {
      const why = answer.kind === 'error' ? `error ${answer.code}: ${answer.message}` : `unsupported: ${answer.reason}`;
      throw this.report(new AdapterFault('bad-result', `hello was answered with ${why}`));
    }
    // hello.result.schema.json has held: only optional members can be absent.
    const told = answer.value as unknown as Omit<AdapterHello, 'language' | 'profiles' | 'stacie'> &
      Partial<AdapterHello>;
    const { name, version, operations, language = '', profiles = [], stacie = [] } = told;
    return { protocol: protocolVersion, name, version, language, profiles, stacie, operations };
  }

  /**
   * Sends a request and waits for its answer; many calls may wait at the same time.
   *
   * @throws AdapterFault, RangeError when the request would be longer than a line may be
   */
  async call(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<AdapterAnswer> {
    if (this.#over !== null) throw this.#over;
    if (this.channel.unsent > mostUnsent) {
      const fault = new AdapterFault('silence', `the adapter does not read: ${this.channel.unsent} octets wait for it`);
      throw this.report(fault);
    }
    const { id, line } = this.#exchange.request(operation, input);
    return await new Promise<AdapterAnswer>((resolve, reject) => {
      const timer = setTimeout(() => this.#silent(id, operation, options.timeoutMs), options.timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer, onExchange: options.onExchange });
      options.onExchange?.('request', line.slice(0, -1));
      this.channel.send(line);
    });
  }

  /** Takes octets that the adapter wrote. */
  receive(chunk: Uint8Array): void {
    for (const event of this.#exchange.receive(chunk)) this.#take(event);
  }

  /** Nothing more will come: calls that wait, and later ones, fail with `fault`. */
  end(fault: AdapterFault): void {
    if (this.#over !== null) return;
    for (const event of this.#exchange.end()) this.#take(event);
    this.#over = fault;
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(fault);
  }

  /** Adds a fault to the list and gives it back to be thrown. */
  report(fault: AdapterFault): AdapterFault {
    if (this.#faults.length < mostFaults) this.#faults.push(fault);
    return fault;
  }

  /** Whether calls wait. */
  get busy(): boolean {
    return this.#waiting.size > 0;
  }

  #take(event: ExchangeEvent): void {
    if (event.kind === 'fault') this.report(event.fault);
    if (event.id === null) return;
    const waiting = this.#settle(event.id);
    waiting?.onExchange?.('response', event.line);
    if (event.kind === 'fault') waiting?.reject(event.fault);
    else waiting?.resolve(event.answer);
  }

  #silent(id: number, operation: string, timeoutMs: number): void {
    this.#exchange.abandon(id);
    const fault = new AdapterFault('silence', `no answer to request ${id} (${operation}) within ${timeoutMs} ms`);
    this.#settle(id)?.reject(this.report(fault));
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    return waiting;
  }
}
