/** What `dime-conformance adapter` and `adapter check` do. */
import { checkAdapter } from '../target/adapter/check.js';
import { AdapterFault, startAdapterProcess } from '../target/adapter/client.js';
import { referenceIdentity, referenceOperations } from '../target/adapter/operations.js';
import { BrokenRequest, serveAdapter } from '../target/adapter/serve.js';
import type { CheckFlags } from './flags.js';
import { exitStatus, Misuse, oneLine } from './misuse.js';

/** Gives the exit status. */
export async function speak(): Promise<number> {
  try {
    await serveAdapter(process.stdin, process.stdout, referenceOperations, referenceIdentity);
    return exitStatus.passed;
  } catch (error) {
    if (error instanceof BrokenRequest) throw new Misuse(error.message);
    throw error;
  }
}

/** Gives the exit status. */
export async function check(command: string[], flags: CheckFlags): Promise<number> {
  const timeoutMs = flags.timeout * 1000;
  let steps: Awaited<ReturnType<typeof checkAdapter>>;
  try {
    const client = await startAdapterProcess({ command, helloTimeoutMs: timeoutMs });
    steps = await checkAdapter(client, { timeoutMs });
  } catch (error) {
    if (!(error instanceof AdapterFault)) throw error;
    process.stderr.write(`dime-conformance: ${oneLine(`${command.join(' ')}: ${error.message}`)}\n`);
    return exitStatus.unjudged;
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(steps)}\n`);
  else
    for (const { name, ok, detail } of steps)
      process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${oneLine(detail)}\n`);
  return steps.every(({ ok }) => ok) ? exitStatus.passed : exitStatus.failed;
}
