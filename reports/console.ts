/** The report for a terminal: verdict and scores first, then what failed and how to see it fail again. */
import { colourStyle, field, lines, plainStyle, type Style, table, wrap } from './console-layout.js';
import {
  countWords,
  durationWords,
  endingWords,
  eventArrows,
  held,
  livenessWords,
  type Problem,
  problems,
  scoreParts,
  shareWords,
  shrinkWords,
  sourceWords,
  undecided,
  verdictWords,
} from './evidence.js';
import type { CaseResult, ClassScore, Counts, Decision, Failure, Report, TranscriptEvent } from './report.js';
import { longestCommand, octetLines, visible, visibleBlock } from './visible.js';

export interface ConsoleOptions {
  /** Whether the terminal takes colours; without them the text holds no control character but line feeds. */
  readonly colour: boolean;
  /** Columns to fold at; 40 at least. Commands are never folded, so that they can be copied. */
  readonly width: number;
  /** Adds transcripts, and a line for every case and every requirement without a verdict. */
  readonly verbose: boolean;
}

/** Renders for people at a terminal. Every text of the document is shown with its control characters as escapes. */
export function renderConsole(report: Report, options: ConsoleOptions): string {
  const style = options.colour ? colourStyle : plainStyle;
  const width = Math.max(40, options.width);
  const out = [
    ...head(report, style, width),
    '',
    ...scores(report, style, width),
    ...problems(report).flatMap((problem) => ['', ...problemLines(problem, options.verbose, style, width)]),
    ...tail(report, style, width, options.verbose),
  ];
  return `${out.map((line) => line.trimEnd()).join('\n')}\n`;
}

const problemWords: Readonly<Record<Decision, string>> = {
  fail: 'FAILED',
  warn: 'WARNED',
  inconclusive: 'INCONCLUSIVE',
  pass: 'PASSED',
  info: 'NOTED',
  skip: 'SKIPPED',
};

function head(report: Report, style: Style, width: number): string[] {
  const { summary, target, run, suite } = report;
  const software = target.software === null ? '' : `, which says it is ${visible(target.software, 200)}`;
  return [
    style[summary.verdict](verdictWords[summary.verdict]),
    ...wrap(`target ${visible(target.name, 200)} (${target.kind})${software}`, width, '  '),
    ...wrap(
      `requirements: ${countWords(summary.requirements)}; without a verdict: ${undecided(report).length}`,
      width,
      '  ',
    ),
    ...wrap(`cases: ${countWords(summary.cases)}`, width, '  '),
    ...wrap(
      `${visible(suite.name)} ${visible(suite.version)}, seed ${run.seed}, ${run.runs} runs of a property, ${durationWords(run.durationMs)}, begun ${run.startedAt}`,
      width,
      '  ',
    ),
  ];
}

function scores(report: Report, style: Style, width: number): string[] {
  const judged = report.classes.filter(({ state }) => state === 'judged');
  const rows = judged.map((score) => {
    const { core, apart } = scoreParts(score);
    return [
      visible(score.id, 60),
      classWord(score, style),
      ...core.map(scoreWords),
      apart === null ? '' : scoreWords(apart),
      score.open === 0 ? '' : String(score.open),
    ];
  });
  const others = Object.entries(unjudgedWords).flatMap(([state, words]) => {
    const ids = report.classes.filter((score) => score.state === state).map(({ id }) => visible(id, 60));
    return ids.length === 0 ? [] : wrap(`${words}: ${ids.join(', ')}`, width, '').map(style.dim);
  });
  const legend = judged.some(({ interpretation }) => interpretation !== undefined)
    ? wrap('apart: requirements of any level that rest on an interpretation', width, '').map(style.dim)
    : [];
  return [...table([['class', 'state', 'MUST', 'SHOULD', 'MAY', 'apart', 'open'], ...rows]), ...legend, ...others];
}

function scoreWords(counts: Counts): string {
  const { held: good, of } = held(counts);
  if (of === 0 && counts.skip > 0) return `${counts.skip} skipped`;
  return `${good}/${of}${counts.skip === 0 ? '' : ` (${counts.skip} skipped)`}`;
}

const unjudgedWords: Readonly<Record<Exclude<ClassScore['state'], 'judged'>, string>> = {
  'not-claimed': 'not claimed by the target',
  'not-selected': 'not selected',
  planned: 'no cases in this version',
};

function classWord(score: ClassScore, style: Style): string {
  if (score.must.fail > 0) return style.fail('fail');
  if (score.must.inconclusive > 0) return style.inconclusive('undecided');
  if (score.should.warn > 0) return style.warn('pass, warned');
  return held(score.must).of + held(score.should).of + held(score.may).of === 0
    ? style.dim('none judged')
    : style.pass('pass');
}

function problemLines(problem: Problem, verbose: boolean, style: Style, width: number): string[] {
  const { requirement, decision } = problem;
  const word = style[decision](problemWords[decision]);
  const cases = problem.cases.flatMap((result) => caseLines(result, verbose, style, width));
  if (requirement === null) return [`${word}  a case that no requirement of the report explains`, ...cases];
  return [
    `${word}  ${style.bold(visible(requirement.id))}  ${requirement.level}  ${visible(requirement.class)}`,
    ...wrap(visible(requirement.text), width, '  '),
    ...field('source', visible(sourceWords(requirement.source)), width, '  '),
    ...(requirement.interpretation === null ? [] : field('read as', visible(requirement.interpretation), width, '  ')),
    // The evidence of a failed case says the same at length.
    ...(requirement.reason === null || problem.cases.some(({ failure }) => failure !== null)
      ? []
      : field('reason', visible(requirement.reason), width, '  ')),
    ...cases,
  ];
}

function caseLines(result: CaseResult, verbose: boolean, style: Style, width: number): string[] {
  return [
    `  ${style.bold('case')} ${visible(result.id)}`,
    ...wrap(visible(result.title), width, '    '),
    ...(result.failure === null ? [] : failureLines(result.failure, style, width)),
    ...(result.reason === null || result.failure !== null
      ? []
      : field('reason', visible(result.reason), width, '    ')),
    ...field('ended', `${endingWords[result.ending]}; ${livenessWords[result.liveness]}`, width, '    '),
    ...result.notes.flatMap((note) => field('note', visible(note, 400), width, '    ')),
    ...(verbose && result.transcript.length > 0 ? transcriptLines(result.transcript, style) : []),
  ];
}

function failureLines(failure: Failure, style: Style, width: number): string[] {
  return [
    ...field('expected', visible(failure.expected), width, '    '),
    ...field('actual', visible(failure.actual), width, '    '),
    ...wrap(`smallest input that fails, ${shrinkWords(failure)}`, width, '    '),
    ...lines(visibleBlock(failure.counterexample), '      | '),
    `    again  ${style.command(visible(failure.command, longestCommand))}`,
    ...(failure.byHand.length === 0 ? [] : ['    by hand']),
    ...failure.byHand.flatMap((command) => lines(visibleBlock(command, longestCommand), '      | ')),
  ];
}

function transcriptLines(events: readonly TranscriptEvent[], style: Style): string[] {
  return [
    '    transcript (ms, connection, event; → from the suite)',
    ...events.flatMap((event) => {
      const octets = event.octets === undefined ? '' : ` (${event.octets} octets in all)`;
      const [first = '', ...more] = octetLines(event.text);
      const start = `      ${event.atMs.toFixed(1).padStart(8)}  #${event.connection} ${eventArrows[event.event]} ${event.event.padEnd(9)}`;
      return [`${style.dim(start)} ${first}${octets}`, ...more.map((line) => `${' '.repeat(start.length)} ${line}`)];
    }),
  ];
}

function tail(report: Report, style: Style, width: number, verbose: boolean): string[] {
  const open = undecided(report);
  const out: string[] = [];
  if (report.readings.length > 0) {
    out.push('', style.bold('Readings of ambiguous places'));
    // A reading that was neither claimed nor shown tells nothing of this target; the other forms list them all.
    const told = report.readings.filter(({ claimed, observed }) => claimed || observed !== null);
    if (told.length === 0) out.push('  none was claimed or shown');
    for (const reading of told) {
      const seen = reading.observed === null ? 'nothing showed it' : `seen: ${visible(reading.observed, 200)}`;
      out.push(
        ...wrap(`${visible(reading.reading)}: ${reading.claimed ? 'claimed' : 'not claimed'}; ${seen}`, width, '  '),
      );
    }
  }
  const defects = report.defects ?? [];
  if (defects.length > 0) {
    const told = `Defects of the drafts: ${defects.length}, each with how it is read (see the HTML or Markdown report)`;
    out.push('', ...wrap(told, width, ''));
  }
  for (const { grammar, rules, alternatives } of report.coverage) {
    out.push(
      '',
      ...wrap(
        `Grammar ${visible(grammar)}: rules ${shareWords(rules)}, alternatives ${shareWords(alternatives)} gone through`,
        width,
        '',
      ),
    );
  }
  if (report.findings.length > 0) {
    out.push('', style.bold('Beside the requirements'));
    for (const finding of report.findings) {
      const where = finding.cases.length === 0 ? '' : ` (${visible(finding.cases.join(', '), 400)})`;
      out.push(...wrap(`${visible(finding.kind, 100)}: ${visible(finding.text)}${where}`, width, '  '));
    }
  }
  if (verbose && open.length > 0) {
    out.push('', style.bold('Without a verdict'));
    for (const { id, level, reason } of open) {
      out.push(...wrap(`${visible(id)}  ${level}  ${visible(reason ?? 'no reason given')}`, width, '  '));
    }
  }
  if (verbose && report.cases.length > 0) {
    out.push('', style.bold('Cases'));
    for (const { decision, id, durationMs } of report.cases) {
      out.push(`  ${style[decision](decision.padEnd(12))}  ${visible(id)}  ${durationWords(durationMs)}`);
    }
  }
  // Again at the end, where a long report leaves the reader.
  out.push(
    '',
    `again  ${style.command(visible(report.run.command, longestCommand))}`,
    style[report.summary.verdict](verdictWords[report.summary.verdict]),
  );
  return out;
}
