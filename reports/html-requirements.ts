/** The requirement report: a row a requirement, with its source, its verdict and the cases that decide it. */
import { decisionSigns, decisions } from './evidence.js';
import { badge, code, facts, separated } from './html-evidence.js';
import { anchor, type Content, element, linkTo, type Markup } from './html-markup.js';
import type { Report, RequirementResult } from './report.js';

/** Boxes that show or hide rows and cases by verdict; the style sheet does the work, so no script is needed. */
export function filter(): Markup {
  const box = (name: string, label: string): Markup =>
    element('label', {}, element('input', { type: 'checkbox', id: `show-${name}`, checked: true }), ` ${label}`);
  return element(
    'fieldset',
    {},
    element('legend', {}, 'Show requirements and cases with the verdict'),
    decisions.map((decision) => box(decision, `${decisionSigns[decision]} ${decision}`)),
    box('none', '· no verdict'),
  );
}

export function requirementsTable(report: Report): Markup {
  const known: Known = {
    cases: new Set(report.cases.map(({ id }) => id)),
    defects: new Set((report.defects ?? []).map(({ id }) => id)),
  };
  const groups = new Map<string, RequirementResult[]>();
  for (const requirement of report.requirements) {
    const group = groups.get(requirement.class);
    if (group === undefined) groups.set(requirement.class, [requirement]);
    else group.push(requirement);
  }
  const titles = new Map(report.classes.map(({ id, title }) => [id, title]));
  const columns = ['Requirement', 'Verdict', 'What it demands', 'Source', 'Cases'];
  return element(
    'div',
    { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Requirements' },
    element(
      'table',
      {},
      element('caption', {}, 'Every requirement, by conformance class'),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          columns.map((name) => element('th', { scope: 'col' }, name)),
        ),
      ),
      [...groups].map(([id, group]) =>
        element(
          'tbody',
          {},
          element(
            'tr',
            { class: 'group' },
            element(
              'th',
              { scope: 'rowgroup', colspan: columns.length },
              `${id}: ${titles.get(id) ?? 'no class of this report'}`,
            ),
          ),
          group.map((requirement) => row(requirement, known)),
        ),
      ),
    ),
  );
}

/** What the page has a place for; all else is named without a link. */
interface Known {
  readonly cases: ReadonlySet<string>;
  readonly defects: ReadonlySet<string>;
}

function row(requirement: RequirementResult, known: Known): Markup {
  const { id, level, decision, source, cases } = requirement;
  return element(
    'tr',
    { id: anchor('requirement', id), class: `of-${decision ?? 'none'}` },
    element('th', { scope: 'row' }, code(id), element('br', {}), level, element('br', {}), requirement.role),
    element('td', {}, badge(decision)),
    element('td', { class: 'text' }, requirement.text, standing(requirement, known)),
    element(
      'td',
      {},
      `${source.document} ${source.section}`,
      element('br', {}),
      element('span', { class: 'muted' }, source.origin),
    ),
    element(
      'td',
      {},
      separated(cases.map((name) => (known.cases.has(name) ? linkTo('case', name, name) : code(name)))) ?? 'none',
    ),
  );
}

function standing(requirement: RequirementResult, known: Known): Content {
  const { also = [], status, scored, interpretation, reading, questions, reason } = requirement;
  return facts(
    ['Status', statusWords[status]],
    // What the status says already is not said twice.
    ['Scored', scored === 'interpretation' && status !== scored ? 'apart: its form is an interpretation' : null],
    ['Read as', interpretation],
    ['Reading', reading === null ? null : linkTo('reading', reading, reading)],
    ['Open questions', separated(questions.map((id) => (known.defects.has(id) ? linkTo('defect', id, id) : id)))],
    ['Scored also in', also.length === 0 ? null : also.join(', ')],
    ['Reason', reason === null ? null : code(reason)],
  );
}

const statusWords: Readonly<Record<RequirementResult['status'], string>> = {
  normative: 'normative: the text demands it',
  observed: "observed in an implementation by the specification's authors",
  interpretation: 'interpretation of an ambiguous place',
};
