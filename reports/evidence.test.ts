import { describe, expect, it } from 'vitest';
import { countWords, held, problems, scoreParts, undecided } from './evidence.js';
import type { Report } from './report.js';
import { sampleReport } from './sample-report.test-support.js';

const ids = (report: Report): string[] =>
  problems(report).map(({ requirement, cases }) => `${requirement?.id ?? 'none'}: ${cases.map(({ id }) => id).join()}`);

describe('problems', () => {
  it('gives failures first, then what could not be judged, then warnings, each with its cases', () => {
    expect(ids(sampleReport())).toEqual([
      'DMTP-002: dmtp/line/too-long',
      'DMTP-006: dmtp/session/mode',
      'DMTP-003: dmtp/session/help',
    ]);
  });

  it('files a failing case under the requirement that it broke, not under the others that it decides', () => {
    const report = sampleReport();
    const cases = report.cases.map((result) =>
      result.id === 'dmtp/line/too-long' ? { ...result, requirements: ['DMTP-006', 'DMTP-002'] } : result,
    );
    expect(ids({ ...report, cases })).toContain('DMTP-002: dmtp/line/too-long');
    expect(ids({ ...report, cases })).toContain('DMTP-006: dmtp/session/mode');
  });

  it('never loses a failing case, even when no requirement tells of it', () => {
    const report = sampleReport();
    const requirements = report.requirements.filter(({ id }) => id !== 'DMTP-002');
    expect(ids({ ...report, requirements })).toContain('none: dmtp/line/too-long');
  });
});

describe('the words', () => {
  it('counts only what occurs, worst first', () => {
    expect(countWords({ pass: 3, fail: 1, warn: 0, info: 0, skip: 2, inconclusive: 0 })).toBe('1 fail, 3 pass, 2 skip');
    expect(countWords({ pass: 0, fail: 0, warn: 0, info: 0, skip: 0, inconclusive: 0 })).toBe('none');
  });

  it('leaves what was skipped out of a score, and counts what could not be judged against it', () => {
    expect(held({ pass: 3, fail: 1, warn: 0, info: 1, skip: 5, inconclusive: 1 })).toEqual({ held: 4, of: 6 });
  });

  it('parts a score into what the sources decide and what rests on an interpretation', () => {
    const counts = (pass: number, fail: number) => ({ pass, fail, warn: 0, info: 0, skip: 0, inconclusive: 0 });
    const whole = { id: 'a', title: 'A', state: 'judged', must: counts(7, 2), should: counts(3, 0) } as const;
    const score = { ...whole, may: counts(0, 0), open: 0 };
    const interpretation = { must: counts(2, 2), should: counts(1, 0), may: counts(0, 0) };
    expect(scoreParts({ ...score, interpretation })).toEqual({
      core: [counts(5, 0), counts(2, 0), counts(0, 0)],
      apart: counts(3, 2),
    });
    expect(scoreParts(score)).toEqual({ core: [counts(7, 2), counts(3, 0), counts(0, 0)], apart: null });
  });

  it('finds the requirements without a verdict', () => {
    expect(undecided(sampleReport()).map(({ id }) => id)).toEqual(['DMTP-007']);
  });
});
