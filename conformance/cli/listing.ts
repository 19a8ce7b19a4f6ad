/** What `dime-conformance list` prints. */
import type { Level } from '../../reports/report.js';
import { allCases } from '../cases/index.js';
import { loadCatalogue } from '../requirements/load.js';
import type { ListFlags } from './flags.js';

interface Row {
  /** For people: columns. */
  readonly shown: readonly string[];
  /** For programs. */
  readonly value: object;
}

function requirementRows({ class: classes, level }: ListFlags): Row[] {
  return [...loadCatalogue().requirements.values()]
    .filter((row) => isWanted(row.class, classes) && hasLevel([row.level], level))
    .map((row) => {
      const cases = allCases.filter(({ decides }) => decides.includes(row.id)).map(({ id }) => id);
      return { shown: [row.id, row.level, row.class, row.text], value: { ...row, cases } };
    });
}

function caseRows({ class: classes, level }: ListFlags): Row[] {
  const { requirements } = loadCatalogue();
  return allCases
    .filter((subject) => isWanted(subject.class, classes))
    .filter(({ decides }) =>
      hasLevel(
        decides.flatMap((id) => requirements.get(id)?.level ?? []),
        level,
      ),
    )
    .map(({ id, title, class: of, decides, needs, operation }) => ({
      shown: [id, decides.join(' '), title],
      value: { id, title, class: of, requirements: decides, needs, ...(operation === undefined ? {} : { operation }) },
    }));
}

function classRows({ class: classes }: ListFlags): Row[] {
  const catalogue = loadCatalogue();
  return catalogue.classes
    .filter(({ id }) => isWanted(id, classes))
    .map((row) => {
      const requirements = [...catalogue.requirements.values()].filter((item) => item.class === row.id).length;
      const cases = allCases.filter((subject) => subject.class === row.id).length;
      return {
        shown: [row.id, row.state, `${requirements} requirements`, `${cases} cases`, row.title],
        value: { ...row, requirements, cases },
      };
    });
}

const isWanted = (id: string, wanted: readonly string[]): boolean => wanted.length === 0 || wanted.includes(id);

function hasLevel(levels: readonly Level[], wanted: readonly Level[]): boolean {
  return (
    wanted.length === 0 || levels.some((level) => wanted.some((want) => level === want || level === `${want} NOT`))
  );
}

const rowsOf = { requirements: requirementRows, cases: caseRows, classes: classRows } as const;

/** Prints what is asked for to standard output. */
export function printList(what: keyof typeof rowsOf, flags: ListFlags): void {
  const rows = rowsOf[what](flags);
  const json = flags.json === true;
  if (json) {
    process.stdout.write(
      `${JSON.stringify(
        rows.map(({ value }) => value),
        null,
        2,
      )}\n`,
    );
    return;
  }
  const widths: number[] = [];
  for (const { shown } of rows) {
    for (const [at, text] of shown.entries()) widths[at] = Math.max(widths[at] ?? 0, text.length);
  }
  for (const { shown } of rows) {
    process.stdout.write(
      `${shown.map((text, at) => (at === shown.length - 1 ? text : text.padEnd(widths[at] ?? 0))).join('  ')}\n`,
    );
  }
}
