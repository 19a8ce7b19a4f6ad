/** Certificates for tests: an authority, what it issues, and one that is its own issuer. Keys are P-256, which are made quickly. */
import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  type X509Certificate as PeculiarCertificate,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
const ocspSigning = '1.3.6.1.5.5.7.3.9';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly x509: X509Certificate;
}

export interface Wishes {
  readonly ocsp?: string;
  readonly signsOcsp?: boolean;
  /** Days from now to its end; negative for one that has ended. */
  readonly days?: number;
}

export interface Authority extends TestCertificate {
  issue(name: string, wishes?: Wishes): Promise<TestCertificate>;
}

const newKeys = async (): Promise<webcrypto.CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;

const validity = (days = 2) => ({
  serialNumber: `40${randomBytes(8).toString('hex')}`,
  notBefore: new Date(Date.now() - 30 * dayMs),
  notAfter: new Date(Date.now() + days * dayMs),
  signingAlgorithm: algorithm,
});

async function withKey(made: PeculiarCertificate, keys: webcrypto.CryptoKeyPair): Promise<TestCertificate> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return {
    cert: `${made.toString('pem')}\n`,
    key: key.toString(),
    x509: new X509Certificate(Buffer.from(made.rawData)),
  };
}

/** A root that issues certificates for host names. */
export async function makeAuthority(name = 'Test Authority'): Promise<Authority> {
  const keys = await newKeys();
  const root = await X509CertificateGenerator.createSelfSigned(
    { ...validity(), name: [{ CN: [name] }], keys, extensions: [new BasicConstraintsExtension(true, undefined, true)] },
    webcrypto,
  );
  return {
    ...(await withKey(root, keys)),
    issue: async (host, { ocsp, signsOcsp = false, days } = {}) => {
      const own = await newKeys();
      const extensions: Extension[] = [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])];
      if (ocsp !== undefined) extensions.push(new AuthorityInfoAccessExtension({ ocsp }));
      if (signsOcsp) extensions.push(new ExtendedKeyUsageExtension([ocspSigning]));
      const issued = await X509CertificateGenerator.create(
        {
          ...validity(days),
          subject: [{ CN: [host] }],
          issuer: root.subjectName,
          publicKey: own.publicKey,
          signingKey: keys.privateKey,
          extensions,
        },
        webcrypto,
      );
      return await withKey(issued, own);
    },
  };
}

/** A certificate for a host that is signed with its own key. */
export async function makeSelfSigned(host: string): Promise<TestCertificate> {
  const keys = await newKeys();
  const extensions = [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])];
  const made = await X509CertificateGenerator.createSelfSigned(
    { ...validity(), name: [{ CN: [host] }], keys, extensions },
    webcrypto,
  );
  return await withKey(made, keys);
}
