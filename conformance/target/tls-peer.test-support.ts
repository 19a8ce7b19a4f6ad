/** A TLS server whose behaviour a test writes line by line, on a free loopback port. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { X509CertificateGenerator } from '@peculiar/x509';
import type { TargetProfile } from './profile.js';
import type { Target } from './target.js';

let identity: Promise<{ cert: string; key: string }> | null = null;

async function makeIdentity(): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=dx.peer.example',
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
    keys,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { cert: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

export interface TlsPeer {
  readonly port: number;
  close(): Promise<void>;
}

/** `serve` gets each connection after its handshake. */
export async function startTlsPeer(serve: (socket: tls.TLSSocket) => void): Promise<TlsPeer> {
  identity ??= makeIdentity();
  const sockets = new Set<tls.TLSSocket>();
  const server = tls.createServer(await identity, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers each line with what `answer` gives for it; null is silence. */
export function lineServer(banner: string, answer: (line: string, socket: tls.TLSSocket) => string | null) {
  return (socket: tls.TLSSocket): void => {
    socket.write(banner);
    let pending = '';
    socket.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1');
      for (let at = pending.indexOf('\n'); at !== -1; at = pending.indexOf('\n')) {
        const line = pending.slice(0, at).replace(/\r$/, '');
        pending = pending.slice(at + 1);
        const text = answer(line, socket);
        if (text !== null) socket.write(text, 'latin1');
      }
    });
  };
}

/** A network target at a port, with limits that suit a test. */
export function targetAt(port: number, more: Partial<TargetProfile> = {}): Target {
  return {
    profile: {
      name: 'peer',
      kind: 'network',
      domain: 'peer.example',
      foreignDomain: 'foreign.invalid',
      dmtp: { host: '127.0.0.1', port, name: 'dx.peer.example' },
      dns: null,
      hasAdapter: false,
      claims: ['dmtp-server', 'transport-security', 'robustness'],
      readings: [],
      limits: { replyMs: 300, connectMs: 1000, idleMs: null, messageOctets: null },
      disabled: [],
      messages: null,
      ...more,
    },
    adapter: null,
    adapterCommand: null,
    endpoints: [{ role: 'dmtp', address: `127.0.0.1:${port}` }],
    close: async () => undefined,
  };
}
