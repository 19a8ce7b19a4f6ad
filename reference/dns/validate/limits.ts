/** What one lookup may cost. Each bound stands against a server that makes its client work (KeyTrap, CVE-2023-50387). */
export interface ValidationLimits {
  /** Questions to the server, those for the proof included. */
  readonly questions: number;
  /** Signatures that are checked. */
  readonly signatureChecks: number;
  /** Keys with the same tag that are tried on one signature. */
  readonly keysOfOneTag: number;
  /** Signatures of one set that are looked at. */
  readonly signaturesOfOneSet: number;
  /** Aliases that are followed. */
  readonly aliases: number;
  /** Rounds of NSEC3 hashing; with more the zone counts as unsigned (RFC 9276 section 3.2). */
  readonly nsec3Iterations: number;
}

export const defaultValidationLimits: ValidationLimits = {
  questions: 64,
  signatureChecks: 64,
  keysOfOneTag: 4,
  signaturesOfOneSet: 8,
  aliases: 8,
  nsec3Iterations: 100,
};
