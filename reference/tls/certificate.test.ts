import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, makeCertificate, makeRecordKey, makeTlsKey, rawPublicKey } from './certificate.js';

const now = new Date('2026-01-15T12:00:00Z');
let certificate: Certificate;
let parsed: X509Certificate;

beforeAll(async () => {
  certificate = await makeCertificate({ names: ['dx.example.com', 'example.com'], now, days: 30 });
  parsed = new X509Certificate(certificate.pem);
});

describe('a certificate, read by node:crypto', () => {
  it('is signed with its own key, which is RSA of 2048 bits', () => {
    const key = createPublicKey(createPrivateKey(certificate.privateKeyPem));
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(parsed.publicKey.equals(key)).toBe(true);
    expect(parsed.verify(key)).toBe(true);
    expect(parsed.checkIssued(parsed)).toBe(true);
  });

  it('holds the same octets in both forms', () => {
    expect(createHash('sha256').update(certificate.der).digest('hex')).toBe(
      parsed.fingerprint256.replaceAll(':', '').toLowerCase(),
    );
  });

  it('is for its names and for loopback, and for no other', () => {
    expect(parsed.checkHost('dx.example.com')).toBe('dx.example.com');
    expect(parsed.checkHost('example.com')).toBe('example.com');
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(parsed.subjectAltName).toContain('IP Address:0:0:0:0:0:0:0:1');
    expect(parsed.checkHost('other.example.com')).toBeUndefined();
    expect(parsed.subject).toBe('CN=dx.example.com');
  });

  it('is valid from a day before now for the days asked for', () => {
    expect(new Date(parsed.validFrom).toISOString()).toBe('2026-01-14T12:00:00.000Z');
    expect(new Date(parsed.validTo).toISOString()).toBe('2026-02-14T12:00:00.000Z');
  });

  it('serves, and certifies nobody', () => {
    expect(parsed.ca).toBe(false);
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });
});

it.each([
  ['zeros', 0x00, '40000000000000000000000000000000'],
  ['ones', 0xff, '7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'],
])('the serial number is positive and not zero when the random octets are all %s', async (_, octet, serial) => {
  const { pem } = await makeCertificate({
    names: ['a.example'],
    now,
    days: 1,
    privateKeyPem: certificate.privateKeyPem,
    random: (octets) => new Uint8Array(octets).fill(octet),
  });
  expect(new X509Certificate(pem).serialNumber).toBe(serial);
});

it('takes a key that is there already', async () => {
  const privateKeyPem = await makeTlsKey();
  const { pem } = await makeCertificate({ names: ['a.example'], now, days: 1, privateKeyPem });
  expect(new X509Certificate(pem).checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
});

it('refuses to do without a name, or with a key that is not RSA', async () => {
  await expect(makeCertificate({ names: [], now, days: 1 })).rejects.toThrow('at least one name');
  const privateKeyPem = makeRecordKey().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await expect(makeCertificate({ names: ['a.example'], now, days: 1, privateKeyPem })).rejects.toThrow('ed25519');
});

it('gives the 32 octets that RFC 8032 calls the public key (test 1 of its section 7.1)', () => {
  const prefix = '302e020100300506032b657004220420';
  const secret = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
  const key = createPrivateKey({ key: Buffer.from(prefix + secret, 'hex'), format: 'der', type: 'pkcs8' });
  expect(Buffer.from(rawPublicKey(createPublicKey(key))).toString('hex')).toBe(
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  );
});
