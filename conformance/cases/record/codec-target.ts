/** Test support: the reference codecs as a target, right or bent by a fault, and the running of single cases on it. */
import { CommandLineCoverage } from '../../runner/coverage.js';
import { type CaseOutcome, runCase } from '../../runner/run-case.js';
import { usualRuns } from '../../runner/usual-runs.js';
import { connectOperations } from '../../target/adapter/client.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import type { Operations } from '../../target/adapter/serve.js';
import type { TargetProfile } from '../../target/profile.js';
import type { Target } from '../../target/target.js';
import type { Case } from '../case.js';

export const noServer: TargetProfile = {
  name: 'reference codecs',
  kind: 'adapter',
  domain: null,
  foreignDomain: 'foreign.invalid',
  dmtp: null,
  dns: null,
  hasAdapter: true,
  claims: ['record', 'dmtp-codec'],
  readings: [],
  limits: { replyMs: 5000, connectMs: 5000, idleMs: null, messageOctets: null },
  disabled: [],
  messages: null,
};

export async function openCodecs(operations: Operations = referenceOperations): Promise<Target> {
  const adapter = await connectOperations(operations, {
    name: 'reference codecs',
    version: '1',
    language: 'TypeScript',
    profiles: [],
    stacie: [],
  });
  return { profile: noServer, adapter, adapterCommand: null, endpoints: [], close: () => adapter.close() };
}

const coverage = new CommandLineCoverage();

/** Every run of a test has the same seed, so that it says the same on every machine. */
export async function judge(subject: Case, target: Target, runs = usualRuns): Promise<CaseOutcome> {
  return await runCase(subject, target, { seed: 20_140_721, runs, timeLimitMs: 20_000, coverage, command: 'test' });
}

/** What a test shows of an outcome: null when the case passed. */
export function verdict({ failure, undecided }: CaseOutcome): string | null {
  if (failure !== null) return `${failure.requirement}: expected ${failure.expected}, got ${failure.actual}`;
  return undecided === null ? null : `${undecided.kind}: ${undecided.reason}`;
}

/** The requirements that cases found broken. */
export async function brokenIn(subjects: readonly Case[], target: Target, runs?: number): Promise<string[]> {
  const broken: string[] = [];
  for (const subject of subjects) {
    const { failure } = await judge(subject, target, runs);
    if (failure !== null) broken.push(failure.requirement);
  }
  return broken;
}
