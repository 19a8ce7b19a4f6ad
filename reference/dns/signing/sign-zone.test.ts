import { describe, expect, it } from 'vitest';
import { keyName } from '../name.js';
import { startOfAuthority, type Zone } from '../zone.js';
import type { ZoneRecord } from '../zone-record.js';
import { makePrivateKey } from './algorithms.js';
import { zoneKey } from './keys.js';
import { signZone } from './sign-zone.js';

/** Keys that are the same each time. */
const key = (flags: 256 | 257, seed: number) =>
  zoneKey(
    15,
    flags,
    makePrivateKey(15, (octets) => Buffer.alloc(octets, seed)),
  );
const [entry, other, stranger] = [key(257, 1), key(256, 2), key(256, 3)];
const signing = { keys: [entry, other], stranger, inception: 1000, expiration: 2000 };

const txt = (name: string, string: string, ttl = 60): ZoneRecord => ({ name, ttl, type: 'TXT', strings: [string] });
const zone: Zone = {
  origin: 'example.com',
  records: [
    { ...startOfAuthority('example.com', 900), ttl: 3600 } as ZoneRecord,
    { name: 'example.com', ttl: 60, type: 'NS', host: 'ns.example.com' },
    txt('_dx.Example.com', 'b', 60),
    txt('_dx.example.com', 'a', 30),
    txt('_dx.example.com.', 'a', 40),
    { name: 'host.deep.example.com', ttl: 60, type: 'A', address: '192.0.2.1' },
    { name: 'sub.example.com', ttl: 60, type: 'NS', host: 'ns.sub.example.com' },
    { name: 'sub.example.com', ttl: 60, type: 'DS', keyTag: 1, algorithm: 15, digestType: 2, digest: Buffer.alloc(32) },
    { name: 'ns.sub.example.com', ttl: 60, type: 'A', address: '192.0.2.2' },
    { name: 'bare.example.com', ttl: 60, type: 'NS', host: 'ns.sub.example.com' },
  ],
};

const { records } = signZone(zone, signing);
const typed = <Type extends ZoneRecord['type']>(type: Type) =>
  records.filter((record): record is Extract<ZoneRecord, { type: Type }> => record.type === type);

describe('a signed zone', () => {
  it('has its keys', () => {
    expect(typed('DNSKEY').map(({ name, ttl, flags }) => [name, ttl, flags])).toEqual([
      ['example.com', 3600, 257],
      ['example.com', 3600, 256],
    ]);
  });

  it('has signatures for what is its own: not for the servers of a delegation and their addresses', () => {
    const of = (tag: number) =>
      typed('RRSIG').flatMap(({ name, covered, keyTag }) => (keyTag === tag ? [`${name} ${covered}`] : []));
    expect(of(entry.tag)).toEqual(['example.com 48']);
    expect(of(other.tag).sort()).toEqual(
      [
        ...['example.com 6', 'example.com 2', 'example.com 47'],
        ...['_dx.Example.com 16', '_dx.example.com 47'],
        ...['host.deep.example.com 1', 'host.deep.example.com 47'],
        ...['sub.example.com 43', 'sub.example.com 47'],
        ...['bare.example.com 47'],
      ].sort(),
    );
    expect(
      typed('RRSIG').every(
        ({ signer, inception, expiration }) => signer === 'example.com' && inception === 1000 && expiration === 2000,
      ),
    ).toBe(true);
  });

  it('proves what is not there: each name knows the next and its own types, the last names the origin', () => {
    expect(typed('NSEC').map(({ name, next, types }) => [name, next, [...types].sort((a, b) => a - b)])).toEqual([
      ['example.com', '_dx.example.com', [2, 6, 46, 47, 48]],
      ['_dx.example.com', 'bare.example.com', [16, 46, 47]],
      ['bare.example.com', 'host.deep.example.com', [2, 46, 47]],
      ['host.deep.example.com', 'sub.example.com', [1, 46, 47]],
      ['sub.example.com', 'example.com', [2, 43, 46, 47]],
    ]);
    expect(new Set(typed('NSEC').map(({ ttl }) => ttl))).toEqual(new Set([900]));
  });

  it('has each record once, and one TTL for a set: the least', () => {
    expect(typed('TXT').map(({ strings, ttl }) => [strings[0], ttl])).toEqual([
      ['b', 30],
      ['a', 30],
    ]);
    expect(typed('RRSIG').find(({ covered }) => covered === 16)).toMatchObject({ ttl: 30, originalTtl: 30, labels: 3 });
  });

  it('is signed by its one key, where there is but one', () => {
    const signed = signZone(zone, { ...signing, keys: [entry] });
    const tags = signed.records.flatMap((record) => (record.type === 'RRSIG' ? [record.keyTag] : []));
    expect(new Set(tags)).toEqual(new Set([entry.tag]));
  });

  it('is not signed again, nor without a key or a SOA', () => {
    expect(() => signZone({ ...zone, records }, signing)).toThrow('example.com: is signed already');
    expect(() => signZone(zone, { ...signing, keys: [] })).toThrow('no key');
    expect(() => signZone({ origin: 'example.com', records: [] }, signing)).toThrow('no SOA');
  });
});

describe('the root', () => {
  it('is a name of no label', () => {
    const root = signZone({ origin: '.', records: [startOfAuthority('.')] }, signing);
    const signature = root.records.find((record) => record.type === 'RRSIG');
    expect(signature).toMatchObject({ name: keyName(''), labels: 0, signer: '.' });
  });
});
