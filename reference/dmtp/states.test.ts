/** Section 12.3 of the DMTP digest, cell by cell: the table as the digest prints it, driven through a session. */
import { describe, expect, test } from 'vitest';
import { greeted, host, mailed, message, Talk } from './session.test-support.js';

const columns = ['no TLS', 'TLS', 'after EHLO', 'after MAIL', 'after RCPT'] as const;
type Column = (typeof columns)[number];

/** Named dialect in MAIL, so that SIZE plays no part. */
const mail = 'MAIL FROM=<origin.example> FINGERPRINT=[fp]';
const rcpt = 'RCPT TO=<dime.example> FINGERPRINT=[fp]';
const path: Record<Column, readonly string[]> = {
  'no TLS': [],
  TLS: [],
  'after EHLO': greeted,
  'after MAIL': [...greeted, mail],
  'after RCPT': [...greeted, mail, rcpt],
};

/** `y`, alone or with the column the session is in afterwards; or the code of the refusal. */
const table: readonly (readonly [line: string, ...cells: string[]])[] = [
  [`STARTTLS <${host}>`, 'y', '454', '454', '454', '454'],
  ['EHLO <again.example>', '503', 'y after EHLO', 'y after EHLO', 'y after MAIL', 'y after RCPT'],
  ['HELO <again.example>', '503', 'y after EHLO', 'y after EHLO', 'y after MAIL', 'y after RCPT'],
  ['EHLO again.example', '554', '554', '554', '554', '554'],
  ['HELO again.example', '554', '554', '554', '554', '554'],
  [mail, '503', '503', 'y after MAIL', 'y after MAIL', 'y after MAIL'],
  [rcpt, '503', '503', '503', 'y after RCPT', 'y after RCPT'],
  ['DATA', '503', '503', '503', '503', 'y after EHLO'],
  ['SGNT <dime.example>', '503', 'y', 'y', 'y', 'y'],
  ['HIST <dime.example> [full-d1]', '503', 'y', 'y', 'y', 'y'],
  ['VRFY <dime.example> [full-d1]', '503', 'y', 'y', 'y', 'y'],
  ['STATS', '503', 'y', 'y', 'y', 'y'],
  ['HELP', '503', 'y', 'y', 'y', 'y'],
  ['NOOP', '503', 'y', 'y', 'y', 'y'],
  ['VERB', '503', 'y', 'y', 'y', 'y'],
  ['RSET', '503', 'y', 'y', 'y after EHLO', 'y after EHLO'],
  ['MODE', 'y', 'y', 'y', 'y', 'y'],
  ['QUIT', 'y closed', 'y closed', 'y closed', 'y closed', 'y closed'],
  ['AUTH PLAIN', '554', '500', '500', '500', '500'],
  ['FETCH 1', '500', '500', '500', '500', '500'],
];

/** Which column a session is in, told by what it answers to probes that change nothing. */
function columnOf(talk: Talk): Column | 'closed' {
  if (talk.closed) return 'closed';
  const noop = talk.say('NOOP');
  if (noop.startsWith('503')) return 'no TLS';
  const data = talk.say('DATA malformed');
  if (data.includes('A HELO OR EHLO')) return 'TLS';
  if (data.includes('A MAIL FROM')) return 'after EHLO';
  if (data.includes('A RCPT TO')) return 'after MAIL';
  expect(data).toBe('501 BAD DATA SYNTAX.\r\n');
  return 'after RCPT';
}

const cells = table.flatMap(([line, ...row]) =>
  columns.map((column, index) => ({ line, column, cell: row[index] ?? '' })),
);

describe('12.3', () => {
  test('the probes tell the columns apart', () => {
    for (const column of columns) {
      const talk = new Talk({ transport: column === 'no TLS' ? 'plain' : 'tls' });
      talk.say(...path[column]);
      expect(columnOf(talk)).toBe(column);
    }
  });

  test.each(cells)('$line, $column: $cell', ({ line, column, cell }) => {
    const talk = new Talk({ transport: column === 'no TLS' ? 'plain' : 'tls' });
    talk.say(...path[column]);
    const goAhead = talk.say(line);
    const answer = goAhead.startsWith('354') ? talk.say(message()) : goAhead;
    const last = answer.split('\r\n').at(-2) ?? '';
    if (cell.startsWith('y')) {
      expect(last).toMatch(/^2\d\d /);
      if (line.startsWith('STARTTLS')) {
        expect(talk.effects.at(-1)?.kind).toBe('secure');
        talk.secured();
        expect(columnOf(talk)).toBe('TLS');
      } else {
        expect(columnOf(talk)).toBe(cell.slice(2) || column);
      }
    } else {
      expect(last.slice(0, 4)).toBe(`${cell} `);
      // A refused command changes nothing, except that MAIL drops the transaction (rule 5 of 12.1).
      expect(columnOf(talk)).toBe(column);
    }
  });

  test.each([
    ['malformed', 'MAIL FROM: nonsense'],
    ['too large', 'MAIL FROM: <a.example> [fp] SIZE=1001'],
  ])('a MAIL that is refused (%s) drops the transaction', (_, line) => {
    const talk = new Talk();
    talk.say(...mailed);
    expect(talk.say(line)).toMatch(/^5/);
    expect(columnOf(talk)).toBe('after EHLO');
  });

  test('a second RCPT for another domain leaves the first in place', () => {
    const talk = new Talk();
    talk.say(...path['after RCPT']);
    expect(talk.say('RCPT TO: <other.example> [fp]')).toMatch(/^503 /);
    expect(columnOf(talk)).toBe('after RCPT');
  });
});
