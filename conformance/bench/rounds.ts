/** Taking a figure: operations a second, in rounds in which both sides take turns, so that noise hits both. */
import type { Figure, Goal } from './figures.js';

/** How long and how often is measured. */
export interface Effort {
  /** Of each comparison. */
  readonly rounds: number;
  /** Of one side in one round, in milliseconds. */
  readonly sliceMs: number;
  /** The same for what needs no network. */
  readonly shortSliceMs: number;
}

/** Does the work for about `forMs` milliseconds and gives its rate in operations a second. */
export type Measure = (forMs: number) => Promise<number>;

export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly goal: Goal | null;
  readonly ours: Measure;
  readonly other: Measure;
  readonly remark?: string;
}

/**
 * Runs comparisons together: each round goes once through all their sides, every second round backwards, after one round
 * that is not counted. A side that several comparisons name is measured once a round.
 */
export async function compare(comparisons: readonly Comparison[], rounds: number, sliceMs: number): Promise<Figure[]> {
  const sides = [...new Set(comparisons.flatMap(({ ours, other }) => [ours, other]))];
  const rates = new Map(sides.map((side): [Measure, number[]] => [side, []]));
  for (let round = -1; round < rounds; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const rate = await side(sliceMs);
      if (round >= 0) rates.get(side)?.push(rate);
    }
  }
  return comparisons.map(({ ours, other, ...facts }) => {
    const mine = rates.get(ours) ?? [];
    const theirs = rates.get(other) ?? [];
    return {
      ...facts,
      ours: median(mine),
      other: median(theirs),
      ratio: median(mine.map((rate, round) => rate / (theirs[round] ?? Number.NaN))),
    };
  });
}

/** Turns figures of operations a second into milliseconds an operation: a ratio above 1 then says that ours is slower. */
export function asDurations(figure: Figure): Figure {
  const { ours, other, ratio } = figure;
  return {
    ...figure,
    ours: 1000 / ours,
    other: other === null ? null : 1000 / other,
    ratio: ratio === null ? null : 1 / ratio,
  };
}

/** Repeats one operation after the other. */
export function oneByOne(operation: () => Promise<void>): Measure {
  return async (forMs) => {
    const began = performance.now();
    let count = 0;
    let passed = 0;
    while (passed < forMs) {
      await operation();
      count++;
      passed = performance.now() - began;
    }
    return (count / passed) * 1000;
  };
}

/** Repeats operations on each lane, all lanes at once. */
export function sideBySide(lanes: readonly (() => Promise<void>)[]): Measure {
  return async (forMs) => {
    const began = performance.now();
    let count = 0;
    await Promise.all(
      lanes.map(async (operation) => {
        while (performance.now() - began < forMs) {
          await operation();
          count++;
        }
      }),
    );
    return (count / (performance.now() - began)) * 1000;
  };
}

/**
 * Repeats work of this process alone. The second is one of processor time, garbage collection included, so that other
 * programs on the machine do not count.
 *
 * @param batch does some operations, in well under a millisecond, and says how many
 */
export function inProcess(batch: () => number): Measure {
  return async (forMs) => {
    const used = process.cpuUsage();
    let count = 0;
    let passed = 0;
    while (passed < forMs) {
      count += batch();
      const { user, system } = process.cpuUsage(used);
      passed = (user + system) / 1000;
    }
    return (count / passed) * 1000;
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? Number.NaN : (lower + upper) / 2;
}
