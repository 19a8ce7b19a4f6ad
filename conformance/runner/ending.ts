/** How an exchange ended, read from its transcript. */
import type { Ending, TranscriptEvent } from '../../reports/report.js';

export function endingOf(events: readonly TranscriptEvent[]): Ending {
  const last = events.findLast((event) => event.event !== 'note' && event.event !== 'sent');
  switch (last?.event) {
    case undefined:
      return 'not-run';
    case 'closed': {
      // Closed after a last word (221, 421, a refusal) is told by that word.
      const word = events.findLast((event) => event.event === 'received');
      if (word === undefined) return 'closed';
      return refuses(word.text) ? 'refused' : 'closed';
    }
    case 'reset':
      return 'reset';
    case 'timeout':
      return 'timed-out';
    case 'received':
      return refuses(last.text) ? 'refused' : 'answered';
    case 'response':
      return last.text.includes('"error"') ? 'refused' : 'answered';
    case 'connected':
    case 'secured':
    case 'request':
    case 'query':
      return 'timed-out';
    default:
      return 'answered';
  }
}

const refuses = (text: string): boolean => /(?:^|\n)[45]\d\d[ -][^\n]*\n?$/.test(text);
