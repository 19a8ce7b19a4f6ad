/** The commands that need no transaction: EHLO, HELO, MODE, NOOP, RSET, QUIT, HELP, STATS, VERB, STARTTLS inside TLS. */
import fc from 'fast-check';
import { type Case, defineCase, nothing } from '../case.js';
import { afterMail, afterRcpt, asks, refused, requireCode, step, succeeded, textOf } from './answers.js';
import { aFingerprint, domains, ehlo, mail, ownDomain, rcpt } from './lines.js';

const modeWord = /^(?:DMTPv1|SMTP|ESMTP)$/i;
/** And QUIT, which comes last. */
const withoutGreeting = [
  'SGNT <suite.example>',
  `HIST <nobody@suite.example> [${aFingerprint}]`,
  `VRFY <suite.example> [${aFingerprint}]`,
  'STATS',
  'HELP',
  'NOOP',
  'RSET',
  'MODE',
  'VERB',
];
const once = /^ONCE +\[([A-Za-z0-9_+/=-]+)\]$/i;

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/ehlo/is-accepted',
    title: 'EHLO with a domain is answered with 250.',
    class: 'dmtp-server',
    decides: ['DMTP-025'],
    needs: ['dmtp'],
    given: () => domains,
    async check(domain, context) {
      const { connection } = await context.open();
      await asks(context, connection, 'DMTP-025', `EHLO <${domain}>`, [250]);
      // Accepted means more than a code: mail may begin.
      const reply = await context.ask(connection, mail());
      context.require('DMTP-025', reply.code !== 503, 'MAIL to be in sequence after EHLO', reply);
    },
  }),
  defineCase({
    id: 'dmtp/ehlo/lists-what-it-offers',
    title: 'The reply to EHLO lists PIPELINING, 8BITMIME, 8BITDIME, RETURN and SIZE with the limit.',
    class: 'dmtp-server',
    decides: ['DMTP-084'],
    needs: ['dmtp'],
    mostRuns: 2,
    given: nothing,
    async check(_, context) {
      const { connection } = await context.open();
      const reply = await step(context, connection, ehlo);
      const listed = reply.lines.slice(0, -1).map(({ text }) => text);
      for (const keyword of ['PIPELINING', '8BITMIME', '8BITDIME', 'RETURN']) {
        context.require('DMTP-084', listed.includes(keyword), `${keyword} on a line of its own`, reply);
      }
      context.require(
        'DMTP-084',
        listed.some((text) => /^SIZE [1-9]\d*$/.test(text)),
        'SIZE and the limit in octets',
        reply,
      );
    },
  }),
  defineCase({
    id: 'dmtp/helo/is-accepted',
    title: 'HELO with a domain is answered with 250.',
    class: 'dmtp-server',
    decides: ['DMTP-026'],
    needs: ['dmtp'],
    given: () => domains,
    async check(domain, context) {
      const { connection } = await context.open();
      const reply = await asks(context, connection, 'DMTP-026', `HELO <${domain}>`, [250, 500]);
      context.follows('helo', reply.code === 250 ? 'a command' : 'unknown');
      if (reply.code === 500) return;
      context.require('DMTP-026', reply.lines.length === 1, 'one line', reply);
      const next = await context.ask(connection, mail());
      context.require('DMTP-026', next.code !== 503, 'MAIL to be in sequence after HELO', next);
    },
  }),
  defineCase({
    id: 'dmtp/mode/says-ok-and-one-mode',
    title: 'MODE is answered with OK and one mode word, which inside TLS is DMTPv1.',
    class: 'dmtp-server',
    decides: ['DMTP-027'],
    needs: ['dmtp'],
    given: () => fc.boolean(),
    async check(greeted, context) {
      const connection = greeted ? await context.greeted() : (await context.open()).connection;
      const reply = await context.ask(connection, 'MODE');
      context.require('DMTP-027', succeeded(reply), 'a 2xx code', reply);
      context.follows(
        'numbered-codes',
        reply.code === 250 ? 'answers with its codes' : 'answers with the canonical codes',
      );
      const words = textOf(reply).split(/[ \t]+/);
      context.require('DMTP-027', words[0] === 'OK' && words.length === 2, 'OK and one word', reply);
      context.require('DMTP-027', modeWord.test(words[1] ?? ''), 'a mode word: DMTPv1, SMTP or ESMTP', reply);
      context.require(
        'DMTP-027',
        /^dmtpv1$/i.test(words[1] ?? ''),
        'DMTPv1, the protocol that this session speaks',
        reply,
      );
    },
  }),
  defineCase({
    id: 'dmtp/noop/changes-nothing',
    title: 'NOOP is answered with 250 wherever it stands, and the session goes on as if it had not been there.',
    class: 'dmtp-server',
    decides: ['DMTP-029'],
    needs: ['dmtp'],
    given: () => fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
    async check(places, context) {
      const domain = ownDomain(context.profile);
      const { connection } = await context.open();
      const noops = async (place: number): Promise<void> => {
        for (const at of places) if (at === place) await asks(context, connection, 'DMTP-029', 'NOOP', [250]);
      };
      await noops(0);
      const early = await context.ask(connection, mail());
      context.require('DMTP-029', !succeeded(early), 'MAIL to be out of sequence still', early);
      await step(context, connection, ehlo);
      await step(context, connection, mail());
      await noops(1);
      const next = await context.ask(connection, rcpt(domain));
      context.require('DMTP-029', succeeded(next), 'RCPT to be in sequence still', next);
      await noops(2);
      const last = await context.ask(connection, 'DATA [none]');
      context.require('DMTP-029', last.code === 354, 'DATA to be in sequence still', last);
    },
  }),
  defineCase({
    id: 'dmtp/noop/arguments-are-ignored',
    title: 'NOOP with arguments is answered with 250.',
    class: 'dmtp-server',
    decides: ['DMTP-030'],
    needs: ['dmtp'],
    given: () => fc.stringMatching(/^[ -~]{1,60}$/).map((text) => text.trim()),
    async check(text, context) {
      const { connection } = await context.open();
      const reply = await asks(context, connection, 'DMTP-030', `NOOP ${text}`, [250, 500]);
      if (text !== '') context.follows('noop-arguments', reply.code === 250 ? 'ignored' : 'refused');
    },
  }),
  defineCase({
    id: 'dmtp/rset/drops-the-transaction',
    title: 'RSET is answered with 250 and drops the transaction, but not the greeting.',
    class: 'dmtp-server',
    decides: ['DMTP-031'],
    needs: ['dmtp'],
    given: () => fc.boolean(),
    async check(withRecipient, context) {
      const connection = withRecipient ? await afterRcpt(context) : await afterMail(context);
      await asks(context, connection, 'DMTP-031', 'RSET', [250]);
      for (const line of [rcpt(ownDomain(context.profile)), 'DATA [none]']) {
        const reply = await context.ask(connection, line);
        context.require('DMTP-031', refused(reply), `${JSON.stringify(line)} to be out of sequence after RSET`, reply);
      }
      const again = await context.ask(connection, mail());
      context.require('DMTP-031', succeeded(again), 'MAIL to be in sequence without another EHLO', again);
    },
  }),
  defineCase({
    id: 'dmtp/quit/says-221-and-closes',
    title: 'QUIT is answered with 221, and then the server closes the connection.',
    class: 'dmtp-server',
    decides: ['DMTP-032'],
    needs: ['dmtp'],
    mostRuns: 12,
    given: () => fc.constantFrom('open', 'greeted', 'rcpt'),
    async check(state, context) {
      const connection =
        state === 'open'
          ? (await context.open()).connection
          : state === 'greeted'
            ? await context.greeted()
            : await afterRcpt(context);
      await asks(context, connection, 'DMTP-032', 'QUIT', [221]);
      const ended = await connection.end();
      context.require('DMTP-032', ended === 'closed', 'the connection to be closed', String(ended ?? 'it stays open'));
      context.require('DMTP-032', connection.unread === '', 'nothing after 221', JSON.stringify(connection.unread));
    },
  }),
  defineCase({
    id: 'dmtp/help/214-or-502',
    title: 'HELP is answered with 214, or with 502 when it is switched off.',
    class: 'dmtp-server',
    decides: ['DMTP-034'],
    needs: ['dmtp'],
    mostRuns: 3,
    given: nothing,
    async check(_, context) {
      const { connection } = await context.open();
      const reply = await asks(context, connection, 'DMTP-034', 'HELP', [214, 502]);
      context.took('DMTP-034', reply.code === 214, `HELP is answered with ${reply.code}`);
      context.follows('help', reply.code === 214 ? 'offered' : 'switched off');
    },
  }),
  defineCase({
    id: 'dmtp/help/on-one-command',
    title: 'HELP with a command is answered with lines on that command.',
    class: 'dmtp-server',
    decides: ['DMTP-118'],
    needs: ['dmtp'],
    given: () => fc.constantFrom('MAIL', 'RCPT', 'DATA', 'SGNT', 'QUIT', 'NOOP', 'EHLO'),
    async check(verb, context) {
      const { connection } = await context.open();
      const list = await context.ask(connection, 'HELP');
      const reply = await asks(context, connection, 'DMTP-118', `HELP ${verb}`, [214, 500, 501, 502]);
      const about =
        reply.raw !== list.raw && reply.raw.toUpperCase().includes(verb) && !reply.raw.includes('INVALID COMMAND');
      context.took('DMTP-118', reply.code === 214 && about, `HELP ${verb} is answered with ${reply.code}`);
    },
  }),
  defineCase({
    id: 'dmtp/stats/is-offered',
    title: 'STATS, when it is offered, is answered with a 2xx code, and with a nonce too.',
    class: 'dmtp-server',
    decides: ['DMTP-063'],
    needs: ['dmtp'],
    mostRuns: 5,
    given: nothing,
    async check(_, context) {
      const { connection } = await context.open();
      const reply = await context.ask(connection, 'STATS');
      context.require(
        'DMTP-063',
        succeeded(reply) || reply.code === 500 || reply.code === 502,
        'a 2xx code, 500 or 502',
        reply,
      );
      context.took('DMTP-063', succeeded(reply), `STATS is answered with ${reply.code}`);
      context.follows('stats', succeeded(reply) ? 'offered' : `answered with ${reply.code}`);
    },
  }),
  defineCase({
    id: 'dmtp/stats/gives-a-nonce-once',
    title: 'The nonce of STATS is fresh each time, and one that is wrong or was not asked for is answered with 450.',
    class: 'dmtp-server',
    decides: ['DMTP-117'],
    needs: ['dmtp'],
    mostRuns: 8,
    given: () => fc.boolean(),
    async check(asked, context) {
      const { connection } = await context.open();
      const nonces: string[] = [];
      for (let count = 0; count < 2; count++) {
        const reply = await context.ask(connection, 'STATS');
        const nonce = once.exec(textOf(reply))?.[1];
        if (nonce === undefined) {
          context.took('DMTP-117', false, `STATS is answered with ${reply.code} and no nonce`);
          return;
        }
        nonces.push(nonce);
      }
      context.require('DMTP-117', nonces[0] !== nonces[1], 'another nonce each time', nonces.join(' and '));
      const other = asked ? connection : (await context.open()).connection;
      // The first was replaced by the second; on another connection neither was given.
      const reply = await context.ask(other, `STATS [${nonces[0]}]`);
      requireCode(context, 'DMTP-117', reply, [450], 'STATS with a nonce that is not outstanding');
      context.took('DMTP-117', true, 'STATS gives nonces');
    },
  }),
  defineCase({
    id: 'dmtp/verb/is-answered',
    title: 'VERB is answered with 200, or with 500 or 502 where it is not there.',
    class: 'dmtp-server',
    decides: ['DMTP-119'],
    needs: ['dmtp'],
    mostRuns: 4,
    given: () => fc.boolean(),
    async check(greeted, context) {
      const connection = greeted ? await context.greeted() : (await context.open()).connection;
      const numbered = context.profile.readings.includes('numbered-codes') ? [250] : [];
      const reply = await asks(context, connection, 'DMTP-119', 'VERB', [200, ...numbered, 500, 502]);
      context.follows('verb', succeeded(reply) ? 'a command' : `answered with ${reply.code}`);
    },
  }),
  defineCase({
    id: 'dmtp/starttls/inside-tls',
    title: 'STARTTLS inside TLS is answered with 454, and the session goes on.',
    class: 'dmtp-server',
    decides: ['DMTP-079'],
    needs: ['dmtp'],
    given: ({ dmtp }) => fc.constantFrom(`STARTTLS <${dmtp?.name}> MODE=DMTPv1`, `STARTTLS <${dmtp?.name}>`),
    async check(line, context) {
      const connection = await afterMail(context);
      await asks(context, connection, 'DMTP-079', line, [454]);
      const next = await context.ask(connection, rcpt(ownDomain(context.profile)));
      context.require('DMTP-079', succeeded(next), 'the session to go on as before', next);
    },
  }),
  defineCase({
    id: 'dmtp/sequence/ten-commands-need-no-ehlo',
    title: 'SGNT, HIST, VRFY, STATS, HELP, NOOP, RSET, MODE, VERB and QUIT are carried out before EHLO.',
    class: 'dmtp-server',
    decides: ['DMTP-089'],
    needs: ['dmtp'],
    mostRuns: 6,
    given: () => fc.shuffledSubarray(withoutGreeting, { minLength: withoutGreeting.length }),
    async check(lines, context) {
      const { connection } = await context.open();
      const greeted = await context.greeted();
      for (const line of [...lines, 'QUIT']) {
        const before = await context.ask(connection, line);
        context.require('DMTP-089', before.code !== 503, `another code than 503 in answer to ${line}`, before);
        const after = await context.ask(greeted, line);
        context.require(
          'DMTP-089',
          before.code === after.code,
          `${after.code} in answer to ${line}, as after EHLO`,
          before,
        );
      }
    },
  }),
];
