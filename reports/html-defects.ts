/** What is wrong with the sources, and how each place was read: the section for those who review the drafts. */
import { defectsByDocument, readingsOf, scoringWords } from './evidence.js';
import { code, facts, list, separated } from './html-evidence.js';
import { anchor, type Content, element, linkTo, type Markup } from './html-markup.js';
import type { DefectResult, ReadingResult, Report } from './report.js';

export function defects(report: Report): Content {
  const groups = defectsByDocument(report);
  if (groups.length === 0) return element('p', {}, 'This report lists none.');
  const known = new Set(report.requirements.map(({ id }) => id));
  return [
    element(
      'p',
      {},
      'Places where a source is silent, contradicts itself or another, or plainly errs. Where more than one reading is ' +
        'right, the one that this target follows is told as far as it was claimed or seen.',
    ),
    groups.map(([document, rows]) =>
      element(
        'details',
        { open: true },
        element('summary', {}, `${document}: ${rows.length}`),
        element(
          'div',
          { class: 'wide', tabindex: 0, role: 'region', 'aria-label': `Defects of ${document}` },
          defectTable(document, rows, report, known),
        ),
      ),
    ),
  ];
}

function defectTable(
  document: string,
  rows: readonly DefectResult[],
  report: Report,
  known: ReadonlySet<string>,
): Markup {
  const columns = ['Defect', 'What is wrong', 'How it is read', 'Requirements'];
  return element(
    'table',
    {},
    element('caption', {}, `Defects, gaps and contradictions of ${document}`),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        columns.map((name) => element('th', { scope: 'col' }, name)),
      ),
    ),
    element(
      'tbody',
      {},
      rows.map((row) =>
        element(
          'tr',
          { id: anchor('defect', row.id) },
          element(
            'th',
            { scope: 'row' },
            code(row.id),
            element('br', {}),
            row.title,
            element('br', {}),
            element('span', { class: 'muted' }, row.section),
          ),
          element('td', { class: 'text' }, row.text),
          element('td', { class: 'text' }, row.interpretation, followed(row, report)),
          element(
            'td',
            {},
            separated(row.requirements.map((id) => (known.has(id) ? linkTo('requirement', id, id) : code(id)))) ??
              'none',
          ),
        ),
      ),
    ),
  );
}

function followed(row: DefectResult, report: Report): Content {
  const readings = readingsOf(row, report);
  const scoring = scoringWords(row);
  if (readings.length === 0 && scoring === null) return null;
  return facts(['Scored', scoring], ['This target', readings.length === 0 ? null : list(readings.map(choice))]);
}

function choice({ reading, claimed, observed }: ReadingResult): Content {
  return [
    linkTo('reading', reading, reading),
    claimed ? ': claimed' : ': not claimed',
    observed === null ? '; nothing showed it' : ['; seen: ', code(observed)],
  ];
}
