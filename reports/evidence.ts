/** What every renderer tells in the same words and the same order: what went wrong, and the proof of it. */
import type {
  CaseResult,
  ClassScore,
  Counts,
  Decision,
  DefectResult,
  Ending,
  Failure,
  Liveness,
  ReadingResult,
  Report,
  RequirementResult,
  TranscriptEventKind,
} from './report.js';

/** Worst first. */
export const decisions = [
  'fail',
  'inconclusive',
  'warn',
  'info',
  'pass',
  'skip',
] as const satisfies readonly Decision[];

/** A sign beside each word, so that no verdict is told by colour alone. */
export const decisionSigns: Readonly<Record<Decision, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  info: 'i',
  skip: '–',
  inconclusive: '?',
};

/** A requirement that did not come out well, with the cases that show it; or, without one, cases that no row explains. */
export interface Problem {
  readonly requirement: RequirementResult | null;
  readonly decision: Decision;
  readonly cases: readonly CaseResult[];
}

const bad: ReadonlySet<Decision | null> = new Set<Decision>(['fail', 'warn', 'inconclusive']);

/**
 * Failed, inconclusive and warned requirements, in this order and then in the document's. A case that went badly and
 * belongs to none of them comes after, so that no failure of the document is ever left out.
 */
export function problems(report: Report): Problem[] {
  const badCases = report.cases.filter((result) => bad.has(result.decision));
  const byRequirement = new Map<string, CaseResult[]>();
  for (const result of badCases) {
    for (const id of result.failure === null ? result.requirements : [result.failure.requirement]) {
      const known = byRequirement.get(id);
      if (known === undefined) byRequirement.set(id, [result]);
      else known.push(result);
    }
  }
  const told = new Set<CaseResult>();
  const found: Problem[] = [];
  for (const requirement of report.requirements) {
    const { decision } = requirement;
    if (decision === null || !bad.has(decision)) continue;
    const cases = byRequirement.get(requirement.id) ?? [];
    for (const result of cases) told.add(result);
    found.push({ requirement, decision, cases });
  }
  for (const result of badCases) {
    if (!told.has(result)) found.push({ requirement: null, decision: result.decision, cases: [result] });
  }
  return found.sort((one, other) => decisions.indexOf(one.decision) - decisions.indexOf(other.decision));
}

/** The defects of the sources by the document that has them, both in the order of the report. */
export function defectsByDocument(report: Report): (readonly [string, readonly DefectResult[]])[] {
  const groups = new Map<string, DefectResult[]>();
  for (const defect of report.defects ?? []) {
    const group = groups.get(defect.document);
    if (group === undefined) groups.set(defect.document, [defect]);
    else group.push(defect);
  }
  return [...groups];
}

/** What the run learned of the readings among which a target may choose at a defect. */
export function readingsOf(defect: DefectResult, report: Report): ReadingResult[] {
  return report.readings.filter(({ reading }) => defect.readings.includes(reading));
}

/** Requirements without a verdict; each has a reason. */
export function undecided(report: Report): RequirementResult[] {
  return report.requirements.filter((requirement) => requirement.decision === null);
}

/** How many of a class's requirements were judged at all, and how many of these hold (an option is never broken). */
export function held(counts: Counts): { readonly held: number; readonly of: number } {
  const good = counts.pass + counts.info;
  return { held: good, of: good + counts.fail + counts.warn + counts.inconclusive };
}

/** The parts of a class's score: what the sources decide, by level, and what rests on an interpretation, in one. */
export function scoreParts({ must, should, may, interpretation }: ClassScore): {
  readonly core: readonly [must: Counts, should: Counts, may: Counts];
  /** Null in a document that does not part them: all is in `core` then. */
  readonly apart: Counts | null;
} {
  if (interpretation === undefined) return { core: [must, should, may], apart: null };
  const apart = interpretation;
  return {
    core: [minus(must, apart.must), minus(should, apart.should), minus(may, apart.may)],
    apart: plus(plus(apart.must, apart.should), apart.may),
  };
}

function combined(one: Counts, other: Counts, combine: (one: number, other: number) => number): Counts {
  const counts = { ...one };
  for (const decision of decisions) counts[decision] = combine(one[decision], other[decision]);
  return counts;
}

const plus = (one: Counts, other: Counts): Counts => combined(one, other, (left, right) => left + right);
const minus = (one: Counts, other: Counts): Counts => combined(one, other, (left, right) => left - right);

/** "strict; tolerant. <which part is which>."; null where the suite does not say. */
export function scoringWords({ scoring }: DefectResult): string | null {
  if (scoring === undefined) return null;
  const words = `${scoring.as.map((way) => scoringNames[way]).join('; ')}.`;
  return scoring.note === null ? words : `${words} ${scoring.note}`;
}

const scoringNames: Readonly<Record<NonNullable<DefectResult['scoring']>['as'][number], string>> = {
  strict: 'strict',
  interpretation: 'apart, as an interpretation',
  tolerant: 'tolerant',
  'not-scored': 'not scored',
};

/** "3 pass, 1 fail"; only what occurs; "none" for nothing. */
export function countWords(counts: Counts): string {
  const words = decisions
    .filter((decision) => counts[decision] > 0)
    .map((decision) => `${counts[decision]} ${decision}`);
  return words.length === 0 ? 'none' : words.join(', ');
}

export const verdictWords: Readonly<Record<Report['summary']['verdict'], string>> = {
  pass: 'PASS: no MUST is broken',
  fail: 'FAIL: at least one MUST is broken',
  undecided: 'UNDECIDED: no MUST is broken, but not everything that had to be judged could be',
};

export const endingWords: Readonly<Record<Ending, string>> = {
  answered: 'the peer answered',
  refused: "the peer refused in the protocol's own way",
  closed: 'the peer closed the connection',
  reset: 'the peer reset the connection',
  'timed-out': 'an answer came too late or not at all',
  hung: 'the peer stayed silent past the limit',
  unreachable: 'the peer could not be reached',
  'not-run': 'it was not run',
};

export const livenessWords: Readonly<Record<Liveness, string>> = {
  alive: 'the peer answered the plain exchange after it',
  dead: 'the peer did not answer the plain exchange after it',
  unknown: 'whether the peer was alive after it is not known',
};

/** Seen from the suite. */
export const eventArrows: Readonly<Record<TranscriptEventKind, '→' | '←' | '·'>> = {
  connected: '·',
  secured: '·',
  sent: '→',
  received: '←',
  closed: '·',
  reset: '·',
  timeout: '·',
  request: '→',
  response: '←',
  query: '→',
  answer: '←',
  note: '·',
};

/** "after 12 steps of shrinking; failed 5 of 5 times". */
export function shrinkWords(failure: Failure): string {
  const steps = `after ${failure.shrinks} ${failure.shrinks === 1 ? 'step' : 'steps'} of shrinking`;
  return `${steps}; failed ${failure.repeats.failed} of ${failure.repeats.of} times`;
}

/** "dmtp-observed 12.4, from <origin>". */
export function sourceWords(source: RequirementResult['source']): string {
  return `${source.document} ${source.section}, from ${source.origin}`;
}

/** "12 ms" or "3.2 s". */
export function durationWords(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** "7 of 9 (78 %)". */
export function shareWords(share: { readonly hit: number; readonly of: number }): string {
  if (share.of === 0) return '0 of 0';
  return `${share.hit} of ${share.of} (${Math.floor((share.hit / share.of) * 100)} %)`;
}
