/** `dime-conformance adapter`: the reference formats behind the adapter protocol, and a check of other adapters. */
import { Command } from 'commander';
import { wholeNumber } from './arguments.js';
import type { CheckFlags } from './flags.js';

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
    .action(async () => finish(await (await import('./adapting.js')).speak()));
  adapter
    .command('check')
    .description('Check whether a program speaks the adapter protocol.')
    .argument('<command...>', 'the program and its arguments, after --')
    .option('--timeout <seconds>', 'how long one answer may take', wholeNumber(1, 600), 10)
    .option('--json', 'print the steps as JSON')
    .addHelpText('after', checkExamples)
    .action(async (command: string[], flags: CheckFlags) =>
      finish(await (await import('./adapting.js')).check(command, flags)),
    );
  return adapter;
}
