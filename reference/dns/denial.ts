/** Which NSEC records of a signed zone prove that something is not there. (RFC 4035 section 3.1.3) */
import { compareNames, parent } from './name.js';
import { recordTypes } from './record-codec.js';
import type { IndexedZone, RecordSet } from './zone.js';

/**
 * The proof that a name which exists lacks a type: its own NSEC record, or for a name that only has names below it the
 * one of the name before it. Empty for a zone without signatures.
 */
export function proofOfNoData(zone: IndexedZone, key: string): readonly RecordSet[] {
  const own = zone.nodes.get(key)?.get(recordTypes.NSEC);
  return own === undefined ? before(zone, key) : [own];
}

/** The proof that neither a name of the zone nor a wildcard in its place exists; empty for a zone without signatures. */
export function proofOfNoName(zone: IndexedZone, key: string): readonly RecordSet[] {
  let encloser = parent(key);
  while (encloser !== null && encloser !== zone.origin && !zone.nodes.has(encloser)) encloser = parent(encloser);
  const wildcard = encloser === null || encloser === '' ? '*' : `*.${encloser}`;
  return [...new Set([...before(zone, key), ...before(zone, wildcard)])];
}

/** The NSEC set whose name is the last one not behind a name of the zone. The origin is the first of all. */
function before({ chain }: IndexedZone, key: string): readonly RecordSet[] {
  let low = 0;
  let high = chain.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareNames(chain[middle]?.key ?? '', key) <= 0) low = middle + 1;
    else high = middle;
  }
  const found = chain[low - 1];
  return found === undefined ? [] : [found.set];
}
