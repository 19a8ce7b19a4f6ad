/**
 * Runs of a property when none are asked for: as few as find every seeded fault from any seed (`npm run selftest`), so that
 * a whole run takes seconds. More find rarer faults.
 */
export const usualRuns = 12;
