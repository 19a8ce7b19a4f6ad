/** Seeded faults of a DMTP server: what it makes of real mail, of one client and of several. */
import { createHash } from 'node:crypto';
import type { ReferenceHooks } from '../target/embedded.js';
import { bendJudge, bendStore, judgedOtherwise } from './dmtp-server-bending.js';
import type { Fault } from './fault.js';
import { bendSessions, rewriteReplies, says, succeeded } from './session-bending.js';

const numbered = { numberedCodes: true } as const;
const locks = ['locked by administrator', 'locked for inactivity', 'locked for abuse', 'locked by owner'] as const;

/** Messages whose own header tells another length than SIZE are acknowledged. */
const lengthsNotCompared = bendSessions(() => {
  let size = 0;
  let head = '';
  return {
    line: (line, ask) => {
      size = Number(/SIZE=(\d+)/i.exec(line)?.[1] ?? size);
      head = '';
      return ask(line);
    },
    message: (octets, ask) => {
      head = (head + octets).slice(0, 6);
      const reply = ask(octets);
      if (!reply.startsWith('554') || head.length < 6) return reply;
      const told = 6 + Buffer.from(head, 'latin1').readUInt32BE(2);
      return told === size ? reply : '250 OK [whatever-it-is]\r\n';
    },
  };
});

const checkingFaults: readonly Fault[] = [
  {
    id: 'dmtp/any-signature-taken',
    breaks: 'DMTP-101',
    title: "stores mail whose origin's signature does not hold",
    hooks: judgedOtherwise(['wrong signature'], 'accepted'),
  },
  {
    id: 'dmtp/broken-layout-taken',
    breaks: 'DMTP-101',
    title: 'stores mail whose chunks are not those of a message',
    hooks: judgedOtherwise(['invalid message'], 'accepted'),
  },
  {
    id: 'dmtp/wrong-signature-to-be-tried-again',
    breaks: 'DMTP-101',
    title: 'answers 451 to mail whose signature does not hold, as if it would some day',
    hooks: judgedOtherwise(['wrong signature'], 'internal error'),
  },
  {
    id: 'dmtp/lengths-not-compared',
    breaks: 'DMTP-101',
    title: 'acknowledges mail whose own header tells another length than SIZE',
    hooks: lengthsNotCompared,
  },
  {
    id: 'dmtp/origin-not-compared',
    breaks: 'DMTP-101',
    title: 'takes the word of the message for its origin, whatever MAIL said',
    hooks: bendJudge((mail, judge) => judge({ ...mail, origin: 'origin.example' })),
  },
  {
    id: 'dmtp/unknown-origin-taken',
    breaks: 'DMTP-020',
    title: 'stores mail of origins whose signet it cannot get',
    hooks: judgedOtherwise(['origin unavailable', 'origin unknown'], 'accepted'),
  },
];

const recipientFaults: readonly Fault[] = [
  {
    id: 'dmtp/unknown-recipient-taken',
    breaks: 'DMTP-102',
    title: 'stores mail for recipients whom it does not know',
    hooks: judgedOtherwise(['recipient unknown'], 'accepted'),
  },
  {
    id: 'dmtp/locked-recipient-taken',
    breaks: 'DMTP-102',
    title: 'stores mail for recipients who are locked',
    hooks: judgedOtherwise(locks, 'accepted'),
  },
  {
    id: 'dmtp/locked-recipient-unknown',
    breaks: 'DMTP-102',
    title: 'says of recipients who are locked that it does not know them',
    hooks: judgedOtherwise(locks, 'recipient unknown'),
  },
  {
    id: 'dmtp/recipient-elsewhere-unknown',
    breaks: 'DMTP-102',
    title: 'says of recipients elsewhere that it does not know them',
    hooks: judgedOtherwise(['domain not served'], 'recipient unknown'),
  },
];

/** A message that has come whole is stored though its line end is missing. */
const lineEndNotAwaited: ReferenceHooks = bendStore((store) => ({
  receive: (envelope) => {
    const sink = store.receive(envelope);
    const digest = createHash('sha512');
    let octets = 0;
    return {
      write: (piece) => {
        digest.update(piece);
        octets += piece.length;
        sink.write(piece);
      },
      pieces: () => sink.pieces(),
      commit: (id, fingerprint, recipient) => sink.commit(id, fingerprint, recipient),
      abort: () => {
        const whole = octets === envelope.octets;
        if (whole) sink.commit(`broken-${octets}`, digest.digest('base64').replace(/=+$/, ''), null);
        else sink.abort();
      },
    };
  },
}));

const knowingFaults: readonly Fault[] = [
  {
    id: 'dmtp/line-end-not-awaited',
    breaks: 'DMTP-054',
    title: 'stores a message that broke off before its line end',
    hooks: lineEndNotAwaited,
    flavour: numbered,
  },
  {
    id: 'dmtp/duplicates-stored-again',
    breaks: 'DMTP-020',
    title: 'claims the numbered codes and does not know a message again',
    hooks: bendStore(() => ({ holds: () => false })),
    flavour: numbered,
  },
  {
    id: 'dmtp/everything-known',
    breaks: 'DMTP-020',
    title: 'takes every message for a duplicate',
    hooks: bendStore(() => ({ holds: () => true })),
    flavour: numbered,
  },
  {
    id: 'dmtp/old-signet-of-the-destination-taken',
    breaks: 'DMTP-020',
    title: 'claims the numbered codes and takes a RCPT whose fingerprint is out of date',
    hooks: rewriteReplies(/^RCPT/i, (reply) => reply.replace(/^576.*/, '250 OK')),
    flavour: numbered,
  },
  {
    id: 'dmtp/old-signet-of-the-recipient-taken',
    breaks: 'DMTP-020',
    title: 'claims the numbered codes and takes a message with a signet of its recipient that was replaced',
    hooks: judgedOtherwise(['outdated recipient signet'], 'accepted'),
    flavour: numbered,
  },
  {
    id: 'dmtp/fingerprint-of-mail-unseen',
    breaks: 'DMTP-020',
    title: 'claims the numbered codes and does not look at the fingerprint of MAIL',
    hooks: judgedOtherwise(['invalid origin signet'], 'accepted'),
    flavour: numbered,
  },
];

const crowdFaults: readonly Fault[] = [
  {
    id: 'dmtp/ids-counted-for-each-client',
    breaks: 'DMTP-105',
    title: 'numbers the messages of each connection from one on',
    hooks: bendSessions(() => {
      let count = 0;
      return {
        message: (octets, ask) => ask(octets).replace(/^(250 OK) \[.*\]/, (_, ok: string) => `${ok} [${++count}]`),
      };
    }),
  },
  {
    id: 'dmtp/one-message-at-a-time',
    breaks: 'DMTP-055',
    title: 'refuses a message while it awaits that of another client',
    freshHooks: () => {
      const awaited = new Set<unknown>();
      return bendSessions(() => {
        const own = {};
        return {
          line: (line, ask) => {
            awaited.delete(own);
            const reply = ask(line);
            if (reply.startsWith('354')) awaited.add(own);
            return reply;
          },
          message: (octets, ask) => {
            const reply = ask(octets);
            if (reply === '') return '';
            awaited.delete(own);
            return awaited.size > 0 ? '451 BUSY WITH ANOTHER MESSAGE\r\n' : reply;
          },
        };
      });
    },
  },
  {
    id: 'dmtp/first-mail-survives-rset',
    breaks: 'DMTP-031',
    title: 'goes by the MAIL before a RSET once a new one is given',
    hooks: bendSessions(() => {
      let mail: string | null = null;
      let given = false;
      return {
        line: (line, ask) => {
          if (/^RSET/i.test(line)) given = mail !== null;
          if (!/^MAIL/i.test(line)) return ask(line);
          const reply = ask(given && mail !== null ? mail : line);
          if (succeeded(reply) && !given) mail = line;
          return reply;
        },
      };
    }),
    limits: { replyMs: 400 },
  },
  {
    id: 'dmtp/data-after-rset',
    breaks: 'DMTP-031',
    title: 'awaits a message though RSET dropped its transaction',
    hooks: bendSessions(() => {
      let dropped = false;
      return {
        line: (line, ask) => {
          if (/^RSET/i.test(line)) dropped = true;
          if (/^MAIL/i.test(line)) dropped = false;
          return dropped && /^DATA/i.test(line) ? says('354 CONTINUE [none]')() : ask(line);
        },
      };
    }),
  },
];

export const faults: readonly Fault[] = [...checkingFaults, ...recipientFaults, ...knowingFaults, ...crowdFaults];
