/** The examples that the RFCs give, as facts from outside. */
import { createPrivateKey, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compareNames, nameKey } from '../name.js';
import { makePrivateKey, type SigningAlgorithm } from './algorithms.js';
import { anchorText, type DigestType, dsRecord, zoneKey } from './keys.js';
import { signedOctets, signSet } from './sign-set.js';

const octets = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

/** A private key of the algorithm from its octets, as RFC 6605 and RFC 8080 print them. */
const fromOctets = (algorithm: SigningAlgorithm, base64: string) => makePrivateKey(algorithm, () => octets(base64));

describe('key tag and DS', () => {
  const rfc4034 = {
    flags: 256,
    algorithm: 5,
    publicKey: octets(
      'AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/' +
        'M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==',
    ),
  } as const;
  const ed25519 = {
    flags: 257,
    algorithm: 15,
    publicKey: octets('l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4='),
  } as const;
  const p256 = {
    flags: 257,
    algorithm: 13,
    publicKey: octets('GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=='),
  } as const;
  const p384 = {
    flags: 257,
    algorithm: 14,
    publicKey: octets(
      'xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6' +
        'Glur8I/mlVNgF6W/qTI37m40',
    ),
  } as const;

  it.each<[string, string, Parameters<typeof dsRecord>[1], DigestType, string]>([
    [
      'RFC 4034 section 5.4',
      'dskey.example.com',
      rfc4034,
      1,
      'dskey.example.com. IN DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118',
    ],
    [
      'RFC 4509 section 2.3',
      'dskey.example.com',
      rfc4034,
      2,
      'dskey.example.com. IN DS 60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A',
    ],
    [
      'RFC 6605 section 6.1',
      'example.net',
      p256,
      2,
      'example.net. IN DS 55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17',
    ],
    [
      'RFC 6605 section 6.2',
      'example.net',
      p384,
      4,
      'example.net. IN DS 10771 14 4 72D7B62976CE06438E9C0BF319013CF801F09ECC84B8D7E9495F27E305C6A9B0563A9B5F4D288405C3008A946DF983D6',
    ],
    [
      'RFC 8080 section 6.1',
      'example.com',
      ed25519,
      2,
      'example.com. IN DS 3613 15 2 3AA5AB37EFCE57F737FC1627013FEE07BDF241BD10F3B1964AB55C78E79A304B',
    ],
  ])('%s', (_source, origin, key, digestType, expected) => {
    expect(anchorText(dsRecord(origin, key, 0, digestType))).toBe(expected);
  });
});

describe('signatures', () => {
  it('RFC 8080 section 6.1: Ed25519, which has one signature for one message', () => {
    const key = zoneKey(15, 257, fromOctets(15, 'ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI='));
    const mx = { name: 'example.com', ttl: 3600, type: 'MX', preference: 10, exchange: 'Mail.example.com.' } as const;
    const signature = signSet('example.com', [mx], key, {
      signer: 'example.com',
      inception: 1_438_207_200,
      expiration: 1_440_021_600,
    });
    expect(signature).toMatchObject({ covered: 15, labels: 2, originalTtl: 3600, keyTag: 3613 });
    expect(Buffer.from(signature.signature).toString('base64')).toBe(
      'oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==',
    );
  });

  it.each<[SigningAlgorithm, string, string, string, number, [number, number, number], string]>([
    [
      13,
      'RFC 6605 section 6.1',
      'GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=',
      'sha256',
      55_648,
      [10, 4, 39],
      'qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==',
    ],
    [
      14,
      'RFC 6605 section 6.2',
      'WURgWHCcYIYUPWgeLmiPY2DJJk02vgrmTfitxgqcL4vwW7BOrbawVmVe0d9V94SR',
      'sha384',
      10_771,
      [10, 20, 25],
      '/L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm',
    ],
  ])(
    'algorithm %i, %s: the signature that was published is over the octets that we sign',
    (algorithm, _source, base64, hash, keyTag, time, published) => {
      const privateKey = fromOctets(algorithm, base64);
      const key = zoneKey(algorithm, 257, privateKey);
      const a = { name: 'www.example.net', ttl: 3600, type: 'A', address: '192.0.2.1' } as const;
      const ours = signSet('www.example.net', [a], key, {
        signer: 'example.net',
        inception: Date.UTC(2010, 7, 12, ...time) / 1000,
        expiration: Date.UTC(2010, 8, 9, ...time) / 1000,
      });
      const holds = (signature: Uint8Array) =>
        verify(
          hash,
          signedOctets('www.example.net', [a], ours),
          { key: createPublicKey(privateKey), dsaEncoding: 'ieee-p1363' },
          signature,
        );
      expect(ours).toMatchObject({ keyTag, labels: 3 });
      expect([holds(octets(published)), holds(ours.signature)]).toEqual([true, true]);
    },
  );

  it('RSA public keys are written as RFC 3110 says: length of the exponent, exponent, modulus', () => {
    const privateKey: KeyObject = createPrivateKey({ key: rsaJwk(), format: 'jwk' });
    const { publicKey } = zoneKey(8, 256, privateKey);
    // RFC 5702 section 6.1 prints this DNSKEY.
    expect(Buffer.from(publicKey).toString('base64')).toBe(
      'AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=',
    );
  });
});

/** The private key of RFC 5702 section 6.1. */
function rsaJwk() {
  const url = (base64: string) => Buffer.from(base64, 'base64').toString('base64url');
  return {
    kty: 'RSA',
    n: url('wVwaxrHF2CK64aYKRUibLiH30KpPuPBjel7E8ZydQW1HYWHfoGmidzC2RnhwCC293hCzw+TFR2nqn8OVSY5t2Q=='),
    e: url('AQAB'),
    d: url('UR44xX6zB3eaeyvTRzmskHADrPCmPWnr8dxsNwiDGHzrMKLN+i/HAam+97HxIKVWNDH2ba9Mf1SA8xu9dcHZAQ=='),
    p: url('4c8IvFu1AVXGWeFLLFh5vs7fbdzdC6U82fduE6KkSWk='),
    q: url('2zZpBE8ZXVnL74QjG4zINlDfH+EOEtPJJ3RtaYDugvE='),
    dp: url('G2xAPffK0KGxGANDVoxd1K1c9wOmmJ51mGbzKFFNMFk='),
    dq: url('GYxP1Pa7CAwtHm8SAGX594qZVofOMhgd6YFCNyeVpKE='),
    qi: url('icQdNRjlZGPmuJm2TIadubcO8X7V4y07aVhX464tx8Q='),
  };
}

describe('the order of names', () => {
  it('is that of RFC 4034 section 6.1, but for octets that our names never hold', () => {
    const ordered = [
      'example',
      'a.example',
      'yljkjljk.a.example',
      'Z.a.example',
      'zABC.a.EXAMPLE',
      'z.example',
      '*.z.example',
    ];
    const keys = ordered.map((name) => nameKey(name) ?? name);
    expect([...keys].reverse().sort(compareNames)).toEqual(keys);
    expect(compareNames('', 'example')).toBeLessThan(0);
    expect(compareNames('a.example', 'a.example')).toBe(0);
  });
});
