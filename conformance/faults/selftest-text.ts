/** The selftest as text: for each requirement the matrix of its faults and cases. */
import { visible } from '../../reports/visible.js';
import type { Selftest } from './selftest-run.js';
import { byRequirement, type Trial } from './trial.js';

const longestProblem = 600;

export function selftestText({ trials, baseline, problems, seed, durationMs }: Selftest): string {
  const caught = trials.filter(({ cells }) => cells.some((cell) => cell.caught)).length;
  const passed = baseline.filter(({ trouble }) => trouble === null).length;
  const blocks = [...byRequirement(trials)].map(([requirement, rows]) => matrix(requirement, rows));
  const lines = [
    ...blocks,
    ...problems.map((problem) => `problem: ${visible(problem.slice(0, longestProblem))}`),
    `${problems.length === 0 ? 'passed' : 'FAILED'}: ${caught} of ${trials.length} seeded faults caught, the reference ` +
      `passed ${passed} of ${baseline.length} cases, ${problems.length} problems ` +
      `(seed ${seed}, ${(durationMs / 1000).toFixed(1)} s)`,
  ];
  return `${lines.join('\n')}\n`;
}

/** One row a fault, one numbered column a case. */
function matrix(requirement: string, rows: readonly Trial[]): string {
  const cases = rows[0]?.cells.map((cell) => cell.case) ?? [];
  const width = Math.max(...rows.map(({ fault }) => fault.id.length));
  return [
    `${requirement}  ${cases.map((id, index) => `[${index + 1}] ${id}`).join('  ')}`,
    ...rows.map(({ fault, cells, controls, dead }) => {
      const marks = cells.map(({ caught }, index) => `[${index + 1}] ${caught ? 'caught' : 'missed'}`).join('  ');
      const held = controls.filter((control) => control.held).length;
      const life = dead.after === null ? '' : '  dead afterwards';
      return `  ${fault.id.padEnd(width)}  ${marks}  controls ${held}/${controls.length}${life}`;
    }),
    '',
  ].join('\n');
}

/** The same for programs. */
export function selftestJson({ seed, durationMs, baseline, trials, problems }: Selftest): string {
  const document = {
    seed,
    durationMs,
    reference: baseline.map((row) => ({ case: row.case.id, passed: row.trouble === null, trouble: row.trouble })),
    faults: trials.map(({ fault, cells, controls, dead, durationMs: ms }) => ({
      id: fault.id,
      breaks: fault.breaks,
      title: fault.title,
      cells,
      controls,
      dead,
      kills: fault.kills ?? null,
      durationMs: ms,
    })),
    problems,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
