/** Certificates of the suite's own servers, right ones and those that a client has to refuse. */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  type Extension,
  type X509Certificate as GeneratedCertificate,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM. */
export interface ServerCertificate {
  /** The server's own first, then those that it sends along. */
  readonly cert: string;
  readonly key: string;
}

/** A certificate with what a record binds, and a responder is asked about. */
export interface HostCertificate extends ServerCertificate {
  /** DER of the server's own. */
  readonly der: Uint8Array;
}

export interface IssueWishes {
  /** The host name. */
  readonly name: string;
  /** When it ends, from now; below 0 it has ended. */
  readonly days?: number;
  /** Address of an OCSP responder. */
  readonly ocsp?: string;
}

/** Who issues certificates. */
export interface HostileAuthority {
  /** PEM: what a client is told to believe in. */
  readonly pem: string;
  readonly der: Uint8Array;
  /** PKCS #8, PEM: of the key that signs certificates. */
  readonly key: string;
  /** For a host; the certificate of the authority goes with it. */
  issue(wishes: IssueWishes): Promise<HostCertificate>;
}

const dayMs = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const newKeys = async (): Promise<webcrypto.CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;

const facts = (days: number) => ({
  // Positive, as RFC 5280 has it.
  serialNumber: `40${randomBytes(8).toString('hex')}`,
  notBefore: new Date(Date.now() - 30 * dayMs),
  notAfter: new Date(Date.now() + days * dayMs),
  signingAlgorithm: algorithm,
});

/**
 * A self-signed certificate for a new P-256 key, which is its own authority.
 *
 * @param names host names and addresses
 * @param days when it ends, from now; below 0 it has ended
 */
export async function makeServerCertificate(names: readonly string[], days = 2): Promise<ServerCertificate> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...facts(days),
      name: [{ CN: [names[0] ?? 'suite.example'] }],
      keys,
      extensions: [alternativeNames(names), new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  return { cert: pemOf(certificate), key: await keyPem(keys) };
}

let hostKeys: Promise<webcrypto.CryptoKeyPair> | null = null;

/** A self-signed certificate of a host. The hosts of this process have one key, since nothing asks for more. */
export async function makeSelfSigned(name: string): Promise<HostCertificate> {
  hostKeys ??= newKeys();
  const keys = await hostKeys;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { ...facts(2), name: [{ CN: [name] }], keys, extensions: [alternativeNames([name])] },
    webcrypto,
  );
  return { cert: pemOf(certificate), key: await keyPem(keys), der: new Uint8Array(certificate.rawData) };
}

/** A root with a new P-256 key. */
export async function makeAuthority(name: string): Promise<HostileAuthority> {
  const keys = await newKeys();
  const root = await X509CertificateGenerator.createSelfSigned(
    { ...facts(2), name: [{ CN: [name] }], keys, extensions: [new BasicConstraintsExtension(true, undefined, true)] },
    webcrypto,
  );
  const pem = pemOf(root);
  return {
    pem,
    der: new Uint8Array(root.rawData),
    key: await keyPem(keys),
    issue: async ({ name: host, days = 2, ocsp }) => {
      hostKeys ??= newKeys();
      const own = await hostKeys;
      const extensions: Extension[] = [alternativeNames([host])];
      if (ocsp !== undefined) extensions.push(new AuthorityInfoAccessExtension({ ocsp }));
      const issued = await X509CertificateGenerator.create(
        {
          ...facts(days),
          subject: [{ CN: [host] }],
          issuer: root.subjectName,
          publicKey: own.publicKey,
          signingKey: keys.privateKey,
          extensions,
        },
        webcrypto,
      );
      return { cert: `${pemOf(issued)}${pem}`, key: await keyPem(own), der: new Uint8Array(issued.rawData) };
    },
  };
}

const alternativeNames = (names: readonly string[]): SubjectAlternativeNameExtension =>
  new SubjectAlternativeNameExtension(
    names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
  );

const pemOf = (certificate: GeneratedCertificate): string => `${certificate.toString('pem')}\n`;

async function keyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)).toString('base64');
  const lines = key.match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
