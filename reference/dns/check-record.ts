/** Whether a record can be served as it is written. */
import { isIPv4, isIPv6 } from 'node:net';
import { nameKey } from './name.js';
import type { ZoneRecord } from './zone-record.js';

/** A zone that cannot be served; the message names the zone and the record. */
export class ZoneError extends Error {
  override readonly name = 'ZoneError';
}

/** Octets of the records of one name and type that are sure to fit in one message with all that may stand beside them. */
export const longestSet = 60_000;

/**
 * The key of a name: see nameKey.
 *
 * @throws ZoneError
 */
export function checkName(name: string, where: string): string {
  const found = nameKey(name);
  if (found === null) throw new ZoneError(`${where}: not a name of labels of 1 to 63 visible characters`);
  return found;
}

/**
 * Checks a record by itself, and gives the key of its name.
 *
 * @param where stands in front of the reason
 * @throws ZoneError
 */
export function checkRecord(record: ZoneRecord, where: string): string {
  const owner = checkName(record.name, where);
  checkData(record, where);
  return owner;
}

function checkData(record: ZoneRecord, where: string): void {
  const whole = (what: string, value: number, bits: 8 | 16 | 31 | 32): void => {
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
      checkName(record.exchange, where);
      break;
    case 'CNAME':
      checkName(record.target, where);
      break;
    case 'NS':
      checkName(record.host, where);
      break;
    case 'SOA':
      checkName(record.primary, where);
      checkName(record.mailbox, where);
      for (const field of ['serial', 'refresh', 'retry', 'expire', 'minimum'] as const) whole(field, record[field], 32);
      break;
    case 'DS':
      whole('keyTag', record.keyTag, 16);
      for (const field of ['algorithm', 'digestType'] as const) whole(field, record[field], 8);
      break;
    case 'DNSKEY':
      whole('flags', record.flags, 16);
      whole('algorithm', record.algorithm, 8);
      break;
    case 'RRSIG':
      for (const field of ['covered', 'keyTag'] as const) whole(field, record[field], 16);
      for (const field of ['algorithm', 'labels'] as const) whole(field, record[field], 8);
      for (const field of ['originalTtl', 'expiration', 'inception'] as const) whole(field, record[field], 32);
      checkName(record.signer, where);
      break;
    case 'NSEC':
      checkName(record.next, where);
      for (const type of record.types) whole('type', type, 16);
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
