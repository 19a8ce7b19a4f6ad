/** Starts servers in processes of their own and speaks with those. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BenchLetter, ServerAnswer, ServerOrder, ServerQuestion } from './server-messages.js';

export interface BenchServer {
  readonly port: number;
  readonly dnsPort: number;
  /** '' for a server without one. */
  readonly trustAnchor: string;
  readonly letter: BenchLetter | null;
  /** The memory from now on is what counts. */
  watchMemory(): Promise<void>;
  /** Octets of resident memory at the beginning of the watch, and the most since. */
  memory(): Promise<{ readonly before: number; readonly peak: number }>;
  close(): Promise<void>;
}

/** Node runs TypeScript through this, in the child as in the benchmark itself. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Starts a module of this folder in a process of its own. */
export function startProcess(module: string, argument: unknown): ChildProcess {
  return fork(fileURLToPath(new URL(module, import.meta.url)), [JSON.stringify(argument)], {
    execArgv: ['--import', tsx],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The next message of a process. @throws Error when it ends instead */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as unknown),
      once(child, 'exit', { signal }).then(([status]) => {
        throw new Error(`a process of the benchmark ended with ${String(status)}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}

/** @throws Error when the server does not start */
export async function startServer(order: ServerOrder): Promise<BenchServer> {
  const child = startProcess('./server-process.ts', order);
  const ask = async (question: ServerQuestion): Promise<ServerAnswer> => {
    child.send(question);
    return (await nextMessage(child)) as ServerAnswer;
  };
  const ready = (await nextMessage(child)) as ServerAnswer;
  if (ready.kind !== 'ready') {
    child.kill();
    throw new Error(`${order.kind} did not start: ${ready.kind === 'failed' ? ready.reason : ready.kind}`);
  }
  return {
    port: ready.port,
    dnsPort: ready.dnsPort,
    trustAnchor: ready.trustAnchor ?? '',
    letter: ready.letter ?? null,
    async watchMemory() {
      await ask('watch memory');
    },
    async memory() {
      const answer = await ask('tell memory');
      if (answer.kind !== 'memory') throw new Error(`${order.kind} told ${answer.kind} when asked for its memory`);
      return answer;
    },
    close: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Gives a folder and servers to `use`, and takes everything away after it. */
export async function withServers<Result>(
  orders: readonly Omit<ServerOrder, 'folder'>[],
  use: (...servers: BenchServer[]) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'dime-bench-'));
  const servers: BenchServer[] = [];
  try {
    // The first makes the keys that the others use.
    const [first, ...others] = orders.map((order) => ({ ...order, folder }));
    if (first !== undefined) servers.push(await startServer(first));
    const started = await Promise.allSettled(others.map(startServer));
    servers.push(...started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
    const failure = started.find((each) => each.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    return await use(...servers);
  } finally {
    for (const server of servers) await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
