/** Records of one name and type, and whether their signatures hold. (RFC 4034 section 6, RFC 4035 section 5.3) */
import { holds, knowsAlgorithm } from './algorithms.js';
import { type DnsKey, type Signature, signatureOf } from './data.js';
import type { ValidationLimits } from './limits.js';
import { typeName, types, type WireRecord } from './message.js';
import { isWithin, labelsOf, lastLabels, nameOctets, shownName } from './name.js';

export interface RecordSet {
  readonly name: string;
  readonly type: number;
  readonly records: readonly WireRecord[];
  readonly signatures: readonly Signature[];
}

/** The set of a name and type with the signatures that cover it; null when there is none. */
export function setOf(section: readonly WireRecord[], name: string, type: number): RecordSet | null {
  const records = section.filter((record) => record.name === name && record.type === type);
  if (records.length === 0) return null;
  return { name, type, records, signatures: signaturesOf(section, name, type) };
}

/** All sets of a type. */
export function setsOf(section: readonly WireRecord[], type: number): RecordSet[] {
  const names = new Set(section.filter((record) => record.type === type).map(({ name }) => name));
  return [...names].flatMap((name) => setOf(section, name, type) ?? []);
}

function signaturesOf(section: readonly WireRecord[], name: string, covers: number): Signature[] {
  return section
    .filter((record) => record.name === name && record.type === types.RRSIG)
    .flatMap((record) => signatureOf(record) ?? [])
    .filter((signature) => signature.covers === covers);
}

/** A zone whose keys are trusted. */
export interface Zone {
  readonly name: string;
  readonly keys: readonly DnsKey[];
}

/** What a lookup has left of its bounds, and when it is. */
export interface Costs {
  readonly limits: ValidationLimits;
  /** Seconds since 1970. */
  readonly now: number;
  signatureChecks: number;
}

type SetVerdict =
  | {
      readonly holds: true;
      /** The labels that the name has in the zone, when the set was made from a wildcard; else null. */
      readonly wildcardLabels: number | null;
      /** Seconds for which the set may be kept. (RFC 4035 section 5.3.3) */
      readonly ttl: number;
    }
  | { readonly holds: false; readonly why: string };

/** Looks for one signature by one of the zone's keys that holds. */
export function judgeSet(set: RecordSet, zone: Zone, costs: Costs): SetVerdict {
  const shown = `${typeName(set.type)} of ${shownName(set.name)}`;
  if (!isWithin(set.name, zone.name)) {
    return { holds: false, why: `${shown} is not in the zone ${shownName(zone.name)}` };
  }
  if (set.signatures.length === 0) return { holds: false, why: `${shown} is not signed` };
  const failures: string[] = [];
  for (const signature of set.signatures.slice(0, costs.limits.signaturesOfOneSet)) {
    const failure = failureOf(set, signature, zone, costs);
    if (failure === null) return verified(set, signature, costs.now);
    failures.push(failure);
  }
  return { holds: false, why: `${shown}: ${[...new Set(failures)].slice(0, 3).join('; ')}` };
}

function verified(set: RecordSet, signature: Signature, now: number): SetVerdict {
  const ttls = set.records.map(({ ttl }) => ttl);
  const left = serialDistance(now, signature.expiration);
  const ttl = Math.min(...ttls, signature.ttl, signature.originalTtl, left);
  const expanded = signature.labels < ownLabels(set.name).length;
  return { holds: true, wildcardLabels: expanded ? signature.labels : null, ttl };
}

/** What is wrong with a signature; null when it holds. */
function failureOf(set: RecordSet, signature: Signature, zone: Zone, costs: Costs): string | null {
  const { signer, algorithm, tag, inception, expiration } = signature;
  const { limits, now } = costs;
  if (signer !== zone.name) return `signed by ${shownName(signer)}, and not by the zone ${shownName(zone.name)}`;
  if (signature.labels > ownLabels(set.name).length) return 'the signature is for a name with more labels';
  if (serialDistance(inception, now) < 0) return `the signature holds only from ${shownTime(inception, now)}`;
  if (serialDistance(now, expiration) < 0) return `the signature expired at ${shownTime(expiration, now)}`;
  if (!knowsAlgorithm(algorithm)) return `the signature has the unknown algorithm ${algorithm}`;
  const keys = zone.keys.filter((key) => key.tag === tag && key.algorithm === algorithm);
  if (keys.length === 0) return `no key of ${shownName(zone.name)} has tag ${tag} and algorithm ${algorithm}`;
  const data = signedData(set, signature);
  for (const key of keys.slice(0, limits.keysOfOneTag)) {
    if (costs.signatureChecks >= limits.signatureChecks) {
      return `the lookup has cost ${limits.signatureChecks} checks of signatures, and more are not made`;
    }
    costs.signatureChecks += 1;
    if (holds(algorithm, key.publicKey, data, signature.signature)) return null;
  }
  return `the signature with key tag ${tag} does not hold`;
}

/** Without the leftmost label of a wildcard, which is not counted. (RFC 4034 section 3.1.3) */
function ownLabels(name: string): string[] {
  const labels = labelsOf(name);
  return labels[0] === '*' ? labels.slice(1) : labels;
}

/** Seconds from one 32 bit time to another in serial number arithmetic. (RFC 4034 section 3.1.5, RFC 1982) */
function serialDistance(from: number, to: number): number {
  return (to - from) | 0;
}

function shownTime(time: number, now: number): string {
  return new Date((now + serialDistance(now, time)) * 1000).toISOString();
}

/** Head of the signature, then each record once, in canonical form and order. (RFC 4034 sections 3.1.8.1, 6.3) */
function signedData({ name, type, records }: RecordSet, { head, labels, originalTtl }: Signature): Buffer {
  const owner = nameOctets(labels < ownLabels(name).length ? wildcardAt(lastLabels(name, labels)) : name);
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(originalTtl, 4);
  const parts = [head];
  let previous: Buffer | undefined;
  for (const data of records.map((record) => record.data).sort(Buffer.compare)) {
    if (previous?.equals(data) === true) continue;
    previous = data;
    parts.push(owner, fixed, Buffer.of(data.length >> 8, data.length & 0xff), data);
  }
  return Buffer.concat(parts);
}

/** The wildcard directly below a name. */
export function wildcardAt(name: string): string {
  return name === '' ? '*' : `*.${name}`;
}
