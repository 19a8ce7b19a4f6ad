/** An adapter as the suite sees it. How one is reached: process.ts (a child process), connect.ts (streams, in process). */
import type { AdapterFault } from './fault.js';
import type { AdapterAnswer, AdapterHello } from './messages.js';
import type { CallOptions } from './session.js';

export { type ConnectOptions, connectAdapter, connectOperations } from './connect.js';
export { AdapterFault, type AdapterFaultKind } from './fault.js';
export type { AdapterAnswer, AdapterHello } from './messages.js';
export { type AdapterProcessOptions, startAdapterProcess } from './process.js';
export type { CallOptions } from './session.js';

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
