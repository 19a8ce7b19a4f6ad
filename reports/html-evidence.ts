/** Cases, failures and transcripts as HTML. */
import { decisionSigns, durationWords, endingWords, eventArrows, livenessWords, shrinkWords } from './evidence.js';
import { type Content, element, linkTo, type Markup } from './html-markup.js';
import type { CaseResult, Decision, Failure, TranscriptEvent } from './report.js';
import { longestCommand, octetLines, visibleBlock } from './visible.js';

/** What the page may still spend on transcripts; failures are rendered first and so spend first. */
export class TranscriptBudget {
  leftOut = 0;
  constructor(private remaining: number) {}

  /** Takes a piece if it fits, and counts it as left out if not. */
  take(piece: Markup): Markup | null {
    if (piece.source.length > this.remaining) {
      this.leftOut += 1;
      return null;
    }
    this.remaining -= piece.source.length;
    return piece;
  }
}

/** Sign, word and colour; never colour alone. */
export function badge(decision: Decision | null): Markup {
  if (decision === null) return element('span', { class: 'badge tone-skip' }, '· no verdict');
  return element('span', { class: `badge tone-${decision}` }, `${decisionSigns[decision]} ${decision}`);
}

/** Pairs of a description list; a pair whose value is null is left out. */
export function facts(...pairs: readonly (readonly [string, Content])[]): Markup {
  return element(
    'dl',
    {},
    pairs
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}

/** A text of one line, as it is. */
export function code(text: string): Markup {
  return element('code', {}, text === '' ? '(empty)' : text);
}

/** A text whose line feeds stay. */
export function block(text: string, most?: number): Markup {
  return element('pre', {}, text === '' ? '(empty)' : visibleBlock(text, most));
}

/** A list, or null for nothing, so that `facts` leaves it out. */
export function list(items: readonly Content[]): Markup | null {
  return items.length === 0
    ? null
    : element(
        'ul',
        {},
        items.map((item) => element('li', {}, item)),
      );
}

/** All that is known of a case: how it went, what failed, how to see it again, what went over the wire. */
export function caseEvidence(result: CaseResult, budget: TranscriptBudget): Content {
  return [
    facts(
      ['Decides', separated(result.requirements.map((id) => linkTo('requirement', id, id)))],
      ['How it ended', `${endingWords[result.ending]}; ${livenessWords[result.liveness]}`],
      ['Property', `${result.runs} runs, seed ${result.seed}, ${durationWords(result.durationMs)}`],
      ['Reason', result.reason === null || result.failure !== null ? null : code(result.reason)],
      ['Notes', list(result.notes.map(code))],
    ),
    result.failure === null ? null : failureEvidence(result.failure),
    transcript(result, budget),
  ];
}

function failureEvidence(failure: Failure): Markup {
  return facts(
    ['Broken', linkTo('requirement', failure.requirement, failure.requirement)],
    ['Expected', code(failure.expected)],
    ['Actual', code(failure.actual)],
    ['Smallest input that fails', [block(failure.counterexample), ` ${shrinkWords(failure)}`]],
    ['Again', block(failure.command, longestCommand)],
    ['By hand', failure.byHand.length === 0 ? null : failure.byHand.map((command) => block(command, longestCommand))],
  );
}

function transcript({ id, transcript: events }: CaseResult, budget: TranscriptBudget): Content {
  if (events.length === 0) return element('p', { class: 'muted' }, 'No transcript: nothing went over the wire.');
  const taken = budget.take(transcriptTable(id, events));
  return (
    taken ??
    element('p', { class: 'muted' }, 'The transcript was left out to keep this page small; the JSON report has it.')
  );
}

function transcriptTable(id: string, events: readonly TranscriptEvent[]): Markup {
  const columns = ['ms', 'connection', 'direction', 'event', 'octets as text'];
  const row = (event: TranscriptEvent): Markup =>
    element(
      'tr',
      {},
      element('td', {}, event.atMs.toFixed(1)),
      element('td', {}, event.connection === 0 ? 'none' : `#${event.connection}`),
      element('td', {}, directionWords[eventArrows[event.event]]),
      element('td', {}, event.event),
      element('td', {}, element('pre', {}, octetLines(event.text).join('\n')), octets(event)),
    );
  return element(
    'details',
    { open: events.length <= 12 },
    element('summary', {}, `Transcript: ${events.length} ${events.length === 1 ? 'event' : 'events'}`),
    element(
      'div',
      { class: 'wide', tabindex: 0, role: 'group', 'aria-label': `Transcript of ${id}` },
      element(
        'table',
        { class: 'transcript' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            columns.map((name) => element('th', { scope: 'col' }, name)),
          ),
        ),
        element('tbody', {}, events.map(row)),
      ),
    ),
  );
}

const directionWords = { '→': '→ to peer', '←': '← from peer', '·': '· event' } as const;

function octets(event: TranscriptEvent): string | null {
  return event.octets === undefined ? null : ` (${event.octets} octets in all)`;
}

/** Items with commas between them; null for none. */
export function separated(items: readonly Content[]): Content {
  return items.length === 0 ? null : items.map((item, index) => (index === 0 ? item : [', ', item]));
}
