import { describe, expect, it } from 'vitest';
import type { TranscriptEvent, TranscriptEventKind } from '../../reports/report.js';
import { endingOf } from './ending.js';

const events = (...all: [TranscriptEventKind, string][]): TranscriptEvent[] =>
  all.map(([event, text]) => ({ atMs: 0, connection: 1, event, text }));

describe('how an exchange ended', () => {
  it.each([
    ['answered', events(['connected', ''], ['sent', 'NOOP\r\n'], ['received', '250 OK\r\n'])],
    ['refused', events(['received', '250 OK\r\n'], ['sent', 'WRONG\r\n'], ['received', '500 INVALID COMMAND\r\n'])],
    ['refused', events(['received', '421 dx CLOSING CONNECTION\r\n'], ['closed', 'ended'])],
    ['closed', events(['sent', 'QUIT\r\n'], ['received', '221 BYE\r\n'], ['closed', 'ended'])],
    ['closed', events(['connected', ''], ['closed', 'ended'])],
    ['reset', events(['received', '220 x\r\n'], ['sent', 'NOOP\r\n'], ['reset', ''])],
    ['timed-out', events(['received', '220 x\r\n'], ['sent', 'NOOP\r\n'], ['timeout', ''])],
    ['refused', events(['request', '{}'], ['response', '{"id":1,"error":{"code":"invalid"}}'])],
    ['answered', events(['request', '{}'], ['response', '{"id":1,"result":{}}'])],
    ['answered', events(['query', 'TXT x'], ['answer', 'NOERROR'])],
    ['not-run', []],
  ] as const)('%s', (ending, all) => {
    expect(endingOf(all)).toBe(ending);
  });
});
