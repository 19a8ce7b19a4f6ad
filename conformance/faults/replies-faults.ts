/** Seeded faults of a DMTP server: the greeting, and the form and number of its replies. */
import type { Fault } from './fault.js';
import { bendSessions, rewriteReplies, says } from './session-bending.js';

const banner = (change: (banner: string) => string): NonNullable<Fault['hooks']> =>
  bendSessions(() => ({ banner: change }));

export const faults: readonly Fault[] = [
  {
    id: 'dmtp/banner-without-its-protocol',
    breaks: 'DMTP-007',
    title: 'greets without the word DMTPv1',
    hooks: banner((text) => text.replace(' DMTPv1', '')),
  },
  {
    id: 'dmtp/banner-without-its-host',
    breaks: 'DMTP-007',
    title: 'greets without its host name',
    hooks: banner((text) => text.replace(/<[^>]*> /, '')),
  },
  {
    id: 'dmtp/banner-of-two-lines',
    breaks: 'DMTP-007',
    title: 'greets with two lines',
    hooks: banner((text) => `220-welcome\r\n${text}`),
  },
  {
    id: 'dmtp/banner-with-another-code',
    breaks: 'DMTP-007',
    title: 'greets with 200',
    hooks: banner((text) => text.replace(/^220/, '200')),
  },
  {
    id: 'dmtp/ehlo-lines-end-with-lf',
    breaks: 'DMTP-010',
    title: 'ends the lines of its reply to EHLO with LF alone',
    hooks: rewriteReplies(/^EHLO/i, (reply) => reply.replaceAll('\r\n', '\n')),
  },
  {
    id: 'dmtp/banner-ends-with-lf',
    breaks: 'DMTP-010',
    title: 'ends its greeting with LF alone',
    hooks: banner((text) => text.replaceAll('\r\n', '\n')),
  },
  {
    id: 'dmtp/help-without-hyphens',
    breaks: 'DMTP-015',
    title: 'puts a space behind the code of every line of its reply to HELP',
    hooks: rewriteReplies(/^HELP/i, (reply) => reply.replaceAll('214-', '214 ')),
  },
  {
    id: 'dmtp/mode-with-a-tab',
    breaks: 'DMTP-015',
    title: 'puts a tab behind the code of its reply to MODE',
    hooks: rewriteReplies(/^MODE/i, (reply) => reply.replace(' ', '\t')),
  },
  {
    id: 'dmtp/help-begins-with-another-code',
    breaks: 'DMTP-016',
    title: 'gives the first line of its reply to HELP another code than the last',
    hooks: rewriteReplies(/^HELP/i, (reply) => reply.replace(/^214-/, '211-')),
  },
  {
    id: 'dmtp/mode-with-another-code',
    breaks: 'DMTP-020',
    title: 'answers MODE with 201',
    hooks: rewriteReplies(/^MODE/i, (reply) => reply.replace(/^200/, '201')),
  },
  {
    id: 'dmtp/smtp-greeting-is-bad-syntax',
    breaks: 'DMTP-020',
    title: 'answers an EHLO of SMTP with 501',
    hooks: rewriteReplies(/^EHLO [^<>]*$/i, says('501 BAD EHLO SYNTAX.')),
  },
  {
    id: 'dmtp/rcpt-taken-once',
    breaks: 'DMTP-020',
    title: 'refuses a second RCPT for the same domain',
    hooks: bendSessions(() => {
      let taken = false;
      return {
        line: (line, ask) => {
          if (/^RCPT/i.test(line) && taken) return '503 ONE RECIPIENT ONLY\r\n';
          const reply = ask(line);
          if (/^RCPT/i.test(line)) taken = reply.startsWith('2');
          else if (/^(?:MAIL|RSET|DATA)/i.test(line)) taken = false;
          return reply;
        },
      };
    }),
  },
  {
    id: 'dmtp/noop-of-two-lines',
    breaks: 'DMTP-122',
    title: 'answers NOOP with two lines',
    hooks: rewriteReplies(/^NOOP/i, (reply) => `250-NOTHING DONE\r\n${reply}`),
  },
  {
    id: 'dmtp/refusal-of-two-lines',
    breaks: 'DMTP-122',
    title: 'answers an unknown command with two lines',
    hooks: rewriteReplies(/^WRONG/i, (reply) => `500-SEE HELP\r\n${reply}`),
  },
  {
    id: 'dmtp/news-after-rset',
    breaks: 'DMTP-123',
    title: 'sends a line of its own after the reply to RSET',
    hooks: rewriteReplies(/^RSET/i, (reply) => `${reply}250 READY\r\n`),
  },
  {
    id: 'dmtp/help-twice',
    breaks: 'DMTP-123',
    title: 'sends its reply to HELP twice',
    hooks: rewriteReplies(/^HELP/i, (reply) => reply + reply),
  },
];
