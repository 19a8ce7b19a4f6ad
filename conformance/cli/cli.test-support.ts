/** Runs the command line as it is built, as a person would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Built anew before the tests. */
const main = fileURLToPath(new URL('../../dist/conformance/cli/main.js', import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunWishes {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export function start(words: readonly string[], { cwd, env }: RunWishes = {}): ChildProcess {
  return spawn(process.execPath, [main, ...words], {
    stdio: 'pipe',
    env: { ...process.env, NO_COLOR: '1', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

export async function dimeConformance(words: readonly string[], wishes: RunWishes = {}): Promise<Ran> {
  const child = start(words, wishes);
  child.stdin?.end(wishes.input ?? '');
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { status, stdout: await stdout, stderr: await stderr };
}

/** Starts a server command, waits for its first whole line, and gives a way to end it. */
export async function startServer(
  words: readonly string[],
  wishes: RunWishes = {},
): Promise<{ readonly firstLine: string; end(signal?: NodeJS.Signals): Promise<number | null> }> {
  const child = start(words, wishes);
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const errors = collect(child.stderr);
  let output = '';
  const firstLine = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('\n')) resolve(output.slice(0, output.indexOf('\n')));
    });
    void closed.then(async (status) => reject(new Error(`ended with ${status}: ${await errors}`)));
  });
  return {
    firstLine,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return await closed;
    },
  };
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  if (stream !== null) for await (const chunk of stream) text += String(chunk);
  return text;
}
