/** Reads the catalogue from the YAML files of this folder and checks each against its JSON Schema. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseDocument } from 'yaml';
import { type Catalogue, CatalogueError, type CatalogueFile, joinCatalogue } from './catalogue.js';
import type { ConformanceClass, Defect, Reading, Requirement } from './requirement.js';

export { type Catalogue, CatalogueError } from './catalogue.js';

/** Files that hold requirements, in the order in which a report tells them. */
export const requirementFiles = [
  'management-record.yaml',
  'dmtp.yaml',
  'signets.yaml',
  'messages.yaml',
  'stacie.yaml',
  'dmap-protocol.yaml',
  'dmap-mailboxes.yaml',
  'dmap-messages.yaml',
  'dmap-responses.yaml',
  'robustness.yaml',
] as const;

/** Files that hold defects of the sources, in the order in which a report tells them. */
export const defectFiles = ['questions.yaml', 'defects.yaml', 'dmap-defects.yaml'] as const;

/** Files that hold readings, in the order in which a report tells them. */
export const readingFiles = ['readings.yaml', 'dmap-readings.yaml'] as const;

const here = new URL('./', import.meta.url);

let loaded: Catalogue | null = null;

/**
 * The catalogue that comes with the suite; read at the first call and kept.
 *
 * @throws CatalogueError
 */
export function loadCatalogue(): Catalogue {
  loaded ??= readCatalogue(here);
  return loaded;
}

/**
 * Reads a catalogue from `folder`, which has files of the same names as this one. The schemas are this folder's.
 *
 * @throws CatalogueError
 */
export function readCatalogue(folder: URL): Catalogue {
  const ajv = new Ajv2020({ allErrors: false, allowUnionTypes: true });
  const requirement = compileSchema<Requirement>(ajv, 'requirement');
  const defect = compileSchema<Defect>(ajv, 'defect');
  const reading = compileSchema<Reading>(ajv, 'reading');
  return joinCatalogue({
    requirements: requirementFiles.map((file) => readRows(folder, file, requirement)),
    classes: readRows(folder, 'classes.yaml', compileSchema<ConformanceClass>(ajv, 'class')),
    readings: readingFiles.map((file) => readRows(folder, file, reading)),
    defects: defectFiles.map((file) => readRows(folder, file, defect)),
  });
}

function compileSchema<Row>(ajv: Ajv2020, name: string): ValidateFunction<readonly Row[]> {
  const text = readFileSync(new URL(`./${name}.schema.json`, here), 'utf8');
  return ajv.compile<readonly Row[]>(JSON.parse(text));
}

function readRows<Row>(folder: URL, file: string, valid: ValidateFunction<readonly Row[]>): CatalogueFile<Row> {
  const text = readText(folder, file);
  // The build writes the files as JSON, which is YAML too and is read in a tenth of the time.
  const content: unknown = text.startsWith('[') ? JSON.parse(text) : parseYaml(file, text);
  if (valid(content)) return { file, rows: content };
  throw schemaError(file, content, valid.errors?.[0]);
}

function readText(folder: URL, file: string): string {
  try {
    return readFileSync(new URL(file, folder), 'utf8');
  } catch (error) {
    throw new CatalogueError(file, null, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseYaml(file: string, text: string): unknown {
  const document = parseDocument(text);
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem === undefined) return document.toJS();
  const line = problem.linePos === undefined ? '' : `line ${problem.linePos[0].line}: `;
  throw new CatalogueError(file, null, `${line}${problem.message.split('\n', 1)[0] ?? problem.code}`);
}

function schemaError(file: string, content: unknown, error: ErrorObject | undefined): CatalogueError {
  const [row, ...member] = (error?.instancePath ?? '').split('/').slice(1);
  const id = row === undefined ? null : idOf(content, Number(row));
  const where = member.length === 0 ? '' : `${member.join('.')} `;
  return new CatalogueError(file, id, `${where}${explain(error)}`);
}

/** The id of a row that may be wrong in any way; its place when it has none. */
function idOf(content: unknown, row: number): string {
  const value: unknown = Array.isArray(content) ? content[row] : undefined;
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' ? id : `row ${row + 1}`;
}

function explain(error: ErrorObject | undefined): string {
  if (error === undefined) return 'does not fit the schema';
  const { allowedValues, additionalProperty } = error.params;
  if (Array.isArray(allowedValues)) return `must be one of ${allowedValues.join(', ')}`;
  if (typeof additionalProperty === 'string') return `must not have the member "${additionalProperty}"`;
  return error.message ?? 'does not fit the schema';
}
