/** Test support: the share of the seeded faults that the tests try; `npm run selftest` tries every one. */

const share = 10;

/** One in ten of a list, the first among them. */
export function someOf<Fault>(faults: readonly Fault[]): Fault[] {
  return faults.filter((_, index) => index % share === 0);
}
