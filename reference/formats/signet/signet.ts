/** Signets and signing requests: from octets and back. */
import { readFields, readMagic, wrapFields, writeObject } from './binary-object.js';
import type { FieldValue } from './field-list.js';
import type { SignetType } from './field-rows.js';
import { fieldTable, headerOctets, isSignetType, typeOfMagic } from './field-table.js';
import { checkOnLoading } from './loading-checks.js';
import { type Profile, profileRules } from './profile.js';
import { SignetError } from './signet-error.js';
import type { Signet } from './signet-object.js';

export interface ParseOptions {
  /** What is done with ids that have a length but no name; `refuse` in the 2015 profiles, `keep` in prime (OQ-42). */
  readonly unnamedFields?: 'refuse' | 'keep';
}

/**
 * Reads a binary signet or signing request. In the 2015 profiles keys and signatures are not looked at here (section
 * 4.4); in prime required fields, key forms and the self-signature are checked too (section 11.6, SIG-089).
 *
 * @param octets the whole object; copied
 * @throws SignetError
 */
export function parseSignet(profile: Profile, octets: Uint8Array, options: ParseOptions = {}): Signet {
  const type = typeOfMagic(readMagic(octets));
  if (octets.length >= headerOctets && (type === null || !isSignetType(type))) {
    throw new SignetError({
      code: 'wrong-magic',
      requirement: 'SIG-001',
      offset: 0,
      what: `${readMagic(octets)} is not the magic number of a signet or signing request`,
      section: '1',
    });
  }
  const table = fieldTable(profile, type ?? 'organization');
  const own = new Uint8Array(octets);
  const fields = readFields(table, own, options.unnamedFields ?? profileRules[profile].unnamedFields);
  const signet: Signet = { profile, type: type as SignetType, octets: own, fields };
  if (profileRules[profile].checksOnLoading) checkOnLoading(signet);
  return signet;
}

/**
 * Makes a signet of fields in ascending order, as parseSignet reads it; signatures are taken as they are.
 *
 * @throws SignetError for what parseSignet would refuse
 */
export function signetOf(profile: Profile, type: SignetType, fields: Iterable<FieldValue>): Signet {
  return parseSignet(profile, writeObject(fieldTable(profile, type), fields));
}

/**
 * Writes a signet field by field. For every signet that parseSignet gives, the same octets again, also with an id
 * without a name or the magic number of an old signing request.
 */
export function serializeSignet({ profile, type, octets, fields }: Signet): Uint8Array {
  return writeObject(fieldTable(profile, type), fields, { magic: readMagic(octets), unnamedFields: 'keep' });
}

/** The signet without the fields above `id`. Their signatures still hold: they cover lower ids only (SIG-047). */
export function cutAbove({ profile, octets, fields }: Signet, id: number): Signet {
  const kept = octets.subarray(headerOctets, fields.endOf(id));
  return parseSignet(profile, wrapFields(readMagic(octets), kept), { unnamedFields: 'keep' });
}
