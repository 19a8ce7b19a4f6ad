/** Seeded faults of a DMTP server: the order of MAIL, RCPT and DATA. */
import type { Fault } from './fault.js';
import { bendSessions, rewriteReplies, succeeded } from './session-bending.js';

/** Replies to commands that fit, when they name this step as missing, become another. */
const where = (which: RegExp, missing: RegExp, reply: string): NonNullable<Fault['hooks']> =>
  rewriteReplies(which, (right) => (right.startsWith('503') && missing.test(right) ? `${reply}\r\n` : right));

export const faults: readonly Fault[] = [
  {
    id: 'dmtp/rcpt-before-mail-unknown',
    breaks: 'DMTP-024',
    title: 'answers RCPT before MAIL with 500',
    hooks: where(/^RCPT/i, /MAIL FROM AND/, '500 INVALID COMMAND'),
  },
  {
    id: 'dmtp/refused-command-ends-the-greeting',
    breaks: 'DMTP-024',
    title: 'wants another EHLO after a command out of sequence',
    hooks: bendSessions(() => {
      let lost = false;
      return {
        line: (line, ask) => {
          if (/^(?:EHLO|HELO)/i.test(line)) lost = false;
          if (lost && /^MAIL/i.test(line)) return '503 PLEASE PROVIDE AN EHLO AND TRY AGAIN\r\n';
          const reply = ask(line);
          lost ||= /^503.*MAIL FROM AND/.test(reply);
          return reply;
        },
      };
    }),
  },
  {
    id: 'dmtp/mail-before-ehlo-taken',
    breaks: 'DMTP-086',
    title: 'answers MAIL before EHLO with 250',
    hooks: where(/^MAIL/i, /EHLO/, '250 OK'),
  },
  {
    id: 'dmtp/rcpt-before-ehlo-bad-syntax',
    breaks: 'DMTP-086',
    title: 'answers RCPT before EHLO with 501',
    hooks: where(/^RCPT/i, /EHLO/, '501 BAD RCPT TO SYNTAX.'),
  },
  {
    id: 'dmtp/rcpt-before-mail-taken',
    breaks: 'DMTP-087',
    title: 'answers RCPT before MAIL with 250',
    hooks: where(/^RCPT/i, /MAIL FROM AND/, '250 OK'),
  },
  {
    id: 'dmtp/data-before-mail-failed',
    breaks: 'DMTP-087',
    title: 'answers DATA before MAIL with 554',
    hooks: where(/^DATA/i, /MAIL FROM AND/, '554 NO TRANSACTION'),
  },
  {
    id: 'dmtp/data-before-rcpt-bad-syntax',
    breaks: 'DMTP-088',
    title: 'answers DATA before RCPT with 501',
    hooks: where(/^DATA/i, /RCPT TO AND/, '501 BAD DATA SYNTAX.'),
  },
  {
    id: 'dmtp/second-mail-refused',
    breaks: 'DMTP-095',
    title: 'refuses MAIL while a transaction stands',
    hooks: bendSessions(() => {
      let open = false;
      return {
        line: (line, ask) => {
          if (open && /^MAIL/i.test(line)) return '503 NESTED MAIL\r\n';
          const reply = ask(line);
          if (/^MAIL/i.test(line)) open = succeeded(reply);
          if (/^(?:RSET|DATA)/i.test(line)) open = false;
          return reply;
        },
      };
    }),
  },
  {
    id: 'dmtp/second-mail-keeps-the-recipient',
    breaks: 'DMTP-095',
    title: 'keeps the recipient at a second MAIL',
    hooks: bendSessions(() => {
      let rcpt: string | null = null;
      return {
        line: (line, ask) => {
          const reply = ask(line);
          if (/^MAIL/i.test(line) && succeeded(reply) && rcpt !== null) ask(rcpt);
          if (/^RCPT/i.test(line) && succeeded(reply)) rcpt = line;
          if (/^(?:RSET|DATA)/i.test(line)) rcpt = null;
          return reply;
        },
      };
    }),
  },
  {
    id: 'dmtp/second-mail-keeps-the-size',
    breaks: 'DMTP-095',
    title: 'goes by the SIZE of the first MAIL after a second',
    hooks: bendSessions(() => {
      let first: string | null = null;
      return {
        line: (line, ask) => {
          if (/^(?:RSET|DATA)/i.test(line)) first = null;
          const size = /^MAIL.*(SIZE=\d+)/i.exec(line)?.[1] ?? null;
          if (size === null) return ask(line);
          first ??= size;
          return ask(line.replace(size, first));
        },
      };
    }),
    limits: { replyMs: 400 },
  },
];
