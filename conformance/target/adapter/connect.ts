/** Adapters that are reached over streams, and the pair of streams for operations in this process. */
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { AdapterFault } from './fault.js';
import { type AdapterIdentity, type Operations, serveAdapter } from './serve.js';
import { type AdapterClient, AdapterSession } from './session.js';

export interface ConnectOptions {
  /** How long the adapter may take to say hello, in milliseconds. */
  readonly helloTimeoutMs?: number;
  /** How long it may take to end after its input has ended, in milliseconds. */
  readonly graceMs?: number;
}

/**
 * Speaks to an adapter that reads `input` and writes `output`.
 *
 * @throws AdapterFault when it does not say hello rightly; the streams are destroyed then
 */
export async function connectAdapter(
  input: Writable,
  output: Readable,
  { helloTimeoutMs = 5000, graceMs = 2000 }: ConnectOptions = {},
): Promise<AdapterClient> {
  const session = new AdapterSession({
    send: (line) => {
      if (input.writable) input.write(line);
    },
    get unsent() {
      return input.writableLength;
    },
  });
  let closing: Promise<void> | null = null;
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => {
      const unfinished = closing === null || session.busy;
      const fault = new AdapterFault('crash', 'the adapter closed its output');
      session.end(unfinished ? session.report(fault) : fault);
      resolve();
    };
    output.once('end', finish);
    output.once('close', finish);
  });
  // A stream that fails is closed, which is heard above.
  input.on('error', () => undefined);
  output.on('error', () => undefined);
  output.on('data', (chunk: Buffer) => session.receive(chunk));

  const close = async (): Promise<void> => {
    input.end();
    const grace = new AbortController();
    await Promise.race([ended, after(graceMs, grace.signal)]);
    grace.abort();
    if (!output.readableEnded && !output.destroyed) {
      const fault = new AdapterFault('bad-exit', `the output stayed open ${graceMs} ms after the end of the input`);
      session.end(session.report(fault));
    }
    input.destroy();
    output.destroy();
  };
  try {
    const hello = await session.hello(helloTimeoutMs);
    return {
      hello,
      call: (operation, callInput, options) => session.call(operation, callInput, options),
      get faults() {
        return session.faults;
      },
      stderr: '',
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    input.destroy();
    output.destroy();
    throw error;
  }
}

/** An adapter in this process: the same messages, over a pair of streams instead of a child's. */
export async function connectOperations(
  operations: Operations,
  identity: AdapterIdentity,
  options: ConnectOptions = {},
): Promise<AdapterClient> {
  const input = new PassThrough();
  const output = new PassThrough();
  serveAdapter(input, output, operations, identity).catch((error: unknown) => {
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return await connectAdapter(input, output, options);
}

/** Resolves after `ms` milliseconds, or as soon as `signal` is aborted. */
export async function after(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
