/**
 * The matrix: several reports beside each other, a column an implementation, a row a requirement. Made from reports alone;
 * its JSON Schema is matrix.schema.json. Texts that a peer sent stand in it as they came: renderers escape them.
 */
import type { ClassScore, Counts, Decision, Level, Report, RequirementResult } from './report.js';

export const matrixFormat = 'dime-conformance-matrix';
export const matrixVersion = 1;

export interface Matrix {
  readonly format: typeof matrixFormat;
  readonly version: typeof matrixVersion;
  /** In the order in which the reports were given. */
  readonly columns: readonly MatrixColumn[];
  /** In what the runs are not alike, so that a difference may be none of the implementations. */
  readonly unlike: readonly Unlike[];
  /** Classes that at least one report has, in the order of the first report that has them. */
  readonly classes: readonly MatrixClass[];
  /** Differences first; within each kind the order of the first report that has the row. */
  readonly rows: readonly MatrixRow[];
  readonly readings: readonly MatrixReading[];
  readonly evidence: readonly MatrixEvidence[];
  readonly footer: { readonly complete: true; readonly columns: number; readonly rows: number };
}

export interface MatrixColumn {
  /** From 1. */
  readonly number: number;
  /** What the target file calls it; two columns may have the same name. */
  readonly name: string;
  readonly kind: Report['target']['kind'];
  readonly software: string | null;
  readonly verdict: Report['summary']['verdict'];
  readonly requirements: Counts;
  /** Those of `requirements` that are scored apart; null in a report that does not part them. */
  readonly interpretation: Counts | null;
  readonly claims: readonly string[];
  readonly readings: readonly string[];
  readonly suite: { readonly name: string; readonly version: string };
  readonly run: { readonly startedAt: string; readonly seed: number; readonly runs: number };
  readonly command: string;
}

/** Something that ought to be the same in all runs, and is not. */
export interface Unlike {
  readonly what: 'suite' | 'grammars' | 'seed' | 'runs' | 'selection' | 'requirements';
  /** Each value, with the columns that have it. */
  readonly values: readonly { readonly value: string; readonly columns: readonly number[] }[];
}

export interface MatrixClass {
  readonly id: string;
  readonly title: string;
  /** One for each column; null: the report does not know the class. */
  readonly scores: readonly (ClassScore | null)[];
}

/**
 * How the columns compare. `differs`: some hold, some break. `broken`: all that were judged break. `in-part`: all that were
 * judged hold, but not all were. `holds`: all hold. `open`: none was judged.
 */
export const agreements = ['differs', 'broken', 'in-part', 'holds', 'open'] as const;
export type Agreement = (typeof agreements)[number];

export interface MatrixRow
  extends Pick<
    RequirementResult,
    'id' | 'class' | 'role' | 'text' | 'source' | 'status' | 'reading' | 'interpretation' | 'questions'
  > {
  readonly level: Level;
  /** Null in a report that does not say. */
  readonly scored: 'core' | 'interpretation' | null;
  readonly agreement: Agreement;
  /** Whether the reports have it with different levels or texts; what stands here is that of the first. */
  readonly changed: boolean;
  /** One for each column; null: the report does not know the row. */
  readonly cells: readonly (MatrixCell | null)[];
}

export interface MatrixCell {
  readonly decision: Decision | null;
  readonly reason: string | null;
  /** Cases that decide it. */
  readonly cases: readonly string[];
  /** Ids of `Matrix.evidence`: what shows that it is broken. */
  readonly evidence: readonly string[];
}

export interface MatrixReading {
  readonly reading: string;
  readonly title: string;
  /** One for each column; null: the report does not know the reading. */
  readonly cells: readonly ({ readonly claimed: boolean; readonly observed: string | null } | null)[];
  readonly differs: boolean;
}

/** What a column's report has on one case that went wrong; that report has the transcript, under the same case. */
export interface MatrixEvidence {
  /** `<column>/<case>`. */
  readonly id: string;
  readonly column: number;
  readonly case: string;
  readonly requirement: string;
  readonly decision: Decision;
  readonly expected: string;
  readonly actual: string;
  readonly counterexample: string;
  /** The command line that does this again. */
  readonly command: string;
}
