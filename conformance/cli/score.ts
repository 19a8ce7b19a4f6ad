/** What `dime-conformance run` does: opens the target, runs the suite, writes and prints the report. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderReport, reportFileNames, reportFormats } from '../../reports/render.js';
import type { Report } from '../../reports/report.js';
import { allCases } from '../cases/index.js';
import { type Catalogue, loadCatalogue } from '../requirements/load.js';
import { checkSelection } from '../runner/plan.js';
import { parseReplay, type ReplayToken } from '../runner/replay.js';
import { caseOfReplay, runSuite } from '../runner/run.js';
import { freshSeed } from '../runner/seed.js';
import { suiteVersion } from '../target/adapter/suite-version.js';
import { openEmbedded } from '../target/embedded.js';
import { openTarget } from '../target/open.js';
import type { Target } from '../target/target.js';
import { readTargetFile } from '../target/target-file.js';
import type { RunFlags } from './flags.js';
import { Misuse } from './misuse.js';
import { showProgress } from './progress.js';
import { terminalOf } from './terminal.js';

/** Gives the exit status. */
export async function score(flags: RunFlags): Promise<number> {
  const replay = flags.replay === undefined ? undefined : readReplay(flags.replay);
  if (flags.out !== undefined) makeFolder(flags.out);
  const version = suiteVersion();
  const catalogue = loadCatalogue();
  const selection = { classes: flags.class, only: flags.only, levels: flags.level };
  // Before the target is troubled.
  checkSelection(allCases, catalogue, selection);
  if (replay !== undefined) caseOfReplay(allCases, replay);
  const target = await open(flags.target, catalogue, version);
  const progress = showProgress(process.stderr, { quiet: flags.quiet === true, verbose: flags.verbose === true });
  let report: Report;
  try {
    report = await runSuite({
      suite: { name: 'dime-conformance', version },
      target,
      catalogue,
      cases: allCases,
      selection,
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

async function open(file: string | undefined, catalogue: Catalogue, version: string): Promise<Target> {
  if (file === undefined) return await openEmbedded({ version, adapterCommand: ownAdapter() });
  const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);
  return await openTarget(readTargetFile(file, process.env), ids(catalogue.classes), ids(catalogue.readings));
}

/** This program again, as an adapter: the codecs then have a processor of their own. */
function ownAdapter(): string[] {
  const main = process.argv[1];
  if (main === undefined) throw new Error('a program knows its own path');
  return [process.execPath, ...process.execArgv, main, 'adapter'];
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
  if (out !== undefined && quiet !== true)
    process.stderr.write(`reports in ${out}: ${Object.values(reportFileNames).join(', ')}\n`);
}

function verdictLine({ summary, target }: Report): string {
  const { pass, fail, warn, inconclusive } = summary.requirements;
  return `${summary.verdict}: ${target.name}: requirements ${pass} passed, ${fail} failed, ${warn} warned, ${inconclusive} inconclusive`;
}
