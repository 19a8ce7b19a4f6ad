/** The JSON Schemas of the messages, and what they say of a member beside its shape. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { answerKinds, requestKinds, type StacieKind } from './message.js';

/** The annotations of a member: rows of the digest, and the kind of text that its pattern stands for. */
export interface MemberNotes {
  readonly requirement?: string;
  readonly interpretation?: string;
  /** base64url of so many octets. */
  readonly octets?: { readonly min: number; readonly max: number };
  /** A whole number. */
  readonly decimal?: { readonly max: number };
}

const names = ['common', ...requestKinds, ...answerKinds] as const;
const fileOf = (name: string): string => `${name}.schema.json`;

/** By name: one for each kind of message, and `common`, which they share. */
export const stacieSchemas: Readonly<Record<string, AnySchemaObject>> = Object.fromEntries(
  names.map((name) => [
    name,
    JSON.parse(readFileSync(new URL(`./schemas/${fileOf(name)}`, import.meta.url), 'utf8')) as AnySchemaObject,
  ]),
);

let compiled: Ajv2020 | undefined;

/** Compiled when the first message is read. */
function ajv(): Ajv2020 {
  if (compiled !== undefined) return compiled;
  compiled = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, verbose: true });
  compiled.addVocabulary(['requirement', 'interpretation', 'octets', 'decimal']);
  for (const schema of Object.values(stacieSchemas)) compiled.addSchema(schema);
  return compiled;
}

/** The error of the shape of `value`, or null. Of a choice, it is the choice's own. */
export function shapeError(kind: StacieKind, value: unknown): ErrorObject | null {
  const validate = ajv().getSchema(fileOf(kind)) as ValidateFunction | undefined;
  if (validate === undefined) throw new RangeError(`there is no STACIE message ${kind}`);
  if (validate(value)) return null;
  const errors = validate.errors ?? [];
  return errors.find(({ keyword }) => keyword === 'anyOf') ?? errors[0] ?? null;
}

/** The notes of the member at `path`: those of the nearest schema above it that has any. */
export function notesAt(kind: StacieKind, path: readonly string[]): MemberNotes {
  let schema: AnySchemaObject | undefined = stacieSchemas[kind];
  let notes: MemberNotes = {};
  for (const step of ['', ...path]) {
    if (step !== '') schema = childOf(schema, step);
    if (schema === undefined) break;
    const own = notesOf(schema);
    const target = targetOf(schema);
    notes = {
      ...(rowsOf(own) ?? rowsOf(notesOf(target)) ?? rowsOf(notes)),
      ...textOf(own),
      ...textOf(notesOf(target)),
    };
    schema = target;
  }
  return notes;
}

function childOf(schema: AnySchemaObject | undefined, step: string): AnySchemaObject | undefined {
  if (schema === undefined) return undefined;
  if (/^\d+$/.test(step) && schema.items !== undefined) return schema.items as AnySchemaObject;
  const properties = (schema.properties ?? {}) as Record<string, AnySchemaObject>;
  const own = Object.hasOwn(properties, step) ? properties[step] : undefined;
  return own ?? (schema.additionalProperties as AnySchemaObject | undefined);
}

function targetOf(schema: AnySchemaObject): AnySchemaObject {
  const reference = schema.$ref as string | undefined;
  if (reference === undefined) return schema;
  const definitions = stacieSchemas.common?.$defs as Record<string, AnySchemaObject>;
  return definitions[reference.slice(reference.lastIndexOf('/') + 1)] ?? {};
}

const notesOf = (schema: AnySchemaObject): MemberNotes => schema as MemberNotes;

function rowsOf({ requirement, interpretation }: MemberNotes): MemberNotes | null {
  if (requirement === undefined && interpretation === undefined) return null;
  return {
    ...(requirement === undefined ? {} : { requirement }),
    ...(interpretation === undefined ? {} : { interpretation }),
  };
}

function textOf({ octets, decimal }: MemberNotes): MemberNotes {
  return { ...(octets === undefined ? {} : { octets }), ...(decimal === undefined ? {} : { decimal }) };
}
