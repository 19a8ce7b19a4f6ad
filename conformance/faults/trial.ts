/** One seeded fault, tried: do the cases that decide its requirement catch it, and does it break little else? */

import type { Case } from '../cases/case.js';
import { allCases } from '../cases/index.js';
import type { Catalogue } from '../requirements/load.js';
import { CommandLineCoverage } from '../runner/coverage.js';
import { askLife } from '../runner/liveness.js';
import { planCases } from '../runner/plan.js';
import { type CaseOutcome, runCase } from '../runner/run-case.js';
import { caseSeed } from '../runner/seed.js';
import { usualRuns } from '../runner/usual-runs.js';
import { type EmbeddedOptions, openEmbedded } from '../target/embedded.js';
import type { Target } from '../target/target.js';
import type { Fault } from './fault.js';

/**
 * Cases that a fault in another place leaves alone: spread over capabilities, quick, and each with steps of its own on the
 * way. A fault of the codecs cannot touch the servers, nor one of a server the codecs or the other server.
 */
export const controlIds = {
  codec: [
    'record/keys/several-in-their-order',
    'record/policy/words-in-any-case',
    'record/values/last-of-repeated-values',
    'record/formatter/keys-without-prefix',
    'dmtp-codec/names/upper-case-demanded',
    'dmtp-codec/fingerprints/demanded-in-what-is-parsed',
    'dmtp-codec/hosts/demanded-in-what-is-formatted',
  ],
  server: [
    'record/published/one-txt-record',
    'dmtp/replies/end-with-crlf',
    'dmtp/lines/unknown-command',
    'dmtp/noop/changes-nothing',
    'dmtp/sequence/before-ehlo',
    'dmtp/rcpt/needs-a-fingerprint',
    'dmtp/message/stored-with-a-transaction-id',
    'transport/tls/ecdhe-rsa-aes256-gcm-sha384',
    'robustness/arguments/size-with-many-digits',
  ],
  access: [
    'dmap-server/logout/bye-then-ok',
    'dmap-server/lines/tag-comes-back',
    'dmap-server/lines/noop',
    'dmap-server/states/three-in-every-state',
    'dmap-server/authenticate/leads-to-the-user',
    'dmap-server/literals/begin-with-plus',
  ],
} as const satisfies Record<string, readonly string[]>;

const controlRuns = 2;
const caseLimitMs = 30_000;

export interface TrialOptions {
  readonly catalogue: Catalogue;
  readonly version: string;
  readonly seed: number;
  /** Keeps the keys of the reference between trials. */
  readonly dir: string;
}

/** What one case said to one fault. */
export interface Cell {
  readonly case: string;
  readonly caught: boolean;
  /** What was expected and what came; why nothing was decided; `passed`. */
  readonly how: string;
}

export interface Control {
  readonly case: string;
  readonly held: boolean;
  readonly how: string;
}

export interface Trial {
  readonly fault: Fault;
  readonly cells: readonly Cell[];
  /** None when the server showed no sign of life. */
  readonly controls: readonly Control[];
  /** Why there was no sign of life before any case, and after those that catch the fault; null: there was one. */
  readonly dead: { readonly before: string | null; readonly after: string | null };
  readonly durationMs: number;
}

export interface Baseline {
  readonly case: Case;
  /** Null: it passed. */
  readonly trouble: string | null;
  /** MAY requirements, and whether the reference takes the option. */
  readonly taken: ReadonlyMap<string, boolean>;
}

/** Requirement to the trials of its faults. */
export function byRequirement(trials: readonly Trial[]): Map<string, Trial[]> {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const { breaks } = trial.fault;
    groups.set(breaks, [...(groups.get(breaks) ?? []), trial]);
  }
  return groups;
}

export const decidingCases = (requirement: string): Case[] =>
  allCases.filter(({ decides }) => decides.includes(requirement));

/** What the reference without a fault makes of a case. */
export async function tryUnfaulted(subject: Case, target: Target, options: TrialOptions): Promise<Baseline> {
  const outcome = await run(subject, target, options, usualRuns);
  return {
    case: subject,
    trouble: typeof outcome === 'string' ? outcome : troubleOf(outcome),
    taken: typeof outcome === 'string' ? new Map() : outcome.observations.taken,
  };
}

/**
 * Tries a fault on two servers: one for the cases that have to catch it, which may break for good, one for the controls.
 *
 * @param taken MAY requirements whose option the reference takes
 */
export async function tryFault(fault: Fault, options: TrialOptions, taken: ReadonlySet<string>): Promise<Trial> {
  const began = performance.now();
  const cells: Cell[] = [];
  const dead = { before: null as string | null, after: null as string | null };
  await withTarget(fault, options, fault.limits, async (target) => {
    for (const subject of decidingCases(fault.breaks)) {
      cells.push(judge(fault, subject, await run(subject, target, options, usualRuns), taken));
    }
    dead.after = await lifeless(target);
  });
  const controls: Control[] = [];
  await withTarget(fault, options, undefined, async (target) => {
    dead.before = await lifeless(target);
    if (dead.before !== null) return;
    for (const subject of controlsOf(fault)) {
      const outcome = await run(subject, target, options, controlRuns);
      const trouble = typeof outcome === 'string' ? outcome : troubleOf(outcome);
      controls.push({ case: subject.id, held: trouble === null, how: trouble ?? 'passed' });
    }
  });
  return { fault, cells, controls, dead, durationMs: Math.round(performance.now() - began) };
}

/** The controls that say nothing on what the fault breaks. */
export function controlsOf({ id: fault, breaks, operations }: Fault): Case[] {
  const place = operations !== undefined ? 'codec' : fault.startsWith('dmap-') ? 'access' : 'server';
  const ids: readonly string[] = controlIds[place];
  return allCases.filter(({ id, decides }) => ids.includes(id) && !decides.includes(breaks));
}

async function withTarget(
  fault: Fault,
  { version, dir }: TrialOptions,
  limits: EmbeddedOptions['limits'],
  use: (target: Target) => Promise<void>,
): Promise<void> {
  const hooks = fault.freshHooks?.() ?? fault.hooks;
  const target = await openEmbedded({
    version,
    dir,
    ...(hooks === undefined ? {} : { hooks }),
    ...fault.flavour,
    ...(fault.front === undefined ? {} : { front: fault.front }),
    ...(fault.plainFront === undefined ? {} : { plainFront: fault.plainFront }),
    ...(fault.dmapFront === undefined ? {} : { dmapFront: fault.dmapFront }),
    ...(fault.operations === undefined ? {} : { operations: fault.operations }),
    ...(limits === undefined ? {} : { limits }),
  });
  try {
    await use(target);
  } finally {
    await target.close();
  }
}

/** Why a target cannot be tried with a case; null when it can. */
export function skipOf(subject: Case, target: Target, { catalogue }: Pick<TrialOptions, 'catalogue'>): string | null {
  const [planned] = planCases([subject], catalogue, target, { classes: [], only: [], levels: [] });
  return planned?.skip ?? null;
}

/** A text: why the case was not run. */
async function run(subject: Case, target: Target, options: TrialOptions, count: number): Promise<CaseOutcome | string> {
  const skip = skipOf(subject, target, options);
  if (skip !== null) return skip;
  const { seed } = options;
  return await runCase(subject, target, {
    seed: caseSeed(seed, subject.id),
    runs: count,
    timeLimitMs: caseLimitMs,
    coverage: new CommandLineCoverage(),
    command: 'dime-conformance run',
  });
}

function judge({ breaks }: Fault, subject: Case, outcome: CaseOutcome | string, taken: ReadonlySet<string>): Cell {
  if (typeof outcome === 'string') return { case: subject.id, caught: false, how: outcome };
  const { failure, observations } = outcome;
  if (failure !== null) {
    const how = `${failure.requirement}: expected ${failure.expected}, got ${failure.actual}`;
    return { case: subject.id, caught: failure.requirement === breaks, how };
  }
  if (taken.has(breaks) && observations.taken.get(breaks) === false) {
    return { case: subject.id, caught: true, how: 'the option is not taken' };
  }
  return { case: subject.id, caught: false, how: outcome.undecided?.reason ?? 'passed' };
}

function troubleOf({ failure, undecided }: CaseOutcome): string | null {
  if (failure !== null) return `${failure.requirement}: expected ${failure.expected}, got ${failure.actual}`;
  return undecided?.reason ?? null;
}

async function lifeless(target: Target): Promise<string | null> {
  const life = await askLife(target.profile);
  return life.alive ? null : life.why;
}
