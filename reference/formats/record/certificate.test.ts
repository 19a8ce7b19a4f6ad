import { createHash, generateKeyPairSync, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateDigest, signCertificate, verifyCertificate } from './index.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const others = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const raw = (key: KeyObject) => new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'));

const der = makeCertificate('dx.example.com');

describe('a tls value', () => {
  it('is an Ed25519 signature over the SHA-512 digest of the whole certificate (REC-062)', () => {
    const digest = createHash('sha512').update(der).digest();
    expect(Buffer.from(certificateDigest(der))).toEqual(digest);
    const signature = signCertificate(der, privateKey);
    expect(signature).toHaveLength(64);
    expect(verify(null, digest, publicKey, signature)).toBe(true);
    expect(verify(null, der, publicKey, signature)).toBe(false);
  });

  it('covers a certificate that node:crypto reads', () => {
    const certificate = new X509Certificate(der);
    expect(certificate.subject).toBe('CN=dx.example.com');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    const match = { primary: [raw(publicKey)], tls: [signCertificate(certificate.raw, privateKey)] };
    expect(verifyCertificate(der, match)).toEqual({ matched: true, signature: 0, key: 0 });
  });

  it('is made with an Ed25519 private key only', () => {
    const { privateKey: p256 } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => signCertificate(der, p256)).toThrow('not with a ec private key');
    expect(() => signCertificate(der, publicKey)).toThrow('Ed25519 private key');
  });
});

describe('verifyCertificate', () => {
  const strangers = others.map((pair) => raw(pair.publicKey));

  it('tries every signature with every key (REC-064)', () => {
    const good = signCertificate(der, privateKey);
    const bad = new Uint8Array(64);
    const first = [raw(publicKey), ...strangers];
    const last = [...strangers, raw(publicKey)];
    // libdime refuses all but the first signature: by then its list of keys is used up.
    for (const [signature, tls] of [[good], [bad, good], [bad, bad, good]].entries()) {
      expect(verifyCertificate(der, { primary: first, tls })).toEqual({ matched: true, signature, key: 0 });
      expect(verifyCertificate(der, { primary: last, tls })).toEqual({ matched: true, signature, key: 2 });
    }
  });

  it('does not match another certificate, another key, or nothing', () => {
    const tls = [signCertificate(der, privateKey)];
    const changed = Uint8Array.from(der);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(verifyCertificate(changed, { primary: [raw(publicKey)], tls })).toEqual({ matched: false });
    expect(verifyCertificate(der, { primary: strangers, tls })).toEqual({ matched: false });
    expect(verifyCertificate(der, { primary: [raw(publicKey)], tls: [] })).toEqual({ matched: false });
  });

  it('takes any 32 octets for a key, and any 64 for a signature', () => {
    const primary = [new Uint8Array(32).fill(0xff), new Uint8Array(32).fill(0x7f)];
    expect(verifyCertificate(der, { primary, tls: [new Uint8Array(64).fill(0xff)] })).toEqual({ matched: false });
  });
});

/** A self-signed X.509 certificate with an Ed25519 key of its own (RFC 5280, RFC 8410). */
function makeCertificate(commonName: string): Uint8Array {
  const subject = generateKeyPairSync('ed25519');
  const algorithm = element(0x30, Buffer.from('06032b6570', 'hex'));
  const attribute = element(0x30, Buffer.from('0603550403', 'hex'), element(0x0c, Buffer.from(commonName)));
  const name = element(0x30, element(0x31, attribute));
  const time = (text: string) => element(0x17, Buffer.from(text));
  const signed = element(
    0x30,
    element(0xa0, element(0x02, Buffer.of(2))),
    element(0x02, Buffer.of(7)),
    algorithm,
    name,
    element(0x30, time('250101000000Z'), time('350101000000Z')),
    name,
    subject.publicKey.export({ format: 'der', type: 'spki' }),
  );
  const signature = sign(null, signed, subject.privateKey);
  return new Uint8Array(element(0x30, signed, algorithm, element(0x03, Buffer.of(0), signature)));
}

/** A DER element of at most 65535 octets. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
