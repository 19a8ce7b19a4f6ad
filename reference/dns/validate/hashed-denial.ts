/** What NSEC3 records prove about a name. (RFC 5155 section 8) */
import { createHash } from 'node:crypto';
import type { Nsec3 } from './data.js';
import { type Denial, deniesType, endsBelow } from './denial.js';
import { isWithin, labelsOf, lastLabels, nameOctets } from './name.js';
import { wildcardAt } from './record-set.js';

const sha1 = 1;

/** The NSEC3 records of one zone that can be used together; null when there are none. */
interface Hashed {
  readonly records: readonly Nsec3[];
  readonly zone: string;
  readonly hash: (name: string) => Buffer;
}

/** Records with other parameters than the first are of another chain of the zone, and left out. (Section 8.2) */
function usable(records: readonly Nsec3[], zone: string): Hashed | null {
  const own = records.filter((record) => record.zone === zone && record.algorithm === sha1);
  const [first] = own;
  if (first === undefined) return null;
  const { iterations, salt } = first;
  const hashes = new Map<string, Buffer>();
  const hash = (name: string): Buffer => {
    let digest = hashes.get(name);
    if (digest === undefined) {
      digest = hashedName(name, salt, iterations);
      hashes.set(name, digest);
    }
    return digest;
  };
  return { records: own.filter((one) => one.iterations === iterations && one.salt.equals(salt)), zone, hash };
}

/** The octets by which NSEC3 names a name. (Section 5) */
export function hashedName(name: string, salt: Buffer, iterations: number): Buffer {
  let digest = createHash('sha1').update(nameOctets(name)).update(salt).digest();
  for (let round = 0; round < iterations; round++) digest = createHash('sha1').update(digest).update(salt).digest();
  return digest;
}

/** What the zone's NSEC3 records, whose signatures hold, say about a name and a type. */
export function denialByNsec3(
  records: readonly Nsec3[],
  zone: string,
  name: string,
  type: number,
  mostIterations: number,
): Denial {
  if (records.some(({ iterations }) => iterations > mostIterations)) return { kind: 'too-many-iterations' };
  const hashed = usable(records, zone);
  if (hashed === null) return { kind: 'unproven' };
  const own = matching(hashed, name);
  if (own !== undefined) {
    return deniesType(own.types, name, type) ? { kind: 'no-data', types: own.types } : { kind: 'unproven' };
  }
  const encloser = closestEncloser(hashed, name);
  if (encloser === null) return { kind: 'unproven' };
  const beyond = covering(hashed, nextCloser(name, encloser));
  if (beyond === undefined) return { kind: 'unproven' };
  if (beyond.optOut) return { kind: 'opt-out' };
  const wildcard = wildcardAt(encloser);
  const expanded = matching(hashed, wildcard);
  if (expanded !== undefined) {
    return deniesType(expanded.types, wildcard, type)
      ? { kind: 'no-data', types: expanded.types }
      : { kind: 'unproven' };
  }
  return covering(hashed, wildcard) === undefined ? { kind: 'unproven' } : { kind: 'no-name' };
}

/** Whether the name below the encloser of `labels` labels, for which a wildcard was used, is not there. */
export function nsec3DeniesName(records: readonly Nsec3[], zone: string, name: string, labels: number): boolean {
  const hashed = usable(records, zone);
  return hashed !== null && covering(hashed, nextCloser(name, lastLabels(name, labels))) !== undefined;
}

function matching({ records, hash }: Hashed, name: string): Nsec3 | undefined {
  const wanted = hash(name);
  return records.find((record) => record.hash.equals(wanted));
}

function covering({ records, hash }: Hashed, name: string): Nsec3 | undefined {
  const wanted = hash(name);
  return records.find(({ hash: from, next }) => {
    const [after, before] = [Buffer.compare(from, wanted) < 0, Buffer.compare(wanted, next) < 0];
    // The last one leads back to the first.
    return Buffer.compare(from, next) < 0 ? after && before : after || before;
  });
}

/** The longest name above that is there, unless names below it are not the zone's to speak of. */
function closestEncloser(hashed: Hashed, name: string): string | null {
  for (let count = labelsOf(name).length - 1; count >= labelsOf(hashed.zone).length; count--) {
    const above = lastLabels(name, count);
    const found = isWithin(above, hashed.zone) ? matching(hashed, above) : undefined;
    if (found !== undefined) return endsBelow(found.types) ? null : above;
  }
  return null;
}

function nextCloser(name: string, encloser: string): string {
  return lastLabels(name, labelsOf(encloser).length + 1);
}
