/** From what validation says to the three states of a management record. (Section 5.2 of the record digest) */
import type { Resolution } from '../../dns/validate/index.js';
import type { Proven } from './resolved.js';

/** By what is known of DNSSEC alone: for hosts and mail exchangers, of which the digest says nothing. */
export function provenBy({ verdict }: Pick<Resolution, 'verdict'>): Proven {
  return verdict.state === 'secure'
    ? { dnssec: 'secure', reason: null }
    : { dnssec: verdict.state, reason: `${verdict.step}: ${verdict.reason}` };
}

/**
 * As the digest has it. Signed, and no chain to an anchor, also where there is no anchor at all or the zone above proves
 * that it knows of no signature: failed (REC-047). A good signature without an OPT record in the reply: unsigned, since
 * then DNSSEC says nothing (REC-078). What the anchors say to be signed and is not stays failed even then: else whoever
 * can change a reply could make a signed record an unsigned one.
 */
export function recordState({ verdict, signedInVain, dnssecOk }: Resolution): Proven {
  if (verdict.state === 'secure' && !dnssecOk) {
    return { dnssec: 'insecure', reason: 'signature: the reply has no OPT record with the DO bit (REC-078)' };
  }
  const proven = provenBy({ verdict });
  if (proven.dnssec !== 'insecure' || !signedInVain || !dnssecOk) return proven;
  return { dnssec: 'bogus', reason: `the answer is signed, and ${proven.reason} (REC-047)` };
}
