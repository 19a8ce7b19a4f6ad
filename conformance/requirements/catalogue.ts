/** The catalogue as a whole: what the files of this folder hold, with every name in it known. */
import type { ConformanceClass, Defect, Reading, Requirement } from './requirement.js';

export interface Catalogue {
  /** By id, in the order of the files. */
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly classes: readonly ConformanceClass[];
  readonly readings: readonly Reading[];
  readonly defects: readonly Defect[];
}

/** Rows with the name of the file that they stand in. */
export interface CatalogueFile<Row> {
  readonly file: string;
  readonly rows: readonly Row[];
}

export interface CatalogueFiles {
  readonly requirements: readonly CatalogueFile<Requirement>[];
  readonly classes: CatalogueFile<ConformanceClass>;
  readonly readings: readonly CatalogueFile<Reading>[];
  readonly defects: readonly CatalogueFile<Defect>[];
}

/** A file of the catalogue is wrong; the message is one line: file, id, what. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';
  constructor(
    readonly file: string,
    /** The row; null when the file as a whole is wrong. */
    readonly id: string | null,
    readonly what: string,
  ) {
    super([file, ...(id === null ? [] : [id]), what.replace(/\s+/g, ' ')].join(': '));
  }
}

/**
 * Joins the files to one catalogue.
 *
 * @throws CatalogueError when an id stands twice, or a row names a class, reading, defect or requirement that is not there
 */
export function joinCatalogue({ requirements, classes, readings, defects }: CatalogueFiles): Catalogue {
  const byId = new Map<string, Requirement>();
  const classIds = distinctIds(classes);
  const readingIds = distinctIds(...readings);
  const defectIds = distinctIds(...defects);
  for (const { file, rows } of requirements) {
    for (const row of rows) {
      if (byId.has(row.id)) throw new CatalogueError(file, row.id, 'the id stands twice');
      byId.set(row.id, row);
      for (const name of [row.class, ...(row.also ?? [])]) demand(classIds, name, file, row.id, 'class');
      if (row.also?.includes(row.class)) throw new CatalogueError(file, row.id, `also names its class "${row.class}"`);
      if (row.reading !== undefined) demand(readingIds, row.reading, file, row.id, 'reading');
      for (const defect of row.questions ?? []) demand(defectIds, defect, file, row.id, 'question');
    }
  }
  const requirementIds = new Set(byId.keys());
  for (const { file, rows } of readings) {
    for (const row of rows) {
      for (const id of row.requirements) demand(requirementIds, id, file, row.id, 'requirement');
      for (const defect of row.questions ?? []) demand(defectIds, defect, file, row.id, 'question');
    }
  }
  return {
    requirements: byId,
    classes: classes.rows,
    readings: readings.flatMap(({ rows }) => rows),
    defects: defects.flatMap(({ rows }) => rows),
  };
}

function distinctIds(...files: readonly CatalogueFile<{ readonly id: string }>[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { file, rows } of files) {
    for (const { id } of rows) {
      if (ids.has(id)) throw new CatalogueError(file, id, 'the id stands twice');
      ids.add(id);
    }
  }
  return ids;
}

function demand(known: ReadonlySet<string>, name: string, file: string, id: string, kind: string): void {
  if (!known.has(name)) throw new CatalogueError(file, id, `names the ${kind} "${name}", which is not there`);
}
