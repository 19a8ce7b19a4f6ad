/** Makes a signed zone of a plain one: keys, signatures, and the chain that proves what is not there. (RFC 4035 section 2) */

import { checkRecord } from '../check-record.js';
import { ancestors, compareNames, keyName, nameKey } from '../name.js';
import { encodeRecordTail, recordTypes } from '../record-codec.js';
import { type Zone, ZoneError } from '../zone.js';
import type { ZoneRecord } from '../zone-record.js';
import { dnskeyRecord, type ZoneKey } from './keys.js';
import { signSet } from './sign-set.js';
import type { Signing } from './signing.js';

export interface SignedZone extends Zone {
  readonly signing: Signing;
}

/**
 * Signs a zone. Added are DNSKEY, NSEC and RRSIG records; delegations (NS below the origin) and what is below them stay
 * unsigned but for their DS and NSEC records. The TTL of a set is the least of its records, and records that stand twice
 * stand once (RFC 2181 section 5). No clock is read: the validity is given.
 *
 * @throws ZoneError for a zone without SOA at its origin, one that is signed already, no key, or a record that is wrong by
 * itself
 */
export function signZone(zone: Zone, signing: Signing): SignedZone {
  const origin = nameKey(zone.origin);
  const soa = zone.records.find((record) => record.type === 'SOA');
  if (origin === null || soa?.type !== 'SOA') throw new ZoneError(`zone ${zone.origin}: no name, or no SOA`);
  if (zone.records.some(({ type }) => type === 'RRSIG' || type === 'NSEC' || type === 'DNSKEY')) {
    throw new ZoneError(`zone ${zone.origin}: is signed already`);
  }
  if (signing.keys.length === 0) throw new ZoneError(`zone ${zone.origin}: no key to sign it with`);
  const plain = [...zone.records, ...signing.keys.map((key) => dnskeyRecord(origin, key, soa.ttl))];
  const sets = groupSets(plain, zone.origin);
  const cuts = new Set<string>();
  for (const { key, type } of sets.values()) if (type === 'NS' && key !== origin) cuts.add(key);
  const isBelowCut = (key: string) => ancestors(key, origin).some((above) => cuts.has(above));

  // RFC 9077 section 3: as long as negative answers.
  const chain = nextSecures(
    [...sets.values()].filter(({ key }) => !isBelowCut(key)),
    (key, type) => type === 'NS' || type === 'DS' || !cuts.has(key),
    Math.min(soa.ttl, soa.minimum),
  );
  const all = [...sets.values(), ...chain];
  const signatures = all.flatMap(({ key, type, records }) => {
    if (isBelowCut(key) || (cuts.has(key) && type !== 'DS' && type !== 'NSEC')) return [];
    return keysFor(type, signing.keys).map((by) => signSet(key, records, by, { ...signing, signer: origin }));
  });
  return { origin: zone.origin, records: [...all.flatMap(({ records }) => records), ...signatures], signing };
}

/** The keys that sign sets of a type. */
export function keysFor(type: ZoneRecord['type'], keys: readonly ZoneKey[]): readonly ZoneKey[] {
  const fitting = keys.filter(({ flags }) => (flags === 257) === (type === 'DNSKEY'));
  return fitting.length === 0 ? keys : fitting;
}

interface PlainSet {
  readonly key: string;
  readonly type: ZoneRecord['type'];
  readonly records: readonly ZoneRecord[];
}

function groupSets(records: readonly ZoneRecord[], origin: string): Map<string, PlainSet> {
  const groups = new Map<string, { key: string; type: ZoneRecord['type']; records: ZoneRecord[] }>();
  for (const record of records) {
    const key = checkRecord(record, `zone ${origin}: ${record.type} ${JSON.stringify(record.name)}`);
    const id = `${record.type} ${key}`;
    const group = groups.get(id) ?? { key, type: record.type, records: [] };
    groups.set(id, group);
    group.records.push(record);
  }
  return new Map([...groups].map(([id, group]) => [id, { ...group, records: uniform(group.records) }]));
}

function uniform(records: readonly ZoneRecord[]): ZoneRecord[] {
  const ttl = Math.min(...records.map((record) => record.ttl));
  const distinct = new Map<string, ZoneRecord>();
  for (const record of records) {
    const same = { ...record, ttl };
    distinct.set(Buffer.from(encodeRecordTail(same)).toString('latin1'), same);
  }
  return [...distinct.values()];
}

/** One NSEC record for each name with records, each naming the next; the last names the first, the origin. */
function nextSecures(
  sets: readonly PlainSet[],
  listed: (key: string, type: ZoneRecord['type']) => boolean,
  ttl: number,
): PlainSet[] {
  const types = new Map<string, number[]>();
  for (const { key, type } of sets) {
    const found = types.get(key) ?? [recordTypes.RRSIG, recordTypes.NSEC];
    types.set(key, found);
    if (listed(key, type)) found.push(recordTypes[type]);
  }
  const names = [...types].sort(([left], [right]) => compareNames(left, right));
  return names.map(([key, found], at) => {
    const next = names[(at + 1) % names.length]?.[0] ?? key;
    const record: ZoneRecord = { name: keyName(key), ttl, type: 'NSEC', next: keyName(next), types: found };
    return { key, type: 'NSEC', records: [record] };
  });
}
