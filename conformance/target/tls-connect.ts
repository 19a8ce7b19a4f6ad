/** One TLS client connection, with everything that can go wrong told apart. */
import net from 'node:net';
import tls from 'node:tls';
import { Unreachable } from '../runner/outcome.js';

export interface TlsWishes {
  readonly host: string;
  readonly port: number;
  readonly servername?: string;
  readonly minVersion?: tls.SecureVersion;
  readonly maxVersion?: tls.SecureVersion;
  readonly ciphers?: string;
  readonly timeoutMs: number;
  readonly session?: Buffer;
}

/** The peer took the TCP connection and then failed or refused the handshake. */
export class HandshakeRefused extends Unreachable {
  constructor(
    message: string,
    readonly how: 'alert' | 'closed' | 'reset' | 'timeout' | 'local',
  ) {
    super(message);
  }
}

/** What went wrong in a handshake, without OpenSSL's addresses and file names. */
export function handshakeFault({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ERR_SSL_WRONG_VERSION_NUMBER' ? 'what answers there is no TLS' : (code ?? message);
}

/** @throws Unreachable when there is no TCP connection */
export async function connectTcp({
  host,
  port,
  timeoutMs,
}: Pick<TlsWishes, 'host' | 'port' | 'timeoutMs'>): Promise<net.Socket> {
  return await new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Unreachable(`no connection to ${host}:${port} within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', failed);
      resolve(socket);
    });
    const failed = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      reject(new Unreachable(`no connection to ${host}:${port}: ${error.code ?? error.message}`));
    };
    socket.once('error', failed);
  });
}

/**
 * Connects and shakes hands. The certificate is not judged here: the trust rule of the target file is, once, when the
 * target is opened, and requirements on it are cases.
 *
 * @throws Unreachable without a TCP connection, HandshakeRefused without a handshake
 */
export async function connectTls(wishes: TlsWishes): Promise<{ secure: tls.TLSSocket; tcp: net.Socket }> {
  const tcp = await connectTcp(wishes);
  return { secure: await secureTcp(tcp, wishes), tcp };
}

/**
 * Shakes hands on a connection that stands, as after STARTTLS; it is destroyed when that fails.
 *
 * @throws HandshakeRefused
 */
export async function secureTcp(socket: net.Socket, wishes: Omit<TlsWishes, 'host' | 'port'>): Promise<tls.TLSSocket> {
  return await new Promise((resolve, reject) => {
    let secure: tls.TLSSocket;
    const refuse = (message: string, how: HandshakeRefused['how']): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new HandshakeRefused(message, how));
    };
    const timer = setTimeout(
      () => refuse(`no TLS handshake within ${wishes.timeoutMs} ms`, 'timeout'),
      wishes.timeoutMs,
    );
    try {
      secure = tls.connect({
        socket,
        rejectUnauthorized: false,
        ...(wishes.servername !== undefined && net.isIP(wishes.servername) === 0
          ? { servername: wishes.servername }
          : {}),
        ...(wishes.minVersion === undefined ? {} : { minVersion: wishes.minVersion }),
        ...(wishes.maxVersion === undefined ? {} : { maxVersion: wishes.maxVersion }),
        ...(wishes.ciphers === undefined ? {} : { ciphers: wishes.ciphers }),
        ...(wishes.session === undefined ? {} : { session: wishes.session }),
      });
    } catch (error) {
      refuse(`this Node cannot offer that: ${error instanceof Error ? error.message : String(error)}`, 'local');
      return;
    }
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      secure.removeAllListeners('error');
      secure.removeAllListeners('close');
      secure.setNoDelay(true);
      resolve(secure);
    });
    secure.once('error', (error: NodeJS.ErrnoException) => {
      const how =
        error.code === 'ECONNRESET' ? 'reset' : error.code?.startsWith('ERR_SSL') === true ? 'alert' : 'closed';
      refuse(`TLS handshake failed: ${error.code ?? error.message}`, how);
    });
    secure.once('close', () => refuse('the connection was closed in the TLS handshake', 'closed'));
  });
}
