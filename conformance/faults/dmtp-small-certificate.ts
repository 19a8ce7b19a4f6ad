/** What the small DMTP client finds out about a certificate, and OCSP as it asks it (section 7 of the record digest). */
import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import {
  BasicOCSPResponse,
  CertID,
  id_pkix_ocsp_nonce,
  OCSPRequest,
  OCSPResponse,
  Request,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate, Extension } from '@peculiar/asn1-x509';
import { sha512, verifies } from '../model/signet-builder.js';

/** What is judged. */
export interface CertificateView {
  readonly dnssec: 'secure' | 'insecure';
  readonly bound: boolean;
  /** Whether a pair verifies. */
  readonly matched: boolean;
  readonly selfSigned: boolean;
  readonly named: boolean;
  readonly chain: boolean;
  readonly ocsp: () => Promise<OcspView>;
}

/** What a responder said; null: the certificate names none. */
export type OcspView = {
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly nonce: boolean;
  readonly signed: boolean;
  /** Seconds by which it is too early, or too late. */
  readonly off: number;
} | null;

export interface Pair {
  readonly value: Uint8Array;
  readonly key: Uint8Array;
}

export const matches = (der: Uint8Array, pairs: readonly Pair[]): boolean =>
  pairs.some(({ value, key }) => verifies(key, sha512(der), value));

/** Looks at the certificate of a connection. */
export function viewOf(
  socket: TLSSocket,
  names: readonly string[],
  facts: Pick<CertificateView, 'dnssec' | 'bound'>,
  pairsMatch: (der: Uint8Array) => boolean,
): CertificateView {
  const issuer = socket.getPeerCertificate(true).issuerCertificate?.raw;
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) throw new TypeError('the peer has no certificate');
  return {
    ...facts,
    matched: pairsMatch(new Uint8Array(leaf.raw)),
    selfSigned: leaf.checkIssued(leaf),
    named: names.some((name) => leaf.checkHost(name) !== undefined),
    chain: socket.authorized,
    ocsp: () => askOcsp(leaf, new X509Certificate(issuer ?? leaf.raw)),
  };
}

const digest = (octets: ArrayBuffer): Uint8Array => createHash('sha1').update(new Uint8Array(octets)).digest();

async function askOcsp(leaf: X509Certificate, issuer: X509Certificate): Promise<OcspView> {
  const url = /OCSP - URI:(\S+)/.exec(leaf.infoAccess ?? '')?.[1];
  if (url === undefined) return null;
  const { subject, subjectPublicKeyInfo } = AsnConvert.parse(issuer.raw, Certificate).tbsCertificate;
  const nonce = AsnConvert.serialize(new OctetString(new Uint8Array(randomBytes(16))));
  const request = new OCSPRequest({
    tbsRequest: new TBSRequest({
      requestList: [
        new Request({
          reqCert: new CertID({
            hashAlgorithm: new AlgorithmIdentifier({ algorithm: '1.3.14.3.2.26', parameters: null }),
            issuerNameHash: new OctetString(digest(AsnConvert.serialize(subject))),
            issuerKeyHash: new OctetString(digest(subjectPublicKeyInfo.subjectPublicKey)),
            serialNumber: AsnConvert.parse(leaf.raw, Certificate).tbsCertificate.serialNumber,
          }),
        }),
      ],
      requestExtensions: [new Extension({ extnID: id_pkix_ocsp_nonce, extnValue: new OctetString(nonce) })],
    }),
  });
  const body = new Uint8Array(AsnConvert.serialize(request));
  const headers = { 'Content-Type': 'application/ocsp-request', Connection: 'close' };
  const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(1_000) });
  const { responseBytes } = AsnConvert.parse(await answer.arrayBuffer(), OCSPResponse);
  if (responseBytes === undefined) return null;
  const basic = AsnConvert.parse(responseBytes.response.buffer, BasicOCSPResponse);
  const { responses, responseExtensions = [] } = basic.tbsResponseData;
  const [single] = responses;
  const got = responseExtensions.find(({ extnID }) => extnID === id_pkix_ocsp_nonce);
  const signedOctets = new Uint8Array(basic.tbsResponseDataRaw ?? new ArrayBuffer(0));
  const now = Date.now();
  const early = (single?.thisUpdate.getTime() ?? 0) - now;
  const late = now - (single?.nextUpdate?.getTime() ?? now);
  return {
    status:
      single?.certStatus.revoked !== undefined ? 'revoked' : single?.certStatus.good === undefined ? 'unknown' : 'good',
    nonce: got === undefined || Buffer.from(got.extnValue.buffer).equals(Buffer.from(nonce)),
    signed: verify('sha256', signedOctets, issuer.publicKey, new Uint8Array(basic.signature)),
    off: Math.max(early, late, 0) / 1000,
  };
}
