/**
 * Ways in which implementations of the STACIE derivation go wrong, each as one rule that differs. A case that meets a
 * wrong value says which of them would give it; the seeded faults are these very slips.
 */
import { drafts, type Rules } from './stacie-derivation.js';
import type { Slip } from './stacie-slip.js';
import { keySlips, tokenSlips } from './stacie-slips-of-keys.js';
import { roundsSlips, textSlips } from './stacie-slips-of-rounds.js';
import { seedSlips } from './stacie-slips-of-the-seed.js';

export const slips: readonly Slip[] = [...roundsSlips, ...textSlips, ...seedSlips, ...keySlips, ...tokenSlips];

/** The first slip under whose rules `holds` is true; null when none of the known ones is behind it. */
export function slipBehind(holds: (rules: Rules) => boolean): Slip | null {
  return slips.find(({ rules }) => holds({ ...drafts, ...rules })) ?? null;
}
