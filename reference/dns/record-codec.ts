/** Resource records in octets, written by dns2's codec and, for DNSSEC, by dnssec-codec.ts. */
import { Packet, type Resource } from 'dns2';
import { splitStrings } from '../formats/record/index.js';
import { dnssecTypes, encodeDnssecData } from './dnssec-codec.js';
import type { ZoneRecord, ZoneRecordType } from './zone-record.js';

/** Type numbers. (RFC 1035 section 3.2.2, RFC 3596, RFC 4034) */
export const recordTypes = {
  A: Packet.TYPE.A,
  NS: Packet.TYPE.NS,
  CNAME: Packet.TYPE.CNAME,
  SOA: Packet.TYPE.SOA,
  MX: Packet.TYPE.MX,
  TXT: Packet.TYPE.TXT,
  AAAA: Packet.TYPE.AAAA,
  ...dnssecTypes,
} as const satisfies Record<ZoneRecordType, number>;

/**
 * A record without its owner name: type, class IN, TTL, RDLENGTH, RDATA. Names in it are not compressed, so the octets
 * are the same in every message; strings of more than 255 octets are cut. The record has been checked by indexZones. The
 * octets are not to be changed.
 */
export function encodeRecordTail(record: ZoneRecord): Uint8Array {
  if (isDnssec(record)) return dnssecTail(record);
  return remembered(JSON.stringify({ ...record, name: '' }), () => plainTail(record));
}

function plainTail(record: Exclude<ZoneRecord, DnssecRecord>): Uint8Array {
  const resource = new Packet.Resource({
    ...data(record),
    name: '',
    type: recordTypes[record.type],
    class: Packet.CLASS.IN,
    ttl: record.ttl,
  });
  const root = 1;
  return new Uint8Array(Packet.Resource.encode(resource).subarray(root));
}

type DnssecRecord = Extract<ZoneRecord, { readonly type: keyof typeof dnssecTypes }>;

function isDnssec(record: ZoneRecord): record is DnssecRecord {
  return record.type in dnssecTypes;
}

function dnssecTail(record: DnssecRecord): Uint8Array {
  const data = encodeDnssecData(record, encodeName);
  const tail = Buffer.alloc(tailHead + data.length);
  tail.writeUInt16BE(recordTypes[record.type], 0);
  tail.writeUInt16BE(Packet.CLASS.IN, 2);
  tail.writeUInt32BE(record.ttl, 4);
  tail.writeUInt16BE(data.length, 8);
  tail.set(data, tailHead);
  return new Uint8Array(tail);
}

/** Octets of type, class, TTL and RDLENGTH. */
const tailHead = 10;

/** An owner name in octets, without compression; not to be changed. */
export function encodeName(key: string): Uint8Array {
  return remembered(`name ${key}`, () => new Uint8Array(Packet.Name.encode(key)));
}

/** dns2 writes bit by bit, and the same names and records are written for the wire, for signatures, and to compare them. */
const written = new Map<string, Uint8Array>();
const mostWritten = 2000;

function remembered(id: string, write: () => Uint8Array): Uint8Array {
  let octets = written.get(id);
  if (octets === undefined) {
    if (written.size >= mostWritten) written.clear();
    octets = write();
    written.set(id, octets);
  }
  return octets;
}

/** The data of a record under the names that dns2 gives them. */
function data(record: Exclude<ZoneRecord, DnssecRecord>): Partial<Resource> {
  switch (record.type) {
    case 'A':
      return { address: record.address };
    case 'AAAA':
      return { address: plainIPv6(record.address) };
    case 'TXT':
      // dns2 writes texts as UTF-8 and buffers as they are; its types know only the texts.
      return {
        data: record.strings
          .flatMap(splitStrings)
          .map((string) => Buffer.from(string, 'latin1')) as unknown as string[],
      };
    case 'MX':
      return { priority: record.preference, exchange: record.exchange };
    case 'CNAME':
      return { domain: record.target };
    case 'NS':
      return { ns: record.host };
    case 'SOA':
      return {
        primary: record.primary,
        admin: record.mailbox,
        serial: record.serial,
        refresh: record.refresh,
        retry: record.retry,
        expiration: record.expire,
        minimum: record.minimum,
      };
  }
}

/** dns2 reads hexadecimal groups only, not an IPv4 address at the end. */
function plainIPv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
