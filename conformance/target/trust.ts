/** Whether the server that answers is the one that the target file means: judged once, before any case. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { publishedRecord, RecordError, verifyCertificate } from '../../reference/formats/record/index.js';
import { Unreachable } from '../runner/outcome.js';
import { resolveDns } from './dns-client.js';
import type { DmtpEndpoint, DnsEndpoint } from './profile.js';
import { TargetError } from './target.js';
import type { Trust } from './target-file.js';
import { connectTcp, handshakeFault } from './tls-connect.js';

export interface TrustQuestion {
  readonly endpoint: DmtpEndpoint;
  readonly trust: Trust;
  readonly domain: string;
  readonly dns: DnsEndpoint | null;
  readonly connectMs: number;
}

/**
 * @throws TargetError when the rule itself is not usable, Unreachable when there is no server or it is not trusted
 */
export async function checkTrust(question: TrustQuestion): Promise<void> {
  const { trust, endpoint } = question;
  const authorities = typeof trust === 'object' ? readAuthorities(trust.pem) : undefined;
  const wanted = trust === 'system' || typeof trust === 'object';
  const { certificate, refusal } = await presented(question, wanted, authorities);
  if (wanted && refusal !== null) {
    throw new Unreachable(`the certificate of ${endpoint.host}:${endpoint.port} is not trusted (${refusal})`);
  }
  if (trust === 'record') await checkRecord(question, certificate);
}

async function checkRecord({ dns, domain, endpoint, connectMs }: TrustQuestion, certificate: Buffer): Promise<void> {
  if (dns === null) throw new TargetError('trust: record needs the DNS server that publishes the record (dns)');
  const name = `_dx.${domain}`;
  const answer = await resolveDns(dns, { name, type: 'TXT' }, connectMs);
  const answers = answer.records.flatMap((record) => (record.strings === undefined ? [] : [[...record.strings]]));
  if (answers.length === 0) throw new Unreachable(`no management record at ${name} (${answer.summary})`);
  let matched: boolean;
  try {
    matched = verifyCertificate(certificate, publishedRecord(answers)).matched;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new Unreachable(`the management record at ${name} cannot be used: ${error.message}`);
  }
  if (!matched) {
    throw new Unreachable(
      `the certificate of ${endpoint.host}:${endpoint.port} is signed by no key of the management record at ${name}`,
    );
  }
}

async function presented(
  { endpoint, connectMs }: TrustQuestion,
  wanted: boolean,
  authorities: string | undefined,
): Promise<{ certificate: Buffer; refusal: string | null }> {
  const where = `${endpoint.host}:${endpoint.port}`;
  const socket = await connectTcp({ host: endpoint.host, port: endpoint.port, timeoutMs: connectMs });
  return await new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Unreachable(`TLS with ${where}: ${why}`));
    };
    const timer = setTimeout(() => fail(`no handshake within ${connectMs} ms`), connectMs);
    const secure = tls.connect({
      socket,
      ...(net.isIP(endpoint.name) === 0 ? { servername: endpoint.name } : {}),
      rejectUnauthorized: false,
      ...(authorities === undefined ? {} : { ca: authorities }),
    });
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      const certificate = secure.getPeerX509Certificate();
      const refusal = wanted && !secure.authorized ? String(secure.authorizationError) : null;
      secure.on('error', () => undefined);
      secure.destroy();
      if (certificate === undefined) reject(new Unreachable(`${where} presented no certificate`));
      else resolve({ certificate: certificate.raw, refusal });
    });
    secure.once('error', (error: NodeJS.ErrnoException) => fail(handshakeFault(error)));
    secure.once('close', () => fail('closed in the handshake'));
  });
}

function readAuthorities(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    new X509Certificate(text);
    return text;
  } catch (error) {
    throw new TargetError(`trust: pem: ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
