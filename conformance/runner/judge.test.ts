import { describe, expect, it } from 'vitest';
import type { CaseResult, Decision, Level, RequirementResult } from '../../reports/report.js';
import type { Requirement } from '../requirements/requirement.js';
import { judgeRequirement, summarize } from './judge.js';

const row = (id: string, level: Level = 'MUST'): Requirement => ({
  id,
  level,
  role: 'server',
  class: 'dmtp-server',
  source: { document: 'dmtp-observed', section: '11', origin: 'early' },
  text: 'A sentence.',
  status: 'observed',
  decided: { by: 'network' },
});

const result = (requirements: string[], decision: Decision, broken?: string): CaseResult => ({
  id: `case/${requirements.join('-')}/${decision}`,
  title: '',
  class: 'dmtp-server',
  requirements,
  decision,
  ending: 'answered',
  liveness: 'alive',
  seed: 1,
  runs: 1,
  durationMs: 1,
  reason: broken === undefined ? null : 'expected this, got that',
  notes: [],
  failure:
    broken === undefined
      ? null
      : {
          requirement: broken,
          expected: 'this',
          actual: 'that',
          counterexample: '',
          shrinks: 0,
          repeats: { failed: 5, of: 5 },
          replay: '',
          command: '',
          byHand: [],
        },
  transcript: [],
});

describe('the verdict on a requirement', () => {
  it('is none without a case', () => {
    expect(judgeRequirement(row('A'), [result(['B'], 'pass')]).decision).toBeNull();
  });

  it('is what breaks it, even if other cases hold', () => {
    const results = [result(['A'], 'pass'), result(['A', 'B'], 'fail', 'A')];
    expect(judgeRequirement(row('A'), results).decision).toBe('fail');
    expect(judgeRequirement(row('A', 'SHOULD'), results).decision).toBe('warn');
    expect(judgeRequirement(row('A', 'MAY'), results).decision).toBe('info');
  });

  it('may come from a case that does not decide it', () => {
    expect(judgeRequirement(row('A'), [result(['A'], 'pass'), result(['C'], 'fail', 'A')]).decision).toBe('fail');
  });

  it('is open when its only case stopped at another requirement', () => {
    const verdict = judgeRequirement(row('B'), [result(['A', 'B'], 'fail', 'A')]);
    expect(verdict).toEqual({ decision: 'inconclusive', reason: 'case/A-B/fail stopped at A' });
  });

  it('is that of the other cases when one stopped at another requirement', () => {
    const results = [result(['A', 'B'], 'fail', 'A'), result(['B'], 'pass')];
    expect(judgeRequirement(row('B'), results).decision).toBe('pass');
  });

  it('is no pass when one case could not be judged', () => {
    expect(judgeRequirement(row('A'), [result(['A'], 'pass'), result(['A'], 'inconclusive')]).decision).toBe(
      'inconclusive',
    );
  });

  it('is skip only when every case was skipped', () => {
    expect(judgeRequirement(row('A'), [result(['A'], 'skip')]).decision).toBe('skip');
    expect(judgeRequirement(row('A'), [result(['A'], 'skip'), result(['A'], 'pass')]).decision).toBe('pass');
  });
});

describe('the verdict on the whole', () => {
  const requirement = (level: Level, decision: Decision | null) => ({ level, decision }) as RequirementResult;
  const judged = [result(['A'], 'pass')];

  it.each([
    ['passes when every MUST holds', [requirement('MUST', 'pass'), requirement('SHOULD', 'warn')], judged, 0],
    ['fails when a MUST is broken', [requirement('MUST', 'inconclusive'), requirement('MUST NOT', 'fail')], judged, 1],
    ['is undecided when a MUST could not be judged', [requirement('MUST', 'inconclusive')], judged, 3],
    ['is undecided when nothing was judged', [requirement('MUST', null)], [result(['A'], 'skip')], 3],
    ['does not wait for what has no case', [requirement('MUST', null), requirement('MUST', 'pass')], judged, 0],
  ] as const)('%s', (_, requirements, results, status) => {
    expect(summarize(requirements, results).exitStatus).toBe(status);
  });
});
