/** The smaller sections of the HTML report, each a function from the document to its content. */
import { countWords, decisions, durationWords, held, scoreParts, shareWords, undecided } from './evidence.js';
import { badge, block, code, facts, list, separated } from './html-evidence.js';
import { anchor, type Content, element, linkTo, type Markup } from './html-markup.js';
import type { ClassScore, Counts, Report } from './report.js';
import { longestCommand } from './visible.js';

/** Rows of a list that grows with hostile or broken peers; the JSON document has the rest. */
const mostRows = 500;

export function runFacts(report: Report): Markup {
  const { run, suite, target } = report;
  const { classes, only, levels } = run.selection;
  return facts(
    ['Target', [code(target.name), ` (${target.kind})`]],
    ['It says it is', target.software === null ? 'nothing' : code(target.software)],
    ['Reached at', list(target.endpoints.map(({ role, address }) => [`${role}: `, code(address)]))],
    ['Domain', target.domain === null ? null : code(target.domain)],
    ['Claims', target.claims.length === 0 ? 'no class' : target.claims.join(', ')],
    ['Readings claimed', target.readings.length === 0 ? 'none' : target.readings.join(', ')],
    ['Selected classes', classes.length === 0 ? 'all' : classes.join(', ')],
    ['Selected names', only.length === 0 ? 'all' : separated(only.map(code))],
    ['Selected levels', levels.length === 0 ? 'all' : levels.join(', ')],
    ['Begun', element('time', { datetime: run.startedAt }, run.startedAt)],
    ['Took', `${durationWords(run.durationMs)}, ${run.jobs} cases at a time, ${run.runs} runs of a property`],
    ['Seed', run.seed],
    ['Again', block(run.command, longestCommand)],
    ['Suite', `${suite.name} ${suite.version}`],
    ['Grammars', list(suite.grammars.map(({ name, sha256 }) => [`${name}: SHA-256 `, code(sha256)]))],
  );
}

export function classScores(classes: readonly ClassScore[]): Markup {
  const columns = ['Class', 'State', 'MUST', 'SHOULD', 'MAY', 'By interpretation', 'No verdict'];
  return element(
    'div',
    { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Scores' },
    element(
      'table',
      {},
      element(
        'caption',
        {},
        'Requirements that hold, of those that were judged; what rests on an interpretation stands apart',
      ),
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
        classes.map((score) => {
          const { core, apart } = scoreParts(score);
          return element(
            'tr',
            {},
            element('th', { scope: 'row' }, code(score.id), element('br', {}), score.title),
            element('td', {}, stateWords[score.state]),
            core.map((counts) => element('td', {}, scoreCell(counts))),
            element('td', {}, apart === null ? 'not told' : scoreCell(apart)),
            element('td', {}, score.open),
          );
        }),
      ),
    ),
  );
}

const stateWords: Readonly<Record<ClassScore['state'], string>> = {
  judged: 'judged',
  'not-claimed': 'not claimed by the target',
  'not-selected': 'not selected for this run',
  planned: 'no cases in this version of the suite',
};

function scoreCell(counts: Counts): Content {
  const present = decisions.filter((decision) => counts[decision] > 0);
  if (present.length === 0) return 'none';
  const { held: good, of } = held(counts);
  return [
    `${good} of ${of}`,
    // The words below say the same, so the bar is left out of what is read aloud.
    element(
      'div',
      { class: 'bar', 'aria-hidden': 'true' },
      present.map((decision) => element('span', { class: decision, style: `flex-grow:${counts[decision]}` })),
    ),
    element('span', { class: 'muted' }, countWords(counts)),
  ];
}

export function readings(report: Report): Content {
  if (report.readings.length === 0) return element('p', {}, 'No place with two readings came up.');
  const columns = ['Reading', 'Claimed', 'Seen in the answers'];
  return element(
    'table',
    {},
    element('caption', {}, 'Where the text can be read in two ways, and which way this target goes'),
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
      report.readings.map(({ reading, title, claimed, observed }) =>
        element(
          'tr',
          { id: anchor('reading', reading) },
          element('th', { scope: 'row' }, code(reading), element('br', {}), title),
          element('td', {}, claimed ? 'yes' : 'no'),
          element('td', {}, observed === null ? 'nothing showed it' : code(observed)),
        ),
      ),
    ),
  );
}

export function coverage(report: Report): Content {
  if (report.coverage.length === 0) return element('p', {}, 'No grammar was gone through.');
  return report.coverage.map(({ grammar, rules, alternatives, missed }) => [
    element('h3', {}, grammar),
    facts(['Rules', shareWords(rules)], ['Alternatives', shareWords(alternatives)]),
    missed.length === 0
      ? null
      : element(
          'details',
          {},
          element('summary', {}, `${missed.length} that no text of the run went through`),
          list(
            missed
              .slice(0, mostRows)
              .map(({ rule, alternative }) => [code(rule), alternative === null ? null : [': ', code(alternative)]]),
          ),
          rest(missed.length),
        ),
  ]);
}

export function findings(report: Report): Content {
  if (report.findings.length === 0) return element('p', {}, 'Nothing.');
  const known = new Set(report.cases.map(({ id }) => id));
  return [
    list(
      report.findings
        .slice(0, mostRows)
        .map(({ kind, text, cases }) => [
          element('strong', {}, kind),
          ': ',
          code(text),
          cases.length === 0
            ? null
            : [' in ', separated(cases.map((id) => (known.has(id) ? linkTo('case', id, id) : code(id))))],
        ]),
    ),
    rest(report.findings.length),
  ];
}

export function openRequirements(report: Report): Content {
  const open = undecided(report);
  if (open.length === 0) return element('p', {}, 'Every requirement has a verdict.');
  return element(
    'ul',
    {},
    open.map(({ id, level, reason }) =>
      element(
        'li',
        {},
        linkTo('requirement', id, id),
        ` (${level}) `,
        badge(null),
        ' ',
        code(reason ?? 'no reason given'),
      ),
    ),
  );
}

function rest(length: number): Content {
  return length <= mostRows
    ? null
    : element('p', { class: 'muted' }, `${length - mostRows} more are in the JSON report.`);
}
