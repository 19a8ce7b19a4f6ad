import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ZoneRecord } from '../zone-record.js';
import { type SignedTreeOptions, signedTree, type TreeDomain, treeKeys, validityAround } from './tree.js';

/** Numbers that are the same each time, and differ from key to key. */
function repeatable(): (octets: number) => Uint8Array {
  let count = 0;
  return (octets) => createHash('sha512').update(String(count++)).digest().subarray(0, octets);
}

const validity = validityAround(Date.UTC(2026, 0, 1));
const tree = (domains: readonly TreeDomain[], options: Partial<SignedTreeOptions> = {}) =>
  signedTree({ domains, validity, keys: treeKeys({ random: repeatable() }), ...options });
const text: ZoneRecord = { name: '_dx.a.example.com', ttl: 60, type: 'TXT', strings: ['ver=1'] };

/** The zones above that delegate to an origin, and what they hold of it. */
function delegations({ zones }: ReturnType<typeof tree>, origin: string): string[] {
  return zones.flatMap((zone) =>
    zone.records.flatMap(({ name, type }) =>
      zone.origin !== origin && name === origin && type !== 'RRSIG' && type !== 'NSEC'
        ? [`${zone.origin} ${type}`]
        : [],
    ),
  );
}

describe('a signed tree', () => {
  it('has the root and the top-level domains; a domain hangs below the nearest that is given', () => {
    const made = tree([
      { origin: 'sub.a.example.com', records: [] },
      { origin: 'a.example.com', records: [text] },
      { origin: 'test', records: [] },
    ]);
    expect(made.zones.map(({ origin }) => origin)).toEqual(['.', 'com', 'a.example.com', 'sub.a.example.com', 'test']);
    expect(delegations(made, 'a.example.com')).toEqual(['com NS', 'com DS']);
    expect(delegations(made, 'sub.a.example.com')).toEqual(['a.example.com NS', 'a.example.com DS']);
    expect(delegations(made, 'test')).toEqual(['. NS', '. DS']);
  });

  it('gives the anchor of the root, which stays while the keys stay', () => {
    const keys = treeKeys({ random: repeatable() });
    const made = tree([{ origin: 'example.com', records: [] }], { keys });
    expect(made.trustAnchor).toMatch(/^\. IN DS \d+ 13 2 [0-9A-F]{64}$/);
    expect(tree([{ origin: 'example.org', records: [] }], { keys }).trustAnchor).toBe(made.trustAnchor);
    expect(tree([], { keys, digestType: 4 }).trustAnchor).toMatch(/ 13 4 [0-9A-F]{96}$/);
  });

  it('vouches for a domain as told', () => {
    const of = (delegation: TreeDomain['delegation'] & string) => {
      const made = tree([{ origin: 'a.example.com', records: [text], delegation }]);
      const isSigned = made.zones.some(
        ({ origin, records }) => origin === 'a.example.com' && records.some(({ type }) => type === 'RRSIG'),
      );
      return { above: delegations(made, 'a.example.com'), isSigned };
    };
    expect(of('secure')).toEqual({ above: ['com NS', 'com DS'], isSigned: true });
    expect(of('wrong-ds')).toEqual({ above: ['com NS', 'com DS'], isSigned: true });
    expect(of('island')).toEqual({ above: ['com NS'], isSigned: true });
    expect(of('insecure')).toEqual({ above: ['com NS'], isSigned: false });
  });

  it('keeps the SOA and the name servers of a domain that has them', () => {
    const own: ZoneRecord = { name: 'example.com', ttl: 60, type: 'NS', host: 'ns9.example.com' };
    const made = tree([{ origin: 'example.com', records: [own] }], { address: '::1' });
    const hosts = made.zones.map(({ origin, records }) => [
      origin,
      records.flatMap((record) =>
        record.type === 'NS' ? [record.host] : record.type === 'AAAA' ? [record.address] : [],
      ),
    ]);
    expect(hosts).toEqual([
      ['.', ['ns', '::1', 'ns.com']],
      ['com', ['ns.com', '::1', 'ns9.example.com']],
      ['example.com', ['ns9.example.com']],
    ]);
  });

  it('is refused for what is no domain, or given twice', () => {
    expect(() => tree([{ origin: 'a..b', records: [] }])).toThrow('not a name');
    expect(() =>
      tree([
        { origin: 'a.b', records: [] },
        { origin: 'A.b.', records: [] },
      ]),
    ).toThrow('zone a.b: given twice');
  });
});
