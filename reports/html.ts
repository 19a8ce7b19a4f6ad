/** The report as one HTML page that opens anywhere: no script, no network, no other file. */
import {
  countWords,
  decisionSigns,
  durationWords,
  type Problem,
  problems,
  sourceWords,
  undecided,
  verdictWords,
} from './evidence.js';
import { defects } from './html-defects.js';
import { badge, caseEvidence, code, facts, TranscriptBudget } from './html-evidence.js';
import { anchor, type Content, element, linkTo, type Markup } from './html-markup.js';
import { htmlPage, pageNavigation, pageSection } from './html-page.js';
import { filter, requirementsTable } from './html-requirements.js';
import { classScores, coverage, findings, openRequirements, readings, runFacts } from './html-sections.js';
import type { CaseResult, Report } from './report.js';

export interface HtmlOptions {
  /** Characters that transcripts may take in all; those of failures come first. */
  readonly mostTranscript?: number;
}

const mostTranscriptCharacters = 8_000_000;

/** Renders the page. */
export function renderHtml(report: Report, options: HtmlOptions = {}): string {
  const budget = new TranscriptBudget(options.mostTranscript ?? mostTranscriptCharacters);
  // Failures are rendered before the other cases, so that the budget is spent on them.
  const sections = sectionsOf(report, budget).map(([id, title, content]) => pageSection(id, title, content));
  return htmlPage({
    title: `${report.summary.verdict}: conformance report of ${report.target.name.slice(0, 100)}`,
    skip: 'Skip to the verdict',
    header: header(report),
    main: [banner(report), sections, budgetNote(budget)],
    footer: footer(report),
  });
}

function sectionsOf(report: Report, budget: TranscriptBudget): readonly (readonly [string, string, Content])[] {
  const found = problems(report);
  const shown = new Set(found.flatMap(({ cases }) => cases));
  return [
    ['scores', 'Score per conformance class', classScores(report.classes)],
    ['problems', 'What did not hold', problemArticles(found, budget)],
    ['requirements', 'Requirements', [filter(), requirementsTable(report)]],
    ['cases', 'Cases', report.cases.map((result) => caseDetails(result, shown.has(result), budget))],
    ['readings', 'Readings of ambiguous places', readings(report)],
    ['defects', 'Defects of the drafts and how they are read', defects(report)],
    ['coverage', 'Grammar coverage', coverage(report)],
    ['findings', 'Beside the requirements', findings(report)],
    ['undecided', `Requirements without a verdict (${undecided(report).length})`, openRequirements(report)],
    ['run', 'This run', runFacts(report)],
  ];
}

const navigation: readonly (readonly [string, string])[] = [
  ['scores', 'Scores'],
  ['problems', 'What did not hold'],
  ['requirements', 'Requirements'],
  ['cases', 'Cases'],
  ['readings', 'Readings'],
  ['defects', 'Defects of the drafts'],
  ['coverage', 'Coverage'],
  ['findings', 'Beside the requirements'],
  ['undecided', 'Without a verdict'],
  ['run', 'This run'],
];

function header(report: Report): Markup {
  return element(
    'header',
    {},
    element('p', { class: 'muted' }, `${report.suite.name} ${report.suite.version}: conformance report`),
    pageNavigation(navigation),
  );
}

const verdictTones = { pass: 'pass', fail: 'fail', undecided: 'inconclusive' } as const;

function banner(report: Report): Markup {
  const { summary, target, run } = report;
  const tone = verdictTones[summary.verdict];
  return element(
    'div',
    { class: `banner tone-${tone}` },
    element('h1', {}, `${decisionSigns[tone]} ${verdictWords[summary.verdict]}`),
    element('p', {}, 'Target ', code(target.name), `, ${durationWords(run.durationMs)}, begun ${run.startedAt}`),
    element(
      'p',
      {},
      `Requirements: ${countWords(summary.requirements)}; without a verdict: ${undecided(report).length}`,
    ),
    element('p', {}, `Cases: ${countWords(summary.cases)}`),
  );
}

function problemArticles(found: readonly Problem[], budget: TranscriptBudget): Content {
  if (found.length === 0) return element('p', {}, 'Everything that was judged held.');
  return found.map(({ requirement, decision, cases }) =>
    element(
      'article',
      {},
      element(
        'h3',
        {},
        badge(decision),
        ' ',
        requirement === null
          ? 'A case that no requirement of this report explains'
          : [linkTo('requirement', requirement.id, requirement.id), ` (${requirement.level}, ${requirement.class})`],
      ),
      requirement === null
        ? null
        : [
            element('p', {}, requirement.text),
            facts(
              ['Source', sourceWords(requirement.source)],
              ['Read as', requirement.interpretation],
              ['Reason', requirement.reason === null ? null : code(requirement.reason)],
            ),
          ],
      cases.map((result) => [
        element('h4', {}, linkTo('case', result.id, result.id)),
        element('p', {}, result.title),
        caseEvidence(result, budget),
      ]),
    ),
  );
}

function caseDetails(result: CaseResult, shownAbove: boolean, budget: TranscriptBudget): Markup {
  return element(
    'details',
    { class: `of-${result.decision}` },
    element('summary', {}, badge(result.decision), ' ', code(result.id), ` ${result.title}`),
    // Inside, since a browser that follows a link opens the details around its target.
    element(
      'div',
      { id: anchor('case', result.id) },
      shownAbove
        ? element('p', {}, 'Its evidence stands under ', element('a', { href: '#problems' }, 'What did not hold'), '.')
        : caseEvidence(result, budget),
    ),
  );
}

function budgetNote(budget: TranscriptBudget): Content {
  if (budget.leftOut === 0) return null;
  return element(
    'p',
    { class: 'muted' },
    `${budget.leftOut} transcripts were left out to keep this page small; the JSON report has them.`,
  );
}

function footer(report: Report): Markup {
  const { footer: end, format, version } = report;
  return element(
    'footer',
    {},
    element(
      'p',
      {},
      `Complete: ${end.cases} cases and ${end.requirements} requirements. Format ${format}, version ${version}.`,
    ),
  );
}
