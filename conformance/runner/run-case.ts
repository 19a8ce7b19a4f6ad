/** Runs the property of one case, shrinks what fails, repeats the counterexample, and keeps the evidence. */
import fc from 'fast-check';
import type { CaseResult, Ending, Failure, Liveness, TranscriptEvent } from '../../reports/report.js';
import type { Case, Execution } from '../cases/case.js';
import { type Delivery, deliveries } from '../target/delivery.js';
import type { Target } from '../target/target.js';
import { handsOn } from './by-hand.js';
import { CaseContext, newObservations, type Observations } from './context.js';
import type { CommandLineCoverage } from './coverage.js';
import { endingOf } from './ending.js';
import { Breach, PeerFlood, PeerGone, PeerSilent, Unreachable, Unsupported } from './outcome.js';
import { printInput } from './print-input.js';
import { formatReplay } from './replay.js';
import { Transcript } from './transcript.js';

/** Begins the reason of a case that failed for the suite's own fault. */
export const suiteDefect = 'defect of the suite';

/** How often a counterexample is tried again, so that a flaky peer shows as one. */
const repeats = 4;

export interface CaseOptions {
  /** Of this case, not of the run. */
  readonly seed: number;
  readonly runs: number;
  /** After so many milliseconds no new run of the property begins. */
  readonly timeLimitMs: number;
  readonly coverage: CommandLineCoverage;
  /** fast-check's path: run this counterexample alone. */
  readonly path?: string;
  /** What a person types to run something again: `dime-conformance run --target x.yaml`. */
  readonly command: string;
  /** Ends the case early. */
  readonly signal?: AbortSignal;
}

/** The outcome of a case before it is weighed by the levels of its requirements. */
export interface CaseOutcome {
  readonly case: Case;
  /** Null: the property held on every run, and every requirement of the case was looked at. */
  readonly failure: Failure | null;
  /** Why there is no verdict; null when there is one. */
  readonly undecided: { readonly kind: 'skip' | 'inconclusive'; readonly reason: string } | null;
  readonly ending: Ending;
  readonly seed: number;
  readonly runs: number;
  readonly durationMs: number;
  readonly observations: Observations;
  readonly transcript: readonly TranscriptEvent[];
}

interface Fault {
  readonly breach: Breach;
  readonly ending: Ending | null;
  readonly transcript: readonly TranscriptEvent[];
}

export async function runCase(subject: Case, target: Target, options: CaseOptions): Promise<CaseOutcome> {
  const began = performance.now();
  const observations = newObservations();
  const open = new Set<CaseContext>();
  let runs = 0;
  let stopped: { kind: 'skip' | 'inconclusive'; reason: string } | null = null;
  let lastFault: Fault | null = null;
  let lastTranscript: readonly TranscriptEvent[] = [];
  let lastEnding: Ending = 'not-run';

  /** One run. A breach is returned; what ends the whole case is noted in `stopped`. */
  const attempt = async (execution: Execution, delivery: Delivery): Promise<Fault | null> => {
    const transcript = new Transcript(() => performance.now());
    const context = new CaseContext(target, transcript, delivery, observations, options.coverage);
    open.add(context);
    let fault: { breach: Breach; ending: Ending | null } | null = null;
    try {
      await execution.run(context);
      runs += 1;
    } catch (error) {
      fault = asBreach(error, subject);
      if (fault === null && stopped === null) stopped = asStop(error);
    } finally {
      context.dispose();
      open.delete(context);
    }
    lastTranscript = transcript.events;
    lastEnding = endingOf(transcript.events);
    return fault === null ? null : { ...fault, transcript: transcript.events };
  };

  const property = fc.asyncProperty(
    subject.executions(target.profile),
    subject.mostRuns === 1 ? fc.constant<Delivery>([]) : deliveries,
    async (execution, delivery) => {
      if (stopped !== null || options.signal?.aborted === true) return;
      const fault = await attempt(execution, delivery);
      if (fault === null) return;
      lastFault = fault;
      throw fault.breach;
    },
  );
  const wanted = Math.min(options.runs * (subject.timesRuns ?? 1), subject.mostRuns ?? Number.POSITIVE_INFINITY);
  const details = await fc.check(property, {
    seed: options.seed,
    numRuns: options.path === undefined ? wanted : 1,
    ...(options.path === undefined ? {} : { path: options.path, endOnFailure: true }),
    interruptAfterTimeLimit: options.timeLimitMs,
    markInterruptAsFailure: false,
  });
  for (const context of open) context.dispose();

  const counterexample = details.counterexample;
  let failure: Failure | null = null;
  const fault = lastFault as Fault | null;
  if (fault !== null && counterexample !== null) {
    const [execution, delivery] = counterexample;
    let failed = 1;
    let evidence: Fault = fault;
    // The counterexample is run again from the start: fast-check's last failing run may have been of another input.
    for (let index = 0; index < repeats; index++) {
      const again = await attempt(execution, delivery);
      if (again !== null) {
        failed += 1;
        evidence = again;
      }
    }
    lastTranscript = evidence.transcript;
    lastEnding = evidence.ending ?? endingOf(evidence.transcript);
    failure = describeFailure(subject, target, options, evidence, {
      input: printInput(execution.input, delivery),
      shrinks: details.numShrinks,
      failed,
      path: details.counterexamplePath ?? '',
    });
  }
  return {
    case: subject,
    failure,
    undecided: failure === null ? (stopped ?? unseen(subject, observations, runs, details.interrupted)) : null,
    ending: failure === null && stopped !== null ? endingOfStop(stopped) : lastEnding,
    seed: options.seed,
    runs,
    durationMs: Math.round(performance.now() - began),
    observations,
    transcript: lastTranscript,
  };
}

/** The verdict of a case as the report holds it. */
export function resultOf(outcome: CaseOutcome, decision: CaseResult['decision'], liveness: Liveness): CaseResult {
  const { case: subject } = outcome;
  return {
    id: subject.id,
    title: subject.title,
    class: subject.class,
    requirements: subject.decides,
    decision,
    ending: outcome.ending,
    liveness,
    seed: outcome.seed,
    runs: outcome.runs,
    durationMs: outcome.durationMs,
    reason:
      outcome.undecided?.reason ??
      (outcome.failure === null ? null : `expected ${outcome.failure.expected}, got ${outcome.failure.actual}`),
    notes: [...outcome.observations.notes],
    failure: outcome.failure,
    transcript: outcome.transcript,
  };
}

function describeFailure(
  subject: Case,
  target: Target,
  options: CaseOptions,
  { breach, transcript }: Fault,
  found: { input: string; shrinks: number; failed: number; path: string },
): Failure {
  const replay = formatReplay({ caseId: subject.id, seed: options.seed, path: found.path });
  return {
    requirement: breach.requirement,
    expected: breach.expected,
    actual: breach.actual,
    counterexample: found.input,
    shrinks: found.shrinks,
    repeats: { failed: found.failed, of: repeats + 1 },
    replay,
    command: `${options.command} --replay ${replay}`,
    byHand: handsOn(transcript, target),
  };
}

/** Silence, a closed connection and a flood break the first requirement of the case: an answer was due. */
function asBreach(error: unknown, { decides }: Case): { breach: Breach; ending: Ending | null } | null {
  if (error instanceof Breach) return { breach: error, ending: null };
  if (error instanceof PeerSilent) {
    return {
      breach: new Breach(decides[0], 'an answer', error.message),
      ending: error.partial === '' ? 'timed-out' : 'hung',
    };
  }
  if (error instanceof PeerGone)
    return { breach: new Breach(decides[0], 'an answer', error.message), ending: error.how };
  if (error instanceof PeerFlood) return { breach: new Breach(decides[0], 'an answer', error.message), ending: null };
  return null;
}

function asStop(error: unknown): { kind: 'skip' | 'inconclusive'; reason: string } {
  if (error instanceof Unsupported) return { kind: 'skip', reason: `the target does not do this: ${error.message}` };
  if (error instanceof Unreachable) return { kind: 'inconclusive', reason: error.message };
  // A defect of the suite must not look like a defect of the peer.
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'inconclusive', reason: `${suiteDefect}: ${trace.split('\n').slice(0, 3).join(' ')}` };
}

function endingOfStop(stop: { kind: 'skip' | 'inconclusive' }): Ending {
  return stop.kind === 'skip' ? 'not-run' : 'unreachable';
}

function unseen(
  { decides }: Case,
  { checked }: Observations,
  runs: number,
  interrupted: boolean,
): { kind: 'inconclusive'; reason: string } | null {
  if (runs === 0) {
    return {
      kind: 'inconclusive',
      reason: interrupted ? 'the time limit passed before one run was done' : 'no run was done',
    };
  }
  const missing = decides.filter((id) => !checked.has(id));
  return missing.length === 0
    ? null
    : { kind: 'inconclusive', reason: `no run came to the point where ${missing.join(', ')} is decided` };
}
