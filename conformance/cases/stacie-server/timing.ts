/**
 * Whether the times of two requests tell which was made. Samples are taken in turn, so that what slows the machine slows
 * both; ranks count, not sums, so that a few late answers weigh little; and a difference has to show three times.
 */

export interface TimingPlan {
  /** Samples of each kind that are thrown away, since what is done for the first time takes longer. */
  readonly warmUp: number;
  /** Samples of each kind in a batch. */
  readonly batch: number;
  readonly batches: number;
  /** Milliseconds between the medians that a peer on another machine could see at all. */
  readonly tellingMs: number;
}

const usualPlan: TimingPlan = { warmUp: 15, batch: 60, batches: 3, tellingMs: 0.15 };
/** The chance that a time of the one kind exceeds one of the other: a half means nothing can be told. */
const tellingChance = 0.8;

export interface TimeVerdict {
  readonly told: boolean;
  readonly summary: string;
}

/** @param one asks once and gives the time in milliseconds */
export async function telling(
  one: () => Promise<number>,
  other: () => Promise<number>,
  plan: TimingPlan = usualPlan,
): Promise<TimeVerdict> {
  const seen: { readonly difference: number; readonly chance: number; readonly tells: boolean }[] = [];
  await takeTimes(one, other, plan.warmUp);
  while (seen.length < plan.batches && seen.every(({ tells }) => tells)) {
    const [left, right] = await takeTimes(one, other, plan.batch);
    const chance = chanceOfMore(left, right);
    const difference = median(left) - median(right);
    const tells = Math.max(chance, 1 - chance) > tellingChance && Math.abs(difference) > plan.tellingMs;
    seen.push({ difference, chance, tells });
  }
  const signs = new Set(seen.map(({ difference }) => Math.sign(difference)));
  const said = seen.map(({ chance, difference }) => `${difference.toFixed(3)} ms, chance ${chance.toFixed(2)}`);
  return {
    told: seen.every(({ tells }) => tells) && signs.size === 1,
    summary: `the medians of ${plan.batch} times of each kind differ by ${said.join('; ')}`,
  };
}

async function takeTimes(
  one: () => Promise<number>,
  other: () => Promise<number>,
  count: number,
): Promise<[number[], number[]]> {
  const left: number[] = [];
  const right: number[] = [];
  for (let at = 0; at < count; at++) {
    // In turn first, since the second of two may find caches warm.
    if (at % 2 === 0) left.push(await one());
    right.push(await other());
    if (at % 2 === 1) left.push(await one());
  }
  return [left, right];
}

/** The chance that a value of `left` exceeds one of `right`, ties counted half. */
export function chanceOfMore(left: readonly number[], right: readonly number[]): number {
  let wins = 0;
  for (const value of left) for (const against of right) wins += value > against ? 1 : value === against ? 0.5 : 0;
  return wins / (left.length * right.length);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
