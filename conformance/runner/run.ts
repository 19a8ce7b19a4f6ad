/** A whole run: plans, runs cases side by side, asks for signs of life between them, and gives the report. */
import type { CaseResult, Finding, Level, Report } from '../../reports/report.js';
import type { Case } from '../cases/case.js';
import type { Catalogue } from '../requirements/load.js';
import type { Target } from '../target/target.js';
import { buildReport } from './build-report.js';
import { newObservations } from './context.js';
import { CommandLineCoverage } from './coverage.js';
import { decisionOf } from './judge.js';
import { askLife } from './liveness.js';
import { Unreachable } from './outcome.js';
import { type PlannedCase, planCases, type Selection, SelectionError } from './plan.js';
import type { ReplayToken } from './replay.js';
import { type CaseOutcome, resultOf, runCase, suiteDefect } from './run-case.js';
import { caseSeed } from './seed.js';

export interface RunOptions {
  readonly suite: { readonly name: string; readonly version: string };
  readonly target: Target;
  readonly catalogue: Catalogue;
  readonly cases: readonly Case[];
  readonly selection: Selection;
  readonly seed: number;
  /** Runs of each property. */
  readonly runs: number;
  /** Cases side by side. */
  readonly jobs: number;
  readonly caseLimitMs: number;
  readonly runLimitMs: number;
  readonly replay?: ReplayToken;
  /** What a person types for this target, without the selection: `dime-conformance run --target x.yaml`. */
  readonly command: string;
  readonly startedAt: Date;
  readonly onCase?: (result: CaseResult, done: number, of: number) => void;
}

/** After so many cases in a row that left the target without a sign of life, the rest is not tried. */
const patience = 3;

/**
 * @throws SelectionError for a selection or replay token that names nothing, Unreachable when the target shows no sign of
 * life at the start
 */
export async function runSuite(options: RunOptions): Promise<Report> {
  const began = performance.now();
  const { target, catalogue } = options;
  const planned = plan(options);
  const first = await askLife(target.profile);
  if (!first.alive) throw new Unreachable(first.why);

  const run = new Run(options, planned.length);
  const isAlone = ({ case: { alone } }: PlannedCase): boolean => alone === true;
  // Codecs keep this process busy, and a server that waits for its answer meanwhile must not be taken for slow.
  const overNetwork = ({ case: { needs } }: PlannedCase): boolean => needs.some((need) => need !== 'adapter');
  const together = planned.filter((item) => !isAlone(item));
  await run.all(together.filter(overNetwork), options.jobs);
  await run.all(
    together.filter((item) => !overNetwork(item)),
    options.jobs,
  );
  await run.all(planned.filter(isAlone), 1);
  const order = new Map(planned.map((item, index) => [item.case.id, index]));
  const results = run.results.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));

  return buildReport({
    suite: options.suite,
    run: {
      seed: options.seed,
      startedAt: options.startedAt.toISOString(),
      durationMs: Math.round(performance.now() - began),
      runs: options.runs,
      jobs: options.jobs,
      selection: {
        classes: options.selection.classes,
        only: options.replay === undefined ? options.selection.only : [options.replay.caseId],
        levels: options.selection.levels,
      },
      command: commandOf(options),
    },
    target,
    software: softwareOf(first.banner, target),
    catalogue,
    selection: options.selection,
    results,
    readings: run.readings,
    coverage: run.coverage.results(),
    findings: [...run.findings, ...adapterFindings(target)],
  });
}

function plan({ cases, catalogue, target, selection, replay }: RunOptions): PlannedCase[] {
  if (replay === undefined) return planCases(cases, catalogue, target, selection);
  return planCases([caseOfReplay(cases, replay)], catalogue, target, { classes: [], only: [], levels: [] });
}

/** @throws SelectionError when this version has no such case */
export function caseOfReplay(cases: readonly Case[], { caseId }: ReplayToken): Case {
  const subject = cases.find(({ id }) => id === caseId);
  if (subject === undefined) throw new SelectionError(`--replay: no case "${caseId}" in this version`);
  return subject;
}

class Run {
  readonly results: CaseResult[] = [];
  readonly readings = new Map<string, string>();
  readonly coverage = new CommandLineCoverage();
  readonly findings: Finding[] = [];
  readonly #deadline: number;
  /** Why the target shows no sign of life; null while it does. */
  #dead: string | null = null;
  #deaths = 0;

  constructor(
    private readonly options: RunOptions,
    private readonly total: number,
  ) {
    this.#deadline = performance.now() + options.runLimitMs;
  }

  async all(queue: PlannedCase[], lanes: number): Promise<void> {
    const rest = [...queue];
    const lane = async (): Promise<void> => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) this.#keep(await this.#one(next));
    };
    await Promise.all(Array.from({ length: Math.min(lanes, rest.length) }, lane));
  }

  async #one({ case: subject, skip }: PlannedCase): Promise<CaseResult> {
    if (skip !== null) return notRun(subject, 'skip', skip);
    const left = this.#deadline - performance.now();
    if (left <= 0) return notRun(subject, 'inconclusive', 'the time limit of the run had passed');
    const network = subject.needs.includes('dmtp');
    if (network && this.#dead !== null) {
      if (this.#deaths >= patience)
        return notRun(subject, 'inconclusive', `the target stopped answering: ${this.#dead}`);
      if (!(await this.#life(null)))
        return notRun(subject, 'inconclusive', `the target does not answer: ${this.#dead}`);
    }
    const { seed, replay, runs, caseLimitMs, command, target } = this.options;
    const outcome = await runCase(subject, target, {
      seed: replay?.seed ?? caseSeed(seed, subject.id),
      runs,
      timeLimitMs: Math.min(caseLimitMs, left),
      coverage: this.coverage,
      command,
      ...(replay === undefined ? {} : { path: replay.path }),
    });
    const alive = network ? await this.#life(subject) : null;
    return this.#weigh(outcome, alive);
  }

  /** Asks the target for a sign of life and remembers what came. */
  async #life(after: Case | null): Promise<boolean> {
    const life = await askLife(this.options.target.profile);
    if (life.alive) {
      this.#dead = null;
      this.#deaths = 0;
      return true;
    }
    this.#dead = life.why;
    this.#deaths += 1;
    if (after !== null) {
      this.findings.push({
        kind: 'no-sign-of-life',
        text: `after this case, and perhaps others beside it, the target did not answer: ${life.why}`,
        cases: [after.id],
      });
    }
    return false;
  }

  #weigh(outcome: CaseOutcome, alive: boolean | null): CaseResult {
    const decision = decisionOf(outcome, (id) => this.#level(id));
    for (const [reading, observed] of outcome.observations.readings) this.readings.set(reading, observed);
    if (outcome.undecided?.reason.startsWith(suiteDefect) === true) {
      this.findings.push({ kind: 'suite-defect', text: outcome.undecided.reason, cases: [outcome.case.id] });
    }
    const result = resultOf(outcome, decision, alive === null ? 'unknown' : alive ? 'alive' : 'dead');
    // Right answers from a peer that then vanished are no pass: what it was asked may have been what felled it.
    if (alive === false && (decision === 'pass' || decision === 'info')) {
      return { ...result, decision: 'inconclusive', reason: 'the target did not answer any more after this case' };
    }
    return result;
  }

  #level(id: string): Level {
    const row = this.options.catalogue.requirements.get(id);
    if (row === undefined) throw new Error(`a case names the requirement ${id}, which the catalogue does not have`);
    return row.level;
  }

  #keep(result: CaseResult): void {
    this.results.push(result);
    this.options.onCase?.(result, this.results.length, this.total);
  }
}

function notRun(subject: Case, kind: 'skip' | 'inconclusive', reason: string): CaseResult {
  const outcome: CaseOutcome = {
    case: subject,
    failure: null,
    undecided: { kind, reason },
    ending: 'not-run',
    seed: 0,
    runs: 0,
    durationMs: 0,
    observations: newObservations(),
    transcript: [],
  };
  return resultOf(outcome, kind, 'unknown');
}

function commandOf({ command, seed, runs, replay, selection }: RunOptions): string {
  if (replay !== undefined) return `${command} --replay ${replay.caseId}:${replay.seed}:${replay.path}`;
  const words = [
    ...selection.classes.map((id) => `--class ${id}`),
    ...selection.only.map((id) => `--only ${id}`),
    ...selection.levels.map((level) => `--level ${JSON.stringify(level)}`),
  ];
  return [command, `--seed ${seed}`, `--runs ${runs}`, ...words].join(' ');
}

/** What stands behind DMTPv1 in the banner; else what the adapter says it is. */
function softwareOf(banner: string, target: Target): string | null {
  const words = banner.split(' ');
  const said = words.slice(words.indexOf('DMTPv1') + 1).join(' ');
  if (words.includes('DMTPv1') && said !== '') return said.slice(0, 100);
  const hello = target.adapter?.hello;
  return hello === undefined ? null : `${hello.name} ${hello.version ?? ''}`.trim();
}

function adapterFindings({ adapter }: Target): Finding[] {
  return (adapter?.faults ?? []).map((fault) => ({
    kind: `adapter-${fault.fault}`,
    text: fault.message,
    cases: [],
  }));
}
