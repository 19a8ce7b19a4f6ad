/** Runs stages in a thread of their own, so that the caller's stays free; with progress, and an end when it is asked. */
import { Worker } from 'node:worker_threads';
import { kernelModule } from './kernel.js';
import type { StageOrder } from './stage-order.js';

type Answer =
  | { readonly done: number; readonly of: number }
  /** Null: stopped before the end. */
  | { readonly outcome: Uint8Array | null };

const program = new URL('./stage-worker.mjs', import.meta.url);

export class KernelThread {
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;

  constructor() {
    // Options of the parent, such as loaders, are of no use to the thread and would slow its start.
    this.#worker = new Worker(program, {
      workerData: { module: kernelModule(), stop: this.#stop },
      execArgv: [],
    });
  }

  /**
   * Runs a stage; one at a time. The thread zeroes its copy of the inputs, and this function the caller's.
   *
   * @param onDone told the part of the stage that is done, from 0 to 1
   * @throws what the signal was aborted with, after the thread has stopped and zeroed its memory
   */
  async run(order: StageOrder, { signal, onDone }: RunOptions): Promise<Uint8Array> {
    const worker = this.#worker;
    const stop = () => Atomics.store(this.#stop, 0, 1);
    let settle = (): void => undefined;
    try {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', stop, { once: true });
      const outcome = await new Promise<Uint8Array | null>((resolve, reject) => {
        const onMessage = (answer: Answer): void => {
          if ('outcome' in answer) resolve(answer.outcome);
          else onDone?.(answer.done / answer.of);
        };
        const onExit = (code: number): void => reject(new Error(`the STACIE kernel's thread ended with ${code}`));
        worker.on('message', onMessage).on('error', reject).on('exit', onExit);
        settle = () => worker.off('message', onMessage).off('error', reject).off('exit', onExit);
        worker.postMessage(order);
      });
      if (outcome !== null) return outcome;
      signal?.throwIfAborted();
      throw new Error("the STACIE kernel's thread stopped without being asked");
    } finally {
      settle();
      signal?.removeEventListener('abort', stop);
      order.input.fill(0);
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onDone?: ((part: number) => void) | undefined;
}
