/** Seeded faults of a DMTP server: DATA, the message, and what comes after it. */
import type { Fault } from './fault.js';
import {
  answerLines,
  bendSessions,
  rewriteLines,
  rewriteMessageReplies,
  rewriteReplies,
  says,
  succeeded,
} from './session-bending.js';

const dataFaults: readonly Fault[] = [
  {
    id: 'dmtp/go-ahead-with-another-code',
    breaks: 'DMTP-052',
    title: 'answers DATA with 350',
    hooks: rewriteReplies(/^DATA/i, (reply) => reply.replace(/^354/, '350')),
  },
  {
    id: 'dmtp/go-ahead-of-smtp',
    breaks: 'DMTP-052',
    title: 'answers DATA with the words of SMTP and no hash',
    hooks: rewriteReplies(/^DATA/i, (reply) => reply.replace(/CONTINUE.*/, 'END DATA WITH <CR><LF>.<CR><LF>')),
  },
  {
    id: 'dmtp/data-without-hash-out-of-sequence',
    breaks: 'DMTP-052',
    title: 'answers DATA without an argument with 503',
    hooks: answerLines(/^DATA\s*$/i, says('503 DATA REJECTED')),
  },
  {
    id: 'dmtp/go-ahead-with-another-hash',
    breaks: 'DMTP-104',
    title: 'does not repeat the hash of DATA',
    hooks: rewriteReplies(/^DATA/i, (reply) => reply.replace(/\[[^\]]*\]/, '[NONE]')),
  },
  {
    id: 'dmtp/size-counts-the-line-end',
    breaks: 'DMTP-054',
    title: 'counts one octet of the line end to the SIZE octets of the message',
    hooks: rewriteLines(/^MAIL.*SIZE=\d+\s*$/i, (line) =>
      line.replace(/SIZE=(\d+)/i, (_, size: string) => `SIZE=${Number(size) - 1}`),
    ),
  },
  {
    id: 'dmtp/message-without-size-refused',
    breaks: 'DMTP-054',
    title: 'refuses a message whose length only its own header tells',
    hooks: bendSessions(() => {
      let sized = true;
      return {
        line: (line, ask) => {
          if (/^MAIL/i.test(line)) sized = /SIZE=/i.test(line);
          return ask(line);
        },
        message: (octets, ask) => {
          const reply = ask(octets);
          return reply === '' || sized ? reply : '554 INVALID DMIME DATA RECEIVED.\r\n';
        },
      };
    }),
  },
];

const answerFaults: readonly Fault[] = [
  {
    id: 'dmtp/stored-without-an-id',
    breaks: 'DMTP-055',
    title: 'stores a message and tells no transaction id',
    hooks: rewriteMessageReplies((reply) => reply.replace(/^250 .*/, '250 OK')),
  },
  {
    id: 'dmtp/stored-without-brackets',
    breaks: 'DMTP-055',
    title: 'tells the transaction id without brackets',
    hooks: rewriteMessageReplies((reply) => reply.replace(/\[(.*)\]/, '$1')),
  },
  {
    id: 'dmtp/one-id-for-all',
    breaks: 'DMTP-105',
    title: 'gives every message the same transaction id',
    hooks: rewriteMessageReplies((reply) => reply.replace(/^(250 OK) \[.*\]/, '$1 [message-1]')),
  },
  {
    id: 'dmtp/message-answered-twice',
    breaks: 'DMTP-099',
    title: 'answers a message twice',
    hooks: rewriteMessageReplies((reply) => reply + reply),
  },
  {
    id: 'dmtp/message-answered-early',
    breaks: 'DMTP-099',
    title: 'answers a message at its first octet',
    hooks: bendSessions(() => {
      let answered = false;
      return {
        line: (line, ask) => {
          answered = false;
          return ask(line);
        },
        message: (octets, ask) => {
          ask(octets);
          if (answered) return '';
          answered = true;
          return '250 OK [early]\r\n';
        },
      };
    }),
  },
  {
    id: 'dmtp/rest-of-the-line-carried-out',
    breaks: 'DMTP-100',
    title: 'takes what stands between the message and the next LF for a command',
    hooks: bendSessions(() => {
      let left = 0;
      let rest = '';
      return {
        line: (line, ask) => {
          left = Number(/SIZE=(\d+)/i.exec(line)?.[1] ?? left);
          rest = '';
          return ask(line);
        },
        message: (octets, ask) => {
          if (left > 0) ask(octets.slice(0, left));
          rest += octets.slice(left);
          left = Math.max(0, left - octets.length);
          if (!rest.endsWith('\n')) return '';
          const reply = ask('\r\n');
          return /^\r?\n$/.test(rest) ? reply : reply + ask(rest);
        },
      };
    }),
  },
  {
    id: 'dmtp/anything-stored',
    breaks: 'DMTP-101',
    title: 'stores what is no message',
    hooks: rewriteMessageReplies((reply) => reply.replace(/^554 .*/, '250 OK [message]')),
  },
  {
    id: 'dmtp/no-message-bad-syntax',
    breaks: 'DMTP-101',
    title: 'answers what is no message with 501',
    hooks: rewriteMessageReplies((reply) => reply.replace(/^554/, '501')),
  },
];

/** Repeats MAIL and RCPT of the transaction that a message ended. */
const keepTransaction = bendSessions(() => {
  let mail = '';
  let rcpt = '';
  return {
    line: (line, ask) => {
      const reply = ask(line);
      if (/^MAIL/i.test(line) && succeeded(reply)) mail = line;
      if (/^RCPT/i.test(line) && succeeded(reply)) rcpt = line;
      return reply;
    },
    message: (octets, ask) => {
      const reply = ask(octets);
      if (reply !== '') {
        ask(mail);
        ask(rcpt);
      }
      return reply;
    },
  };
});

const recipientFaults: readonly Fault[] = [
  {
    id: 'dmtp/foreign-domain-not-found',
    breaks: 'DMTP-102',
    title: 'answers RCPT for a domain that it does not serve with 450',
    hooks: rewriteReplies(/^RCPT/i, (reply) => reply.replace(/^551/, '450')),
  },
  {
    id: 'dmtp/foreign-domain-served',
    breaks: 'DMTP-102',
    title: 'takes messages for a domain that it does not serve',
    hooks: rewriteLines(/^RCPT.*foreign\.invalid/i, (line) => line.replace(/<[^>]*>/, '<reference.example>')),
  },
  {
    id: 'dmtp/transaction-outlives-the-message',
    breaks: 'DMTP-103',
    title: 'keeps the transaction after the message',
    hooks: keepTransaction,
  },
  {
    id: 'dmtp/message-ends-the-greeting',
    breaks: 'DMTP-103',
    title: 'wants another EHLO after a message',
    hooks: bendSessions(() => {
      let lost = false;
      return {
        line: (line, ask) => {
          if (/^(?:EHLO|HELO)/i.test(line)) lost = false;
          return lost && /^MAIL/i.test(line) ? '503 PLEASE PROVIDE AN EHLO AND TRY AGAIN\r\n' : ask(line);
        },
        message: (octets, ask) => {
          const reply = ask(octets);
          lost ||= reply !== '';
          return reply;
        },
      };
    }),
  },
];

export const faults: readonly Fault[] = [...dataFaults, ...answerFaults, ...recipientFaults];
