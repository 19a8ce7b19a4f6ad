/** Puts several reports beside each other. */
import {
  type Agreement,
  agreements,
  type Matrix,
  type MatrixCell,
  type MatrixClass,
  type MatrixColumn,
  type MatrixEvidence,
  type MatrixReading,
  type MatrixRow,
  matrixFormat,
  matrixVersion,
  type Unlike,
} from './matrix.js';
import type { CaseResult, Decision, Report, RequirementResult } from './report.js';

/**
 * @param reports what validateReport has taken, in the order of the columns; the same reports give the same matrix
 * @throws RangeError for fewer than two
 */
export function buildMatrix(reports: readonly Report[]): Matrix {
  if (reports.length < 2) throw new RangeError('a matrix compares two reports at least');
  const broken = reports.map(({ cases }) => cases.filter(({ failure }) => failure !== null));
  const rows = merged(
    reports.map(({ requirements }) => requirements),
    ({ id }) => id,
  )
    .map((found) => rowOf(found, broken))
    .sort((a, b) => agreements.indexOf(a.agreement) - agreements.indexOf(b.agreement));
  return {
    format: matrixFormat,
    version: matrixVersion,
    columns: reports.map(columnOf),
    unlike: unlikeOf(reports),
    classes: merged(
      reports.map(({ classes }) => classes),
      ({ id }) => id,
    ).map(classOf),
    rows,
    readings: merged(
      reports.map(({ readings }) => readings),
      ({ reading }) => reading,
    ).map(readingOf),
    evidence: broken.flatMap((cases, index) => cases.flatMap((result) => evidenceOf(result, index + 1))),
    footer: { complete: true, columns: reports.length, rows: rows.length },
  };
}

function columnOf({ target, summary, suite, run }: Report, index: number): MatrixColumn {
  return {
    number: index + 1,
    name: target.name,
    kind: target.kind,
    software: target.software,
    verdict: summary.verdict,
    requirements: summary.requirements,
    interpretation: summary.interpretation ?? null,
    claims: target.claims,
    readings: target.readings,
    suite: { name: suite.name, version: suite.version },
    run: { startedAt: run.startedAt, seed: run.seed, runs: run.runs },
    command: run.command,
  };
}

/** The same thing in each report, in the order in which the first report that has it tells it; at least one is there. */
interface Found<Item> {
  readonly first: Item;
  readonly each: readonly (Item | null)[];
}

function merged<Item>(lists: readonly (readonly Item[])[], idOf: (item: Item) => string): Found<Item>[] {
  const byId = lists.map((list) => new Map(list.map((item) => [idOf(item), item])));
  const firsts = new Map<string, Item>();
  for (const item of lists.flat()) if (!firsts.has(idOf(item))) firsts.set(idOf(item), item);
  return [...firsts].map(([id, first]) => ({ first, each: byId.map((items) => items.get(id) ?? null) }));
}

function classOf({ first, each }: Found<Report['classes'][number]>): MatrixClass {
  return { id: first.id, title: first.title, scores: each };
}

function readingOf({ first, each }: Found<Report['readings'][number]>): MatrixReading {
  const seen = new Set(each.flatMap((row) => (row === null || row.observed === null ? [] : [row.observed])));
  const claimed = new Set(each.flatMap((row) => (row === null ? [] : [row.claimed])));
  return {
    reading: first.reading,
    title: first.title,
    cells: each.map((row) => (row === null ? null : { claimed: row.claimed, observed: row.observed })),
    differs: seen.size > 1 || claimed.size > 1,
  };
}

function rowOf({ first, each }: Found<RequirementResult>, broken: readonly (readonly CaseResult[])[]): MatrixRow {
  const { id, level, role, text, source, status, scored, reading, interpretation, questions } = first;
  return {
    id,
    class: first.class,
    level,
    role,
    text,
    source,
    status,
    scored: scored ?? null,
    reading,
    interpretation,
    questions,
    agreement: agreementOf(each.map((row) => row?.decision ?? null)),
    changed: each.some((row) => row !== null && (row.level !== level || row.text !== text)),
    cells: each.map((row, index) => (row === null ? null : cellOf(row, broken[index] ?? [], index + 1))),
  };
}

function cellOf(
  { id, decision, reason, cases }: RequirementResult,
  broken: readonly CaseResult[],
  column: number,
): MatrixCell {
  const shows = broken.filter(({ failure }) => failure?.requirement === id);
  return { decision, reason, cases, evidence: shows.map((result) => evidenceId(column, result.id)) };
}

const evidenceId = (column: number, id: string): string => `${column}/${id}`;

function evidenceOf({ id, decision, failure }: CaseResult, column: number): MatrixEvidence[] {
  if (failure === null) return [];
  const { requirement, expected, actual, counterexample, command } = failure;
  return [
    { id: evidenceId(column, id), column, case: id, requirement, decision, expected, actual, counterexample, command },
  ];
}

const holding: ReadonlySet<Decision | null> = new Set<Decision>(['pass', 'info']);
const breaking: ReadonlySet<Decision | null> = new Set<Decision>(['fail', 'warn']);

function agreementOf(decisions: readonly (Decision | null)[]): Agreement {
  const held = decisions.filter((decision) => holding.has(decision)).length;
  const broken = decisions.filter((decision) => breaking.has(decision)).length;
  if (held > 0 && broken > 0) return 'differs';
  if (broken > 0) return 'broken';
  if (held === 0) return 'open';
  return held === decisions.length ? 'holds' : 'in-part';
}

/** What the runs ought to have in common. */
const common: readonly (readonly [Unlike['what'], (report: Report) => string])[] = [
  ['suite', ({ suite }) => `${suite.name} ${suite.version}`],
  ['grammars', ({ suite }) => suite.grammars.map(({ name, sha256 }) => `${name} ${sha256.slice(0, 12)}`).join(', ')],
  ['seed', ({ run }) => String(run.seed)],
  ['runs', ({ run }) => String(run.runs)],
  ['selection', ({ run: { selection } }) => selectionWords(selection)],
  ['requirements', ({ requirements }) => `${requirements.length} rows`],
];

function unlikeOf(reports: readonly Report[]): Unlike[] {
  return common.flatMap(([what, tell]) => {
    const columns = new Map<string, number[]>();
    for (const [index, report] of reports.entries()) {
      const value = tell(report);
      columns.set(value, [...(columns.get(value) ?? []), index + 1]);
    }
    const values = [...columns].map(([value, having]) => ({ value, columns: having }));
    return values.length === 1 ? [] : [{ what, values }];
  });
}

function selectionWords({ classes, only, levels }: Report['run']['selection']): string {
  const words = [
    ...classes.map((id) => `class ${id}`),
    ...only.map((id) => `only ${id}`),
    ...levels.map((level) => `level ${level}`),
  ];
  return words.length === 0 ? 'everything' : words.join(', ');
}
