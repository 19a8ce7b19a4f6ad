import { describe, expect, it } from 'vitest';
import type { CaseResult, Decision, Level, Report, TranscriptEventKind } from './report.js';
import { hostileText, sampleReport } from './sample-report.test-support.js';
import { parseReport, ReportError, reportSchema, validateReport } from './validate.js';

type Loose = Record<string, unknown>;

/** A copy of the sample that a test may spoil. */
function copy(): Loose {
  return JSON.parse(JSON.stringify(sampleReport())) as Loose;
}

function at(value: unknown, ...path: (string | number)[]): Loose {
  return path.reduce<unknown>((inner, step) => (inner as Loose)[step], value) as Loose;
}

function refusal(value: unknown): ReportError {
  try {
    validateReport(value);
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
  throw new Error('the document was taken');
}

describe('the schema', () => {
  it('takes a report that has every member of the TypeScript type', () => {
    expect(validateReport(sampleReport())).toEqual(sampleReport());
    expect(() => validateReport(sampleReport((calm) => calm + hostileText))).not.toThrow();
  });

  it('has the members of the type, no more and no fewer', () => {
    const inSample = new Set<string>();
    collectValuePaths(sampleReport(), '', inSample);
    const inSchema = new Set<string>();
    collectSchemaPaths(reportSchema, '', inSchema);
    expect([...inSample].sort()).toEqual([...inSchema].sort());
  });

  it('describes every member', () => {
    const silent: string[] = [];
    collectSchemaPaths(reportSchema, '', new Set(), (path, member) => {
      if (typeof member.description !== 'string') silent.push(path);
    });
    expect(silent).toEqual([]);
  });

  it('takes the values of the type where these are words', () => {
    const levels: Record<Level, true> = { MUST: true, 'MUST NOT': true, SHOULD: true, 'SHOULD NOT': true, MAY: true };
    const decisions: Record<Decision, true> = {
      pass: true,
      fail: true,
      warn: true,
      info: true,
      skip: true,
      inconclusive: true,
    };
    const events: Record<TranscriptEventKind, true> = {
      connected: true,
      secured: true,
      sent: true,
      received: true,
      closed: true,
      reset: true,
      timeout: true,
      request: true,
      response: true,
      query: true,
      answer: true,
      note: true,
    };
    const endings: Record<CaseResult['ending'], true> = {
      answered: true,
      refused: true,
      closed: true,
      reset: true,
      'timed-out': true,
      hung: true,
      unreachable: true,
      'not-run': true,
    };
    const defined = at(reportSchema, '$defs');
    expect(at(defined, 'level').enum).toEqual(Object.keys(levels));
    expect(at(defined, 'decision').enum).toEqual(Object.keys(decisions));
    expect(at(defined, 'transcriptEvent', 'properties', 'event').enum).toEqual(Object.keys(events));
    expect(at(defined, 'caseResult', 'properties', 'ending').enum).toEqual(Object.keys(endings));
  });
});

describe('validateReport', () => {
  const spoilt: readonly [string, (report: Loose) => void, string, RegExp][] = [
    ['another format', (report) => Object.assign(report, { format: 'x' }), '/format', /some other file/],
    ['another version', (report) => Object.assign(report, { version: 2 }), '/version', /reads version 1, found 2/],
    ['no footer', (report) => delete report.footer, '/footer', /cut short/],
    ['no target', (report) => delete report.target, '/target', /missing/],
    ['an unknown member', (report) => Object.assign(at(report, 'run'), { 'a/b': 1 }), '/run/a~1b', /newer suite/],
    [
      'a wrong word',
      (report) => Object.assign(at(report, 'cases', 1), { decision: 'ok' }),
      '/cases/1/decision',
      /"fail".*found "ok"/,
    ],
    ['a wrong type', (report) => Object.assign(at(report, 'run'), { jobs: '4' }), '/run/jobs', /integer, found/],
    [
      'a fault inside a member that may be null',
      (report) => Object.assign(at(report, 'cases', 1, 'failure'), { shrinks: -1 }),
      '/cases/1/failure/shrinks',
      />= 0, found -1/,
    ],
    ['a lost case', (report) => (report.cases as unknown[]).pop(), '/footer/cases', /says 6, but the document holds 5/],
    [
      'an id that stands twice',
      (report) => Object.assign(at(report, 'cases', 2), { id: 'dmtp/line/too-long' }),
      '/cases/2/id',
      /already stands at \/cases\/1/,
    ],
    [
      'a defect that stands twice',
      (report) => Object.assign(at(report, 'defects', 1), { id: 'OQ-5' }),
      '/defects/1/id',
      /already stands at \/defects\/0/,
    ],
    [
      'a summary that hides a failure',
      (report) => Object.assign(at(report, 'summary', 'requirements'), { fail: 0 }),
      '/summary/requirements/fail',
      /says 0, but 1 rows/,
    ],
    [
      'a summary that hides what rests on an interpretation',
      (report) => Object.assign(at(report, 'summary', 'interpretation'), { info: 0 }),
      '/summary/interpretation/info',
      /says 0, but 1 rows/,
    ],
    [
      'a part of a score that is more than the whole',
      (report) => Object.assign(at(report, 'classes', 0, 'interpretation', 'must'), { pass: 2 }),
      '/classes/0/interpretation/must/pass',
      /says 2, but the class has 1 in all/,
    ],
    [
      'a verdict that contradicts the rows',
      (report) => Object.assign(at(report, 'summary'), { verdict: 'pass' }),
      '/summary/verdict',
      /1 requirements failed/,
    ],
  ];

  it.each(spoilt)('refuses %s and says where', (_what, spoil, pointer, problem) => {
    const report = copy();
    spoil(report);
    const error = refusal(report);
    expect(error.pointer).toBe(pointer);
    expect(error.problem).toMatch(problem);
  });

  it('takes a document without the members that came later', () => {
    const report = copy();
    delete report.defects;
    delete at(report, 'summary').interpretation;
    for (const score of report.classes as Loose[]) delete score.interpretation;
    for (const row of report.requirements as Loose[]) {
      delete row.also;
      delete row.scored;
    }
    expect(validateReport(report)).toBe(report);
  });

  it.each([null, 3, 'text', [], undefined])('refuses %j, which is no object', (value) => {
    expect(refusal(value).pointer).toBe('');
  });

  it('says it in one line without control characters, whatever the document holds', () => {
    const report = copy();
    Object.assign(at(report, 'target'), { kind: hostileText, [hostileText]: 1 });
    expect(refusal(report).message).toMatch(/^[^\p{Cc}\p{Cs}]{1,900}$/u);
  });
});

describe('parseReport', () => {
  it('reads what was written', () => {
    const report: Report = sampleReport();
    expect(parseReport(JSON.stringify(report))).toEqual(report);
  });

  it('says that half a file was cut short', () => {
    const text = JSON.stringify(sampleReport());
    expect(() => parseReport(text.slice(0, text.length / 2))).toThrow(/no JSON .*cut short/);
  });
});

function collectValuePaths(value: unknown, path: string, into: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectValuePaths(item, `${path}[]`, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      into.add(`${path}/${name}`);
      collectValuePaths(member, `${path}/${name}`, into);
    }
  }
}

function collectSchemaPaths(
  schema: Loose,
  path: string,
  into: Set<string>,
  visit: (path: string, member: Loose) => void = () => undefined,
): void {
  if (typeof schema.$ref === 'string') {
    collectSchemaPaths(at(reportSchema, '$defs', schema.$ref.replace('#/$defs/', '')), path, into, visit);
  }
  for (const branch of (schema.oneOf ?? []) as Loose[]) collectSchemaPaths(branch, path, into, visit);
  if (typeof schema.items === 'object') collectSchemaPaths(schema.items as Loose, `${path}[]`, into, visit);
  for (const [name, member] of Object.entries((schema.properties ?? {}) as Record<string, Loose>)) {
    into.add(`${path}/${name}`);
    visit(`${path}/${name}`, member);
    collectSchemaPaths(member, `${path}/${name}`, into, visit);
  }
}
