/** `dime-conformance run`: its options. What it does stands in score.ts, which is loaded when it is needed. */
import { Command, Option } from 'commander';
import { reportFormats } from '../../reports/formats.js';
import { usualRuns } from '../runner/usual-runs.js';
import { levelList, list, wholeNumber } from './arguments.js';
import type { RunFlags } from './flags.js';

const examples = `
Examples:
  dime-conformance run                                    scores the embedded reference server
  dime-conformance run --target my.yaml --out reports     scores your server, writes the reports there
  dime-conformance run --target my.yaml --class record    one conformance class only
  dime-conformance run --target my.yaml --only DMTP-029   one requirement, or one case by its id
  dime-conformance run --target my.yaml --replay 'dmtp/noop/changes-nothing:1234:0:1' --verbose

Exit status: 0 all MUST passed, 1 a MUST failed, 2 misuse or a broken target file, 3 the target could not be judged.`;

export function runCommand(finish: (status: number) => void): Command {
  return new Command('run')
    .description('Score a target: the embedded reference server, or what a target file describes.')
    .option('--target <file>', 'target file (YAML); without it the embedded reference is scored')
    .option('--class <id>', 'only this conformance class; may be repeated, or several with commas', list, [])
    .option('--only <id>', 'only this requirement or case, or all cases whose id begins so', list, [])
    .option('--level <level>', 'only cases that decide this level: MUST, SHOULD, MAY', levelList, [])
    .option('--runs <n>', 'runs of each property', wholeNumber(1, 1_000_000), usualRuns)
    .option('--seed <n>', 'seed of the run; drawn when not given', wholeNumber(0, 2 ** 31 - 1))
    .option('--replay <token>', 'run one counterexample again, by the token that the report prints')
    .option('--jobs <n>', 'cases side by side', wholeNumber(1, 256), 8)
    .option('--timeout <seconds>', 'time limit of the run', wholeNumber(1, 86_400), 600)
    .option('--case-timeout <seconds>', 'time limit of one case', wholeNumber(1, 86_400), 30)
    .option('--out <dir>', 'write report.json, report.html, report.md, report.txt and junit.xml there')
    .addOption(new Option('--format <format>', 'what is printed').choices(reportFormats).default('console'))
    .option('--quiet', 'print no progress, and on the console the verdict only')
    .option('--verbose', 'print every case, and transcripts')
    .addHelpText('after', examples)
    .action(async (flags: RunFlags) => finish(await (await import('./score.js')).score(flags)));
}
