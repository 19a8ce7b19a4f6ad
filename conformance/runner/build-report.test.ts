import { describe, expect, it } from 'vitest';
import type { CaseResult, Decision, Report } from '../../reports/report.js';
import { validateReport } from '../../reports/validate.js';
import { noServer } from '../cases/record/codec-target.js';
import { loadCatalogue } from '../requirements/load.js';
import { buildReport } from './build-report.js';

const catalogue = loadCatalogue();

/** STACIE-183 binds both sides: it is of the class stacie-server, and cases of stacie-client decide it as well. */
const shared = 'STACIE-183';

const result = (of: string, decision: Decision, requirement = shared): CaseResult => ({
  id: `${of}/case`,
  title: 'A right peer does this.',
  class: of,
  requirements: [requirement],
  decision,
  ending: 'answered',
  liveness: 'alive',
  seed: 1,
  runs: 1,
  durationMs: 1,
  reason: decision === 'fail' ? 'expected this, got that' : null,
  notes: [],
  failure:
    decision !== 'fail'
      ? null
      : {
          requirement,
          expected: 'this',
          actual: 'that',
          counterexample: '',
          shrinks: 0,
          repeats: { failed: 5, of: 5 },
          replay: 'x',
          command: 'x',
          byHand: [],
        },
  transcript: [],
});

function report(results: readonly CaseResult[], readings: ReadonlyMap<string, string> = new Map()): Report {
  const selection = { classes: [], only: [], levels: [] };
  const profile = { ...noServer, claims: ['stacie-server', 'stacie-client'], readings: ['numbered-codes'] };
  return buildReport({
    suite: { name: 'suite', version: '1' },
    run: { seed: 1, startedAt: '2026-01-02T03:04:05.678Z', durationMs: 1, runs: 1, jobs: 1, selection, command: 'run' },
    target: { profile, adapter: null, adapterCommand: null, endpoints: [], close: async () => undefined },
    software: null,
    catalogue,
    selection,
    results,
    readings,
    coverage: [],
    findings: [],
  });
}

const must = (of: string, { classes }: Report): object | undefined => classes.find(({ id }) => id === of)?.must;

describe('a requirement that cases of two classes decide', () => {
  it('is broken when one of them says so, and each class counts what its own cases say', () => {
    const made = report([result('stacie-server', 'pass'), result('stacie-client', 'fail')]);
    expect(made.requirements.find(({ id }) => id === shared)).toMatchObject({
      class: 'stacie-server',
      also: ['stacie-client'],
      decision: 'fail',
      cases: ['stacie-server/case', 'stacie-client/case'],
    });
    expect(must('stacie-server', made)).toMatchObject({ pass: 1, fail: 0 });
    expect(must('stacie-client', made)).toMatchObject({ pass: 0, fail: 1 });
    expect(made.summary).toMatchObject({ verdict: 'fail', requirements: { fail: 1 } });
  });

  it('is decided when one of them ran, and open in the class of the other', () => {
    const made = report([result('stacie-client', 'pass')]);
    expect(made.requirements.find(({ id }) => id === shared)?.decision).toBe('pass');
    expect(must('stacie-client', made)).toMatchObject({ pass: 1 });
    expect(must('stacie-server', made)).toMatchObject({ pass: 0 });
  });
});

describe('requirements that rest on an interpretation', () => {
  // The draft demands both; the form of KEY is nowhere in it, that of SEARCH it describes.
  const made = report([result('dmap-signet', 'fail', 'DMAP-276'), result('dmap-server', 'pass', 'DMAP-300')]);
  const row = (wanted: string) => made.requirements.find(({ id }) => id === wanted);

  it('are told apart from those that the sources decide', () => {
    expect(row('DMAP-276')).toMatchObject({ status: 'normative', scored: 'interpretation', decision: 'fail' });
    expect(row('DMAP-300')).toMatchObject({ status: 'normative', scored: 'core', decision: 'pass' });
    expect(row('REC-064')).toMatchObject({ status: 'interpretation', scored: 'interpretation' });
  });

  it('are counted in the whole and once more by themselves', () => {
    const score = (wanted: string) => made.classes.find(({ id }) => id === wanted);
    expect(score('dmap-signet')).toMatchObject({ must: { fail: 1 }, interpretation: { must: { fail: 1 } } });
    expect(score('dmap-server')).toMatchObject({ must: { pass: 1 }, interpretation: { must: { pass: 0 } } });
    expect(made.summary).toMatchObject({ requirements: { pass: 1, fail: 1 }, interpretation: { pass: 0, fail: 1 } });
  });

  it('name defects that say what an answer weighs', () => {
    const scoring = made.defects?.find(({ id }) => id === 'DMAP-I-40')?.scoring;
    expect(scoring?.as).toEqual(['strict', 'interpretation', 'tolerant']);
    expect(scoring?.note).toMatch(/^Growth is strict/);
    expect(made.defects?.find(({ id }) => id === 'DMAP-I-46')?.scoring).toEqual({ as: ['strict'], note: null });
  });
});

describe('the defects', () => {
  const made = report([result('stacie-server', 'pass')], new Map([['stacie-number-form', 'string']]));

  it('are those of the catalogue, each with the rows and readings that name it', () => {
    expect(made.defects).toHaveLength(catalogue.defects.length);
    expect(made.defects?.find(({ id }) => id === 'STACIE-I-65')).toEqual({
      id: 'STACIE-I-65',
      title: 'Form of the index',
      document: 'draft-ladar-stacie',
      section: '00 §5.2.2, 03 §7.3.2',
      text: 'The index is a string in the examples.',
      interpretation: 'It has the forms of the bonus.',
      readings: ['stacie-number-form'],
      requirements: ['STACIE-187', 'STACIE-188'],
    });
    expect(made.readings.find(({ reading }) => reading === 'stacie-number-form')?.observed).toBe('string');
  });

  it('are what every question and reading in the report leads to', () => {
    const defects = new Set(made.defects?.map(({ id }) => id));
    const readings = new Set(made.readings.map(({ reading }) => reading));
    expect(made.requirements.flatMap(({ questions }) => questions).filter((id) => !defects.has(id))).toEqual([]);
    expect((made.defects ?? []).flatMap((row) => row.readings).filter((id) => !readings.has(id))).toEqual([]);
  });

  it('stand in a document that is whole', () => {
    expect(validateReport(made)).toBe(made);
  });
});
