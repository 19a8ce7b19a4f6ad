/** `dime-conformance run`: scores a target and writes the report. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { reportFileNames, type ReportFormat, renderReport, reportFormats } from '../../reports/render.js';
import type { Level, Report } from '../../reports/report.js';
import { allCases } from '../cases/index.js';
import { loadCatalogue } from '../requirements/load.js';
import { parseReplay, type ReplayToken } from '../runner/replay.js';
import { runSuite } from '../runner/run.js';
import { freshSeed } from '../runner/seed.js';
import { openEmbedded } from '../target/embedded.js';
import { openTarget } from '../target/open.js';
import type { Target } from '../target/target.js';
import { readTargetFile } from '../target/target-file.js';
import { suiteVersion } from '../target/adapter/suite-version.js';
import { levelList, list, wholeNumber } from './arguments.js';
import { Misuse } from './misuse.js';
import { showProgress } from './progress.js';
import { terminalOf } from './terminal.js';

interface RunFlags {
  readonly target?: string;
  readonly class: string[];
  readonly only: string[];
  readonly level: Level[];
  readonly runs: number;
  readonly seed?: number;
  readonly replay?: string;
  readonly jobs: number;
  readonly timeout: number;
  readonly caseTimeout: number;
  readonly out?: string;
  readonly format: ReportFormat;
  readonly quiet?: true;
  readonly verbose?: true;
}

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
    .option('--runs <n>', 'runs of each property', wholeNumber(1, 1_000_000), 20)
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
    .action(async (flags: RunFlags) => finish(await run(flags)));
}

async function run(flags: RunFlags): Promise<number> {
  const replay = flags.replay === undefined ? undefined : readReplay(flags.replay);
  if (flags.out !== undefined) makeFolder(flags.out);
  const version = suiteVersion();
  const catalogue = loadCatalogue();
  const known = catalogue.classes.map(({ id }) => id);
  const target = await open(flags.target, known, version);
  const progress = showProgress(process.stderr, { quiet: flags.quiet === true, verbose: flags.verbose === true });
  let report: Report;
  try {
    report = await runSuite({
      suite: { name: 'dime-conformance', version },
      target,
      catalogue,
      cases: allCases,
      selection: { classes: flags.class, only: flags.only, levels: flags.level },
      seed: flags.seed ?? freshSeed(),
      runs: flags.runs,
      jobs: flags.jobs,
      caseLimitMs: flags.caseTimeout * 1000,
      runLimitMs: flags.timeout * 1000,
      ...(replay === undefined ? {} : { replay }),
      command: `dime-conformance run${flags.target === undefined ? '' : ` --target ${flags.target}`}`,
      startedAt: new Date(),
      onCase: (result, done, of) => progress.onCase(result, done, of),
    });
  } finally {
    progress.end();
    await target.close();
  }
  if (flags.out !== undefined) writeReports(report, flags.out);
  print(report, flags);
  return report.summary.exitStatus;
}

function readReplay(text: string): ReplayToken {
  try {
    return parseReplay(text);
  } catch (error) {
    throw new Misuse(`--replay: ${(error as Error).message}`);
  }
}

async function open(file: string | undefined, classes: readonly string[], version: string): Promise<Target> {
  return file === undefined
    ? await openEmbedded({ version })
    : await openTarget(readTargetFile(file, process.env), classes);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Misuse(`--out ${folder}: ${(error as Error).message}`);
  }
}

function writeReports(report: Report, folder: string): void {
  for (const format of reportFormats) {
    const file = path.join(folder, reportFileNames[format]);
    try {
      writeFileSync(file, renderReport(report, format));
    } catch (error) {
      throw new Misuse(`--out: ${file}: ${(error as Error).message}`);
    }
  }
}

function print(report: Report, { format, quiet, verbose, out }: RunFlags): void {
  const text = renderReport(report, format, {
    console: { ...terminalOf(process.stdout, process.env), verbose: verbose === true },
  });
  if (format === 'console' && quiet === true) process.stdout.write(`${verdictLine(report)}\n`);
  else process.stdout.write(text);
  if (out !== undefined && quiet !== true) process.stderr.write(`reports in ${out}: ${Object.values(reportFileNames).join(', ')}\n`);
}

function verdictLine({ summary, target }: Report): string {
  const { pass, fail, warn, inconclusive } = summary.requirements;
  return `${summary.verdict}: ${target.name}: requirements ${pass} passed, ${fail} failed, ${warn} warned, ${inconclusive} inconclusive`;
}
