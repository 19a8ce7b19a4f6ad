/** The matrix as one HTML page that opens anywhere. */
import { decisionSigns, verdictWords } from './evidence.js';
import { badge, block, code, facts, list, separated } from './html-evidence.js';
import { anchor, type Content, element, linkTo, type Markup } from './html-markup.js';
import { htmlPage, pageNavigation, pageSection, wideTable } from './html-page.js';
import {
  type Agreement,
  agreements,
  type Matrix,
  type MatrixCell,
  type MatrixColumn,
  type MatrixEvidence,
  type MatrixRow,
} from './matrix.js';
import {
  agreementWords,
  cellWords,
  columnFacts,
  columnWords,
  scoreWords,
  standingWords,
  unlikeWords,
  valueWords,
} from './matrix-words.js';
import { longestCommand } from './visible.js';

/** Pieces of evidence that the page shows; the reports have the rest. */
const mostEvidence = 1000;

/** Those that a reader comes for are open, the others folded. */
const openAtFirst: ReadonlySet<Agreement> = new Set<Agreement>(['differs', 'broken']);

/** Renders the page; the same matrix gives the same text. */
export function renderMatrixHtml(matrix: Matrix): string {
  const places = new Set(matrix.evidence.slice(0, mostEvidence).map(({ id }) => id));
  const sections: readonly (readonly [string, string, Content])[] = [
    ['implementations', 'Implementations', implementations(matrix)],
    ['unlike', 'In what the runs are not alike', unlike(matrix)],
    ['scores', 'Score per conformance class', scores(matrix)],
    ...agreements.map(
      (agreement) =>
        [
          agreement,
          `${agreementWords[agreement]} (${rowsOf(matrix, agreement).length})`,
          rows(matrix, agreement, places),
        ] as const,
    ),
    ['readings', 'Readings of ambiguous places', readings(matrix)],
    ['evidence', 'Evidence', evidence(matrix)],
  ];
  return htmlPage({
    title: `Conformance of ${matrix.columns.length} implementations`,
    skip: 'Skip to the matrix',
    header: element('header', {}, pageNavigation(sections.map(([id, title]) => [id, title]))),
    main: [
      element('h1', {}, `Conformance of ${matrix.columns.length} implementations`),
      sections.map(([id, title, content]) => pageSection(id, title, content)),
    ],
    footer: element(
      'footer',
      {},
      element(
        'p',
        {},
        `Complete: ${matrix.footer.columns} implementations and ${matrix.footer.rows} requirements. Format ${matrix.format}, version ${matrix.version}.`,
      ),
    ),
  });
}

const rowsOf = ({ rows: all }: Matrix, wanted: Agreement): MatrixRow[] =>
  all.filter(({ agreement }) => agreement === wanted);

const verdictTones = { pass: 'pass', fail: 'fail', undecided: 'inconclusive' } as const;

function implementations({ columns }: Matrix): Markup {
  return wideTable(
    'One column each, in the order in which their reports were given',
    ['Column', 'Verdict', 'It says it is', 'Judged', 'Readings claimed', 'Again'],
    columns.map((column) =>
      element(
        'tr',
        {},
        element(
          'th',
          { scope: 'row' },
          `${column.number}`,
          element('br', {}),
          code(column.name),
          element('br', {}),
          column.kind,
        ),
        element('td', {}, verdict(column), element('br', {}), verdictWords[column.verdict]),
        element('td', {}, column.software === null ? 'nothing' : code(column.software)),
        element('td', {}, columnFacts(column)),
        element('td', {}, column.readings.length === 0 ? 'none' : column.readings.join(', ')),
        element('td', {}, block(column.command, longestCommand)),
      ),
    ),
  );
}

function verdict({ verdict: said }: MatrixColumn): Markup {
  const tone = verdictTones[said];
  return element('span', { class: `badge tone-${tone}` }, `${decisionSigns[tone]} ${said}`);
}

function unlike({ unlike: found }: Matrix): Content {
  if (found.length === 0) return element('p', {}, 'Nothing: the same suite, seed, runs and selection.');
  return [
    element('p', {}, 'A difference between the columns may come from here and not from the implementations.'),
    facts(...found.map(({ what, values }) => [unlikeWords[what], list(values.map(valueWords))] as const)),
  ];
}

function scores({ classes, columns }: Matrix): Markup {
  return wideTable(
    'Requirements that hold, of those that were judged',
    ['Class', ...columns.map(columnWords)],
    classes.map(({ id, title, scores: each }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, code(id), element('br', {}), title),
        each.map((score) => element('td', {}, scoreWords(score))),
      ),
    ),
  );
}

function rows(matrix: Matrix, agreement: Agreement, places: ReadonlySet<string>): Content {
  const own = rowsOf(matrix, agreement);
  if (own.length === 0) return element('p', {}, 'None.');
  const table = wideTable(
    agreementWords[agreement],
    ['Requirement', 'What it demands', ...matrix.columns.map(columnWords)],
    own.map((row) => requirement(row, places)),
  );
  return element('details', { open: openAtFirst.has(agreement) }, element('summary', {}, `${own.length} rows`), table);
}

function requirement(row: MatrixRow, places: ReadonlySet<string>): Markup {
  const { id, level, text, source, cells } = row;
  const standing = standingWords(row);
  return element(
    'tr',
    { id: anchor('requirement', id) },
    element('th', { scope: 'row' }, code(id), element('br', {}), level, element('br', {}), row.class),
    element(
      'td',
      { class: 'text' },
      text,
      element('br', {}),
      element('span', { class: 'muted' }, `${source.document} ${source.section}`),
      standing === null ? null : [element('br', {}), element('em', {}, standing)],
    ),
    cells.map((cell) => element('td', {}, verdictCell(cell, places))),
  );
}

function verdictCell(cell: MatrixCell | null, places: ReadonlySet<string>): Content {
  if (cell === null) return cellWords(cell);
  const { decision, reason, evidence: shown } = cell;
  const links = shown.map((id) => (places.has(id) ? linkTo('evidence', id, id) : code(id)));
  return [
    badge(decision),
    links.length === 0 ? null : [element('br', {}), separated(links)],
    links.length > 0 || reason === null ? null : [element('br', {}), element('span', { class: 'muted' }, reason)],
  ];
}

function readings({ readings: all, columns }: Matrix): Content {
  if (all.length === 0) return element('p', {}, 'No place with two readings came up.');
  const inOrder = [...all.filter(({ differs }) => differs), ...all.filter(({ differs }) => !differs)];
  return wideTable(
    'Where the text can be read in two ways, and which way each goes; differences first',
    ['Reading', ...columns.map(columnWords)],
    inOrder.map(({ reading, title, cells }) =>
      element(
        'tr',
        { id: anchor('reading', reading) },
        element('th', { scope: 'row' }, code(reading), element('br', {}), title),
        cells.map((cell) =>
          element(
            'td',
            {},
            cell === null
              ? 'no such reading'
              : [
                  cell.claimed ? 'claimed; ' : 'not claimed; ',
                  cell.observed === null ? 'not seen' : code(cell.observed),
                ],
          ),
        ),
      ),
    ),
  );
}

function evidence({ evidence: all, columns }: Matrix): Content {
  if (all.length === 0) return element('p', {}, 'Nothing was broken.');
  const left = all.length - mostEvidence;
  return [
    element('p', {}, 'The transcript of each stands in the report of its column, under the same case.'),
    all.slice(0, mostEvidence).map((piece) => evidenceArticle(piece, columns)),
    left > 0 ? element('p', { class: 'muted' }, `${left} more are in the reports.`) : null,
  ];
}

function evidenceArticle(piece: MatrixEvidence, columns: readonly MatrixColumn[]): Markup {
  const column = columns[piece.column - 1];
  return element(
    'article',
    { id: anchor('evidence', piece.id) },
    element('h3', {}, badge(piece.decision), ' ', code(piece.case)),
    facts(
      ['Column', column === undefined ? String(piece.column) : columnWords(column)],
      ['Broken', linkTo('requirement', piece.requirement, piece.requirement)],
      ['Expected', code(piece.expected)],
      ['Actual', code(piece.actual)],
      ['Smallest input that fails', block(piece.counterexample)],
      ['Again', block(piece.command, longestCommand)],
    ),
  );
}
