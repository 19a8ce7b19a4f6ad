/** What validation decides. */

/** Where a proof ends or fails. */
export type ValidationStep = 'anchor' | 'keys' | 'delegation' | 'signature' | 'denial' | 'bounds';

export type Verdict =
  | { readonly state: 'secure' }
  | {
      /**
       * `insecure`: the anchors say nothing about the zone, or prove that it is not signed as far as they go. `bogus`:
       * they say that it is signed, and what came does not fit.
       */
      readonly state: 'insecure' | 'bogus';
      readonly step: ValidationStep;
      /** In visible ASCII. */
      readonly reason: string;
    };

export const secure: Verdict = { state: 'secure' };

export function insecure(step: ValidationStep, reason: string): Verdict {
  return { state: 'insecure', step, reason };
}

export function bogus(step: ValidationStep, reason: string): Verdict {
  return { state: 'bogus', step, reason };
}

const ranks = { secure: 0, insecure: 1, bogus: 2 } as const;

/** A chain is as strong as its weakest link; of equal ones the first counts. */
export function weaker(one: Verdict, other: Verdict): Verdict {
  return ranks[other.state] > ranks[one.state] ? other : one;
}
