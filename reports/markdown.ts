/** The report as GitHub's Markdown: for a pull request's comment or a job's summary. */
import {
  countWords,
  decisionSigns,
  defectsByDocument,
  durationWords,
  endingWords,
  eventArrows,
  held,
  livenessWords,
  type Problem,
  problems,
  readingsOf,
  scoreParts,
  scoringWords,
  shareWords,
  shrinkWords,
  sourceWords,
  undecided,
  verdictWords,
} from './evidence.js';
import { codeBlock, codeCell, codeSpan, prose } from './markdown-text.js';
import type { CaseResult, DefectResult, Failure, Report, RequirementResult, TranscriptEvent } from './report.js';
import { longestCommand, octetLines } from './visible.js';

export interface MarkdownOptions {
  /** Characters at most; GitHub shows a job summary of up to a mebibyte. What does not fit is counted at the end. */
  readonly most?: number;
}

/** Half a mebibyte even when each character takes two octets. */
const mostCharacters = 500_000;

/** Renders Markdown. Texts of the document stand in code spans and fences that they cannot end, or are escaped. */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const { most = mostCharacters } = options;
  const parts = [head(report), scores(report)];
  let length = parts.reduce((sum, part) => sum + part.length, 0);
  const add = (blocks: readonly string[]): number => {
    for (const [index, block] of blocks.entries()) {
      if (length + block.length > most) return blocks.length - index;
      length += block.length;
      parts.push(block);
    }
    return 0;
  };
  const found = problems(report);
  if (found.length > 0) parts.push('## What did not hold');
  const leftOut = add(found.flatMap(problemBlocks)) + add(tail(report));
  if (leftOut > 0)
    parts.push(`_${leftOut} further blocks were left out: the page has a limit. The JSON report has all._`);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function head(report: Report): string {
  const { summary, suite, run, target } = report;
  const facts = [
    `Target: ${codeSpan(target.name, 200)} (${target.kind})`,
    ...(target.software === null ? [] : [`It says it is: ${codeSpan(target.software, 400)}`]),
    `Requirements: ${countWords(summary.requirements)}; without a verdict: ${undecided(report).length}`,
    `Cases: ${countWords(summary.cases)}`,
    `Suite: ${codeSpan(suite.name)} ${codeSpan(suite.version)}, seed ${run.seed}, ${run.runs} runs of a property, ${durationWords(run.durationMs)}, begun ${run.startedAt}`,
    `Again: ${codeSpan(run.command, longestCommand)}`,
  ];
  return `# ${verdictSigns[summary.verdict]} ${verdictWords[summary.verdict]}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}

const verdictSigns = {
  pass: decisionSigns.pass,
  fail: decisionSigns.fail,
  undecided: decisionSigns.inconclusive,
} as const;

function scores(report: Report): string {
  const rows = report.classes.map((score) => {
    const { core, apart } = scoreParts(score);
    const cells = [...core, apart].map((counts) => {
      if (counts === null || score.state !== 'judged') return '';
      const { held: good, of } = held(counts);
      return `${good} of ${of}${counts.skip === 0 ? '' : `, ${counts.skip} skipped`}`;
    });
    return `| ${codeCell(score.id)} | ${score.state} | ${cells.join(' | ')} | ${score.open} |`;
  });
  return [
    '| class | state | MUST held | SHOULD held | MAY judged | by interpretation | open |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** The requirement with its first case, then each further case: pieces small enough that a limit leaves some of them. */
function problemBlocks(problem: Problem): string[] {
  const { requirement, decision } = problem;
  const sign = `${decisionSigns[decision]} ${decision}`;
  const [first, ...more] = problem.cases.map(caseBlock);
  const start =
    requirement === null ? [`### ${sign}: a case that no requirement explains`] : aboutBlocks(requirement, sign);
  return [[...start, ...(first === undefined ? [] : [first])].join('\n\n'), ...more];
}

function aboutBlocks(requirement: RequirementResult, sign: string): string[] {
  const facts = [
    `Requirement: ${prose(requirement.text)}`,
    `Source: ${codeSpan(sourceWords(requirement.source))}`,
    ...(requirement.interpretation === null ? [] : [`Read as: ${prose(requirement.interpretation)}`]),
    ...(requirement.reason === null ? [] : [`Reason: ${codeSpan(requirement.reason)}`]),
  ];
  return [
    `### ${sign}: ${codeSpan(requirement.id)} (${requirement.level}, ${codeSpan(requirement.class)})`,
    facts.map((fact) => `- ${fact}`).join('\n'),
  ];
}

function caseBlock(result: CaseResult): string {
  const facts = [
    ...(result.reason === null || result.failure !== null ? [] : [`Reason: ${codeSpan(result.reason)}`]),
    `Ended: ${endingWords[result.ending]}; ${livenessWords[result.liveness]}`,
    ...result.notes.map((note) => `Note: ${codeSpan(note, 400)}`),
  ];
  return [
    `Case ${codeSpan(result.id)}: ${prose(result.title)}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...(result.failure === null ? [] : failureBlocks(result.failure)),
    ...(result.transcript.length === 0 ? [] : [transcriptBlock(result.transcript)]),
  ].join('\n\n');
}

function failureBlocks(failure: Failure): string[] {
  return [
    `| | |\n| --- | --- |\n| expected | ${codeCell(failure.expected)} |\n| actual | ${codeCell(failure.actual)} |`,
    `Smallest input that fails, ${shrinkWords(failure)}:`,
    codeBlock(failure.counterexample),
    'Again:',
    codeBlock(failure.command, longestCommand),
    ...(failure.byHand.length === 0 ? [] : ['By hand:', codeBlock(failure.byHand.join('\n'), longestCommand)]),
  ];
}

function transcriptBlock(events: readonly TranscriptEvent[]): string {
  const rows = events.flatMap((event) => {
    const octets = event.octets === undefined ? '' : ` (${event.octets} octets in all)`;
    const [first = '', ...more] = octetLines(event.text, 1100);
    const start = `${event.atMs.toFixed(1).padStart(8)} #${event.connection} ${eventArrows[event.event]} ${event.event.padEnd(9)}`;
    return [`${start} ${first}${octets}`, ...more.map((line) => `${' '.repeat(start.length)} ${line}`)];
  });
  return `<details><summary>Transcript</summary>\n\n${codeBlock(rows.join('\n'), 20_000)}\n\n</details>`;
}

function tail(report: Report): string[] {
  const open = undecided(report);
  const list = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`## ${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`];
  return [
    ...list(
      'Beside the requirements',
      report.findings.map(({ kind, text, cases }) => {
        const where = cases.length === 0 ? '' : ` (${codeSpan(cases.join(', '), 400)})`;
        return `${codeSpan(kind, 100)}: ${codeSpan(text)}${where}`;
      }),
    ),
    ...list(
      'Readings of ambiguous places',
      report.readings.map(({ reading, title, claimed, observed }) => {
        const seen = observed === null ? 'nothing showed it' : `seen: ${codeSpan(observed, 200)}`;
        return `${codeSpan(reading)}: ${prose(title, 200)}; ${claimed ? 'claimed' : 'not claimed'}; ${seen}`;
      }),
    ),
    ...list(
      'Grammar coverage',
      report.coverage.map(
        ({ grammar, rules, alternatives }) =>
          `${codeSpan(grammar)}: rules ${shareWords(rules)}, alternatives ${shareWords(alternatives)}`,
      ),
    ),
    ...list(
      'Without a verdict',
      open.map(({ id, level, reason }) => `${codeSpan(id)} (${level}): ${codeSpan(reason ?? 'no reason given')}`),
    ),
    ...defectBlocks(report),
  ];
}

/** A block a document, folded, since they are long and the same in every run but for the readings. */
function defectBlocks(report: Report): string[] {
  const groups = defectsByDocument(report);
  if (groups.length === 0) return [];
  const title = '## Defects of the drafts and how they are read';
  return groups.map(([document, rows], index) => {
    const items = rows.map((row) => `- ${defectWords(row, report)}`).join('\n');
    // The name stands outside the element: inside a block of HTML nothing escapes it.
    const name = `### ${codeSpan(document, 200)}`;
    const folded = `<details><summary>${rows.length} in all</summary>\n\n${items}\n\n</details>`;
    return [...(index === 0 ? [title] : []), name, folded].join('\n\n');
  });
}

function defectWords(row: DefectResult, report: Report): string {
  const readings = readingsOf(row, report).map(({ reading, claimed, observed }) => {
    const seen = observed === null ? 'nothing showed it' : `seen: ${codeSpan(observed, 200)}`;
    return ` This target, ${codeSpan(reading)}: ${claimed ? 'claimed' : 'not claimed'}; ${seen}.`;
  });
  const scoring = scoringWords(row);
  return (
    `${codeSpan(row.id)} **${prose(row.title, 200)}** (${codeSpan(row.section, 200)}): ${prose(row.text)}` +
    ` _Read as:_ ${prose(row.interpretation)}${scoring === null ? '' : ` _Scored:_ ${prose(scoring)}`}${readings.join('')}`
  );
}
