/** TLS under STACIE (section 8.3 of revision 03). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { certificateFault } from '../../target/stacie-trust.js';
import { connectTcp, connectTls, HandshakeRefused, type TlsWishes } from '../../target/tls-connect.js';
import type { Case } from '../case.js';
import type { Server } from './server.js';
import { serverCase } from './server-case.js';

const anySecurityLevel = '@SECLEVEL=0';

/** What a handshake with such wishes comes to; null: it was refused by the peer. What is no verdict is thrown. */
async function handshake(
  server: Server,
  wishes: Partial<TlsWishes>,
): Promise<{ cipher: string; protocol: string } | null> {
  const { host, port } = server.endpoint;
  const { context } = server;
  context.transcript.add('connected', 1, `${host}:${port}`);
  try {
    const { secure } = await connectTls({
      host,
      port,
      servername: host,
      timeoutMs: context.profile.limits.connectMs,
      ...wishes,
    });
    const [cipher, protocol] = [secure.getCipher().standardName, secure.getProtocol() ?? 'no TLS'];
    context.transcript.add('secured', 1, `${protocol} ${cipher}`);
    secure.on('error', () => undefined);
    secure.destroy();
    return { cipher, protocol };
  } catch (error) {
    if (!(error instanceof HandshakeRefused) || error.how === 'local' || error.how === 'timeout') throw error;
    context.transcript.add('closed', 1, error.message);
    return null;
  }
}

function mustRefuse(
  context: CaseContext,
  row: string,
  what: string,
  outcome: { cipher: string; protocol: string } | null,
): void {
  context.require(
    row,
    outcome === null,
    `a handshake with ${what} to be refused`,
    () => `${outcome?.protocol} ${outcome?.cipher}`,
  );
}

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/tls/nothing-without',
    title:
      'A request in the clear gets no answer of STACIE, and suites without authentication or encryption are refused.',
    decides: ['STACIE-210'],
    mostRuns: 1,
    async check(server, _, context) {
      const outcome = await handshake(server, {});
      context.require('STACIE-210', outcome !== null, 'TLS', 'a refused handshake');
      const ciphers = `aNULL:eNULL:RC4:${anySecurityLevel}`;
      const weak = await handshake(server, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers });
      mustRefuse(context, 'STACIE-210', 'suites that give no confidentiality and integrity', weak);
      const answer = await inTheClear(server);
      context.require(
        'STACIE-210',
        !answer.includes('"methods"'),
        'no answer in the clear',
        JSON.stringify(answer.slice(0, 200)),
      );
    },
  }),
  serverCase({
    id: 'stacie-server/tls/1-2-or-later',
    title: 'TLS 1.2 or later is negotiated, and a client that offers nothing later than TLS 1.1 is refused.',
    decides: ['STACIE-212'],
    mostRuns: 5,
    given: fc.constantFrom('TLSv1' as const, 'TLSv1.1' as const, 'TLSv1.2' as const, null),
    async check(server, offered, context) {
      if (offered === 'TLSv1' || offered === 'TLSv1.1') {
        const outcome = await handshake(server, {
          minVersion: 'TLSv1',
          maxVersion: offered,
          ciphers: `DEFAULT:${anySecurityLevel}`,
        });
        mustRefuse(context, 'STACIE-212', `${offered} at most`, outcome);
        return;
      }
      const outcome = await handshake(server, offered === null ? {} : { minVersion: offered });
      context.require(
        'STACIE-212',
        /^TLSv1\.[23]$/.test(outcome?.protocol ?? ''),
        'TLS 1.2 or later',
        outcome?.protocol ?? 'a refused handshake',
      );
    },
  }),
  serverCase({
    id: 'stacie-server/tls/forward-secrecy',
    title: 'Suites without forward secrecy are refused.',
    decides: ['STACIE-213'],
    mostRuns: 1,
    async check(server, _, context) {
      const ciphers = `kRSA:!aNULL:!eNULL:${anySecurityLevel}`;
      mustRefuse(
        context,
        'STACIE-213',
        'suites without forward secrecy',
        await handshake(server, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers }),
      );
    },
  }),
  serverCase({
    id: 'stacie-server/tls/valid-certificate',
    title: 'The certificate is valid now, for the name in the address, and by the authorities that the target names.',
    decides: ['STACIE-214'],
    mostRuns: 1,
    async check(server, _, context) {
      if (server.endpoint.trust === 'none')
        context.note('trust: none, so that nobody judged who issued the certificate');
      const fault = await certificateFault(server.endpoint, context.profile.limits.connectMs);
      context.require('STACIE-214', fault === null, 'a valid certificate', fault ?? '');
    },
  }),
  serverCase({
    id: 'stacie-server/tls/ecdhe-aes256-gcm-sha384',
    title: 'A TLS 1.2 client that offers ECDHE with AES-256-GCM and SHA-384 alone is served.',
    decides: ['STACIE-217'],
    mostRuns: 1,
    async check(server, _, context) {
      const ciphers = 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384';
      const outcome = await handshake(server, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers });
      context.require('STACIE-217', outcome !== null, 'one of these suites', 'a refused handshake');
    },
  }),
];

/** A login without TLS on the same port; what comes back, if anything. */
async function inTheClear(server: Server): Promise<string> {
  const { host, port, path } = server.endpoint;
  const timeoutMs = server.context.profile.limits.connectMs;
  const socket = await connectTcp({ host, port, timeoutMs });
  const body = JSON.stringify({ login: { username: server.freshName() } });
  return await new Promise((resolve) => {
    let text = '';
    socket.on('data', (octets: Buffer) => {
      text = (text + octets.toString('latin1')).slice(0, 4096);
    });
    socket.on('error', () => undefined);
    socket.setTimeout(Math.min(timeoutMs, 500), () => socket.destroy());
    socket.once('close', () => resolve(text));
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}
