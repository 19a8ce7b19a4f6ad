/** Objects as octets: a header and fields, read and written by the table of the object. (Section 2) */

import { FieldList, type FieldValue } from './field-list.js';
import { signatureOctets } from './field-rows.js';
import { type FieldDefinition, type FieldTable, headerOctets, mostFieldOctets } from './field-table.js';
import { SignetError, type SignetFault } from './signet-error.js';

/**
 * Checks header and fields of a whole object, and finds where its fields are. What is in the data is not looked at.
 *
 * @throws SignetError for everything of sections 2.1 to 2.4
 */
export function readFields(table: FieldTable, octets: Uint8Array, unnamedFields: 'refuse' | 'keep'): FieldList {
  checkHeader(octets);
  let offsets = new Uint32Array(32);
  let count = 0;
  let previous = 0;
  for (let offset = headerOctets; offset < octets.length; ) {
    const id = octets[offset] ?? 0;
    const definition = table.byId[id];
    if (definition === undefined || id < previous || (id === previous && definition.unique)) {
      throw misplaced(table, id, previous, offset);
    }
    if (definition.name === null && unnamedFields === 'refuse') throw unnamed(table, id, offset);
    if (count === offsets.length) {
      const larger = new Uint32Array(2 * count);
      larger.set(offsets);
      offsets = larger;
    }
    offsets[count++] = offset;
    offset = endOfField(definition, octets, offset);
    previous = id;
  }
  return new FieldList(table, octets, offsets.slice(0, count));
}

/** Magic number and length of an object, without any check of the fields. */
export function readMagic(octets: Uint8Array): number {
  return ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);
}

export interface WriteOptions {
  /** The table's, unless an object of an older one is written again. */
  readonly magic?: number;
  /** Refused unless the object came from outside with them (OQ-42). */
  readonly unnamedFields?: 'refuse' | 'keep';
}

/**
 * Writes an object. The fields have to be in order already.
 *
 * @throws SignetError for what a reader would refuse; offsets are those in the object that would have been written
 */
export function writeObject(table: FieldTable, fields: Iterable<FieldValue>, options: WriteOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  let offset = headerOctets;
  for (const field of fields) {
    const head = fieldHead(table, field, offset);
    parts.push(head, field.data);
    offset += head.length + field.data.length;
  }
  const octets = headerOf(options.magic ?? table.magic, offset - headerOctets, offset);
  let at = headerOctets;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  readFields(table, octets, options.unnamedFields ?? 'refuse');
  return octets;
}

/** A whole object whose fields are these octets, which are not looked at. */
export function wrapFields(magic: number, fields: Uint8Array): Uint8Array {
  const octets = headerOf(magic, fields.length, headerOctets + fields.length);
  octets.set(fields, headerOctets);
  return octets;
}

function headerOf(magic: number, length: number, total: number): Uint8Array {
  if (length > mostFieldOctets) throw tooLarge(length, total);
  const octets = new Uint8Array(total);
  octets.set([magic >> 8, magic & 0xff, length >> 16, (length >> 8) & 0xff, length & 0xff]);
  return octets;
}

function checkHeader(octets: Uint8Array): void {
  if (octets.length < headerOctets) {
    throw new SignetError({
      code: 'too-short',
      requirement: 'SIG-004',
      offset: octets.length,
      what: `${octets.length} octets are no whole header, which has ${headerOctets}`,
      section: '2.1',
    });
  }
  const length = ((octets[2] ?? 0) << 16) | ((octets[3] ?? 0) << 8) | (octets[4] ?? 0);
  const there = octets.length - headerOctets;
  if (there > mostFieldOctets) throw tooLarge(there, octets.length);
  if (length !== there) {
    throw new SignetError({
      code: 'wrong-length',
      requirement: 'SIG-005',
      offset: 2,
      what: `the header announces ${length} octets, but ${there} follow it`,
      section: '2.1',
    });
  }
}

function tooLarge(length: number, total: number): SignetError {
  return new SignetError({
    code: 'too-large',
    requirement: 'SIG-006',
    offset: 2,
    what: `${length} octets of fields (${total} in all) are more than the ${mostFieldOctets} that the header can announce`,
    section: '2.1',
  });
}

function endOfField(definition: FieldDefinition, octets: Uint8Array, offset: number): number {
  let at = offset + 1;
  if (definition.content === 'undefined') {
    const nameLength = octets[at];
    if (nameLength === 0) throw emptyName(at);
    at += 1 + (nameLength ?? 0);
  }
  let length = definition.lengthOctets === 0 ? signatureOctets : 0;
  for (let index = 0; index < definition.lengthOctets; index++) length = (length << 8) | (octets[at + index] ?? 0);
  const end = at + definition.lengthOctets + length;
  if (end > octets.length) {
    throw new SignetError({
      code: 'past-end',
      requirement: 'SIG-019',
      offset,
      what: `field ${definition.id} runs past the end of the object at ${octets.length}`,
      section: '2.2',
    });
  }
  return end;
}

function emptyName(offset: number): SignetError {
  return new SignetError({
    code: 'empty-name',
    requirement: 'SIG-009',
    offset,
    what: 'an undefined field has a name of 1 to 255 octets',
    section: '2.3',
  });
}

/** Why a field with this id cannot stand behind one with the id `previous` (0 at the start). */
function misplaced(table: FieldTable, id: number, previous: number, offset: number): SignetError {
  const fault = (code: SignetFault['code'], requirement: string, what: string): SignetError =>
    new SignetError({ code, requirement, offset, what, section: '2.4' });
  if (id === previous && id !== 0) {
    return fault('repeated-field', 'SIG-013', `field ${id} is there a second time, but may be there once`);
  }
  // Zero ends the list in PRIME (section 11.6), and what stands behind the last possible field is not looked at by
  // libdime (OQ-32): both are octets behind the end.
  if ((id < previous && previous === table.lastId) || (id === 0 && table.profile === 'prime')) {
    return fault(
      'trailing-octets',
      'SIG-020',
      `octets follow the last field: ${id} begins no field behind ${previous}`,
    );
  }
  if (table.byId[id] === undefined) {
    const requirement = table.type === 'organization' ? 'SIG-015' : table.type === 'user' ? 'SIG-016' : 'SIG-017';
    return fault(
      'forbidden-field',
      isKeyTable(table) ? 'SIG-068' : requirement,
      `field ${id} is not allowed in an object of type ${table.type}`,
    );
  }
  return fault('wrong-order', 'SIG-012', `field ${id} stands behind field ${previous}; ids never decrease`);
}

function isKeyTable({ type }: FieldTable): boolean {
  return type === 'organization-keys' || type === 'user-keys';
}

function unnamed(table: FieldTable, id: number, offset: number): SignetError {
  return new SignetError({
    code: 'unnamed-field',
    requirement: 'SIG-018',
    offset,
    what: `field ${id} has no meaning in an object of type ${table.type}`,
    section: '2.4',
  });
}

/** Id, name and lengths of a field. */
function fieldHead(table: FieldTable, { id, name, data }: FieldValue, offset: number): Uint8Array {
  const definition = table.byId[id];
  if (definition === undefined) throw misplaced(table, id, 0, offset);
  const named = definition.content === 'undefined';
  if (named !== (name !== undefined) || (name !== undefined && (name.length === 0 || name.length > 255))) {
    throw named
      ? emptyName(offset + 1)
      : new SignetError({
          code: 'forbidden-field',
          requirement: 'SIG-009',
          offset,
          what: `field ${id} has no name of its own; only undefined fields (251) have`,
          section: '2.3',
        });
  }
  const most = definition.lengthOctets === 0 ? signatureOctets : 256 ** definition.lengthOctets - 1;
  if (data.length > most || (definition.lengthOctets === 0 && data.length !== signatureOctets)) {
    throw new SignetError({
      code: 'bad-size',
      requirement: definition.lengthOctets === 0 ? 'SIG-008' : 'SIG-007',
      offset,
      what: `field ${id} has ${data.length} octets of data; ${definition.lengthOctets === 0 ? 'a signature has' : 'it can have at most'} ${most}`,
      section: '2.2',
    });
  }
  const lengths: number[] = [];
  for (let octet = definition.lengthOctets - 1; octet >= 0; octet--) lengths.push((data.length >> (8 * octet)) & 0xff);
  return Uint8Array.of(id, ...(name === undefined ? [] : [name.length, ...name]), ...lengths);
}
