/** `dime-conformance list`: what the suite knows. */
import { Command } from 'commander';
import type { Level } from '../../reports/report.js';
import { allCases } from '../cases/index.js';
import { loadCatalogue } from '../requirements/load.js';
import { levelList, list } from './arguments.js';

interface ListFlags {
  readonly class: string[];
  readonly level: Level[];
  readonly json?: true;
}

const examples = `
Examples:
  dime-conformance list classes
  dime-conformance list requirements --class dmtp-server --level MUST
  dime-conformance list cases --json`;

export function listCommand(): Command {
  const parent = new Command('list').description('List requirements, cases or classes.').addHelpText('after', examples);
  const add = (name: string, description: string, rows: (flags: ListFlags) => Row[]): void => {
    parent
      .command(name)
      .description(description)
      .option('--class <id>', 'only this conformance class', list, [])
      .option('--level <level>', 'only this level: MUST, SHOULD, MAY', levelList, [])
      .option('--json', 'print JSON')
      .addHelpText('after', examples)
      .action((flags: ListFlags) => print(rows(flags), flags.json === true));
  };
  add('requirements', 'Every requirement, with its source and what decides it.', requirementRows);
  add('cases', 'Every case, with the requirements that it decides.', caseRows);
  add('classes', 'The conformance classes.', classRows);
  return parent;
}

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
    .filter(({ decides }) => hasLevel(decides.flatMap((id) => requirements.get(id)?.level ?? []), level))
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
  return wanted.length === 0 || levels.some((level) => wanted.some((want) => level === want || level === `${want} NOT`));
}

function print(rows: readonly Row[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(rows.map(({ value }) => value), null, 2)}\n`);
    return;
  }
  const widths: number[] = [];
  for (const { shown } of rows) shown.forEach((text, at) => (widths[at] = Math.max(widths[at] ?? 0, text.length)));
  for (const { shown } of rows) {
    process.stdout.write(`${shown.map((text, at) => (at === shown.length - 1 ? text : text.padEnd(widths[at] ?? 0))).join('  ')}\n`);
  }
}
