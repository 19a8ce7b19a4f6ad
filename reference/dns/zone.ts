/** What a zone holds, and its index by name: the data that answer.ts answers from. */
import { isIPv4, isIPv6 } from 'node:net';
import { splitStrings } from '../formats/record/index.js';
import { ancestors, isWithin, nameKey } from './name.js';
import { encodeName, encodeRecordTail, recordTypes } from './record-codec.js';
import type { ZoneRecord } from './zone-record.js';

export type { ZoneRecord } from './zone-record.js';

/** A zone with exactly one SOA, at its origin. Zones are whole: there are no delegations in them. */
export interface Zone {
  readonly origin: string;
  readonly records: readonly ZoneRecord[];
}

/** A zone that cannot be served; the message names the zone and the record. */
export class ZoneError extends Error {
  override readonly name = 'ZoneError';
}

/** A record ready for the wire. */
export interface IndexedRecord {
  readonly record: ZoneRecord;
  /** Key of the owner name: see nameKey. */
  readonly key: string;
  /** The owner name in octets, as the zone spells it. */
  readonly owner: Uint8Array;
  /** Type, class, TTL, RDLENGTH and RDATA: all but the owner name. */
  readonly tail: Uint8Array;
}

/** The records of one name by type number; empty for a name that only has names below it. */
export type Node = ReadonlyMap<number, readonly IndexedRecord[]>;

export interface IndexedZone {
  /** Key of the origin: see nameKey. */
  readonly origin: string;
  readonly nodes: ReadonlyMap<string, Node>;
  /** The SOA with the TTL of negative answers. */
  readonly negative: IndexedRecord;
}

/** Zones by the key of their origin. */
export type ZoneIndex = ReadonlyMap<string, IndexedZone>;

/** A plain SOA for a zone whose timing does not matter. */
export function startOfAuthority(origin: string, ttl = 300): ZoneRecord {
  return {
    name: origin,
    ttl,
    type: 'SOA',
    primary: origin,
    mailbox: `hostmaster.${origin}`,
    serial: 1,
    refresh: 3600,
    retry: 600,
    expire: 86_400,
    minimum: ttl,
  };
}

/**
 * Checks zones and makes them ready to answer from.
 *
 * @throws ZoneError
 */
export function indexZones(zones: readonly Zone[]): ZoneIndex {
  const index = new Map<string, IndexedZone>();
  for (const zone of zones) {
    const origin = key(zone.origin, `zone ${JSON.stringify(zone.origin)}`);
    if (index.has(origin)) throw new ZoneError(`zone ${origin}: given twice`);
    index.set(origin, indexZone(origin, zone.records));
  }
  return index;
}

function indexZone(origin: string, records: readonly ZoneRecord[]): IndexedZone {
  const nodes = new Map<string, Map<number, IndexedRecord[]>>();
  for (const record of records) {
    const where = `zone ${origin === '' ? '.' : origin}: ${record.type} ${JSON.stringify(record.name)}`;
    const name = key(record.name, where);
    if (!isWithin(name, origin)) throw new ZoneError(`${where}: the name is not in the zone`);
    if (record.type === 'NS' && name !== origin) throw new ZoneError(`${where}: delegations are not served`);
    if (record.type === 'SOA' && name !== origin) throw new ZoneError(`${where}: a SOA stands at the origin only`);
    checkData(record, where);
    // Every name between a record and its origin exists, if without records (RFC 4592 section 2.2.2).
    for (const ancestor of ancestors(name, origin)) if (!nodes.has(ancestor)) nodes.set(ancestor, new Map());
    const node = nodes.get(name) ?? new Map<number, IndexedRecord[]>();
    nodes.set(name, node);
    const type = recordTypes[record.type];
    node.set(type, [...(node.get(type) ?? []), indexRecord(name, record)]);
  }
  for (const [name, node] of nodes) {
    for (const set of node.values()) checkSize(set, `zone ${origin}: ${name}`);
    if (node.has(recordTypes.CNAME) && (node.size > 1 || node.get(recordTypes.CNAME)?.length !== 1)) {
      throw new ZoneError(`zone ${origin}: ${name} has a CNAME and other records`);
    }
  }
  const [soa, ...more] = nodes.get(origin)?.get(recordTypes.SOA) ?? [];
  if (soa?.record.type !== 'SOA' || more.length > 0) {
    throw new ZoneError(
      `zone ${origin}: needs exactly one SOA at its origin, has ${soa === undefined ? 0 : more.length + 1}`,
    );
  }
  // RFC 2308 section 3: the lesser of the SOA's TTL and its last field.
  const negative = indexRecord(origin, { ...soa.record, ttl: Math.min(soa.record.ttl, soa.record.minimum) });
  return { origin, nodes, negative };
}

function indexRecord(key: string, record: ZoneRecord): IndexedRecord {
  const served = record.type === 'TXT' ? { ...record, strings: record.strings.flatMap(splitStrings) } : record;
  return { record: served, key, owner: encodeName(record.name), tail: encodeRecordTail(served) };
}

function checkSize(records: readonly IndexedRecord[], where: string): void {
  const octets = records.reduce((sum, { owner, tail }) => sum + owner.length + tail.length, 0);
  if (octets > longestSet) {
    throw new ZoneError(`${where}: ${octets} octets of ${records[0]?.record.type} records, more than ${longestSet}`);
  }
}

/** Octets of the records of one name and type that are sure to fit in one message with all that may stand beside them. */
const longestSet = 60_000;

function key(name: string, where: string): string {
  const found = nameKey(name);
  if (found === null) throw new ZoneError(`${where}: not a name of labels of 1 to 63 visible characters`);
  return found;
}

function checkData(record: ZoneRecord, where: string): void {
  const whole = (what: string, value: number, bits: 16 | 31 | 32): void => {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
      throw new ZoneError(`${where}: ${what} is ${value}, not a whole number of ${bits} bits`);
    }
  };
  whole('ttl', record.ttl, 31);
  switch (record.type) {
    case 'A':
      if (!isIPv4(record.address))
        throw new ZoneError(`${where}: ${JSON.stringify(record.address)} is no IPv4 address`);
      break;
    case 'AAAA':
      if (!isIPv6(record.address) || record.address.includes('%')) {
        throw new ZoneError(`${where}: ${JSON.stringify(record.address)} is no IPv6 address`);
      }
      break;
    case 'TXT':
      checkStrings(record.strings, where);
      break;
    case 'MX':
      whole('preference', record.preference, 16);
      key(record.exchange, where);
      break;
    case 'CNAME':
      key(record.target, where);
      break;
    case 'NS':
      key(record.host, where);
      break;
    case 'SOA':
      key(record.primary, where);
      key(record.mailbox, where);
      for (const field of ['serial', 'refresh', 'retry', 'expire', 'minimum'] as const) whole(field, record[field], 32);
  }
}

function checkStrings(strings: readonly string[], where: string): void {
  if (strings.length === 0) throw new ZoneError(`${where}: has no string`);
  if (strings.some((string) => /[^\0-\xff]/.test(string))) {
    throw new ZoneError(`${where}: a string has a character that is no octet`);
  }
  const octets = strings.reduce((sum, string) => sum + string.length, 0);
  if (octets > longestSet) throw new ZoneError(`${where}: ${octets} octets of text, more than ${longestSet}`);
}
