/** Command lines as such: their length and ends, unknown and disabled ones, dialects, pipelining. */
import fc from 'fast-check';
import { verbs } from '../../../grammar/dmtp.js';
import { arbitraryOf } from '../../../grammar/generate.js';
import { dmtpLeaves } from '../../../grammar/leaves.js';
import { type Case, defineCase } from '../case.js';
import { asks, requireCalm, requireCode, succeeded } from './answers.js';
import { aFingerprint, domains, ehlo, fingerprints, mail, ownDomain, rcpt } from './lines.js';

/** Words that are the beginning of no command, and in which no command stands. */
const unknownWords = fc
  .oneof(
    fc.constantFrom('AUTH', 'EXPN', 'ETRN', 'XYZZY', 'QUI', 'NOO', 'GET / HTTP/1.1', '*', '0'),
    fc.stringMatching(/^[A-Z]{1,12}$/),
    fc.stringMatching(/^[A-Z]{3,8} [a-z0-9<>[\]=]{1,20}$/),
  )
  .filter((line) => !verbs.some((verb) => line.toUpperCase().startsWith(verb)));

/** Lines that may be answered in a session after EHLO, and change what others get. */
const pipelined = (domain: string): fc.Arbitrary<string[]> =>
  fc.array(
    fc.constantFrom(
      'NOOP',
      'MODE',
      'RSET',
      'WRONG',
      mail(),
      mail({ size: 'x' }),
      rcpt(domain),
      'RCPT TO: nobody',
      `SGNT <nobody@${domain}>`,
      'SGNT nobody',
      'EHLO <_>',
      ehlo,
    ),
    { minLength: 2, maxLength: 14 },
  );

/** What the grammar derives, but for commands that end the session or begin a message. */
const positionalLines = fc
  // White space of any kind and number, also none, stands before a bracket (section 12.1, rule 2).
  .tuple(arbitraryOf('dmtp', 'PositionalLine', { leaves: dmtpLeaves }), fc.constantFrom(' ', '\t', ' \t ', ''))
  .map(([line, blank]) => line.replace('> [', `>${blank}[`))
  .filter((line) => line.length <= 512 && !/^(?:QUIT|DATA)/i.test(line));

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/lines/lf-alone-ends-a-command',
    title: 'A command that ends with LF alone is answered like one that ends with CRLF.',
    class: 'dmtp-server',
    decides: ['DMTP-011'],
    needs: ['dmtp'],
    given: () => fc.constantFrom('NOOP', 'MODE', ehlo, 'RSET', 'WRONG', 'SGNT'),
    async check(line, context) {
      const { connection } = await context.open();
      const withCrlf = await context.ask(connection, `${line}\r\n`);
      const withLf = await context.ask(connection, `${line}\n`);
      context.require('DMTP-011', withLf.code === withCrlf.code, `${withCrlf.code}, as with CRLF`, withLf);
    },
  }),
  defineCase({
    id: 'dmtp/lines/over-512-octets-are-refused',
    title:
      'A command line of 512 octets with its line end is read, a longer one is refused and its rest is no command.',
    class: 'dmtp-server',
    decides: ['DMTP-013'],
    needs: ['dmtp'],
    given: () =>
      fc.record({
        surplus: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 6000 })),
        end: fc.constantFrom('\r\n', '\n'),
        tail: fc.constantFrom('', 'QUIT', 'NOOP'),
      }),
    async check({ surplus, end, tail }, context) {
      const { connection } = await context.open();
      // White space before the line end belongs to the line and means nothing (section 12.1, rule 2).
      const longest = `${ehlo.padEnd(512 - end.length, ' ')}${end}`;
      const reply = await context.ask(connection, longest);
      context.require('DMTP-013', succeeded(reply), 'a line of 512 octets to be read', reply);
      const tooLong = `${ehlo.padEnd(512 - end.length - tail.length + surplus, ' ')}${tail}${end}`;
      const refusal = await context.ask(connection, tooLong);
      context.require(
        'DMTP-013',
        refusal.code !== null && refusal.code >= 500 && refusal.code <= 599,
        `a 5xx code in answer to a line of ${tooLong.length} octets`,
        refusal,
      );
      await requireCalm(context, connection, 'DMTP-013');
    },
  }),
  defineCase({
    id: 'dmtp/lines/unknown-command',
    title: 'An unknown command is answered with 500.',
    class: 'dmtp-server',
    decides: ['DMTP-021'],
    needs: ['dmtp'],
    given: () => unknownWords,
    async check(line, context) {
      const { connection } = await context.open();
      await asks(context, connection, 'DMTP-021', line, [500]);
      await requireCalm(context, connection, 'DMTP-021');
    },
  }),
  defineCase({
    id: 'dmtp/lines/empty-line',
    title: 'A line with nothing but its line end is answered with 500.',
    class: 'dmtp-server',
    decides: ['DMTP-120'],
    needs: ['dmtp'],
    given: () => fc.constantFrom('\r\n', '\n', '  \r\n', '\t\n'),
    async check(line, context) {
      const { connection } = await context.open();
      await asks(context, connection, 'DMTP-120', line, [500]);
      await requireCalm(context, connection, 'DMTP-120');
    },
  }),
  defineCase({
    id: 'dmtp/lines/disabled-command',
    title: 'A command that is switched off is answered with 502.',
    class: 'dmtp-server',
    decides: ['DMTP-023'],
    needs: ['dmtp', 'disabled-command'],
    given: ({ disabled }) => fc.constantFrom(...disabled),
    async check(verb, context) {
      const { connection } = await context.open();
      await asks(context, connection, 'DMTP-023', verb, [502]);
      await requireCalm(context, connection, 'DMTP-023');
    },
  }),
  defineCase({
    id: 'dmtp/lines/both-dialects-alike',
    title: 'The same command in the named and in the positional dialect gets the same code.',
    class: 'dmtp-server',
    decides: ['DMTP-045'],
    needs: ['dmtp'],
    given: ({ domain }) =>
      fc.record({
        pair: fc.tuple(fc.oneof(domains, fc.constant(domain ?? 'suite.example')), fingerprints).chain(([name, fp]) =>
          fc.constantFrom(
            ...([
              [ehlo, 'EHLO HOST=<suite.example>'],
              [`SGNT <nobody@${name}>`, `SGNT USER=<nobody@${name}>`],
              [`SGNT <${name}>`, `SGNT DOMAIN=<${name}>`],
              [`SGNT <${name}> [${fp}]`, `SGNT DOMAIN=<${name}> FINGERPRINT=[${fp}]`],
              [`VRFY <${name}> [${fp}]`, `VRFY DOMAIN=<${name}> FINGERPRINT=[${fp}]`],
              [`VRFY <nobody@${name}> [${fp}]`, `VRFY USER=<nobody@${name}> FINGERPRINT=[${fp}]`],
              [`HIST <nobody@${name}> [${fp}]`, `HIST USER=<nobody@${name}> START=[${fp}]`],
              [mail({ from: name, fingerprint: fp }), `MAIL FROM=<${name}> FINGERPRINT=[${fp}]`],
            ] as const),
          ),
        ),
        greeted: fc.boolean(),
      }),
    async check({ pair: [positional, named], greeted }, context) {
      const connection = greeted ? await context.greeted() : (await context.open()).connection;
      const first = await context.ask(connection, positional);
      const second = await context.ask(connection, named);
      context.require('DMTP-045', first.code === second.code, `${first.code}, as in the positional dialect`, second);
      context.follows('named-dialect', first.code === second.code ? 'accepted' : 'not accepted');
    },
  }),
  defineCase({
    id: 'dmtp/lines/pipelined-commands-in-order',
    title: 'Commands sent at once are answered in order, each like one that is sent alone.',
    class: 'dmtp-server',
    decides: ['DMTP-085'],
    needs: ['dmtp'],
    given: (profile) => pipelined(ownDomain(profile)),
    async check(lines, context) {
      const one = await context.greeted();
      const alone = [];
      for (const line of lines) alone.push((await context.ask(one, line)).code);
      const all = await context.greeted();
      await all.send(lines.map((line) => `${line}\r\n`).join(''));
      const together = (await all.replies(lines.length)).map(({ code }) => code);
      context.require('DMTP-085', together.join() === alone.join(), `the codes ${alone.join()}`, together.join());
    },
  }),
  defineCase({
    id: 'dmtp/lines/every-command-of-the-grammar-is-known',
    title:
      'No command that the grammar of the positional dialect derives is taken for an unknown one or a wrong argument.',
    class: 'dmtp-server',
    decides: ['DMTP-022'],
    needs: ['dmtp'],
    given: ({ disabled }) =>
      fc.array(
        positionalLines.filter((line) => !disabled.some((verb) => line.toUpperCase().startsWith(verb))),
        { minLength: 1, maxLength: 5, size: 'max' },
      ),
    async check(lines, context) {
      const connection = await context.greeted();
      for (const line of lines) {
        const reply = await context.ask(connection, line);
        // HELO, HELP, STATS and VERB may be unknown, and NOOP may refuse an argument (section 12.6).
        const optional = /^(?:HELO|HELP|STATS|VERB|NOOP.)/i.test(line) || /^HIST\s*<[^@]*>/i.test(line);
        const known = reply.code !== 500 && reply.code !== 501;
        const expected = `another code than 500 and 501 in answer to ${JSON.stringify(line)}`;
        context.require('DMTP-022', optional || known, expected, reply);
      }
      const refusal = await context.ask(connection, `VRFY <suite.example [${aFingerprint}]`);
      requireCode(context, 'DMTP-022', refusal, [501], 'VRFY with an unclosed bracket');
    },
  }),
];
