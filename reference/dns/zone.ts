/** What a zone holds, and its index by name: the data that answer.ts answers from. */
import { checkName, checkRecord, longestSet, ZoneError } from './check-record.js';
import { ancestors, compareNames, isWithin, keyName } from './name.js';
import { encodeName, encodeRecordTail, recordTypes } from './record-codec.js';
import type { Signing } from './signing/signing.js';
import type { ZoneRecord } from './zone-record.js';

export { ZoneError } from './check-record.js';
export type { ZoneRecord } from './zone-record.js';

/**
 * A zone with exactly one SOA, at its origin. NS records below the origin delegate: names from there on are referred to
 * those servers, unless their zone is served too.
 */
export interface Zone {
  readonly origin: string;
  readonly records: readonly ZoneRecord[];
  /** How it was signed: see signZone. */
  readonly signing?: Signing;
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

/** The records of one name and type, and the signatures over them, if any. */
export interface RecordSet {
  readonly records: readonly IndexedRecord[];
  readonly signatures: readonly IndexedRecord[];
}

/** The sets of one name by type number, without RRSIG; empty for a name that only has names below it. */
export type Node = ReadonlyMap<number, RecordSet>;

export interface IndexedZone {
  /** Key of the origin: see nameKey. */
  readonly origin: string;
  readonly nodes: ReadonlyMap<string, Node>;
  /** The SOA with the TTL of negative answers. */
  readonly negative: RecordSet;
  /** The NSEC sets in the order of their names (see compareNames); empty for a zone that is not signed. */
  readonly chain: readonly { readonly key: string; readonly set: RecordSet }[];
  /** Keys of the names below the origin that have NS records. */
  readonly cuts: ReadonlySet<string>;
  readonly signing: Signing | null;
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
    mailbox: origin === '.' ? 'hostmaster' : `hostmaster.${origin}`,
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
    const origin = checkName(zone.origin, `zone ${JSON.stringify(zone.origin)}`);
    if (index.has(origin)) throw new ZoneError(`zone ${origin}: given twice`);
    index.set(origin, indexZone(origin, zone));
  }
  return index;
}

function indexZone(origin: string, { records, signing }: Zone): IndexedZone {
  const nodes = new Map<string, Map<number, MutableSet>>();
  for (const record of records) {
    const where = whereIs(origin, record);
    const name = checkRecord(record, where);
    if (!isWithin(name, origin)) throw new ZoneError(`${where}: the name is not in the zone`);
    if (record.type === 'SOA' && name !== origin) throw new ZoneError(`${where}: a SOA stands at the origin only`);
    // Every name between a record and its origin exists, if without records (RFC 4592 section 2.2.2).
    for (const ancestor of ancestors(name, origin)) if (!nodes.has(ancestor)) nodes.set(ancestor, new Map());
    const node = nodes.get(name) ?? new Map<number, MutableSet>();
    nodes.set(name, node);
    const type = record.type === 'RRSIG' ? record.covered : recordTypes[record.type];
    const set = node.get(type) ?? { records: [], signatures: [] };
    node.set(type, set);
    (record.type === 'RRSIG' ? set.signatures : set.records).push(indexRecord(name, record));
  }
  for (const [name, node] of nodes) checkNode(node, `zone ${keyName(origin)}: ${keyName(name)}`);
  return {
    origin,
    nodes,
    negative: negativeSet(origin, nodes.get(origin)?.get(recordTypes.SOA)),
    chain: [...nodes]
      .flatMap(([name, node]) => [...node].map(([type, set]) => ({ key: name, type, set })))
      .filter(({ type }) => type === recordTypes.NSEC)
      .sort((left, right) => compareNames(left.key, right.key)),
    cuts: new Set(
      [...nodes].filter(([name, node]) => name !== origin && node.has(recordTypes.NS)).map(([name]) => name),
    ),
    signing: signing ?? null,
  };
}

interface MutableSet {
  readonly records: IndexedRecord[];
  readonly signatures: IndexedRecord[];
}

function checkNode(node: ReadonlyMap<number, RecordSet>, where: string): void {
  for (const [type, { records, signatures }] of node) {
    if (records.length === 0) throw new ZoneError(`${where}: a signature covers type ${type}, which is not there`);
    checkSize([...records, ...signatures], where);
  }
  const alias = node.get(recordTypes.CNAME);
  const others = [...node.keys()].filter((type) => type !== recordTypes.CNAME && type !== recordTypes.NSEC);
  if (alias !== undefined && (others.length > 0 || alias.records.length !== 1)) {
    throw new ZoneError(`${where} has a CNAME and other records`);
  }
}

function negativeSet(origin: string, soas: RecordSet | undefined): RecordSet {
  const [soa, ...more] = soas?.records ?? [];
  if (soa?.record.type !== 'SOA' || more.length > 0) {
    const count = soa === undefined ? 0 : more.length + 1;
    throw new ZoneError(`zone ${keyName(origin)}: needs exactly one SOA at its origin, has ${count}`);
  }
  // RFC 2308 section 3: the lesser of the SOA's TTL and its last field.
  const ttl = Math.min(soa.record.ttl, soa.record.minimum);
  const shortened = ({ key, record }: IndexedRecord) => indexRecord(key, { ...record, ttl });
  return { records: [shortened(soa)], signatures: (soas?.signatures ?? []).map(shortened) };
}

/**
 * Checks a record by itself, and makes it ready for the wire.
 *
 * @param where stands in front of the reason
 * @throws ZoneError
 */
export function readyRecord(record: ZoneRecord, where: string): IndexedRecord {
  return indexRecord(checkRecord(record, where), record);
}

function whereIs(origin: string, { type, name }: ZoneRecord): string {
  return `zone ${keyName(origin)}: ${type} ${JSON.stringify(name)}`;
}

function indexRecord(key: string, record: ZoneRecord): IndexedRecord {
  return { record, key, owner: encodeName(record.name), tail: encodeRecordTail(record) };
}

function checkSize(records: readonly IndexedRecord[], where: string): void {
  const octets = records.reduce((sum, { owner, tail }) => sum + owner.length + tail.length, 0);
  if (octets > longestSet) {
    throw new ZoneError(`${where}: ${octets} octets of ${records[0]?.record.type} records, more than ${longestSet}`);
  }
}
