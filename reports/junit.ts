/**
 * The report as JUnit XML, as Jenkins and most CI servers read it: a suite a conformance class, a test case a case.
 * `failure`: a MUST is broken. `error`: the environment failed. `skipped`: not tried. Warned and noted cases count as
 * passed and tell what they saw in `system-out`.
 */
import { countWords, endingWords, eventArrows, livenessWords, shrinkWords, verdictWords } from './evidence.js';
import type { CaseResult, Finding, Report } from './report.js';
import { octetLines, visible, visibleBlock } from './visible.js';

/** Renders JUnit XML. What XML 1.0 forbids stands as an escape that a person can read. */
export function renderJunit(report: Report): string {
  const suites = suitesOf(report);
  const all = suites.flatMap(([, cases]) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: report.suite.name, ...numbers(all), time: seconds(report.run.durationMs) })}>`,
    ...suites.map(([name, cases], index) => suiteElement(report, name, cases, index)),
    '</testsuites>\n',
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
      id: String(index),
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
      `again: ${visible(failure.command)}`,
      ...failure.byHand.map((command) => `by hand: ${visible(command)}`),
      'transcript:',
      ...result.transcript.map(
        (event) =>
          `${event.atMs.toFixed(1)} #${event.connection} ${eventArrows[event.event]} ${event.event} ${octetLines(event.text).join('')}`,
      ),
    );
  }
  return told.join('\n');
}

function numbers(cases: readonly CaseResult[]): Record<'tests' | 'failures' | 'errors', string> {
  return { tests: String(cases.length), failures: count(cases, 'fail'), errors: count(cases, 'inconclusive') };
}

function count(cases: readonly CaseResult[], decision: CaseResult['decision']): string {
  return String(cases.filter((result) => result.decision === decision).length);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function element(name: string, given: Readonly<Record<string, string>>, text: string): string {
  return `<${name}${attributes(given)}>${escapeXml(text)}</${name}>`;
}

function attributes(given: Readonly<Record<string, string>>): string {
  return Object.entries(given)
    .map(([name, value]) => ` ${name}="${escapeXml(visible(value))}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
