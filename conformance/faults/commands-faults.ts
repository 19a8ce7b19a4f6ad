/** Seeded faults of a DMTP server: the commands that need no transaction. */
import type { Fault } from './fault.js';
import { answerLines, bendSessions, rewriteLines, rewriteReplies, says, succeeded } from './session-bending.js';

const greeting = /^(?:EHLO|HELO)/i;

/** Commands that fit are out of sequence before a greeting. */
const needsGreeting = (which: RegExp): NonNullable<Fault['hooks']> =>
  bendSessions(() => {
    let greeted = false;
    return {
      line: (line, ask) => {
        if (!greeted && which.test(line)) return '503 PLEASE PROVIDE AN EHLO AND TRY AGAIN\r\n';
        const reply = ask(line);
        greeted ||= greeting.test(line) && succeeded(reply);
        return reply;
      },
    };
  });

const greetingFaults: readonly Fault[] = [
  {
    id: 'dmtp/ehlo-with-another-code',
    breaks: 'DMTP-025',
    title: 'answers EHLO with 251',
    hooks: rewriteReplies(/^EHLO/i, (reply) => reply.replaceAll(/^250/gm, '251')),
  },
  {
    id: 'dmtp/ehlo-with-capitals-refused',
    breaks: 'DMTP-025',
    title: 'refuses a domain in capitals at EHLO',
    hooks: answerLines(/^EHLO <[^>]*[A-Z]/, says('501 INVALID EHLO DOMAIN.')),
  },
  {
    id: 'dmtp/helo-bad-syntax',
    breaks: 'DMTP-026',
    title: 'answers HELO with 501',
    hooks: answerLines(/^HELO/i, says('501 BAD EHLO SYNTAX.')),
  },
  {
    id: 'dmtp/helo-greets-nobody',
    breaks: 'DMTP-026',
    title: 'answers HELO with 250 and still wants a greeting',
    hooks: answerLines(/^HELO/i, says('250 OK')),
  },
  {
    id: 'dmtp/ehlo-lists-no-8bitdime',
    breaks: 'DMTP-084',
    title: 'does not list 8BITDIME',
    hooks: rewriteReplies(/^EHLO/i, (reply) => reply.replace('250-8BITDIME\r\n', '')),
  },
  {
    id: 'dmtp/ehlo-lists-size-without-limit',
    breaks: 'DMTP-084',
    title: 'lists SIZE without its limit',
    hooks: rewriteReplies(/^EHLO/i, (reply) => reply.replace(/SIZE \d+/, 'SIZE')),
  },
  {
    id: 'dmtp/verify-needs-ehlo',
    breaks: 'DMTP-089',
    title: 'refuses VRFY before EHLO',
    hooks: needsGreeting(/^VRFY/i),
  },
  {
    id: 'dmtp/mode-needs-ehlo',
    breaks: 'DMTP-089',
    title: 'refuses MODE before EHLO',
    hooks: needsGreeting(/^MODE/i),
  },
];

const smallFaults: readonly Fault[] = [
  {
    id: 'dmtp/mode-without-ok',
    breaks: 'DMTP-027',
    title: 'answers MODE with the mode word alone',
    hooks: rewriteReplies(/^MODE/i, (reply) => reply.replace('OK ', '')),
  },
  {
    id: 'dmtp/mode-of-two-words',
    breaks: 'DMTP-027',
    title: 'answers MODE with two mode words',
    hooks: rewriteReplies(/^MODE/i, (reply) => reply.replace('DMTPv1', 'ESMTP DMTPv1')),
  },
  {
    id: 'dmtp/mode-of-another-protocol',
    breaks: 'DMTP-027',
    title: 'says that it speaks ESMTP',
    hooks: rewriteReplies(/^MODE/i, (reply) => reply.replace('DMTPv1', 'ESMTP')),
  },
  {
    id: 'dmtp/noop-with-another-code',
    breaks: 'DMTP-029',
    title: 'answers NOOP with 200',
    hooks: rewriteReplies(/^NOOP\s*$/i, (reply) => reply.replace(/^250/, '200')),
  },
  {
    id: 'dmtp/noop-drops-the-transaction',
    breaks: 'DMTP-029',
    title: 'drops the transaction at NOOP',
    hooks: rewriteLines(/^NOOP/i, () => 'RSET\r\n'),
  },
  {
    id: 'dmtp/noop-with-arguments-bad-syntax',
    breaks: 'DMTP-030',
    title: 'answers NOOP with arguments with 501',
    hooks: answerLines(/^NOOP[ \t]+\S/i, says('501 BAD SYNTAX.')),
  },
  {
    id: 'dmtp/rset-keeps-the-transaction',
    breaks: 'DMTP-031',
    title: 'keeps the transaction at RSET',
    hooks: rewriteLines(/^RSET/i, () => 'NOOP\r\n'),
  },
  {
    id: 'dmtp/rset-drops-the-greeting',
    breaks: 'DMTP-031',
    title: 'wants another EHLO after RSET',
    hooks: bendSessions(() => {
      let dropped = false;
      return {
        line: (line, ask) => {
          if (dropped && /^MAIL/i.test(line)) return '503 PLEASE PROVIDE AN EHLO AND TRY AGAIN\r\n';
          if (greeting.test(line)) dropped = false;
          if (/^RSET/i.test(line)) dropped = true;
          return ask(line);
        },
      };
    }),
  },
  {
    id: 'dmtp/quit-with-another-code',
    breaks: 'DMTP-032',
    title: 'answers QUIT with 250',
    hooks: rewriteReplies(/^QUIT/i, says('250 BYE')),
  },
  {
    id: 'dmtp/quit-leaves-the-connection-open',
    breaks: 'DMTP-032',
    title: 'answers QUIT with 221 and does not close the connection',
    hooks: answerLines(/^QUIT/i, says('221 BYE')),
    limits: { replyMs: 400 },
  },
  {
    id: 'dmtp/starttls-out-of-sequence',
    breaks: 'DMTP-079',
    title: 'answers STARTTLS inside TLS with 503',
    hooks: answerLines(/^STARTTLS/i, says('503 BAD SEQUENCE')),
  },
  {
    id: 'dmtp/starttls-drops-the-transaction',
    breaks: 'DMTP-079',
    title: 'drops the transaction at a STARTTLS inside TLS',
    hooks: answerLines(/^STARTTLS/i, (line, ask) => {
      ask('RSET\r\n');
      return ask(line);
    }),
  },
];

const optionalFaults: readonly Fault[] = [
  {
    id: 'dmtp/help-unknown',
    breaks: 'DMTP-034',
    title: 'answers HELP with 500',
    hooks: answerLines(/^HELP/i, says('500 INVALID COMMAND')),
  },
  {
    id: 'dmtp/help-switched-off',
    breaks: 'DMTP-034',
    title: 'has HELP switched off',
    hooks: answerLines(/^HELP/i, says('502 HELP COMMAND DISABLED')),
  },
  {
    id: 'dmtp/help-ignores-its-argument',
    breaks: 'DMTP-118',
    title: 'answers HELP with a command by the list of all',
    hooks: rewriteLines(/^HELP/i, () => 'HELP\r\n'),
  },
  {
    id: 'dmtp/help-on-a-command-not-found',
    breaks: 'DMTP-118',
    title: 'answers HELP with a command with 450',
    hooks: answerLines(/^HELP \S/i, says('450 NO HELP ON THIS')),
  },
  {
    id: 'dmtp/stats-not-now',
    breaks: 'DMTP-063',
    title: 'answers STATS with 451',
    hooks: answerLines(/^STATS/i, says('451 TRY AGAIN LATER')),
  },
  {
    id: 'dmtp/stats-not-implemented',
    breaks: 'DMTP-063',
    title: 'does not implement STATS',
    hooks: answerLines(/^STATS/i, says('502 Command not implemented')),
  },
  {
    id: 'dmtp/stats-without-a-nonce',
    breaks: 'DMTP-117',
    title: 'answers STATS without a nonce',
    hooks: rewriteReplies(/^STATS\s*$/i, says('200 OK')),
  },
  {
    id: 'dmtp/stats-same-nonce-again',
    breaks: 'DMTP-117',
    title: 'gives the same nonce each time',
    hooks: rewriteReplies(/^STATS\s*$/i, says('200 ONCE [AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA]')),
  },
  {
    id: 'dmtp/stats-any-nonce-right',
    breaks: 'DMTP-117',
    title: 'takes any nonce for the right one',
    hooks: answerLines(/^STATS \[/i, says('502 Command not implemented')),
  },
  {
    id: 'dmtp/verb-bad-sequence',
    breaks: 'DMTP-119',
    title: 'answers VERB with 503',
    hooks: answerLines(/^VERB/i, says('503 BAD SEQUENCE')),
  },
];

export const faults: readonly Fault[] = [...greetingFaults, ...smallFaults, ...optionalFaults];
