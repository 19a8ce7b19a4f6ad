/** Keys and self-signed certificates for the servers of a DIME domain. */
import 'reflect-metadata';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface CertificateRequest {
  /** Host names and addresses; the first is the subject's common name. Loopback is always added. */
  readonly names: readonly string[];
  readonly now: Date;
  readonly days: number;
  /** An RSA private key, PEM (PKCS#8); a new one is made when not given, which takes about a tenth of a second. */
  readonly privateKeyPem?: string;
  readonly random?: (octets: number) => Uint8Array;
}

export interface Certificate {
  readonly pem: string;
  readonly der: Uint8Array;
  /** PKCS#8. */
  readonly privateKeyPem: string;
}

const loopback = ['127.0.0.1', '::1'];
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const millisecondsADay = 86_400_000;

/** A new RSA private key of 2048 bits, PEM (PKCS#8): RSA because the suites of DMTP are ECDHE-RSA. */
export async function makeTlsKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A new primary organizational key: Ed25519 (section 3.3 of the management record digest). */
export function makeRecordKey(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ed25519');
}

/** The 32 octets of an Ed25519 public key, as `pok` holds them in base64. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new TypeError(`a key of type ${key.asymmetricKeyType} has no raw public form`);
  return new Uint8Array(Buffer.from(x, 'base64url'));
}

/**
 * Makes a self-signed certificate for a server, valid from one day before `now`, since clocks differ. It has no key
 * usage: one that fits a server would say that the key signs no certificates, and OpenSSL's issuer check, by which
 * clients tell a self-signed certificate (section 7.3 of the management record digest), would then deny that it is one.
 *
 * @throws Error when there is no name, or the key is no RSA key
 */
export async function makeCertificate(request: CertificateRequest): Promise<Certificate> {
  const [first] = request.names;
  if (first === undefined) throw new Error('a certificate needs at least one name');
  const privateKeyPem = request.privateKeyPem ?? (await makeTlsKey());
  const keys = await webKeys(createPrivateKey(privateKeyPem));
  const names = [...new Set([...request.names, ...loopback])];
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(request.random ?? randomBytes),
      name: [{ CN: [first] }],
      notBefore: new Date(request.now.getTime() - millisecondsADay),
      notAfter: new Date(request.now.getTime() + request.days * millisecondsADay),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
        ),
        new BasicConstraintsExtension(false, undefined, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { pem: `${certificate.toString('pem')}\n`, der: new Uint8Array(certificate.rawData), privateKeyPem };
}

/** 16 octets in hexadecimal, positive and never zero: the first is 40 to 7f (RFC 5280, section 4.1.2.2). */
function serialNumber(random: (octets: number) => Uint8Array): string {
  const octets = Buffer.from(random(16));
  octets.writeUInt8((octets.readUInt8(0) & 0x3f) | 0x40, 0);
  return octets.toString('hex');
}

async function webKeys(privateKey: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  if (privateKey.asymmetricKeyType !== 'rsa') {
    throw new Error(`the key of a certificate must be RSA, this one is ${privateKey.asymmetricKeyType}`);
  }
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
}
