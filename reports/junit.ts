/**
 * The report as JUnit XML, as Jenkins and most CI servers read it: a suite a conformance class, a test case a case.
 * `failure`: a MUST is broken. `error`: the environment failed. `skipped`: not tried. Warned and noted cases count as
 * passed and tell what they saw in `system-out`.
 */
import { countWords, endingWords, eventArrows, livenessWords, shrinkWords, verdictWords } from './evidence.js';
import type { CaseResult, Finding, Report } from './report.js';
import { longestCommand, octetLines, visible, visibleBlock } from './visible.js';

/** Renders JUnit XML. What XML 1.0 forbids stands as an escape that a person can read. */
export function renderJunit(report: Report): string {
  const suites = suitesOf(report);
  const extra = verdictSuite(report, suites.length);
  const { tests, failures, errors } = numbers(report.cases);
  const all = extra === null ? { tests, failures, errors } : { tests: tests + 1, failures, errors: errors + 1 };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: report.suite.name, ...all, time: seconds(report.run.durationMs) })}>`,
    ...suites.map(([name, cases], index) => suiteElement(report, name, cases, index)),
    ...(extra === null ? [] : [extra]),
    '</testsuites>\n',
  ].join('\n');
}

/**
 * A CI server calls a document without failures green. When the verdict is no pass and no case says so (none was run, or
 * each was skipped), a test case of its own says it.
 */
function verdictSuite(report: Report, index: number): string | null {
  const { verdict } = report.summary;
  if (verdict === 'pass' || report.cases.some(({ decision }) => decision === 'fail' || decision === 'inconclusive')) {
    return null;
  }
  return [
    `<testsuite${attributes({ name: report.suite.name, tests: 1, failures: 0, errors: 1, id: index })}>`,
    `<testcase${attributes({ name: 'verdict', classname: report.suite.name })}>`,
    element(
      'error',
      { type: verdict, message: verdictWords[verdict] },
      `again: ${visible(report.run.command, longestCommand)}`,
    ),
    '</testcase>',
    '</testsuite>',
  ].join('\n');
}

/** Classes in the document's order, then those that only cases name; a class without cases has no suite. */
function suitesOf(report: Report): [string, CaseResult[]][] {
  const suites = new Map<string, CaseResult[]>(report.classes.map(({ id }) => [id, []]));
  for (const result of report.cases) {
    const suite = suites.get(result.class);
    if (suite === undefined) suites.set(result.class, [result]);
    else suite.push(result);
  }
  return [...suites].filter(([, cases]) => cases.length > 0);
}

function suiteElement(report: Report, name: string, cases: readonly CaseResult[], index: number): string {
  const { run, suite, target, summary } = report;
  const properties = {
    target: target.name,
    suite: `${suite.name} ${suite.version}`,
    seed: String(run.seed),
    command: run.command,
    verdict: verdictWords[summary.verdict],
    requirements: countWords(summary.requirements),
  };
  const findings = report.findings.filter((finding) => {
    const suiteOfIts = suiteOfFinding(report, finding);
    return suiteOfIts === undefined ? index === 0 : suiteOfIts === name;
  });
  return [
    `<testsuite${attributes({
      name,
      ...numbers(cases),
      skipped: count(cases, 'skip'),
      time: seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
      timestamp: run.startedAt.slice(0, 19),
      id: index,
    })}>`,
    '<properties>',
    ...Object.entries(properties).map(([key, value]) => `<property${attributes({ name: key, value })}/>`),
    '</properties>',
    ...cases.map(caseElement),
    ...(findings.length === 0
      ? []
      : [element('system-err', {}, findings.map(({ kind, text }) => `${visible(kind)}: ${visible(text)}`).join('\n'))]),
    '</testsuite>',
  ].join('\n');
}

/** The class of the first case that a finding names; one without goes to the first suite, so that none is lost. */
function suiteOfFinding(report: Report, finding: Finding): string | undefined {
  return report.cases.find(({ id }) => finding.cases.includes(id))?.class;
}

function caseElement(result: CaseResult): string {
  const outcome = {
    fail: () => element('failure', { type: 'fail', message: whatFailed(result) }, evidence(result)),
    inconclusive: () => element('error', { type: 'inconclusive', message: whatFailed(result) }, evidence(result)),
    skip: () => element('skipped', {}, visible(result.reason ?? 'no reason given')),
    warn: () => element('system-out', {}, evidence(result)),
    info: () => element('system-out', {}, evidence(result)),
    pass: () => '',
  }[result.decision]();
  const start = `<testcase${attributes({ name: result.id, classname: result.class, time: seconds(result.durationMs) })}`;
  return outcome === '' ? `${start}/>` : `${start}>\n${outcome}\n</testcase>`;
}

function whatFailed({ failure, reason }: CaseResult): string {
  if (failure === null) return reason ?? 'no reason given';
  return `${failure.requirement}: expected ${failure.expected}, got ${failure.actual}`;
}

function evidence(result: CaseResult): string {
  const { failure } = result;
  const told = [
    `${result.decision}: ${visible(result.title)}`,
    `requirements: ${visible(result.requirements.join(', '))}`,
    ...(result.reason === null ? [] : [`reason: ${visible(result.reason)}`]),
    `ended: ${endingWords[result.ending]}; ${livenessWords[result.liveness]}`,
    ...result.notes.map((note) => `note: ${visible(note)}`),
  ];
  if (failure !== null) {
    told.push(
      `requirement: ${visible(failure.requirement)}`,
      `expected: ${visible(failure.expected)}`,
      `actual: ${visible(failure.actual)}`,
      `smallest input that fails, ${shrinkWords(failure)}:`,
      visibleBlock(failure.counterexample),
      `again: ${visible(failure.command, longestCommand)}`,
      ...failure.byHand.map((command) => `by hand: ${visible(command, longestCommand)}`),
      'transcript:',
      ...result.transcript.map(
        (event) =>
          `${event.atMs.toFixed(1)} #${event.connection} ${eventArrows[event.event]} ${event.event} ${octetLines(event.text).join('')}`,
      ),
    );
  }
  return told.join('\n');
}

function numbers(cases: readonly CaseResult[]): Record<'tests' | 'failures' | 'errors', number> {
  return { tests: cases.length, failures: count(cases, 'fail'), errors: count(cases, 'inconclusive') };
}

function count(cases: readonly CaseResult[], decision: CaseResult['decision']): number {
  return cases.filter((result) => result.decision === decision).length;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function element(name: string, given: Readonly<Record<string, string>>, text: string): string {
  return `<${name}${attributes(given)}>${escapeXml(text)}</${name}>`;
}

function attributes(given: Readonly<Record<string, string | number>>): string {
  return Object.entries(given)
    .map(([name, value]) => ` ${name}="${escapeXml(visible(String(value), longestCommand))}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
