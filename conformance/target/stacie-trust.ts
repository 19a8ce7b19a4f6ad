/** Whether the certificate of a STACIE server is right: judged once before any case, and by a case of its own. */
import net from 'node:net';
import tls from 'node:tls';
import { Unreachable } from '../runner/outcome.js';
import type { StacieEndpoint } from './profile.js';
import { connectTcp, handshakeFault } from './tls-connect.js';

/** @throws Unreachable when there is no server, or it is not trusted */
export async function checkStacieTrust(endpoint: StacieEndpoint, timeoutMs: number): Promise<void> {
  const wrong = await certificateFault(endpoint, timeoutMs);
  if (wrong !== null && endpoint.trust !== 'none') {
    throw new Unreachable(`the certificate of ${endpoint.host}:${endpoint.port} is not trusted (${wrong})`);
  }
}

/**
 * What is wrong with the certificate for the name, that in the address when none is given (RFC 6125), by the authorities that the target names;
 * null when nothing is. With `trust: none` its issuer is not looked at, the rest is.
 *
 * @throws Unreachable without a TLS connection
 */
export async function certificateFault(
  { host, port, trust, name = host }: Pick<StacieEndpoint, 'host' | 'port' | 'trust'> & { readonly name?: string },
  timeoutMs: number,
): Promise<string | null> {
  const socket = await connectTcp({ host, port, timeoutMs });
  return await new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Unreachable(`TLS with ${host}:${port}: ${why}`));
    };
    const timer = setTimeout(() => fail(`no handshake within ${timeoutMs} ms`), timeoutMs);
    const secure = tls.connect({
      socket,
      ...(net.isIP(name) === 0 ? { servername: name } : {}),
      rejectUnauthorized: false,
      // The name is looked at below: here `authorized` is to say whether the issuer is known.
      checkServerIdentity: () => undefined,
      ...(typeof trust === 'object' ? { ca: trust.authorities } : {}),
    });
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      const certificate = secure.getPeerX509Certificate();
      const refusal = secure.authorized ? null : String(secure.authorizationError);
      secure.on('error', () => undefined);
      secure.destroy();
      if (certificate === undefined) return fail('it presented no certificate');
      const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
      if (Date.now() < from || Date.now() > to) {
        return resolve(`valid from ${certificate.validFrom} to ${certificate.validTo}, which is not now`);
      }
      if ((net.isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) === undefined) {
        return resolve(`made out to ${String(certificate.subjectAltName).slice(0, 200)}, not to ${name}`);
      }
      resolve(trust === 'none' ? null : refusal);
    });
    secure.once('error', (error: NodeJS.ErrnoException) => fail(handshakeFault(error)));
    secure.once('close', () => fail('closed in the handshake'));
  });
}
