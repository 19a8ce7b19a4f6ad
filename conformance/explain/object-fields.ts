/** Goes through the fields of a signet or key object as far as that is possible, also when the object is malformed. */
import {
  type FieldDefinition,
  type FieldTable,
  headerOctets,
  signatureOctets,
} from '../../reference/formats/signet/index.js';

export interface SeenField {
  readonly definition: FieldDefinition;
  /** Of the id octet, from the start of the object. */
  readonly offset: number;
  readonly end: number;
  /** Of undefined fields. */
  readonly name: Uint8Array | null;
  readonly data: Uint8Array;
}

/** Magic number (2) and length (3), as far as they are there. (Section 2.1 of the signets digest) */
export function headerOf(octets: Uint8Array): { magic: number; length: number | null } {
  const [first = 0, second = 0, a, b, c] = octets;
  const length = a === undefined || b === undefined || c === undefined ? null : (a << 16) | (b << 8) | c;
  return { magic: (first << 8) | second, length };
}

/**
 * The fields up to the first place that cannot be one: an id that the object cannot have, or a length past the end.
 * Returns that place; the length of the object when there is none.
 */
export function* seenFields(table: FieldTable, octets: Uint8Array): Generator<SeenField, number> {
  let offset = headerOctets;
  while (offset < octets.length) {
    const definition = table.byId[octets[offset] ?? 0];
    if (definition === undefined) return offset;
    let at = offset + 1;
    let name: Uint8Array | null = null;
    if (definition.content === 'undefined') {
      const nameEnd = at + 1 + (octets[at] ?? 0);
      name = octets.subarray(at + 1, nameEnd);
      at = nameEnd;
    }
    let length = definition.lengthOctets === 0 ? signatureOctets : 0;
    for (let index = 0; index < definition.lengthOctets; index++) length = (length << 8) | (octets[at + index] ?? 0);
    const start = at + definition.lengthOctets;
    const end = start + length;
    if (end > octets.length) return offset;
    yield { definition, offset, end, name, data: octets.subarray(start, end) };
    offset = end;
  }
  return octets.length;
}
