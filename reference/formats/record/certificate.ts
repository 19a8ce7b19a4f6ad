/** Binds the certificate of a delivery host to the record: the `tls` values. (Section 7.2 of the record digest) */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { ManagementRecord } from './record.js';

/** Which pair verified, as places in the record's lists of signatures and keys, counted from 0. */
export type CertificateMatch =
  | { readonly matched: true; readonly signature: number; readonly key: number }
  | { readonly matched: false };

/** The SHA-512 digest, 64 octets, of the whole DER certificate: what a `tls` value signs (REC-062, OQ-2). */
export function certificateDigest(der: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha512').update(der).digest());
}

/**
 * Makes a `tls` value: pure Ed25519 over the digest, 64 octets.
 *
 * @param key the private half of a primary key
 * @throws TypeError for a key of another kind
 */
export function signCertificate(der: Uint8Array, key: KeyObject): Uint8Array {
  if (key.type !== 'private' || key.asymmetricKeyType !== 'ed25519') {
    throw new TypeError(
      `a certificate is signed with an Ed25519 private key, not with a ${key.asymmetricKeyType ?? key.type} ${key.type} key`,
    );
  }
  return new Uint8Array(sign(null, certificateDigest(der), key));
}

/**
 * Looks for a signature of the record that one of its primary keys made over this certificate. Every signature is tried
 * with every key: the reference resolver slips there (REC-064, OQ-1). Keys of signets never take part (REC-063). The
 * length of a record's text bounds the work to some hundred pairs.
 */
export function verifyCertificate(
  der: Uint8Array,
  record: Pick<ManagementRecord, 'primary' | 'tls'>,
): CertificateMatch {
  const digest = certificateDigest(der);
  const keys = record.primary.map(publicKey);
  for (const [signature, octets] of record.tls.entries()) {
    const key = keys.findIndex((candidate) => verify(null, digest, candidate, octets));
    if (key !== -1) return { matched: true, signature, key };
  }
  return { matched: false };
}

function publicKey(octets: Uint8Array): KeyObject {
  const x = Buffer.from(octets).toString('base64url');
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
}
