/** The text of a report. */
import type { Report } from './report.js';
import { reportSchema, validateReport } from './validate.js';

/**
 * Writes a report as JSON with a line end. Members stand in the schema's order, so the same report gives the same bytes
 * however its objects were built, and the footer comes last. Lists keep their order.
 *
 * @throws ReportError when it is no whole report: nothing is written that could not be read again
 */
export function serializeReport(report: Report): string {
  return `${JSON.stringify(inOrder(validateReport(report), reportSchema), null, 1)}\n`;
}

type Schema = Readonly<Record<string, unknown>>;

function inOrder(value: unknown, schema: Schema): unknown {
  if (value === null || typeof value !== 'object') return value;
  const shape = shapeOf(schema);
  if (Array.isArray(value)) {
    const { items } = shape;
    return isSchema(items) ? value.map((item) => inOrder(item, items)) : value;
  }
  const { properties } = shape;
  if (!isSchema(properties)) return value;
  const ordered: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(properties)) {
    const given = (value as Record<string, unknown>)[name];
    if (given !== undefined && isSchema(member)) ordered[name] = inOrder(given, member);
  }
  return ordered;
}

/** Follows the two ways in which the schema names a shape: a reference, and "this or null". */
function shapeOf(schema: Schema): Schema {
  if (typeof schema.$ref === 'string') {
    const definition = (reportSchema.$defs as Readonly<Record<string, Schema>>)[schema.$ref.replace('#/$defs/', '')];
    if (definition === undefined) throw new Error(`report.schema.json: ${schema.$ref} leads nowhere`);
    return shapeOf(definition);
  }
  if (Array.isArray(schema.oneOf) && isSchema(schema.oneOf[0])) return shapeOf(schema.oneOf[0]);
  return schema;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
