/** Seeded faults of a DMTP server: command lines as such, their length and ends, dialects, pipelining. */
import type { Fault } from './fault.js';
import { answerLines, bendSessions, rewriteLines, rewriteReplies, says } from './session-bending.js';

/** What the right server calls unknown, and answers with 500. */
const unknown = (reply: string): boolean => reply.startsWith('500 INVALID COMMAND');

const longest = 512;

export const faults: readonly Fault[] = [
  {
    id: 'dmtp/lf-alone-unknown',
    breaks: 'DMTP-011',
    title: 'takes a line that ends with LF alone for an unknown command',
    hooks: answerLines(/[^\r]\n$/, says('500 INVALID COMMAND')),
  },
  {
    id: 'dmtp/lines-of-512-refused',
    breaks: 'DMTP-013',
    title: 'refuses a line of 512 octets',
    hooks: bendSessions(() => ({
      line: (line, ask) => (line.length === longest ? '500 LINE TOO LONG\r\n' : ask(line)),
    })),
  },
  {
    id: 'dmtp/long-lines-cut',
    breaks: 'DMTP-013',
    title: 'reads the first 512 octets of a longer line and drops the rest',
    hooks: bendSessions(() => ({
      line: (line, ask) => ask(line.length > longest ? `${line.slice(0, longest - 2)}\r\n` : line),
    })),
  },
  {
    id: 'dmtp/rest-of-long-lines-read',
    breaks: 'DMTP-013',
    title: 'refuses a line that is too long and takes its rest for another command',
    hooks: bendSessions(() => ({
      line: (line, ask) =>
        line.length > longest ? `500 LINE TOO LONG\r\n${ask(line.slice(longest).trimStart() || '\r\n')}` : ask(line),
    })),
  },
  {
    id: 'dmtp/unknown-is-not-implemented',
    breaks: 'DMTP-021',
    title: 'answers an unknown command with 502',
    hooks: answerLines(/^[A-Z]/, (line, ask) => {
      const reply = ask(line);
      return unknown(reply) ? reply.replace(/^500/, '502') : reply;
    }),
  },
  {
    id: 'dmtp/unknown-is-quietly-taken',
    breaks: 'DMTP-021',
    title: 'answers an unknown command with 250',
    hooks: answerLines(/^[A-Z]{3,}/, (line, ask) => {
      const reply = ask(line);
      return unknown(reply) ? '250 OK\r\n' : reply;
    }),
  },
  {
    id: 'dmtp/disabled-is-unknown',
    breaks: 'DMTP-023',
    title: 'answers a command that is switched off with 500',
    hooks: answerLines(/^VERB/i, says('500 INVALID COMMAND')),
  },
  {
    id: 'dmtp/disabled-is-carried-out',
    breaks: 'DMTP-023',
    title: 'carries out a command that is switched off',
    hooks: answerLines(/^VERB/i, says('200 OK')),
  },
  {
    id: 'dmtp/named-dialect-unknown',
    breaks: 'DMTP-045',
    title: 'does not know the named dialect',
    hooks: answerLines(
      /^(?:EHLO HOST|SGNT (?:USER|DOMAIN)|VRFY (?:USER|DOMAIN)|HIST USER|MAIL FROM)=/i,
      says('501 BAD SYNTAX.'),
    ),
  },
  {
    id: 'dmtp/named-greeting-unknown',
    breaks: 'DMTP-045',
    title: 'does not know EHLO in the named dialect',
    hooks: answerLines(/^EHLO HOST=/i, says('500 INVALID COMMAND')),
  },
  {
    id: 'dmtp/pipelined-in-reverse',
    breaks: 'DMTP-085',
    title: 'carries out commands that come together in the reverse order',
    hooks: bendSessions(() => ({
      chunk: (octets) =>
        /^(?:[ -~]+\r?\n){2,}$/.test(octets)
          ? octets
              .split(/(?<=\n)/)
              .toReversed()
              .join('')
          : octets,
    })),
  },
  {
    id: 'dmtp/pipelined-after-a-refusal-skipped',
    breaks: 'DMTP-085',
    title: 'refuses whatever stands behind a refused command in the same piece',
    hooks: bendSessions(() => {
      let rest = 0;
      let refused = false;
      return {
        chunk: (octets) => {
          rest = octets.split('\n').length - 1;
          refused = false;
          return octets;
        },
        line: (line, ask) => {
          rest -= 1;
          if (refused) return '503 BAD SEQUENCE\r\n';
          const reply = ask(line);
          refused = rest > 0 && /^5/.test(reply);
          return reply;
        },
      };
    }),
  },
  {
    id: 'dmtp/empty-lines-ignored',
    breaks: 'DMTP-120',
    title: 'gives no answer to an empty line',
    hooks: answerLines(/^\s*$/, () => ''),
    limits: { replyMs: 400 },
  },
  {
    id: 'dmtp/empty-lines-welcome',
    breaks: 'DMTP-120',
    title: 'answers an empty line with 250',
    hooks: answerLines(/^\s*$/, says('250 OK')),
  },
  {
    id: 'dmtp/argument-errors-are-unknown-commands',
    breaks: 'DMTP-022',
    title: 'answers an error in the arguments of MAIL, RCPT and VRFY with 500',
    hooks: rewriteReplies(/^(?:MAIL|RCPT|VRFY)/i, (reply) => reply.replace(/^501/, '500')),
  },
  {
    id: 'dmtp/tabs-unknown',
    breaks: 'DMTP-022',
    title: 'does not take a tab between arguments',
    hooks: answerLines(/^(?:VRFY|SGNT|MAIL|RCPT|EHLO)[^\t]*\t/i, says('501 BAD SYNTAX.')),
  },
  {
    id: 'dmtp/closing-brackets-optional',
    breaks: 'DMTP-022',
    title: 'takes VRFY without its last bracket',
    hooks: rewriteLines(/^VRFY[^\]]*\[[^\]]+$/i, (line) => line.replace(/(?:\]?\s*)$/, ']\r\n')),
  },
];
