/** What the DNS of a reference server says of its domain, and how it is signed. */
import type { KeyObject } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { type SignedTree, signedTree, treeKeys, validityAround } from './dns/signing/tree.js';
import { startOfAuthority, type ZoneRecord } from './dns/zone.js';
import { formatRecord, recordName, signCertificate } from './formats/record/index.js';
import type { KeyFolder } from './key-folder.js';
import { secretOf } from './secrets.js';

/** Seconds. */
const timeToLive = 300;
/** A server may run for long, and signs when it starts. */
const validDays = 365;

/** The management record (sections 3 and 7.2 of its digest). */
export function recordText(folder: KeyFolder, dxName: string): string {
  return formatRecord({
    version: 1,
    primary: [new Uint8Array(Buffer.from(folder.primaryPublic, 'base64'))],
    tls: [signCertificate(folder.certificate.der, folder.primaryKey)],
    policy: 'mixed',
    syndicates: null,
    deliver: [dxName],
    expiry: 0,
    subdomain: 'strict',
  });
}

/** Record, delivery host and mail exchanger of the domain; `host` is the address that the server listens at. */
export function zoneRecords(domain: string, dxName: string, record: string, host: string): ZoneRecord[] {
  const ttl = timeToLive;
  const addresses = addressesOf(host);
  return [
    startOfAuthority(domain, ttl),
    { name: domain, ttl, type: 'NS', host: dxName },
    { name: domain, ttl, type: 'MX', preference: 10, exchange: dxName },
    ...[domain, dxName].flatMap((name) =>
      addresses.map((address): ZoneRecord => ({ name, ttl, type: isIPv4(address) ? 'A' : 'AAAA', address })),
    ),
    { name: recordName(domain), ttl, type: 'TXT', strings: [record] },
  ];
}

/** Where a server that listens at `host` is reached: an address that means all of them stands for loopback here. */
function addressesOf(host: string): string[] {
  if (host === '::') return ['127.0.0.1', '::1'];
  if (host === '0.0.0.0') return ['127.0.0.1'];
  return isIPv4(host) || isIPv6(host) ? [host] : ['127.0.0.1'];
}

/**
 * The zones from the root down, signed for a year from `now` on. The keys follow from the primary key, so that a folder
 * has the same trust anchor at every start.
 */
export function signZones(
  domain: string,
  records: readonly ZoneRecord[],
  primaryKey: KeyObject,
  now: Date,
): SignedTree {
  let drawn = 0;
  const random = (octets: number): Uint8Array => secretOf(primaryKey, `zone key ${drawn++}`, octets);
  return signedTree({
    domains: [{ origin: domain, records }],
    validity: validityAround(now.getTime(), validDays),
    keys: treeKeys({ random }),
  });
}
