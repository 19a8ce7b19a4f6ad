/** Puts the report together from what a run saw. */
import { grammarHash, grammarNames } from '../../grammar/parse.js';
import {
  type CaseResult,
  type ClassScore,
  type CoverageResult,
  type DefectResult,
  type Finding,
  type ReadingResult,
  type Report,
  type RequirementResult,
  type RunFacts,
  reportFormat,
  reportVersion,
} from '../../reports/report.js';
import type { Catalogue } from '../requirements/load.js';
import { type Requirement, scoredAs } from '../requirements/requirement.js';
import type { Target } from '../target/target.js';
import { judgeRequirement, scoreClass, summarize } from './judge.js';
import type { Selection } from './plan.js';

export interface ReportParts {
  readonly suite: { readonly name: string; readonly version: string };
  readonly run: RunFacts;
  readonly target: Target;
  readonly software: string | null;
  readonly catalogue: Catalogue;
  readonly selection: Selection;
  readonly results: readonly CaseResult[];
  readonly readings: ReadonlyMap<string, string>;
  readonly coverage: readonly CoverageResult[];
  readonly findings: readonly Finding[];
}

export function buildReport(parts: ReportParts): Report {
  const { catalogue, results, target } = parts;
  const requirements = [...catalogue.requirements.values()].map((row) => requirementResult(row, results));
  return {
    format: reportFormat,
    version: reportVersion,
    suite: { ...parts.suite, grammars: grammarNames.map((name) => ({ name, sha256: grammarHash(name) })) },
    run: parts.run,
    target: {
      name: target.profile.name,
      kind: target.profile.kind,
      endpoints: target.endpoints,
      software: parts.software,
      domain: target.profile.domain,
      claims: target.profile.claims,
      readings: target.profile.readings,
    },
    summary: summarize(requirements, results),
    classes: catalogue.classes
      .map(({ id, title, state }) =>
        scoreClass(id, title, classState(id, state, parts), resultsOfClass(id, catalogue, results)),
      )
      // What was judged first; within that, the order of the catalogue.
      .toSorted((a, b) => statesInOrder.indexOf(a.state) - statesInOrder.indexOf(b.state)),
    requirements,
    cases: results,
    readings: readingResults(parts),
    defects: defectResults(catalogue),
    coverage: parts.coverage,
    findings: parts.findings,
    footer: { complete: true, cases: results.length, requirements: requirements.length },
  };
}

const statesInOrder: readonly ClassScore['state'][] = ['judged', 'not-claimed', 'not-selected', 'planned'];

function requirementResult(row: Requirement, results: readonly CaseResult[]): RequirementResult {
  return {
    id: row.id,
    level: row.level,
    role: row.role,
    class: row.class,
    ...(row.also === undefined ? {} : { also: row.also }),
    text: row.text,
    source: { document: row.source.document, section: row.source.section, origin: row.source.origin },
    status: row.status,
    scored: scoredAs(row),
    reading: row.reading ?? null,
    interpretation: row.interpretation ?? null,
    questions: row.questions ?? [],
    ...judgeRequirement(row, results),
    cases: results
      .filter((result) => result.requirements.includes(row.id) || result.failure?.requirement === row.id)
      .map(({ id }) => id),
  };
}

/**
 * The rows that a class is scored by. Where cases of several classes decide a row, each class counts what its own cases
 * say: a server's failure is none of the client's.
 */
function resultsOfClass(id: string, catalogue: Catalogue, results: readonly CaseResult[]): RequirementResult[] {
  return [...catalogue.requirements.values()]
    .filter((row) => row.class === id || row.also?.includes(id) === true)
    .map((row) => {
      const own = row.also === undefined ? results : results.filter((result) => result.class === id);
      return { ...requirementResult(row, own), class: id };
    });
}

function classState(id: string, state: 'available' | 'planned', parts: ReportParts): ClassScore['state'] {
  if (state === 'planned') return 'planned';
  const { classes } = parts.selection;
  if (classes.length > 0 && !classes.includes(id)) return 'not-selected';
  return parts.target.profile.claims.includes(id) ? 'judged' : 'not-claimed';
}

function readingResults({ catalogue, target, readings }: ReportParts): ReadingResult[] {
  return catalogue.readings.map(({ id, title }) => ({
    reading: id,
    title,
    claimed: target.profile.readings.includes(id),
    observed: readings.get(id) ?? null,
  }));
}

/** Rows and readings name the defects that bear on them; a report tells it the other way round as well. */
function defectResults(catalogue: Catalogue): DefectResult[] {
  const rows = [...catalogue.requirements.values()];
  const naming = (among: readonly Naming[], defect: string): string[] =>
    among.filter(({ questions }) => questions?.includes(defect) === true).map(({ id }) => id);
  return catalogue.defects.map(({ id, title, document, section, text, interpretation, scoring }) => ({
    id,
    title,
    document,
    section,
    text,
    interpretation,
    ...(scoring === undefined ? {} : { scoring: { as: scoring.as, note: scoring.note ?? null } }),
    readings: naming(catalogue.readings, id),
    requirements: naming(rows, id),
  }));
}

interface Naming {
  readonly id: string;
  readonly questions?: readonly string[];
}
