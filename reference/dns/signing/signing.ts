/** What the signatures of a zone are made with. */
import type { ZoneKey } from './keys.js';
import type { Validity } from './sign-set.js';

/** How a zone is signed; the server keeps it to make wrong signatures on demand. */
export interface Signing extends Validity {
  /**
   * Those with flags 257 sign the keys, those with 256 all else; where there is only one kind, it signs everything. Not
   * empty.
   */
  readonly keys: readonly ZoneKey[];
  /** A key that is not in the zone, for signatures of one who has no right to sign. */
  readonly stranger: ZoneKey;
}
