#!/usr/bin/env node
/** The command line. Each command stands in a file of its own; here they are put together and their errors told. */
import { Command, CommanderError } from 'commander';
import { suiteVersion } from '../target/adapter/suite-version.js';
import { adapterCommand } from './adapter.js';
import { explainCommand } from './explain.js';
import { keysCommand } from './keys.js';
import { listCommand } from './list.js';
import { exitStatus, explain, oneLine } from './misuse.js';
import { recordCommand } from './record.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { serveCommand } from './serve.js';
import { signetCommand } from './signet.js';
import { stacieCommand } from './stacie.js';

const examples = `
Examples:
  dime-conformance run                       scores the embedded reference server
  dime-conformance run --target my.yaml      scores your implementation
  dime-conformance serve                     starts a reference server to develop against
  dime-conformance list requirements         what is demanded, and where it stands
  dime-conformance explain alice.signet      what a thing says, and what is wrong with it

Exit status: 0 all MUST passed, 1 a MUST failed, 2 misuse or a broken file, 3 the target could not be judged.`;

function program(finish: (status: number) => void): Command {
  const root = new Command('dime-conformance')
    .description('Conformance test suite and reference server for DIME, the Dark Internet Mail Environment.')
    .version(suiteVersion())
    .addHelpText('after', examples)
    .addCommand(runCommand(finish))
    .addCommand(serveCommand(finish))
    .addCommand(adapterCommand(finish))
    .addCommand(listCommand())
    .addCommand(reportCommand())
    .addCommand(explainCommand(finish))
    .addCommand(signetCommand(finish))
    .addCommand(keysCommand(finish))
    .addCommand(recordCommand(finish))
    .addCommand(stacieCommand(finish));
  for (const command of everyCommand(root)) {
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(`dime-conformance: ${oneLine(text.replace(/^error: /, ''))}\n`),
    });
  }
  return root;
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

let status: number = exitStatus.passed;
// A reader that goes away (a pager, head) ends the output, not the verdict.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
try {
  await program((result) => {
    status = result;
  }).parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    status = error.exitCode === 0 ? exitStatus.passed : exitStatus.misuse;
  } else {
    const told = explain(error);
    if (told === null) throw error;
    process.stderr.write(`dime-conformance: ${oneLine(told.line)}\n`);
    status = told.status;
  }
}
process.exitCode = status;
