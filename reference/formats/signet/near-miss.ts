/** Objects with one rule of the layout broken, each labelled with the rule; made from the field table. */
import fc from 'fast-check';
import { readFields, readMagic, wrapFields } from './binary-object.js';
import { type ObjectType, signatureOctets } from './field-rows.js';
import { type FieldDefinition, type FieldTable, fieldTable, headerOctets, isSignetType } from './field-table.js';
import { objectsOf } from './generate.js';
import type { Profile } from './profile.js';

export interface NearMiss {
  /** What is broken, in words. */
  readonly breach: string;
  /** The row of the catalogue that refuses it. */
  readonly requirement: string;
  readonly octets: Uint8Array;
}

/** A near miss that is not made yet: there are some hundred for each object. */
interface Step {
  readonly breach: string;
  readonly requirement: string;
  readonly make: () => Uint8Array;
}

/** One near miss of a generated object; every rule of the layout is as likely as the next. */
export function nearMissOf(profile: Profile, type: ObjectType): fc.Arbitrary<NearMiss> {
  const table = fieldTable(profile, type);
  return fc
    .tuple(objectsOf(profile, type), fc.nat(), fc.nat())
    .map(([octets, rule, which]) => {
      const steps = stepsOf(table, octets);
      const requirements = [...new Set(steps.map(({ requirement }) => requirement))];
      const fitting = steps.filter(({ requirement }) => requirement === requirements[rule % requirements.length]);
      return fitting[which % fitting.length];
    })
    .filter((step) => step !== undefined)
    .map(made);
}

/** Every way in which the layout of this object (which is right) can be broken by one step. */
export function nearMisses(table: FieldTable, octets: Uint8Array): NearMiss[] {
  return stepsOf(table, octets).map(made);
}

function made({ breach, requirement, make }: Step): NearMiss {
  return { breach, requirement, octets: make() };
}

function stepsOf(table: FieldTable, octets: Uint8Array): Step[] {
  const raw = [...readFields(table, octets, 'keep')].map(({ id, offset, end }) => ({
    id,
    octets: octets.subarray(offset, end),
  }));
  const parts: Parts = { table, magic: readMagic(octets), raw };
  return [
    ...headerSteps(octets, isSignetType(table.type)),
    ...raw.flatMap((_, index) => fieldSteps(parts, index)),
    ...insertedSteps(parts),
  ];
}

function headerSteps(octets: Uint8Array, signet: boolean): Step[] {
  const length = octets.length - headerOctets;
  const put = (at: number, ...changes: number[]): Uint8Array => {
    const changed = new Uint8Array(octets);
    changed.set(changes, at);
    return changed;
  };
  const announce = (announced: number): Uint8Array =>
    put(2, announced >> 16, (announced >> 8) & 0xff, announced & 0xff);
  const magicRow = signet ? 'SIG-001' : 'SIG-002';
  return [
    { breach: 'half a header', requirement: 'SIG-004', make: () => octets.slice(0, headerOctets - 1) },
    { breach: 'nothing at all', requirement: 'SIG-004', make: () => new Uint8Array() },
    { breach: 'a length one too large', requirement: 'SIG-005', make: () => announce(length + 1) },
    { breach: 'a length one too small', requirement: 'SIG-005', make: () => announce(length - 1) },
    { breach: 'the last octet missing', requirement: 'SIG-005', make: () => octets.slice(0, -1) },
    { breach: 'an octet behind the end', requirement: 'SIG-005', make: () => Uint8Array.of(...octets, 0) },
    { breach: 'an unknown magic number', requirement: magicRow, make: () => put(0, 0xff) },
  ];
}

interface Parts {
  readonly table: FieldTable;
  readonly magic: number;
  readonly raw: readonly { readonly id: number; readonly octets: Uint8Array }[];
}

/** The object with `count` fields from `index` on replaced. */
function replaced({ magic, raw }: Parts, index: number, count: number, ...by: readonly Uint8Array[]): Uint8Array {
  const of = (fields: Parts['raw']): Uint8Array[] => fields.map(({ octets }) => octets);
  return wrapFields(magic, Buffer.concat([...of(raw.slice(0, index)), ...by, ...of(raw.slice(index + count))]));
}

function fieldSteps(parts: Parts, index: number): Step[] {
  const { table, raw } = parts;
  const field = raw[index];
  const definition = table.byId[field?.id ?? 0];
  if (field === undefined || definition === undefined) return [];
  const { id, octets } = field;
  const next = raw[index + 1];
  const steps: Step[] = [];
  if (definition.unique) {
    const make = (): Uint8Array => replaced(parts, index, 1, octets, octets);
    steps.push({ breach: `field ${id} twice`, requirement: 'SIG-013', make });
  }
  if (next !== undefined && next.id !== id) {
    const requirement = next.id === table.lastId ? 'SIG-020' : 'SIG-012';
    const make = (): Uint8Array => replaced(parts, index, 2, next.octets, octets);
    steps.push({ breach: `field ${id} behind field ${next.id}`, requirement, make });
  }
  if (next === undefined && octets.length > 1) {
    const make = (): Uint8Array => replaced(parts, index, 1, octets.subarray(0, -1));
    steps.push({ breach: `field ${id} one octet short`, requirement: 'SIG-019', make });
  }
  const { lengthOctets, content } = definition;
  const tail = raw.slice(index).reduce((sum, part) => sum + part.octets.length, 0);
  if (lengthOctets > 0 && content !== 'undefined' && tail < lengthOctets + 256 ** lengthOctets) {
    const long = new Uint8Array(octets).fill(0xff, 1, 1 + lengthOctets);
    const make = (): Uint8Array => replaced(parts, index, 1, long);
    steps.push({ breach: `field ${id} with the largest length`, requirement: 'SIG-019', make });
  }
  return steps;
}

/** Fields put where their ids belong: those that the table has no name for, and an undefined one without a name. */
function insertedSteps(parts: Parts): Step[] {
  const { table, raw } = parts;
  const insert = (id: number, octets: Uint8Array) => (): Uint8Array => {
    const at = raw.findIndex((field) => field.id > id);
    return replaced(parts, at === -1 ? raw.length : at, 0, octets);
  };
  const steps: Step[] = [];
  for (let id = 0; id < 256; id++) {
    const definition = table.byId[id];
    const requirement = definition === undefined ? forbiddenRow(table, id) : unnamedRow(definition, table);
    if (requirement === null) continue;
    const make = insert(id, Uint8Array.of(id, ...new Uint8Array(signatureOctets)));
    steps.push({ breach: `field ${id}, which the table does not name`, requirement, make });
  }
  if (table.byId[251] !== undefined) {
    const make = insert(251, Uint8Array.of(251, 0, 0, 0));
    steps.push({ breach: 'an undefined field without a name', requirement: 'SIG-009', make });
  }
  return steps;
}

function forbiddenRow({ type, profile }: FieldTable, id: number): string {
  if (id === 0 && profile === 'prime') return 'SIG-020';
  return {
    organization: 'SIG-015',
    user: 'SIG-016',
    'signing-request': 'SIG-017',
    'organization-keys': 'SIG-068',
    'user-keys': 'SIG-068',
  }[type];
}

function unnamedRow({ name }: FieldDefinition, { profile }: FieldTable): string | null {
  return name === null && profile !== 'prime' ? 'SIG-018' : null;
}
