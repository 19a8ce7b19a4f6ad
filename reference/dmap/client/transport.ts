/** Whom a client believes, and what is wrong with a connection that does not come about. */
import { X509Certificate } from 'node:crypto';
import { DmapClientError } from './client-error.js';

/** The authorities of the system, or these certificates (PEM). Names are always checked. */
export type DmapTrust = 'system' | { readonly pem: string };

/** How far a connection is. */
export type Phase = 'connecting' | 'handshake' | 'secure';

/** TLS would take a text without certificates for one that trusts nobody. @throws DmapClientError `bad-input` */
export function certificatesIn(pem: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new DmapClientError('bad-input', 'the trusted text holds no certificate');
  try {
    return found.map((text) => new X509Certificate(text).toString());
  } catch (error) {
    const what = 'the trusted text holds a certificate that cannot be read';
    throw new DmapClientError('bad-input', what, { cause: error });
  }
}

/** What an error of the socket says about the server. */
export function transportFailure(
  error: Error & { readonly code?: string },
  phase: Phase,
  where: string,
): DmapClientError {
  const { code = error.name } = error;
  const cause = { cause: error };
  if (phase === 'connecting') return new DmapClientError('unreachable', `no connection to ${where}: ${code}`, cause);
  if (phase === 'secure') return new DmapClientError('closed', `the connection failed: ${code}`, cause);
  // Names of OpenSSL and Node for a chain or a name that is not right.
  if (/CERT|SIGNATURE|ISSUER|ALTNAME/.test(code) && !code.startsWith('ERR_SSL')) {
    return new DmapClientError('untrusted', `the certificate of ${where} is not trusted: ${code}`, cause);
  }
  const what = `the TLS handshake with ${where} failed: ${code}`;
  return new DmapClientError('no-tls', what, { requirement: 'DMAP-010', ...cause });
}
