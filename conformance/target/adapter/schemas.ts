/** The JSON Schemas of schemas/, compiled when they are first used. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

const folder = new URL('./schemas/', import.meta.url);
const suffix = '.schema.json';

/** Schemas by name: `request`, `response`, `<operation>.input`, `<operation>.result`, and `common`, which they share. */
export const schemaNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .sort();

const known = new Set(schemaNames);
// Verbose errors carry the part of the schema that they are about.
const ajv = new Ajv2020({ allowUnionTypes: true, verbose: true });
ajv.addFormat('base64url', isBase64Url);
for (const name of schemaNames) ajv.addSchema(JSON.parse(readFileSync(new URL(name + suffix, folder), 'utf8')));

/**
 * Says what is wrong with the shape of `value` by the schema `name`, naming the member; null when nothing is. A schema
 * that is not there asks for nothing: operations of an adapter's own have none.
 */
export function shapeError(name: string, value: unknown): string | null {
  const validate = validator(name);
  if (validate === undefined || validate(value)) return null;
  // Of a choice, the errors of its branches come first; the choice itself says more.
  const errors = validate.errors ?? [];
  const error = errors.find(({ keyword }) => keyword === 'oneOf') ?? errors[0];
  return error === undefined ? 'the shape is wrong' : describe(error);
}

function validator(name: string): ValidateFunction | undefined {
  return known.has(name) ? ajv.getSchema(name + suffix) : undefined;
}

function describe({ instancePath, keyword, params, message, schema }: ErrorObject): string {
  const member = instancePath.slice(1).replaceAll('/', '.');
  const under = (name: string): string => (member === '' ? name : `${member}.${name}`);
  switch (keyword) {
    case 'required':
      return `member ${under(String(params.missingProperty))} is missing`;
    case 'enum':
      return `member ${member} must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
    case 'const':
      return `member ${member} must be ${JSON.stringify(params.allowedValue)}`;
    case 'oneOf':
      return `exactly one of ${(schema as { required: string[] }[]).flatMap(({ required }) => required).join(', ')} must be there`;
    case 'format':
      return `member ${member} must be base64url without padding`;
    default:
      return `${member === '' ? 'the object' : `member ${member}`} ${message ?? 'is wrong'}`;
  }
}

// No pattern in the schema: a backtracking match over 16 MiB can exhaust the regular expression's stack.
function isBase64Url(text: string): boolean {
  return text.length % 4 !== 1 && !/[^A-Za-z0-9_-]/.test(text);
}
