/** How the servers speak TLS: versions, suites and the options that keep a handshake cheap. */
import { constants } from 'node:crypto';
import { createSecureContext, type SecureVersion, type TlsOptions } from 'node:tls';

export interface ServerTls {
  /** PEM. */
  readonly key: string;
  /** PEM, the leaf first. */
  readonly cert: string;
  /** TLSv1.2 when not given (section 1 of the DMTP digest). */
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** In OpenSSL's notation; `serverCiphers` when not given. */
  readonly ciphers?: string;
}

/** The two suites that section 1 of the DMTP digest names, and those of TLS 1.3, which are all AEAD. */
export const serverCiphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * Options for `tls.createServer` on sockets that it is given. Renegotiation is off: a client could ask for it without
 * end. The server's own handshake timer is off: its caller keeps the time.
 *
 * @throws Error when key, certificate, versions or suites are not usable
 */
export function serverTlsOptions(tls: ServerTls): TlsOptions {
  const options: TlsOptions = {
    key: tls.key,
    cert: tls.cert,
    minVersion: tls.minVersion ?? 'TLSv1.2',
    ...(tls.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion }),
    ciphers: tls.ciphers ?? serverCiphers,
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    handshakeTimeout: 0,
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new Error(`TLS cannot start with this key, certificate, version and suites: ${reason(error)}`, {
      cause: error,
    });
  }
  return options;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
