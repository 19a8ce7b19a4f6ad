/** The limits of binary inputs, each an explicit check with its own error. (Section 1.2 of the STACIE digest) */
import { keyOctets, leastSaltOctets, mostSaltOctets, saltStep, wellKnownSaltOctets } from './limits.js';
import { StacieError } from './stacie-error.js';

/** Something that is processed all the same. */
export interface StacieWarning {
  readonly code: 'unaligned' | 'over-long';
  readonly requirement: string;
  readonly field: 'salt' | 'nonce';
  /** Octets. */
  readonly length: number;
  readonly message: string;
}

/** @throws StacieError `wrong-length` unless `octets` has exactly `length` octets */
export function checkLength(
  octets: Uint8Array,
  length: number,
  place: { readonly field: string; readonly requirement: string; readonly section: string },
): void {
  if (octets.length === length) return;
  throw new StacieError({
    ...place,
    code: 'wrong-length',
    value: octets.length,
    what: `has ${count(octets.length)}`,
    bound: `exactly ${length} octets`,
  });
}

/** Checks what comes out of one stage and goes into the next, or is kept in between: always 64 octets. */
export function checkKey(octets: Uint8Array, field: string, requirement: string, section: string): void {
  checkLength(octets, keyOctets, { field, requirement, section });
}

/**
 * Refuses a salt that is too short or too long. Absent is undefined; a salt of zero octets is too short (STACIE-I-17).
 *
 * @throws StacieError `too-short`, `too-long`
 */
export function checkSalt(salt: Uint8Array | undefined, { field = 'salt', requirement = 'STACIE-064' } = {}): void {
  if (salt !== undefined) checkSaltLength(salt, field, requirement);
}

/** @throws StacieError `too-short`, `too-long` */
export function checkNonce(nonce: Uint8Array | undefined): void {
  if (nonce !== undefined) checkSaltLength(nonce, 'nonce', 'STACIE-087');
}

function checkSaltLength(octets: Uint8Array, field: string, requirement: string): void {
  const value = octets.length;
  if (value < leastSaltOctets) {
    const bound = `at least ${leastSaltOctets} octets, or none given at all`;
    throw new StacieError({
      code: 'too-short',
      requirement,
      field,
      value,
      what: `has ${count(value)}`,
      bound,
      section: '1.2',
    });
  }
  if (value > mostSaltOctets) {
    throw new StacieError({
      code: 'too-long',
      requirement: 'STACIE-I-18',
      field,
      value,
      what: `has ${count(value)}`,
      bound: `at most ${mostSaltOctets.toLocaleString('en-US')} octets`,
      section: '1.2',
    });
  }
}

/** What is unusual about a salt or nonce; both may hold at once (STACIE-I-19). Does not throw. */
export function shapeWarnings(inputs: {
  readonly salt?: Uint8Array | undefined;
  readonly nonce?: Uint8Array | undefined;
}): StacieWarning[] {
  return [...warningsOf('salt', inputs.salt), ...warningsOf('nonce', inputs.nonce)];
}

function warningsOf(field: 'salt' | 'nonce', octets: Uint8Array | undefined): StacieWarning[] {
  if (octets === undefined) return [];
  const { length } = octets;
  const warnings: StacieWarning[] = [];
  if (length % saltStep !== 0) {
    const requirement = field === 'salt' ? 'STACIE-065' : 'STACIE-088';
    const message = `${field} has ${length} octets, which is no multiple of ${saltStep} (section 1.2, ${requirement})`;
    warnings.push({ code: 'unaligned', requirement, field, length, message });
  }
  if (length > wellKnownSaltOctets) {
    const requirement = field === 'salt' ? 'STACIE-066' : 'STACIE-088';
    const message = `${field} has ${length} octets, more than ${wellKnownSaltOctets} (section 1.2, ${requirement})`;
    warnings.push({ code: 'over-long', requirement, field, length, message });
  }
  return warnings;
}

/** "1 octet", "63 octets". */
export function count(octets: number): string {
  return `${octets.toLocaleString('en-US')} octet${octets === 1 ? '' : 's'}`;
}
