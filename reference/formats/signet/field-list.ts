/** The fields of an object that was read. */
import type { FieldTable } from './field-table.js';

/** What a writer needs of a field. */
export interface FieldValue {
  readonly id: number;
  /** Of undefined fields (id 251) only: 1 to 255 octets. */
  readonly name?: Uint8Array;
  readonly data: Uint8Array;
}

/** A field where it stands. `name` and `data` are views into the object. */
export interface Field extends FieldValue {
  /** Of the id octet, from the start of the object. */
  readonly offset: number;
  /** Of the octet behind the data. */
  readonly end: number;
}

/**
 * The fields of an object, in order. Only their places are kept; a field is made when it is asked for, so that an object
 * of nothing but tiny fields costs no more than a small multiple of its size.
 */
export class FieldList implements Iterable<Field> {
  readonly #table: FieldTable;
  readonly #octets: Uint8Array;
  readonly #offsets: Uint32Array;

  /** @param offsets of the id octets, ascending, of fields that `readFields` found good */
  constructor(table: FieldTable, octets: Uint8Array, offsets: Uint32Array) {
    this.#table = table;
    this.#octets = octets;
    this.#offsets = offsets;
  }

  get length(): number {
    return this.#offsets.length;
  }

  at(index: number): Field | undefined {
    const offset = this.#offsets[index];
    return offset === undefined ? undefined : this.#field(offset, this.#offsets[index + 1] ?? this.#octets.length);
  }

  /** The first field with this id. */
  first(id: number): Field | undefined {
    const index = this.#placeOf(id);
    return this.#idAt(index) === id ? this.at(index) : undefined;
  }

  /** All fields with this id. */
  all(id: number): Field[] {
    const found: Field[] = [];
    for (let index = this.#placeOf(id); this.#idAt(index) === id; index++) {
      const field = this.at(index);
      if (field !== undefined) found.push(field);
    }
    return found;
  }

  has(id: number): boolean {
    return this.#idAt(this.#placeOf(id)) === id;
  }

  /** Where the first field with an id above this one begins, from the start of the object; its end if there is none. */
  endOf(id: number): number {
    return this.#offsets[this.#placeOf(id + 1)] ?? this.#octets.length;
  }

  *[Symbol.iterator](): Iterator<Field> {
    for (let index = 0; index < this.length; index++) {
      const field = this.at(index);
      if (field !== undefined) yield field;
    }
  }

  /** Index of the first field with at least this id; ids ascend. */
  #placeOf(id: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#idAt(middle) ?? 256) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #idAt(index: number): number | undefined {
    const offset = this.#offsets[index];
    return offset === undefined ? undefined : this.#octets[offset];
  }

  #field(offset: number, end: number): Field {
    const id = this.#octets[offset] ?? 0;
    const definition = this.#table.byId[id];
    let start = offset + 1;
    if (definition?.content === 'undefined') {
      const nameEnd = start + 1 + (this.#octets[start] ?? 0);
      const name = this.#octets.subarray(start + 1, nameEnd);
      return { id, name, data: this.#octets.subarray(nameEnd + 2, end), offset, end };
    }
    start += definition?.lengthOctets ?? 0;
    return { id, data: this.#octets.subarray(start, end), offset, end };
  }
}
