/** The form of replies: line ends, codes, separators, number of lines. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import type { DmtpConnection, PeerReply } from '../../target/dmtp-connection.js';
import { type Case, defineCase, nothing } from '../case.js';
import { afterRcpt, refused, requireCode, succeeded } from './answers.js';
import { aFingerprint, ehlo, mail, ownDomain, rcpt } from './lines.js';

/** STARTTLS inside TLS, which alone is answered with 454. */
const encrypted = 'STARTTLS <suite.example> MODE=DMTPv1';

/** Commands of every kind, right and wrong, that leave a session open. */
const lines = [
  ehlo,
  'HELP',
  'NOOP',
  'MODE',
  'RSET',
  'STATS',
  mail(),
  rcpt('suite.example'),
  'SGNT <suite.example>',
  `HIST <nobody@suite.example> [${aFingerprint}]`,
  `VRFY <suite.example> [${aFingerprint}]`,
  encrypted,
  'WRONG',
  'MAIL FROM: nobody',
  'SGNT',
];

/**
 * What STARTTLS inside TLS gets here. A peer that breaks DMTP-079 answers with another code than 454, the same each time,
 * and is told so by the case on that; two answers that differ are not its own.
 */
async function markOf(context: CaseContext, connection: DmtpConnection): Promise<number | null> {
  const first = await context.ask(connection, encrypted);
  const second = await context.ask(connection, encrypted);
  return first.code === second.code ? first.code : 454;
}

/** Some of `all` in any order. DATA comes last, since what follows it could be a message. */
const sessions = (all: readonly string[]): fc.Arbitrary<string[]> =>
  fc
    .tuple(fc.shuffledSubarray([...all], { minLength: 1 }), fc.boolean())
    .map(([some, data]) => (data ? [...some, 'DATA'] : some));

/** Commands whose reply may have several lines (DMTP-122); STATS may have several too. */
const severalLines = /^(?:EHLO|HELP|HIST|STARTTLS|STATS)/;

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/banner/names-the-host-and-dmtpv1',
    title: 'The banner is one line with code 220, the host name first and a later token DMTPv1.',
    class: 'dmtp-server',
    decides: ['DMTP-007'],
    needs: ['dmtp'],
    mostRuns: 3,
    given: nothing,
    async check(_, context) {
      const { connection } = await context.secure();
      const banner = await connection.reply(context.profile.limits.connectMs);
      context.covered('reply', banner.raw);
      requireCode(context, 'DMTP-007', banner, [220], '(the connection)');
      const [host = '', ...words] = banner.lines[0]?.text.split(' ') ?? [];
      context.require('DMTP-007', banner.lines.length === 1, 'a banner of one line', banner);
      context.require(
        'DMTP-007',
        /^(?:<[A-Za-z0-9.-]+>|[A-Za-z0-9.-]+)$/.test(host),
        'a host name after the code',
        banner,
      );
      context.require('DMTP-007', words.includes('DMTPv1'), 'a token DMTPv1 after the host name', banner);
      context.follows('banner-host', host.startsWith('<') ? 'in angle brackets' : 'without brackets');
    },
  }),
  defineCase({
    id: 'dmtp/replies/end-with-crlf',
    title: 'Every line of every reply ends with CRLF.',
    class: 'dmtp-server',
    decides: ['DMTP-010'],
    needs: ['dmtp'],
    given: () => sessions(lines),
    async check(sent, context) {
      const { connection, banner } = await context.open();
      const crlf = (reply: PeerReply): void =>
        context.require(
          'DMTP-010',
          reply.lines.every(({ end }) => end === 'crlf'),
          'CRLF at the end of each reply line',
          reply,
        );
      crlf(banner);
      for (const line of sent) crlf(await context.ask(connection, line));
    },
  }),
  defineCase({
    id: 'dmtp/replies/hyphen-on-all-lines-but-the-last',
    title: 'A space follows the code on the last line of a reply, a hyphen on the lines before.',
    class: 'dmtp-server',
    decides: ['DMTP-015'],
    needs: ['dmtp'],
    given: () => sessions(lines),
    async check(sent, context) {
      const { connection } = await context.open();
      const mark = await markOf(context, connection);
      for (const line of sent) {
        const reply = await context.ask(connection, line);
        context.require(
          'DMTP-015',
          reply.lines.every(({ code }) => code !== null),
          'three digits at the head of each line',
          reply,
        );
        context.require(
          'DMTP-015',
          reply.lines.at(-1)?.separator === ' ',
          'a space after the code of the last line',
          reply,
        );
        if (line === 'DATA') return;
        // A reply ends at its first line without a hyphen: with a wrong separator the rest shows before the next answer.
        const next = await context.ask(connection, encrypted);
        context.require(
          'DMTP-015',
          next.code === mark,
          'every line before the last with a hyphen, so that the next answer is that to the next command',
          JSON.stringify(reply.raw + next.raw),
        );
      }
    },
  }),
  defineCase({
    id: 'dmtp/replies/one-code-on-all-lines',
    title: 'All lines of a reply have the same code.',
    class: 'dmtp-server',
    decides: ['DMTP-016'],
    needs: ['dmtp'],
    given: () => sessions(lines),
    async check(sent, context) {
      const { connection } = await context.open();
      for (const line of sent) {
        const reply = await context.ask(connection, line);
        context.require(
          'DMTP-016',
          reply.lines.every(({ code }) => code === reply.code),
          'one code on all lines of a reply',
          reply,
        );
      }
    },
  }),
  defineCase({
    id: 'dmtp/replies/one-line-but-for-four-commands',
    title: 'Every command but EHLO, HELP, HIST, STARTTLS and STATS is answered with one line.',
    class: 'dmtp-server',
    decides: ['DMTP-122'],
    needs: ['dmtp'],
    given: () => sessions(lines.filter((line) => !severalLines.test(line))),
    async check(sent, context) {
      const connection = await afterRcpt(context);
      for (const line of sent) {
        const reply = await context.ask(connection, line);
        context.require('DMTP-122', reply.lines.length === 1, `one line in answer to ${JSON.stringify(line)}`, reply);
      }
    },
  }),
  defineCase({
    id: 'dmtp/replies/nothing-unasked',
    title: 'No line is sent that answers no command.',
    class: 'dmtp-server',
    decides: ['DMTP-123'],
    needs: ['dmtp'],
    mostRuns: 30,
    given: () => fc.shuffledSubarray(lines, { minLength: 1 }),
    async check(sent, context) {
      const { connection } = await context.open();
      const mark = await markOf(context, connection);
      for (const line of sent) {
        await context.ask(connection, line);
        // Anything unasked stands before the answer to the next command, which no other situation answers like this.
        const known = await context.ask(connection, encrypted);
        context.require('DMTP-123', known.code === mark, 'one reply a command', known);
      }
      const silent = await connection.silent();
      context.require('DMTP-123', silent, 'nothing after the last answer', () => JSON.stringify(connection.unread));
    },
  }),
  defineCase({
    id: 'dmtp/replies/canonical-codes',
    title: 'Each situation is answered with the code of section 12, or with that of the reading numbered-codes.',
    class: 'dmtp-server',
    decides: ['DMTP-020'],
    needs: ['dmtp'],
    mostRuns: 12,
    given: ({ disabled }) =>
      fc.shuffledSubarray(
        situations.filter(({ verb }) => !disabled.some((name) => name === verb)),
        { minLength: 1 },
      ),
    async check(some, context) {
      for (const situation of some) await judge(situation, context);
    },
  }),
];

async function judge(
  { before, line, code, numbered, also = [], alsoAny, reads }: Situation,
  context: CaseContext,
): Promise<void> {
  const { connection } = await context.open();
  const domain = ownDomain(context.profile);
  for (const earlier of before) await context.ask(connection, earlier.replace('{domain}', domain));
  const reading = context.profile.readings.includes('numbered-codes');
  const right = reading && numbered !== undefined ? numbered : code;
  const sent = line.replace('{domain}', domain);
  const reply = await context.ask(connection, sent);
  const fits =
    (reply.code !== null && [right, ...also].includes(reply.code)) ||
    (alsoAny === 'success' && succeeded(reply)) ||
    (alsoAny === 'refusal' && refused(reply));
  const expected = [right, ...also, ...(alsoAny === undefined ? [] : [`any ${alsoAny}`])].join(' or ');
  context.require('DMTP-020', fits, `${expected} in answer to ${JSON.stringify(sent)}`, reply);
  if (reply.code !== right) context.note(`${sent}: ${reply.code}, which is also right`);
  if (reads !== undefined) context.follows(reads, `${sent.split(' ')[0]}: ${reply.code}`);
  if (numbered !== undefined) {
    context.follows(
      'numbered-codes',
      reply.code === numbered ? 'answers with its codes' : 'answers with the canonical codes',
    );
  }
  connection.close();
}

interface Situation {
  readonly verb: string;
  /** Lines that lead there; `{domain}` stands for the target's own. */
  readonly before: readonly string[];
  readonly line: string;
  /** Section 12.4. */
  readonly code: number;
  /** Section 12.5. */
  readonly numbered?: number;
  /** Section 12.6. */
  readonly also?: readonly number[];
  /** Section 12.6, where it names a whole class of codes. */
  readonly alsoAny?: 'success' | 'refusal';
  /** The reading that the answer shows. */
  readonly reads?: string;
}

const none: readonly string[] = [];
const greeted: readonly string[] = [ehlo];
const toOwnDomain = rcpt('{domain}');

const situations: readonly Situation[] = [
  { verb: 'EHLO', before: none, line: ehlo, code: 250 },
  { verb: 'MODE', before: none, line: 'MODE', code: 200, numbered: 250 },
  { verb: 'NOOP', before: none, line: 'NOOP', code: 250 },
  { verb: 'RSET', before: none, line: 'RSET', code: 250 },
  { verb: 'QUIT', before: none, line: 'QUIT', code: 221 },
  { verb: 'STATS', before: none, line: 'STATS', code: 200, numbered: 250, also: [500, 502], alsoAny: 'success' },
  { verb: 'HELP', before: none, line: 'HELP', code: 214, also: [502] },
  { verb: 'MAIL', before: greeted, line: mail(), code: 250 },
  { verb: 'RCPT', before: [ehlo, mail()], line: toOwnDomain, code: 250 },
  { verb: 'DATA', before: [ehlo, mail(), toOwnDomain], line: 'DATA [none]', code: 354 },
  { verb: 'STARTTLS', before: none, line: 'STARTTLS <suite.example> MODE=DMTPv1', code: 454 },
  { verb: 'MAIL', before: none, line: mail(), code: 503 },
  { verb: 'MAIL', before: greeted, line: 'MAIL FROM: <origin.example> SIZE=1', code: 501 },
  { verb: 'RCPT', before: [ehlo, mail()], line: 'RCPT TO: nobody', code: 501 },
  { verb: 'EHLO', before: none, line: 'EHLO suite.example', code: 554 },
  { verb: 'NONE', before: none, line: 'WRONG', code: 500 },
  { verb: 'RSET', before: none, line: 'RSET now', code: 500, also: [501, 250], reads: 'surplus-arguments' },
  { verb: 'MODE', before: none, line: 'MODE now', code: 500, also: [501, 200, 250], reads: 'surplus-arguments' },
  {
    verb: 'EHLO',
    before: none,
    line: 'EHLO HOST=<suite.example> MODE=x',
    code: 501,
    also: [500],
    reads: 'named-argument-errors',
  },
  {
    verb: 'SGNT',
    before: none,
    line: 'SGNT <nobody@foreign.invalid>',
    code: 450,
    alsoAny: 'refusal',
    reads: 'signet-not-found',
  },
];
