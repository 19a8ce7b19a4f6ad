/** Questions to OCSP responders and what their answers say: pure functions on octets (RFC 6960; section 7.5). */
import { createHash, type KeyObject, verify, X509Certificate } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  id_kp_OCSPSigning,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nonce,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  Request,
  type SingleResponse,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AuthorityInfoAccessSyntax,
  Certificate,
  Extension,
  id_ad_ocsp,
  id_pe_authorityInfoAccess,
} from '@peculiar/asn1-x509';
import { type OcspOutcome, ocspToleranceSeconds } from '../../formats/record/index.js';

/** What an answer has to fit. */
export interface OcspQuestion {
  /** The DER of the request. */
  readonly request: Uint8Array;
  readonly nonce: Uint8Array;
  readonly issuer: X509Certificate;
  readonly certId: CertID;
}

const sha1 = '1.3.14.3.2.26';
/** Certificates of an answer that are tried as its signer. */
const mostSigners = 8;

/** Hash functions by signature algorithm; null where the algorithm fixes its own. SHA-1 proves nothing any more. */
const signatureHashes: ReadonlyMap<string, string | null> = new Map([
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.3.101.112', null],
]);

/**
 * The responders that a certificate names, in its order, those that are asked over http; null when it names none at all.
 *
 * @throws Error for a certificate whose extension does not parse
 */
export function responders(certificate: X509Certificate): URL[] | null {
  const { extensions = [] } = parsed(certificate).tbsCertificate;
  const access = extensions.find(({ extnID }) => extnID === id_pe_authorityInfoAccess);
  if (access === undefined) return null;
  const named = AsnConvert.parse(access.extnValue.buffer, AuthorityInfoAccessSyntax).filter(
    ({ accessMethod }) => accessMethod === id_ad_ocsp,
  );
  if (named.length === 0) return null;
  return named.flatMap(({ accessLocation: { uniformResourceIdentifier: uri } }) => {
    const url = uri !== undefined && URL.canParse(uri) ? new URL(uri) : null;
    return url?.protocol === 'http:' && url.username === '' && url.password === '' ? [url] : [];
  });
}

/**
 * Asks about one certificate.
 *
 * @param nonce 16 to 32 random octets
 */
export function ocspQuestion(leaf: X509Certificate, issuer: X509Certificate, nonce: Uint8Array): OcspQuestion {
  const { subject, subjectPublicKeyInfo } = parsed(issuer).tbsCertificate;
  const certId = new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha1, parameters: null }),
    issuerNameHash: new OctetString(digest(AsnConvert.serialize(subject))),
    issuerKeyHash: new OctetString(digest(subjectPublicKeyInfo.subjectPublicKey)),
    serialNumber: parsed(leaf).tbsCertificate.serialNumber,
  });
  const extnValue = new OctetString(AsnConvert.serialize(new OctetString(nonce)));
  const request = new OCSPRequest({
    tbsRequest: new TBSRequest({
      requestList: [new Request({ reqCert: certId })],
      requestExtensions: [new Extension({ extnID: id_pkix_ocsp_nonce, extnValue })],
    }),
  });
  return { request: new Uint8Array(AsnConvert.serialize(request)), nonce, issuer, certId };
}

export interface OcspAnswer {
  readonly outcome: OcspOutcome;
  /** Until when a good answer holds, milliseconds since 1970; null when it says nothing of that. */
  readonly until: number | null;
}

/**
 * What an answer says. Octets that are no answer, or none that the issuer or a responder of its choice signed, are
 * `bad-signature`.
 *
 * @param now milliseconds since 1970
 */
export function ocspAnswer(question: OcspQuestion, octets: Uint8Array, now: number): OcspAnswer {
  const plain = (outcome: OcspOutcome): OcspAnswer => ({ outcome, until: null });
  let basic: BasicOCSPResponse | null;
  try {
    basic = basicResponse(octets);
    if (basic === null) return plain('responder-error');
    if (!isSigned(basic, question.issuer, now)) return plain('bad-signature');
  } catch {
    // The parser throws errors of many kinds for octets that are not what they should be.
    return plain('bad-signature');
  }
  const { responses, responseExtensions = [] } = basic.tbsResponseData;
  const nonce = responseExtensions.find(({ extnID }) => extnID === id_pkix_ocsp_nonce);
  // Without a nonce the answer may be a prepared one: its times have to do (section 7.5).
  if (nonce !== undefined && !holdsNonce(nonce, question.nonce)) return plain('nonce-differs');
  const single = responses.find(({ certID }) => sameCertId(certID, question.certId));
  if (single === undefined) return plain('unknown');
  if (!isTimely(single, now)) return plain('stale');
  if (single.certStatus.revoked !== undefined) return plain('revoked');
  if (single.certStatus.good === undefined) return plain('unknown');
  return { outcome: 'good', until: single.nextUpdate?.getTime() ?? null };
}

/** Null when the responder says that it cannot answer. */
function basicResponse(octets: Uint8Array): BasicOCSPResponse | null {
  const { responseStatus, responseBytes } = AsnConvert.parse(octets, OCSPResponse);
  if (responseStatus !== OCSPResponseStatus.successful) return null;
  if (responseBytes?.responseType !== id_pkix_ocsp_basic) throw new TypeError('not a basic response');
  return AsnConvert.parse(responseBytes.response.buffer, BasicOCSPResponse);
}

/** By the issuer, or by a certificate that the issuer made for signing such answers (RFC 6960 section 4.2.2.2). */
function isSigned(basic: BasicOCSPResponse, issuer: X509Certificate, now: number): boolean {
  const { tbsResponseDataRaw, signatureAlgorithm, signature, certs = [] } = basic;
  const hash = signatureHashes.get(signatureAlgorithm.algorithm);
  if (tbsResponseDataRaw === undefined || hash === undefined) return false;
  const holds = (key: KeyObject): boolean =>
    verify(hash, new Uint8Array(tbsResponseDataRaw), key, new Uint8Array(signature));
  if (holds(issuer.publicKey)) return true;
  return certs.slice(0, mostSigners).some((certificate) => {
    const signer = new X509Certificate(new Uint8Array(AsnConvert.serialize(certificate)));
    const delegated =
      (signer.keyUsage ?? []).includes(id_kp_OCSPSigning) &&
      signer.checkIssued(issuer) &&
      signer.verify(issuer.publicKey) &&
      Date.parse(signer.validFrom) <= now &&
      now <= Date.parse(signer.validTo);
    return delegated && holds(signer.publicKey);
  });
}

function holdsNonce(extension: Extension, nonce: Uint8Array): boolean {
  const value = Buffer.from(extension.extnValue.buffer);
  // The value is an octet string within one; some responders leave the inner one out.
  const wrapped = Buffer.from(AsnConvert.serialize(new OctetString(nonce)));
  return value.equals(wrapped) || value.equals(nonce);
}

/** Within the tolerance for clocks that differ (REC-074). */
function isTimely({ thisUpdate, nextUpdate }: SingleResponse, now: number): boolean {
  const tolerance = ocspToleranceSeconds * 1000;
  return (
    thisUpdate.getTime() <= now + tolerance && (nextUpdate === undefined || nextUpdate.getTime() >= now - tolerance)
  );
}

function sameCertId(a: CertID, b: CertID): boolean {
  const octets = (id: CertID) =>
    [id.issuerNameHash.buffer, id.issuerKeyHash.buffer, id.serialNumber].map((part) => Buffer.from(part));
  const [own, other] = [octets(a), octets(b)];
  return (
    a.hashAlgorithm.algorithm === b.hashAlgorithm.algorithm &&
    own.every((part, index) => part.equals(other[index] ?? Buffer.alloc(0)))
  );
}

const parsed = (certificate: X509Certificate): Certificate => AsnConvert.parse(certificate.raw, Certificate);
const digest = (octets: ArrayBuffer): Uint8Array => createHash('sha1').update(new Uint8Array(octets)).digest();
