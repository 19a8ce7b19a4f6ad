/** DNSSEC algorithms by number: making and writing keys, signing. (RFC 8624; RFC 3110, 5702, 6605, 8080) */
import { createECDH, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** 5 RSA/SHA-1, 8 RSA/SHA-256, 10 RSA/SHA-512, 13 ECDSA P-256/SHA-256, 14 ECDSA P-384/SHA-384, 15 Ed25519. */
export type SigningAlgorithm = 5 | 8 | 10 | 13 | 14 | 15;

type Scheme =
  | { readonly kind: 'rsa'; readonly hash: string }
  | { readonly kind: 'ecdsa'; readonly hash: string; readonly curve: string; readonly jwkCurve: string; size: number }
  | { readonly kind: 'ed25519' };

const schemes: Readonly<Record<SigningAlgorithm, Scheme>> = {
  5: { kind: 'rsa', hash: 'sha1' },
  8: { kind: 'rsa', hash: 'sha256' },
  10: { kind: 'rsa', hash: 'sha512' },
  13: { kind: 'ecdsa', hash: 'sha256', curve: 'prime256v1', jwkCurve: 'P-256', size: 32 },
  14: { kind: 'ecdsa', hash: 'sha384', curve: 'secp384r1', jwkCurve: 'P-384', size: 48 },
  15: { kind: 'ed25519' },
};

/** Enough for a test, and made in a tenth of the time of 2048 bits. */
const rsaBits = 1024;
/** An Ed25519 private key in PKCS #8 up to its 32 octets. (RFC 8410 section 7) */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Makes a private key. RSA keys come from the system's randomness, the others from `random` alone.
 *
 * @param random gives so many octets
 */
export function makePrivateKey(algorithm: SigningAlgorithm, random: (octets: number) => Uint8Array): KeyObject {
  const scheme = schemes[algorithm];
  if (scheme.kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: rsaBits }).privateKey;
  if (scheme.kind === 'ed25519') {
    return createPrivateKey({ key: Buffer.concat([ed25519Prefix, random(32)]), format: 'der', type: 'pkcs8' });
  }
  const scalar = Buffer.from(random(scheme.size));
  // Below the order of the curve for certain.
  scalar[0] = (scalar[0] ?? 0) & 0x7f;
  return ecdsaPrivateKey(scheme.curve, scheme.jwkCurve, scalar);
}

function ecdsaPrivateKey(curve: string, jwkCurve: string, scalar: Buffer): KeyObject {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(scalar);
  // 4, then both coordinates.
  const point = ecdh.getPublicKey().subarray(1);
  const [x, y] = [point.subarray(0, scalar.length), point.subarray(scalar.length)];
  const key = {
    kty: 'EC',
    crv: jwkCurve,
    d: scalar.toString('base64url'),
    x: x.toString('base64url'),
    y: y.toString('base64url'),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

/** The public key of a private key as a DNSKEY record carries it. */
export function publicKeyOctets(algorithm: SigningAlgorithm, privateKey: KeyObject): Uint8Array {
  const { x = '', y = '', e = '', n = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const octets = (text: string) => Buffer.from(text, 'base64url');
  switch (schemes[algorithm].kind) {
    case 'ed25519':
      return new Uint8Array(octets(x));
    case 'ecdsa':
      return new Uint8Array(Buffer.concat([octets(x), octets(y)]));
    case 'rsa': {
      // RFC 3110 section 2; exponents of 256 octets and more are not made here.
      const exponent = octets(e);
      return new Uint8Array(Buffer.concat([Buffer.of(exponent.length), exponent, octets(n)]));
    }
  }
}

/** A signature as an RRSIG record carries it. */
export function signOctets(algorithm: SigningAlgorithm, privateKey: KeyObject, octets: Uint8Array): Uint8Array {
  const scheme = schemes[algorithm];
  if (scheme.kind === 'ed25519') return new Uint8Array(sign(null, octets, privateKey));
  if (scheme.kind === 'rsa') return new Uint8Array(sign(scheme.hash, octets, privateKey));
  return new Uint8Array(sign(scheme.hash, octets, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
}
