/** Whether a client may trust the certificate of a delivery host: section 7.3 of the record digest as a table. */

/** `secure`: signed to a trust anchor (1). `insecure`: not signed (0). `bogus`: a signature failed (-1). (Section 5.2) */
export type DnssecState = 'secure' | 'insecure' | 'bogus';

/** What asking for the certificate's revocation gave. (Section 7.5) */
export type OcspOutcome =
  | 'good'
  | 'revoked'
  | 'unknown'
  /** The certificate names no responder. */
  | 'no-responder'
  /** The responder answered with another status than "successful". */
  | 'responder-error'
  /** No responder that is named gave any answer. */
  | 'unreachable'
  /** The issuer is not in the chain that the peer sent, so nothing could be asked. */
  | 'no-issuer'
  | 'nonce-differs'
  | 'bad-signature'
  /** This or next update lie outside the tolerance of `ocspToleranceSeconds`. */
  | 'stale';

/** REC-074. */
export const ocspToleranceSeconds = 300;

/** What is known about a certificate and its record when it is judged. */
export interface CertificateFacts {
  readonly dnssec: DnssecState;
  /** Whether the record has `tls` values, and whether one of them fits: see verifyCertificate. */
  readonly tls: 'absent' | 'unmatched' | 'matched';
  readonly selfSigned: boolean;
  /** Whether the certificate names the host to which the connection was made (REC-070). */
  readonly hostName: boolean;
  /** Whether the chain that the peer sent leads to a trusted root. */
  readonly chain: boolean;
  readonly ocsp: OcspOutcome;
}

export interface CertificateJudgement {
  readonly accept: boolean;
  readonly requirement: string;
  readonly reason: string;
}

interface Row extends CertificateJudgement {
  /** The facts that this row is about; what is not named may be anything. */
  readonly when: { readonly [Fact in keyof CertificateFacts]?: CertificateFacts[Fact] };
}

/** The first row that fits decides. */
export const certificateTable: readonly Row[] = [
  refuse({ dnssec: 'bogus' }, 'REC-046', 'the DNSSEC signature of the record failed'),
  refuse({ tls: 'unmatched' }, 'REC-065', 'the record has tls values and none fits the certificate'),
  accept({ tls: 'matched', dnssec: 'secure' }, 'REC-066', 'a tls value fits and the record is signed'),
  refuse({ tls: 'absent', selfSigned: true }, 'REC-068', 'self-signed, and the record has no tls value'),
  refuse({ hostName: false }, 'REC-070', 'the certificate does not name the host'),
  refuse(
    { tls: 'matched', chain: false },
    'REC-067',
    'a tls value fits, but the record is unsigned and the chain fails',
  ),
  refuse({ chain: false }, 'REC-069', 'the chain leads to no trusted root'),
  accept({ tls: 'matched' }, 'REC-067', 'a tls value fits, and host name and chain are right'),
  refuse({ ocsp: 'revoked' }, 'REC-071', 'the certificate is revoked'),
  // OQ-4: what the responder does not know is no better than what it revoked.
  refuse({ ocsp: 'unknown' }, 'REC-071', 'the OCSP responder does not know the certificate'),
  refuse({ ocsp: 'nonce-differs' }, 'REC-073', 'the OCSP response answers another request'),
  refuse({ ocsp: 'bad-signature' }, 'REC-073', 'the signature of the OCSP response fails'),
  refuse({ ocsp: 'stale' }, 'REC-074', 'the OCSP response is out of date'),
  refuse({ ocsp: 'unreachable' }, 'REC-069', 'no OCSP responder that the certificate names answers'),
  refuse({ ocsp: 'no-issuer' }, 'REC-069', 'OCSP cannot be asked: the issuer is not in the chain'),
  accept({ ocsp: 'no-responder' }, 'REC-072', 'host name and chain are right; no OCSP responder is named'),
  // Section 7.5 lets this pass: a responder that is out of order must not stop all mail.
  accept({ ocsp: 'responder-error' }, 'REC-069', 'host name and chain are right; the OCSP responder is out of order'),
  accept({}, 'REC-069', 'host name, chain and OCSP are right'),
];

/** Decides whether the connection may be used, and says by which requirement. */
export function judgeCertificate(facts: CertificateFacts): CertificateJudgement {
  const row = certificateTable.find(({ when }) => fits(when, facts));
  if (row === undefined) throw new Error('the last row of the table fits everything');
  const { accept, requirement, reason } = row;
  return { accept, requirement, reason };
}

function fits(when: Row['when'], facts: CertificateFacts): boolean {
  const names = Object.keys(when) as (keyof CertificateFacts)[];
  return names.every((name) => when[name] === facts[name]);
}

function refuse(when: Row['when'], requirement: string, reason: string): Row {
  return { when, accept: false, requirement, reason };
}

function accept(when: Row['when'], requirement: string, reason: string): Row {
  return { when, accept: true, requirement, reason };
}
