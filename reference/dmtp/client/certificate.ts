/** The judgement of a delivery host's certificate: gathers the facts that the record digest's section 7.3 asks for. */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type CertificateFacts,
  judgeCertificate,
  type OcspOutcome,
  verifyCertificate,
} from '../../formats/record/index.js';
import type { ResolvedRecord } from '../resolver.js';
import { DmtpClientError } from './client-error.js';
import type { PeerCertificate } from './connection.js';

/** Asks whether a certificate was revoked; asked only when the judgement depends on it. */
export type AskRevocation = (leaf: X509Certificate, issuer: X509Certificate | null) => Promise<OcspOutcome>;

/**
 * Judges the certificate by the record alone: keys of signets never take part (REC-063).
 *
 * @param host the name used to connect (REC-070)
 * @throws DmtpClientError `untrusted`
 */
export async function requireTrusted(
  { leaf, issuer, chain }: PeerCertificate,
  host: string,
  { record, dnssec }: ResolvedRecord,
  askRevocation: AskRevocation,
): Promise<void> {
  const tls =
    record.tls.length === 0 ? 'absent' : verifyCertificate(leaf.raw, record).matched ? 'matched' : 'unmatched';
  const facts: CertificateFacts = {
    dnssec,
    tls,
    selfSigned: leaf.checkIssued(leaf),
    hostName: (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined,
    chain,
    ocsp: 'good',
  };
  let judgement = judgeCertificate(facts);
  if (judgement.accept && tls === 'absent') {
    judgement = judgeCertificate({ ...facts, ocsp: await askRevocation(leaf, issuer) });
  }
  if (judgement.accept) return;
  const what = `the certificate of ${host} is refused: ${judgement.reason}`;
  throw new DmtpClientError('untrusted', what, { requirement: judgement.requirement });
}
