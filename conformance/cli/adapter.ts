/** `dime-conformance adapter`: the reference formats behind the adapter protocol, and a check of other adapters. */
import { Command } from 'commander';
import { checkAdapter } from '../target/adapter/check.js';
import { AdapterFault, startAdapterProcess } from '../target/adapter/client.js';
import { referenceIdentity, referenceOperations } from '../target/adapter/operations.js';
import { BrokenRequest, serveAdapter } from '../target/adapter/serve.js';
import { wholeNumber } from './arguments.js';
import { exitStatus, Misuse, oneLine } from './misuse.js';

const examples = `
Examples:
  printf '{"id":1,"op":"hello","input":{"protocol":1,"suite":"0.1.0"}}\\n' | dime-conformance adapter
  dime-conformance adapter check -- python3 my_adapter.py`;

const checkExamples = `
Examples:
  dime-conformance adapter check -- ./my-adapter
  dime-conformance adapter check --json -- python3 my_adapter.py --verbose

Exit status: 0 the adapter speaks the protocol, 1 it does not, 2 misuse, 3 it could not be started.`;

export function adapterCommand(finish: (status: number) => void): Command {
  const adapter = new Command('adapter')
    .description('Speak the adapter protocol on standard input and output, with the reference formats behind it.')
    .addHelpText('after', examples)
    .action(async () => finish(await speak()));
  adapter
    .command('check')
    .description('Check whether a program speaks the adapter protocol.')
    .argument('<command...>', 'the program and its arguments, after --')
    .option('--timeout <seconds>', 'how long one answer may take', wholeNumber(1, 600), 10)
    .option('--json', 'print the steps as JSON')
    .addHelpText('after', checkExamples)
    .action(async (command: string[], flags: { readonly timeout: number; readonly json?: true }) =>
      finish(await check(command, flags)),
    );
  return adapter;
}

async function speak(): Promise<number> {
  try {
    await serveAdapter(process.stdin, process.stdout, referenceOperations, referenceIdentity);
    return exitStatus.passed;
  } catch (error) {
    if (error instanceof BrokenRequest) throw new Misuse(error.message);
    throw error;
  }
}

async function check(command: string[], flags: { readonly timeout: number; readonly json?: true }): Promise<number> {
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
  else for (const { name, ok, detail } of steps) process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${oneLine(detail)}\n`);
  return steps.every(({ ok }) => ok) ? exitStatus.passed : exitStatus.failed;
}
