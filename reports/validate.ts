/** Whether a value is a report: the schema first, then what a schema cannot say. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type ClassScore, type Counts, type Decision, type Report, reportFormat, reportVersion } from './report.js';
import { visible } from './visible.js';

/** The JSON Schema of the document, as report.schema.json holds it. */
export const reportSchema: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('./report.schema.json', import.meta.url), 'utf8'),
);

/** A document that is no report, or not a whole one. Its message is one line. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  constructor(
    /** JSON pointer (RFC 6901) of the place; empty for the whole document. */
    readonly pointer: string,
    /** What is wrong there, and why it matters. */
    readonly problem: string,
  ) {
    super(`report ${pointer === '' ? '(whole document)' : visible(pointer, 200)}: ${problem}`);
  }
}

/**
 * Reads the text of a report.
 *
 * @throws ReportError when it is no JSON or no whole report of this version
 */
export function parseReport(text: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? visible(error.message, 200) : 'it cannot be parsed';
    throw new ReportError('', `no JSON (${why}); the file may have been cut short`);
  }
  return validateReport(value);
}

/**
 * Checks that `value` is a whole report of this version: its shape, its footer, that no id stands twice, and that the
 * summary says what the rows say.
 *
 * @throws ReportError naming the first place that is wrong
 */
export function validateReport(value: unknown): Report {
  checkHeadAndFooter(value);
  const validate = validator();
  if (!validate(value)) throw schemaError(validate.errors ?? [], value);
  checkSums(value);
  return value;
}

let compiled: ValidateFunction<Report> | undefined;

function validator(): ValidateFunction<Report> {
  compiled ??= new Ajv2020({ strict: true, allowUnionTypes: true, verbose: true }).compile<Report>(reportSchema);
  return compiled;
}

/** What most often goes wrong gets its own words: another kind of file, another version, a run that was interrupted. */
function checkHeadAndFooter(value: unknown): void {
  if (!isRecord(value)) throw new ReportError('', `expected an object, found ${shown(value)}`);
  if (value.format !== reportFormat) {
    throw new ReportError(
      '/format',
      `expected "${reportFormat}", found ${shown(value.format)}; this is some other file`,
    );
  }
  if (value.version !== reportVersion) {
    throw new ReportError(
      '/version',
      `this suite reads version ${reportVersion}, found ${shown(value.version)}; read it with the suite that wrote it`,
    );
  }
  if (value.footer === undefined) {
    throw new ReportError('/footer', 'missing; the document was cut short, so it may lack results');
  }
}

function checkSums(report: Report): void {
  checkCount('/footer/cases', report.footer.cases, report.cases.length);
  checkCount('/footer/requirements', report.footer.requirements, report.requirements.length);
  checkUnique('/cases', report.cases);
  checkUnique('/requirements', report.requirements);
  checkUnique('/classes', report.classes);
  checkUnique('/defects', report.defects ?? []);
  checkTally('/summary/cases', report.summary.cases, report.cases);
  checkTally('/summary/requirements', report.summary.requirements, report.requirements);
  if (report.summary.interpretation !== undefined) {
    const apart = report.requirements.filter(({ scored }) => scored === 'interpretation');
    checkTally('/summary/interpretation', report.summary.interpretation, apart);
  }
  for (const [index, score] of report.classes.entries()) checkParts(`/classes/${index}/interpretation`, score);
  if (report.summary.verdict === 'pass' && report.summary.requirements.fail > 0) {
    throw new ReportError(
      '/summary/verdict',
      `"pass", but ${report.summary.requirements.fail} requirements failed; a failed requirement never passes`,
    );
  }
}

function checkCount(pointer: string, said: number, found: number): void {
  if (said !== found) {
    throw new ReportError(pointer, `says ${said}, but the document holds ${found}; rows were lost or added`);
  }
}

function checkUnique(pointer: string, rows: readonly { readonly id: string }[]): void {
  const seen = new Map<string, number>();
  for (const [index, { id }] of rows.entries()) {
    const first = seen.get(id);
    if (first !== undefined) {
      throw new ReportError(
        `${pointer}/${index}/id`,
        `${shown(id)} already stands at ${pointer}/${first}; ids are unique`,
      );
    }
    seen.set(id, index);
  }
}

/** What is scored apart is a part of the whole. */
function checkParts(pointer: string, score: ClassScore): void {
  if (score.interpretation === undefined) return;
  for (const level of ['must', 'should', 'may'] as const) {
    const [whole, part] = [score[level], score.interpretation[level]];
    for (const decision of Object.keys(part) as Decision[]) {
      if (part[decision] <= whole[decision]) continue;
      throw new ReportError(
        `${pointer}/${level}/${decision}`,
        `says ${part[decision]}, but the class has ${whole[decision]} in all; a part is never more than the whole`,
      );
    }
  }
}

function checkTally(pointer: string, said: Counts, rows: readonly { readonly decision: Decision | null }[]): void {
  const tally: Record<Decision, number> = { pass: 0, fail: 0, warn: 0, info: 0, skip: 0, inconclusive: 0 };
  for (const { decision } of rows) if (decision !== null) tally[decision] += 1;
  for (const decision of Object.keys(tally) as Decision[]) {
    if (said[decision] !== tally[decision]) {
      throw new ReportError(
        `${pointer}/${decision}`,
        `says ${said[decision]}, but ${tally[decision]} rows have that decision; the summary tells of another run`,
      );
    }
  }
}

function schemaError(errors: readonly ErrorObject[], value: unknown): ReportError {
  // A member that is an object or null reports both branches; the deepest error is the one that says something.
  const error = errors.reduce<ErrorObject | undefined>(
    (deepest, next) => (deepest === undefined || depth(next) > depth(deepest) ? next : deepest),
    undefined,
  );
  if (error === undefined) return new ReportError('', 'does not fit the schema');
  const { params } = error;
  if (error.keyword === 'additionalProperties') {
    const suite = isRecord(value) && isRecord(value.suite) ? value.suite.version : undefined;
    return new ReportError(
      `${error.instancePath}/${escapePointer(String(params.additionalProperty))}`,
      `unknown member; it may come from a newer suite (the document says ${shown(suite)})`,
    );
  }
  if (error.keyword === 'required') {
    return new ReportError(`${error.instancePath}/${escapePointer(String(params.missingProperty))}`, 'missing');
  }
  const allowed = Array.isArray(params.allowedValues) ? ` (${params.allowedValues.map(shown).join(', ')})` : '';
  return new ReportError(error.instancePath, `${error.message ?? 'is wrong'}${allowed}, found ${shown(error.data)}`);
}

function depth(error: ErrorObject): number {
  return error.instancePath.split('/').length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in few characters; whole objects would only bury the message. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isRecord(value)) return 'an object';
  return typeof value === 'string' ? visible(JSON.stringify(value), 100) : String(value);
}

function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}
