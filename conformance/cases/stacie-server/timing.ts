/**
 * Whether the times of two requests tell which was made. Samples are taken in turn, so that what slows the machine slows
 * both; ranks count, not sums, so that a few late answers weigh little; and a difference has to show three times.
 */

/** Of each kind in a batch. */
const batch = 60;
const batches = 3;
/** The chance that a time of the one kind exceeds one of the other: a half means nothing can be told. */
const tellingChance = 0.8;
/** Milliseconds between the medians that a peer on another machine could see at all. */
const tellingMs = 0.15;

export interface TimeVerdict {
  readonly told: boolean;
  readonly summary: string;
}

/** @param one asks once and gives the time in milliseconds */
export async function telling(one: () => Promise<number>, other: () => Promise<number>): Promise<TimeVerdict> {
  const seen: { chance: number; difference: number }[] = [];
  // What is done for the first time takes longer.
  await takeTimes(one, other, 15);
  while (seen.length < batches) {
    const [left, right] = await takeTimes(one, other, batch);
    seen.push({ chance: chanceOfMore(left, right), difference: median(left) - median(right) });
    const all = seen.every(
      ({ chance, difference }) =>
        tells(chance, difference) && Math.sign(difference) === Math.sign(seen[0]?.difference ?? 0),
    );
    if (!all) break;
  }
  const told = seen.length === batches && seen.every(({ chance, difference }) => tells(chance, difference));
  const said = seen.map(({ chance, difference }) => `${difference.toFixed(3)} ms, chance ${chance.toFixed(2)}`);
  return {
    told,
    summary: `medians of ${batch} answers each for a known and an unknown name differ by ${said.join('; ')}`,
  };
}

function tells(chance: number, difference: number): boolean {
  return Math.max(chance, 1 - chance) > tellingChance && Math.abs(difference) > tellingMs;
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
