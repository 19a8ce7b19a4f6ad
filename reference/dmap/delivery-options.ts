/** Delivery options of SUBMIT, each announced by the capability `SUBMIT=name` (DMAP-368 to DMAP-372, DMAP-I-87). */
import type { DeliveryOption } from '../../grammar/dmap.js';

/** The base document defines no option; this is how a server has one of its own. */
export interface DeliveryPolicy {
  /** Whether this is a right use of the option; a wrong one is BAD. */
  readonly isValid: (option: DeliveryOption) => boolean;
  /** Why it cannot be honoured for this user; null when it can. */
  readonly refusal: (option: DeliveryOption, username: string) => string | null;
}

/** The first option that nobody may use so; null when all can be understood. */
export function misusedOption(
  options: readonly DeliveryOption[],
  announced: ReadonlyMap<string, DeliveryPolicy>,
): string | null {
  const seen = new Set<string>();
  for (const option of options) {
    if (seen.has(option.name) || announced.get(option.name)?.isValid(option) !== true) return option.name;
    seen.add(option.name);
  }
  return null;
}

/** Why these options are denied, or null. */
export function deniedOption(
  options: readonly DeliveryOption[],
  announced: ReadonlyMap<string, DeliveryPolicy>,
  username: string,
): string | null {
  for (const option of options) {
    const refusal = announced.get(option.name)?.refusal(option, username) ?? null;
    if (refusal !== null) return refusal;
  }
  return null;
}
