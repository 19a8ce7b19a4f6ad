/** What NSEC records prove about a name. (RFC 4035 section 5.4, RFC 6840 section 4) */
import type { Nsec } from './data.js';
import { types } from './message.js';
import { commonAncestor, compareNames, isWithin, lastLabels } from './name.js';
import { wildcardAt } from './record-set.js';

/** What is proven about a name and a type that got no answer. */
export type Denial =
  /** The name is there, if only for names below it; `types` are those that it has. */
  | { readonly kind: 'no-data'; readonly types: ReadonlySet<number> }
  | { readonly kind: 'no-name' }
  /** An unsigned delegation may be there. (RFC 5155 section 6) */
  | { readonly kind: 'opt-out' }
  /** The proof is too costly to follow, so that the zone counts as unsigned. (RFC 9276 section 3.2) */
  | { readonly kind: 'too-many-iterations' }
  | { readonly kind: 'unproven' };

const unproven: Denial = { kind: 'unproven' };

/** What the zone's NSEC records, whose signatures hold, say about a name and a type. */
export function denialByNsec(records: readonly Nsec[], name: string, type: number): Denial {
  const own = records.find((record) => record.name === name);
  if (own !== undefined) return deniesType(own.types, name, type) ? { kind: 'no-data', types: own.types } : unproven;
  const covering = records.find((record) => covers(record, name));
  if (covering === undefined) return unproven;
  // The next name is below: this one is there without records of its own.
  if (isWithin(covering.next, name)) return { kind: 'no-data', types: new Set() };
  const wildcard = wildcardAt(closestEncloser(covering, name));
  const expanded = records.find((record) => record.name === wildcard);
  if (expanded !== undefined) {
    return deniesType(expanded.types, wildcard, type) ? { kind: 'no-data', types: expanded.types } : unproven;
  }
  return records.some((record) => covers(record, wildcard)) ? { kind: 'no-name' } : unproven;
}

/** Whether a name is not there, nor any below its ancestor of `labels` labels, whose wildcard was used for it. */
export function nsecDeniesName(records: readonly Nsec[], name: string, labels: number): boolean {
  return records.some(
    (record) =>
      covers(record, name) &&
      !isWithin(record.next, name) &&
      closestEncloser(record, name) === lastLabels(name, labels),
  );
}

/**
 * Whether a name with these types has no records of `type`. At a delegation the parent speaks of DS alone, and the child
 * of all but DS.
 */
export function deniesType(held: ReadonlySet<number>, name: string, type: number): boolean {
  if (held.has(type) || held.has(types.CNAME)) return false;
  const apex = held.has(types.SOA);
  if (type === types.DS) return !apex || name === '';
  return apex || !held.has(types.NS);
}

/** Whether what has these types says nothing about names below it: a delegation, or an alias of all of them. */
export function endsBelow(held: ReadonlySet<number>): boolean {
  return (held.has(types.NS) && !held.has(types.SOA)) || held.has(types.DNAME);
}

function covers({ name: owner, next, types: held }: Nsec, name: string): boolean {
  if (compareNames(owner, name) >= 0) return false;
  if (isWithin(name, owner) && endsBelow(held)) return false;
  // The last one of a zone names the apex, which is before all.
  return compareNames(name, next) < 0 || (compareNames(next, owner) <= 0 && isWithin(name, next));
}

function closestEncloser({ name: owner, next }: Nsec, name: string): string {
  const [one, other] = [commonAncestor(name, owner), commonAncestor(name, next)];
  return one.length > other.length ? one : other;
}
