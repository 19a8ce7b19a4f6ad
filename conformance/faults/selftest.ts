/**
 * `npm run selftest`: proves that every case can fail. Exit status 0 when each seeded fault is caught by a case that names
 * its requirement, 1 when not, 2 for misuse.
 */
import { Command, CommanderError } from 'commander';
import { list, wholeNumber } from '../cli/arguments.js';
import { SelectionError } from '../runner/plan.js';
import { runSelftest } from './selftest-run.js';
import { selftestJson, selftestText } from './selftest-text.js';

interface Flags {
  readonly only: string[];
  readonly seed: number;
  readonly lanes: number;
  readonly json?: true;
}

const command = new Command('selftest')
  .description('Try every seeded fault of the reference on the cases that decide what it breaks.')
  .option('--only <id>', 'only this fault, or the faults of this requirement; may be repeated', list, [])
  .option('--seed <n>', 'seed of the cases', wholeNumber(0, 2 ** 31 - 1), 1)
  .option('--lanes <n>', 'faults tried side by side', wholeNumber(1, 64), 4)
  .option('--json', 'print the matrix as JSON')
  .exitOverride()
  .action(async ({ only, seed, lanes, json }: Flags) => {
    const result = await runSelftest({ seed, only, lanes, onTrial: showProgress });
    process.stdout.write(json === true ? selftestJson(result) : selftestText(result));
    process.exitCode = result.problems.length === 0 ? 0 : 1;
  });

function showProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done}/${of}${done === of ? '\n' : ''}`);
}

try {
  await command.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof SelectionError) {
    process.stderr.write(`selftest: ${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}
