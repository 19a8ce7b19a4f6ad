/** How often the seed and key stages hash. (Section 1.3 of the STACIE digest) */
import { leastRounds, mostRounds } from './limits.js';
import { StacieError } from './stacie-error.js';
import { countCharacters, passwordOctets, type Text } from './text.js';

/** The exponent of a password of no characters; each character takes one off (STACIE-040). */
const longestExponent = 24;

/**
 * Rounds for a password: 2^max(1, 24 - characters) + bonus, brought into 8..16,777,216 (STACIE-I-08, STACIE-I-09).
 *
 * @param bonus any whole number from 0; one over the most rounds only meets the cap
 * @throws StacieError for a password that `passwordOctets` refuses, and for the bonus `not-a-whole-number` or
 * `out-of-range` (STACIE-I-12)
 */
export function rounds(password: Text, bonus = 0): number {
  const octets = passwordOctets(password);
  try {
    return roundsOfLength(countCharacters(octets), bonus);
  } finally {
    octets.fill(0);
  }
}

/** The same for a known number of characters. */
export function roundsOfLength(characters: number, bonus = 0): number {
  checkBonus(bonus);
  const variable = 2 ** Math.max(1, longestExponent - characters);
  return Math.min(mostRounds, Math.max(leastRounds, variable + bonus));
}

/** @throws StacieError `not-a-whole-number`, `out-of-range` */
export function checkBonus(bonus: number): void {
  const place = {
    requirement: 'STACIE-I-12',
    field: 'bonus',
    value: bonus,
    bound: 'a whole number from 0',
    section: '1.2',
  };
  if (!Number.isInteger(bonus)) throw new StacieError({ ...place, code: 'not-a-whole-number', what: `is ${bonus}` });
  if (bonus < 0) throw new StacieError({ ...place, code: 'out-of-range', what: `is ${bonus}` });
}

/** @throws StacieError `not-a-whole-number`, `out-of-range` (STACIE-044, STACIE-045) */
export function checkRounds(value: number): void {
  const place = { field: 'rounds', value, bound: '8 to 16,777,216', section: '1.4', what: `is ${value}` };
  if (!Number.isInteger(value))
    throw new StacieError({ ...place, requirement: 'STACIE-044', code: 'not-a-whole-number' });
  if (value < leastRounds) throw new StacieError({ ...place, requirement: 'STACIE-044', code: 'out-of-range' });
  if (value > mostRounds) throw new StacieError({ ...place, requirement: 'STACIE-045', code: 'out-of-range' });
}

/**
 * A client's own ceiling against a server that asks for too much work (STACIE-I-13).
 *
 * @throws StacieError `too-costly`
 */
export function checkCeiling(value: number, ceiling: number): void {
  if (value <= ceiling) return;
  throw new StacieError({
    code: 'too-costly',
    requirement: 'STACIE-I-13',
    field: 'rounds',
    value,
    what: `would be ${value.toLocaleString('en-US')}`,
    bound: `at most the ${ceiling.toLocaleString('en-US')} that this client allows`,
    section: '1.3',
  });
}
