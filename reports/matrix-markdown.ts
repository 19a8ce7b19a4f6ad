/** The matrix as GitHub's Markdown: for a pull request's comment or a job's summary. */
import { verdictWords } from './evidence.js';
import { codeCell, codeSpan, prose } from './markdown-text.js';
import {
  type Agreement,
  agreements,
  type Matrix,
  type MatrixCell,
  type MatrixEvidence,
  type MatrixRow,
} from './matrix.js';
import {
  agreementWords,
  cellWords,
  columnFacts,
  scoreWords,
  standingWords,
  unlikeWords,
  valueWords,
} from './matrix-words.js';
import { longestCommand } from './visible.js';

export interface MatrixMarkdownOptions {
  /** Characters at most. What does not fit is counted at the end. */
  readonly most?: number;
}

/** Half a mebibyte even when each character takes two octets. */
const mostCharacters = 500_000;
/** A cell is for reading at a glance. */
const longestCell = 400;

/** Renders Markdown; the same matrix gives the same text. */
export function renderMatrixMarkdown(matrix: Matrix, { most = mostCharacters }: MatrixMarkdownOptions = {}): string {
  const page = new Page(most);
  page.add(`# Conformance of ${matrix.columns.length} implementations`);
  page.add(matrix.columns.map(implementation).join('\n'));
  if (matrix.unlike.length > 0) {
    const items = matrix.unlike.map(
      ({ what, values }) =>
        `- ${unlikeWords[what]}: ${values.map((each) => codeSpan(valueWords(each), longestCell)).join('; ')}`,
    );
    page.add(`**The runs are not alike**, so a difference may be none of the implementations:\n\n${items.join('\n')}`);
  }
  page.add('## Score per conformance class');
  page.addTable(
    ['class', ...numbers(matrix)],
    matrix.classes.map(({ id, scores }) => [codeCell(id), ...scores.map(scoreWords)]),
  );
  for (const agreement of agreements) addRows(page, matrix, agreement);
  const readings = matrix.readings.filter(({ differs }) => differs);
  if (readings.length > 0) {
    page.add('## Readings that differ');
    page.addTable(
      ['reading', ...numbers(matrix)],
      readings.map(({ reading, cells }) => [
        codeCell(reading),
        ...cells.map((cell) => {
          if (cell === null) return 'no such reading';
          const seen = cell.observed === null ? 'not seen' : codeCell(cell.observed, 200);
          return `${cell.claimed ? 'claimed' : 'not claimed'}; ${seen}`;
        }),
      ]),
    );
  }
  if (matrix.evidence.length > 0) page.add('## Evidence');
  for (const piece of matrix.evidence) page.add(evidenceItem(piece));
  return page.text();
}

const numbers = ({ columns }: Matrix): string[] => columns.map(({ number }) => String(number));

function implementation(column: Matrix['columns'][number]): string {
  const { number, name, kind, verdict, software, readings } = column;
  const says = software === null ? '' : `; it says it is ${codeSpan(software, longestCell)}`;
  const claimed = readings.length === 0 ? '' : `; claims ${codeSpan(readings.join(', '), longestCell)}`;
  return `${number}. ${codeSpan(name, 200)} (${kind}): **${verdictWords[verdict]}**${says}${claimed}; ${codeSpan(columnFacts(column), 1000)}`;
}

function addRows(page: Page, matrix: Matrix, agreement: Agreement): void {
  const rows = matrix.rows.filter((row) => row.agreement === agreement);
  if (rows.length === 0) return;
  page.add(`## ${agreementWords[agreement]} (${rows.length})`);
  // Rows without a difference are many and say little: their ids will do.
  if (agreement === 'holds' || agreement === 'open') {
    page.add(rows.map(({ id }) => codeSpan(id)).join(', '));
    return;
  }
  page.addTable(['requirement', 'what it demands', ...numbers(matrix)], rows.map(requirement));
}

function requirement(row: MatrixRow): string[] {
  const standing = standingWords(row);
  const text = `${codeCell(row.text, longestCell)}${standing === null ? '' : ` (${codeCell(standing, longestCell)})`}`;
  return [`${codeCell(row.id)} ${row.level}, ${codeCell(row.class)}`, text, ...row.cells.map(verdict)];
}

function verdict(cell: MatrixCell | null): string {
  if (cell === null || cell.evidence.length === 0) return cellWords(cell);
  return `${cellWords(cell)}: ${codeCell(cell.evidence.join(', '), longestCell)}`;
}

function evidenceItem({ id, requirement: broken, expected, actual, command }: MatrixEvidence): string {
  return [
    `- ${codeSpan(id)}, ${codeSpan(broken)}: expected ${prose(expected, longestCell)}`,
    `  - got ${codeSpan(actual, longestCell)}`,
    `  - again: ${codeSpan(command, longestCommand)}`,
  ].join('\n');
}

/** Collects blocks up to a length; a table may be cut between two rows. */
class Page {
  readonly #blocks: string[] = [];
  #length = 0;
  #leftOut = 0;

  constructor(private readonly most: number) {}

  add(block: string): void {
    if (this.#fits(block)) this.#blocks.push(block);
  }

  addTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    const top = `${line(head)}\n${line(head.map(() => '---'))}`;
    if (!this.#fits(top)) return;
    const lines = [top];
    for (const row of rows.map(line)) if (this.#fits(row)) lines.push(row);
    this.#blocks.push(lines.join('\n'));
  }

  text(): string {
    const note = `_${this.#leftOut} further pieces were left out: the page has a limit. The JSON matrix has all._`;
    return `${[...this.#blocks, ...(this.#leftOut === 0 ? [] : [note])].join('\n\n')}\n`;
  }

  #fits(piece: string): boolean {
    if (this.#length + piece.length > this.most) {
      this.#leftOut += 1;
      return false;
    }
    this.#length += piece.length + 2;
    return true;
  }
}
