/** How standard payloads are filled up. (Sections 4.5 and 12.4 of the messages digest) */
import type { MessageProfile } from './chunk-table.js';
import { flagBits } from './flags.js';
import { blockOctets, largestStandardPayload, leastPaddedPayload, payloadHeadOctets } from './limits.js';

export type PaddingAlgorithm = 'primary' | 'alternate' | 'prime';

export interface Padding {
  /** Octets of padding. */
  readonly length: number;
  /** What each of them is. */
  readonly octet: number;
}

export function paddingAlgorithm(profile: MessageProfile, flags: number): PaddingAlgorithm {
  if (profile === 'prime') return 'prime';
  return (flags & flagBits.alternatePadding) === 0 ? 'primary' : 'alternate';
}

/**
 * The padding for `data` octets of data (MSG-024, MSG-025, MSG-087).
 *
 * @param random an octet that spreads the sizes; `prime` has no random part
 */
export function paddingFor(algorithm: PaddingAlgorithm, data: number, random: number): Padding {
  const filled = payloadHeadOctets + data;
  const toBlock = blockOctets - (filled % blockOctets);
  if (algorithm === 'alternate') return { length: toBlock + blockOctets * random, octet: random };
  if (algorithm === 'prime') {
    const length = Math.max(toBlock % blockOctets, leastPaddedPayload - filled);
    return { length, octet: length };
  }
  const length =
    filled < leastPaddedPayload
      ? leastPaddedPayload - filled + blockOctets * (random % (Math.floor(filled / blockOctets) + 1))
      : toBlock + blockOctets * (random % 16);
  return { length, octet: length % 256 };
}

/**
 * Whether padding of this length may consist of this octet. The lengths that each algorithm can give are checked too;
 * a primary padding of 256 has the octet 0 (MSG-028, OQ-52).
 */
export function isPadding(algorithm: PaddingAlgorithm, data: number, { length, octet }: Padding): boolean {
  if (algorithm === 'alternate') return length >= 1 && octet === Math.floor((length - 1) / blockOctets);
  if (algorithm === 'primary') return length >= 1 && length <= 256 && octet === length % 256;
  const expected = paddingFor('prime', data, 0);
  return length === expected.length && octet === expected.octet;
}

/** The most data for which every random octet gives a payload that fits. */
export function mostData(algorithm: Exclude<PaddingAlgorithm, 'prime'>): number {
  const mostPadding = algorithm === 'alternate' ? blockOctets * 256 : 256;
  return largestStandardPayload - payloadHeadOctets - mostPadding;
}
