/** Management records: reading, writing, publishing, and what they say about certificates and copies. */
export type { MessagePolicy, SubdomainPolicy } from '../../../grammar/record.js';
export { longestRecordText } from '../../../grammar/record.js';
export { type CertificateMatch, certificateDigest, signCertificate, verifyCertificate } from './certificate.js';
export { formatRecord } from './format-record.js';
export {
  type CertificateFacts,
  type CertificateJudgement,
  certificateTable,
  type DnssecState,
  judgeCertificate,
  type OcspOutcome,
  ocspToleranceSeconds,
} from './judge-certificate.js';
export { parseRecord } from './parse-record.js';
export {
  type CopyState,
  copyState,
  expirationOf,
  messagePolicies,
  type RecordCopy,
  refreshedCopy,
  subdomainPolicies,
} from './policy.js';
export { joinStrings, publishedRecord, recordLabel, recordName, splitStrings } from './published-record.js';
export type { ManagementRecord } from './record.js';
export { RecordError, type RecordErrorCode } from './record-error.js';
