import { type Answer, decode } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { dnssecTypes } from './dnssec-codec.js';
import { encodeName, encodeRecordTail } from './record-codec.js';
import type { ZoneRecord } from './zone-record.js';

/** The record as another codec reads it: the one answer of a message. */
function read(record: ZoneRecord): Answer | undefined {
  const header = Buffer.from('000080000000000100000000', 'hex');
  return decode(Buffer.concat([header, encodeName(record.name), encodeRecordTail(record)])).answers?.[0];
}

const some = Buffer.from('0102030405', 'hex');

describe('DNSSEC records, as another codec reads them', () => {
  it('DS', () => {
    const ds = { name: 'example.com', ttl: 7, type: 'DS', keyTag: 60_485, algorithm: 5, digestType: 1 } as const;
    expect(read({ ...ds, digest: some })).toMatchObject({
      name: 'example.com',
      ttl: 7,
      type: 'DS',
      data: { keyTag: 60_485, algorithm: 5, digestType: 1, digest: some },
    });
  });

  it('DNSKEY', () => {
    const key = { name: '.', ttl: 0, type: 'DNSKEY', flags: 257, algorithm: 13 } as const;
    expect(read({ ...key, publicKey: some })).toMatchObject({ data: { flags: 257, algorithm: 13, key: some } });
  });

  it('RRSIG', () => {
    const terms = { algorithm: 15, labels: 3, originalTtl: 60, expiration: 4_000_000_000, inception: 1, keyTag: 9 };
    const record: ZoneRecord = {
      name: 'a.example.com',
      ttl: 60,
      type: 'RRSIG',
      covered: 16,
      ...terms,
      signer: 'example.com',
      signature: some,
    };
    const { keyTag, labels, algorithm, originalTtl: originalTTL, expiration, inception } = terms;
    expect(read(record)).toMatchObject({
      data: {
        typeCovered: 'TXT',
        algorithm,
        labels,
        originalTTL,
        expiration,
        inception,
        keyTag,
        signersName: 'example.com',
        signature: some,
      },
    });
  });

  it('NSEC, with types of several windows in any order', () => {
    const record: ZoneRecord = {
      name: 'a.example.com',
      ttl: 60,
      type: 'NSEC',
      next: 'b.example.com',
      types: [257, dnssecTypes.NSEC, 16, dnssecTypes.RRSIG, 1],
    };
    expect(read(record)).toMatchObject({
      data: { nextDomain: 'b.example.com', rrtypes: ['A', 'TXT', 'RRSIG', 'NSEC', 'CAA'] },
    });
  });

  it('NSEC of RFC 4034 section 4.3, octet for octet', () => {
    const types = [1, 15, dnssecTypes.RRSIG, dnssecTypes.NSEC, 1234];
    const tail = encodeRecordTail({ name: 'alfa.example.com', ttl: 0, type: 'NSEC', next: 'host.example.com', types });
    const data = Buffer.from(tail).subarray(10).toString('hex');
    expect(data).toBe(
      Buffer.concat([
        Buffer.from('\x04host\x07example\x03com\0', 'latin1'),
        Buffer.from('0006400100000003041b', 'hex'),
        Buffer.alloc(26),
        Buffer.of(0x20),
      ]).toString('hex'),
    );
  });
});
