/** The whole selftest: the reference as it is, then every seeded fault, and what is wrong with the cases. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case } from '../cases/case.js';
import { allCases } from '../cases/index.js';
import { loadCatalogue } from '../requirements/load.js';
import { SelectionError } from '../runner/plan.js';
import { suiteVersion } from '../target/adapter/suite-version.js';
import { openEmbedded } from '../target/embedded.js';
import type { Target } from '../target/target.js';
import { type Fault, flavours } from './fault.js';
import { decidableRequirements, gaps } from './gaps.js';
import { allFaults } from './index.js';
import {
  type Baseline,
  byRequirement,
  controlIds,
  decidingCases,
  skipOf,
  type Trial,
  type TrialOptions,
  tryFault,
  tryUnfaulted,
} from './trial.js';

export interface SelftestOptions {
  readonly seed: number;
  /** Ids of faults or requirements; empty for all. */
  readonly only: readonly string[];
  /** Faults tried side by side. */
  readonly lanes: number;
  readonly onTrial?: (done: number, of: number) => void;
}

export interface Selftest {
  readonly seed: number;
  readonly durationMs: number;
  readonly baseline: readonly Baseline[];
  readonly trials: readonly Trial[];
  /** One sentence each; none: the selftest passed. */
  readonly problems: readonly string[];
}

/** @throws SelectionError when `only` names what does not exist */
export async function runSelftest({ seed, only, lanes, onTrial }: SelftestOptions): Promise<Selftest> {
  const began = performance.now();
  const catalogue = loadCatalogue();
  const faults = select(allFaults, only);
  const dir = await mkdtemp(path.join(tmpdir(), 'dime-selftest-'));
  const options: TrialOptions = { catalogue, version: suiteVersion(), seed, dir };
  try {
    const baseline = await tryReference(faults, only.length === 0, options, lanes);
    const taken = new Set(baseline.flatMap((row) => [...row.taken].filter(([, is]) => is).map(([id]) => id)));
    const trials = new Map<Fault, Trial>();
    const attempt = async (fault: Fault): Promise<void> => {
      trials.set(fault, await tryFault(fault, options, taken));
      onTrial?.(trials.size, faults.length);
    };
    const isAlone = ({ breaks }: Fault): boolean => decidingCases(breaks).some(({ alone }) => alone === true);
    await sideBySide(
      faults.filter((fault) => !isAlone(fault)),
      lanes,
      attempt,
    );
    await sideBySide(faults.filter(isAlone), 1, attempt);
    const all = faults.flatMap((fault) => trials.get(fault) ?? []);
    const required = decidableRequirements(catalogue).filter((id) => only.length === 0 || only.includes(id));
    return {
      seed,
      durationMs: Math.round(performance.now() - began),
      baseline,
      trials: all,
      problems: [
        ...gaps(required, allCases, allFaults),
        ...missingControls(),
        ...baseline.flatMap((row) => (row.trouble === null ? [] : [`reference: ${row.case.id}: ${row.trouble}`])),
        ...all.flatMap(problemsOf),
        ...blindCases(all),
      ],
    };
  } finally {
    // A lane that still writes there must not hide why the others stopped.
    await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function select(faults: readonly Fault[], only: readonly string[]): readonly Fault[] {
  if (only.length === 0) return faults;
  for (const id of only) {
    if (!faults.some((fault) => fault.id === id || fault.breaks === id)) {
      throw new SelectionError(`--only: no seeded fault "${id}", and none that breaks a requirement of that id`);
    }
  }
  return faults.filter(({ id, breaks }) => only.includes(id) || only.includes(breaks));
}

/** All cases; or with a selection of faults, those that decide what they break. Each in the first flavour that it fits. */
async function tryReference(
  faults: readonly Fault[],
  everything: boolean,
  options: TrialOptions,
  lanes: number,
): Promise<Baseline[]> {
  const broken = new Set(faults.map(({ breaks }) => breaks));
  const cases = allCases.filter(({ decides }) => everything || decides.some((id) => broken.has(id)));
  const rows = new Map<string, Baseline>();
  for (const flavour of flavours) {
    const left = cases.filter(({ id }) => !rows.has(id));
    if (left.length === 0) break;
    const target = await openEmbedded({ version: options.version, dir: options.dir, ...flavour });
    try {
      const last = flavour === flavours.at(-1);
      const fitting = left.filter((subject) => last || skipOf(subject, target, options) === null);
      await tryCases(fitting, target, options, lanes, rows);
    } finally {
      await target.close();
    }
  }
  return cases.flatMap(({ id }) => rows.get(id) ?? []);
}

async function tryCases(
  cases: readonly Case[],
  target: Target,
  options: TrialOptions,
  lanes: number,
  rows: Map<string, Baseline>,
): Promise<void> {
  const attempt = async (subject: Case): Promise<void> => {
    rows.set(subject.id, await tryUnfaulted(subject, target, options));
  };
  // As in a run: codecs keep this process busy, and a server must not be taken for slow meanwhile.
  const together = cases.filter(({ alone }) => alone !== true);
  const overNetwork = ({ needs }: Case): boolean => needs.some((need) => need !== 'adapter');
  await sideBySide(together.filter(overNetwork), lanes, attempt);
  await sideBySide(
    together.filter((subject) => !overNetwork(subject)),
    lanes,
    attempt,
  );
  await sideBySide(
    cases.filter(({ alone }) => alone === true),
    1,
    attempt,
  );
}

function missingControls(): string[] {
  return [...controlIds.codec, ...controlIds.server]
    .filter((id) => !allCases.some((subject) => subject.id === id))
    .map((id) => `control ${id}: no such case`);
}

/** What is wrong with a fault, or with the cases that should catch it. */
export function problemsOf({ fault, cells, controls, dead }: Trial): string[] {
  const problems: string[] = [];
  if (!cells.some(({ caught }) => caught)) {
    const said = cells.map((cell) => `${cell.case}: ${cell.how}`).join('; ');
    problems.push(`${fault.id} (${fault.breaks}) is caught by no case; ${said === '' ? 'none decides it' : said}`);
  }
  const broken = controls.filter(({ held }) => !held);
  if (broken.length * 3 > controls.length && fault.spreads === undefined) {
    const said = broken.map((control) => `${control.case}: ${control.how}`).join('; ');
    problems.push(`${fault.id} breaks too much: ${broken.length} of ${controls.length} controls; ${said}`);
  }
  if (dead.before !== null) problems.push(`${fault.id}: no sign of life from the start: ${dead.before}`);
  if (dead.after !== null && fault.kills === undefined) {
    problems.push(`${fault.id}: no sign of life after its cases, which the fault does not announce: ${dead.after}`);
  }
  return problems;
}

/** A case that names a requirement and catches none of its faults. Looked at when all its faults were tried. */
function blindCases(trials: readonly Trial[]): string[] {
  const complete = [...byRequirement(trials)].filter(
    ([id, rows]) => rows.length === allFaults.filter(({ breaks }) => breaks === id).length,
  );
  return complete.flatMap(([id, rows]) =>
    decidingCases(id)
      .filter((subject) => !rows.some(({ cells }) => cells.some((cell) => cell.case === subject.id && cell.caught)))
      .map((subject) => `${subject.id} decides ${id} and catches none of its ${rows.length} seeded faults`),
  );
}

async function sideBySide<Item>(
  items: readonly Item[],
  lanes: number,
  use: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  const lane = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await use(next);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, rest.length) }, lane));
}
