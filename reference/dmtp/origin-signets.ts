/** Where the signets of those who send come from. */
import type { Signet } from '../formats/signet/index.js';

/**
 * `known`: validated organizational signets of the domain, each of which may have signed; at least one. `unavailable`: they
 * cannot be had now. `none`: the domain has none, for certain.
 */
export type OriginAnswer =
  | { readonly kind: 'known'; readonly signets: readonly Signet[] }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'none' };

/**
 * Finds the signets of an origin. A rejection counts as `unavailable`.
 *
 * @param domain in lower case
 * @param fingerprint what MAIL said, any text: the signet meant, if it is one's
 */
export type OriginSignets = (domain: string, fingerprint: string) => Promise<OriginAnswer>;

/**
 * Those that are given, by domain in lower case, and for the others whatever `otherwise` finds; without it they are
 * unavailable.
 */
export function knownOrigins(
  signets: (domain: string) => readonly Signet[] | null,
  otherwise: OriginSignets = async () => ({ kind: 'unavailable' }),
): OriginSignets {
  return async (domain, fingerprint) => {
    const known = signets(domain) ?? [];
    return known.length > 0 ? { kind: 'known', signets: known } : otherwise(domain, fingerprint);
  };
}
