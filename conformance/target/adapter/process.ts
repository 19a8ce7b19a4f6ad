/** Adapters that the suite starts as child processes. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after } from './connect.js';
import { AdapterFault, quote } from './fault.js';
import { longestLine } from './messages.js';
import { type AdapterClient, AdapterSession } from './session.js';

export interface AdapterProcessOptions {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of the suite. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take to start and say hello, in milliseconds. */
  readonly helloTimeoutMs: number;
  /** How long it may take to end after its input has ended, in milliseconds; then it is killed. */
  readonly graceMs?: number;
  /** The longest line in octets; less than the protocol's only in tests. */
  readonly longestLine?: number;
}

/** So much of standard error is kept, in octets. */
const stderrLength = 64 * 1024;
/** What an adapter wrote before it ended may still be on its way; also bounds the wait for what it left running. */
const lastWordsMs = 500;
/** In a group of its own, what the adapter itself started can be ended with it. */
const ownGroup = process.platform !== 'win32';

/**
 * Starts an adapter and lets it say hello. It is never started again.
 *
 * @throws AdapterFault when it cannot be started or does not say hello rightly; it is killed then
 */
export async function startAdapterProcess(options: AdapterProcessOptions): Promise<AdapterClient> {
  const [program, ...args] = options.command;
  if (program === undefined) throw new AdapterFault('not-started', 'the command of the adapter is empty');
  const child = await spawned(program, args, options);
  const running = new RunningAdapter(child, options);
  try {
    const hello = await running.session.hello(options.helloTimeoutMs);
    return {
      hello,
      call: (operation, input, callOptions) => running.session.call(operation, input, callOptions),
      get faults() {
        return running.session.faults;
      },
      get stderr() {
        return running.stderr;
      },
      close: () => running.close(),
    };
  } catch (error) {
    running.kill();
    if (error instanceof AdapterFault && running.stderr !== '') {
      throw new AdapterFault(
        error.fault,
        `${error.message}; its standard error: ${quote(running.stderr.slice(-400), 400)}`,
      );
    }
    throw error;
  }
}

async function spawned(
  program: string,
  args: readonly string[],
  { cwd, env }: AdapterProcessOptions,
): Promise<ChildProcessWithoutNullStreams> {
  try {
    const child = spawn(program, args, {
      stdio: 'pipe',
      detached: ownGroup,
      windowsHide: true,
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    // Errors after the start are about signals that cannot be sent; the end of the process tells what matters.
    child.on('error', () => undefined);
    await once(child, 'spawn');
    return child;
  } catch (error) {
    const where = cwd === undefined ? '' : ` in ${quote(cwd)}`;
    const why = error instanceof Error ? error.message : String(error);
    throw new AdapterFault('not-started', `the adapter ${quote(program)} cannot be started${where}: ${why}`, {
      cause: error,
    });
  }
}

class RunningAdapter {
  readonly session: AdapterSession;
  #stderr = Buffer.alloc(0);
  #closing: Promise<void> | null = null;
  #finished = false;
  #reported = false;
  /** Resolves when it has ended and all that it wrote was read. */
  readonly #end: Promise<void>;

  constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly options: AdapterProcessOptions,
  ) {
    const { stdin, stdout, stderr } = child;
    const channel = {
      send: (line: string): void => {
        if (stdin.writable) stdin.write(line);
      },
      get unsent(): number {
        return stdin.writableLength;
      },
    };
    this.session = new AdapterSession(channel, options.longestLine ?? longestLine);
    // A pipe that breaks is told by the end of the process.
    stdin.on('error', () => undefined);
    stdout.on('error', () => undefined);
    stderr.on('error', () => undefined);
    stdout.on('data', (chunk: Buffer) => this.session.receive(chunk));
    stderr.on('data', (chunk: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-stderrLength);
    });
    this.#end = new Promise((resolve) => {
      const finish = (): void => {
        this.#finish();
        resolve();
      };
      const finishSoon = (): void => {
        setTimeout(finish, lastWordsMs).unref();
      };
      child.once('close', finish);
      child.once('exit', finishSoon);
      stdout.once('end', finishSoon);
    });
  }

  get stderr(): string {
    return this.#stderr.toString('utf8');
  }

  /** Ends its input, waits, and kills it when it goes on. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Kills the process and what it started. */
  kill(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(ownGroup ? -pid : pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
    this.child.stdout.destroy();
    this.child.stderr.destroy();
  }

  async #close(): Promise<void> {
    const graceMs = this.options.graceMs ?? 2000;
    this.child.stdin.end();
    const grace = new AbortController();
    await Promise.race([this.#end, after(graceMs, grace.signal)]);
    grace.abort();
    if (!this.#exited) {
      this.#over(
        new AdapterFault('bad-exit', `the adapter went on ${graceMs} ms after the end of its input, and was killed`),
      );
      this.kill();
    }
    await this.#end;
  }

  get #exited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    // It ended, and its pipes are open: something that it started holds them.
    if (!this.child.stdout.closed) this.kill();
    const how = this.#howItEnded();
    if (this.#closing === null || this.session.busy) {
      this.#over(new AdapterFault('crash', `the adapter ${how}`));
    } else if (this.child.exitCode === 0) {
      this.session.end(new AdapterFault('crash', `the adapter ${how}`));
    } else {
      this.#over(new AdapterFault('bad-exit', `at the end of its input the adapter ${how}, where status 0 is due`));
    }
  }

  #over(fault: AdapterFault): void {
    if (this.#reported) return;
    this.#reported = true;
    this.session.end(this.session.report(fault));
  }

  #howItEnded(): string {
    if (this.child.signalCode !== null) return `was ended by ${this.child.signalCode}`;
    if (this.child.exitCode !== null) return `ended with status ${this.child.exitCode}`;
    return 'closed its output';
  }
}
