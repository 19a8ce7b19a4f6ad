/** From what a run saw to verdicts: of a case, of a requirement, of the whole. */
import type {
  CaseResult,
  ClassScore,
  Counts,
  Decision,
  Level,
  RequirementResult,
  Summary,
} from '../../reports/report.js';
import type { Requirement } from '../requirements/requirement.js';
import type { CaseOutcome } from './run-case.js';

const byLevel: Record<Level, Decision> = {
  MUST: 'fail',
  'MUST NOT': 'fail',
  SHOULD: 'warn',
  'SHOULD NOT': 'warn',
  MAY: 'info',
};

/** What a broken requirement weighs. */
export function decisionOf(outcome: CaseOutcome, levelOf: (requirement: string) => Level): Decision {
  if (outcome.failure !== null) return byLevel[levelOf(outcome.failure.requirement)];
  if (outcome.undecided !== null) return outcome.undecided.kind;
  return outcome.case.decides.every((id) => levelOf(id) === 'MAY') ? 'info' : 'pass';
}

/** The verdict on one requirement from all cases that name it; null when none does. */
export function judgeRequirement(
  requirement: Requirement,
  results: readonly CaseResult[],
): { decision: Decision | null; reason: string | null } {
  const broken = results.find((result) => result.failure?.requirement === requirement.id);
  if (broken !== undefined) return { decision: byLevel[requirement.level], reason: broken.reason };
  const all = results.filter((result) => result.requirements.includes(requirement.id));
  if (all.length === 0) return { decision: null, reason: whyOpen(requirement) };
  // A case that stopped at another requirement says nothing on this one, as long as another case does.
  const finished = all.filter(({ failure }) => failure === null);
  const own = finished.length > 0 ? finished : all;
  const decisions = own.map((result) => (result.failure === null ? result.decision : 'inconclusive'));
  const open = own[decisions.indexOf('inconclusive')];
  if (open !== undefined) {
    const reason = open.failure === null ? open.reason : `${open.id} stopped at ${open.failure.requirement}`;
    return { decision: 'inconclusive', reason };
  }
  if (decisions.every((decision) => decision === 'skip')) return { decision: 'skip', reason: own[0]?.reason ?? null };
  if (requirement.level !== 'MAY') return { decision: 'pass', reason: null };
  const note = own.flatMap((result) => result.notes).find((text) => text.startsWith(`${requirement.id}: `));
  return { decision: 'info', reason: note?.slice(requirement.id.length + 2) ?? null };
}

function whyOpen({ decided }: Requirement): string {
  return 'not' in decided ? decided.not : 'no case of this run decides it';
}

export const noCounts: Counts = { pass: 0, fail: 0, warn: 0, info: 0, skip: 0, inconclusive: 0 };

export function countDecisions(decisions: readonly (Decision | null)[]): Counts {
  const counts = { ...noCounts };
  for (const decision of decisions) if (decision !== null) counts[decision] += 1;
  return counts;
}

export function scoreClass(
  id: string,
  title: string,
  state: ClassScore['state'],
  results: readonly RequirementResult[],
): ClassScore {
  const own = results.filter((result) => result.class === id);
  return {
    id,
    title,
    state,
    ...byLevels(own),
    interpretation: byLevels(own.filter(({ scored }) => scored === 'interpretation')),
    open: own.filter(({ decision }) => decision === null).length,
  };
}

function byLevels(rows: readonly RequirementResult[]): Pick<ClassScore, 'must' | 'should' | 'may'> {
  const at = (...levels: readonly Level[]): Counts =>
    countDecisions(rows.filter(({ level }) => levels.includes(level)).map(({ decision }) => decision));
  return { must: at('MUST', 'MUST NOT'), should: at('SHOULD', 'SHOULD NOT'), may: at('MAY') };
}

/**
 * Exit status 1 when a MUST failed; 3 when none failed and a MUST that was to be judged could not be, or nothing was
 * judged at all; 0 otherwise.
 */
export function summarize(requirements: readonly RequirementResult[], cases: readonly CaseResult[]): Summary {
  const musts = requirements.filter(({ level }) => level === 'MUST' || level === 'MUST NOT');
  const judged = cases.some(({ decision }) => decision !== 'skip' && decision !== 'inconclusive');
  const failed = musts.some(({ decision }) => decision === 'fail');
  const open = !judged || musts.some(({ decision }) => decision === 'inconclusive');
  return {
    verdict: failed ? 'fail' : open ? 'undecided' : 'pass',
    exitStatus: failed ? 1 : open ? 3 : 0,
    requirements: countDecisions(requirements.map(({ decision }) => decision)),
    interpretation: countDecisions(
      requirements.filter(({ scored }) => scored === 'interpretation').map(({ decision }) => decision),
    ),
    cases: countDecisions(cases.map(({ decision }) => decision)),
  };
}
