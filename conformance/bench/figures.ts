/** What a benchmark says: figures with their goals, and how they are printed. */

export interface Goal {
  /** What the goal is about: our figure itself, or ours divided by the other's. */
  readonly of: 'ours' | 'ratio';
  readonly bound: 'at least' | 'at most';
  readonly value: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Median of the rounds. */
  readonly ours: number;
  /** The same work done by something else; null where there is nothing to compare with. */
  readonly other: number | null;
  /** Median of the rounds' ratios, which is not always the ratio of the medians. */
  readonly ratio: number | null;
  /** Null: a figure to know, without a demand. */
  readonly goal: Goal | null;
  /** What a reader must know beside the numbers. */
  readonly remark?: string;
}

/** Null without a goal. A goal about a ratio that was not measured is not met. */
export function isMet({ ours, ratio, goal }: Figure): boolean | null {
  if (goal === null) return null;
  const value = goal.of === 'ours' ? ours : ratio;
  if (value === null || Number.isNaN(value)) return false;
  return goal.bound === 'at least' ? value >= goal.value : value <= goal.value;
}

/** One line a figure under a heading, columns aligned; remarks below. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [
    ['name', 'ours', 'other', 'ratio', 'goal', ''],
    ...figures.map((figure) => [
      figure.name,
      `${formatNumber(figure.ours)} ${figure.unit}`,
      figure.other === null ? '-' : `${formatNumber(figure.other)} ${figure.unit}`,
      figure.ratio === null ? '-' : formatNumber(figure.ratio),
      formatGoal(figure),
      verdict(figure),
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const remarks = figures.flatMap(({ name, remark }) => (remark === undefined ? [] : [`${name}: ${remark}`]));
  return [...lines, ...(remarks.length === 0 ? [] : ['', ...remarks])].join('\n');
}

/** The same for a program: every figure with `met`. */
export function formatJson(figures: readonly Figure[], facts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...facts, figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })) }, null, 2);
}

function formatGoal({ goal, unit }: Figure): string {
  if (goal === null) return '-';
  const value = formatNumber(goal.value);
  return `${goal.bound} ${goal.of === 'ours' ? `${value} ${unit}` : value}`;
}

function verdict(figure: Figure): string {
  const met = isMet(figure);
  return met === null ? '' : met ? 'met' : 'NOT MET';
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
