/** Seeds: one for the run, and from it one for each case, so that a case draws the same whichever others run. */
import { createHash, randomInt } from 'node:crypto';

export function freshSeed(): number {
  return randomInt(2 ** 31);
}

/** A 31-bit number that depends on both and on nothing else. */
export function caseSeed(runSeed: number, caseId: string): number {
  return createHash('sha256').update(`${runSeed}\0${caseId}`).digest().readUInt32BE(0) >>> 1;
}
