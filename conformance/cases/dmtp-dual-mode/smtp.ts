/** SMTP on the same port: handed over for good, refused where there is none, and never after STARTTLS. */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { asks, requireCode, succeeded, textOf } from '../dmtp/answers.js';
import { hostOf, secured, smtpLines, starttls, unknownHosts } from './plain.js';

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp-dual-mode/smtp/handed-over-with-its-line',
    title: 'A line for SMTP is answered by the SMTP service, and so is all that follows, without another greeting.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-076'],
    needs: ['dmtp', 'plain-smtp'],
    given: (profile) =>
      fc.record({
        line: fc.constantFrom(...smtpLines),
        // None of these is a STARTTLS with a well-formed host, so the way to SMTP is open still.
        before: fc.constantFrom('', 'MODE', 'SGNT <suite.example>', `STARTTLS <${hostOf(profile)}`),
        together: fc.boolean(),
      }),
    async check({ line, before, together }, context) {
      const { connection } = await context.openPlain();
      if (before !== '') await context.ask(connection, before);
      const greeting = /^(?:EHLO|HELO)/.test(line);
      context.covered('command', `${line}\r\n`);
      await connection.send(`${line}\r\n${greeting && together ? 'NOOP\r\n' : ''}`);
      const reply = await connection.reply();
      if (greeting) requireCode(context, 'DMTP-076', reply, [250], `${line}, as SMTP answers it`);
      // TLS of SMTP begins: that the service has the connection is plain from that.
      if (line === 'STARTTLS' && reply.code === 220) {
        context.require('DMTP-076', !/DMTP/i.test(reply.raw), 'the answer of SMTP to STARTTLS', reply);
        return;
      }
      const noop = greeting && together ? await connection.reply() : await context.ask(connection, 'NOOP');
      context.require('DMTP-076', noop.code === 250, '250 in answer to NOOP, as SMTP answers it', noop);
      const mode = await context.ask(connection, 'MODE');
      const unknown = mode.code !== null && mode.code >= 500 && !/DMTP/i.test(textOf(mode));
      context.require('DMTP-076', unknown, 'MODE to be unknown, SMTP having the connection for good', mode);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/smtp/refused-without-a-service',
    title: 'Without an SMTP service a line for SMTP is answered with 554, and the connection goes on.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-077'],
    needs: ['dmtp', 'plain-only'],
    given: () => fc.shuffledSubarray(smtpLines, { minLength: 1 }),
    async check(lines, context) {
      const { connection } = await context.openPlain();
      for (const line of lines) await asks(context, connection, 'DMTP-077', line, [554]);
      const { connection: inside, first } = await secured(context, connection);
      context.require('DMTP-077', succeeded(first), 'STARTTLS to be carried out afterwards', first);
      const noop = await context.ask(inside, 'NOOP');
      context.require('DMTP-077', noop.code === 250, 'the session to go on', noop);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/smtp/refused-on-the-tls-port',
    title: 'On a port with TLS from the first octet EHLO without angle brackets is answered with 554.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-077'],
    needs: ['dmtp'],
    given: () =>
      fc.record({ line: fc.constantFrom('EHLO suite.example', 'HELO suite.example'), greeted: fc.boolean() }),
    async check({ line, greeted }, context) {
      const connection = greeted ? await context.greeted() : (await context.open()).connection;
      await asks(context, connection, 'DMTP-077', line, [554]);
      const noop = await context.ask(connection, 'NOOP');
      context.require('DMTP-077', noop.code === 250, 'the session to go on', noop);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/smtp/never-after-starttls',
    title: 'After a STARTTLS with a well-formed host, even one that failed, a line for SMTP is answered with 554.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-078'],
    needs: ['dmtp', 'plain-smtp'],
    given: (profile) =>
      fc.record({
        host: unknownHosts(profile),
        line: fc.constantFrom(...smtpLines),
        inside: fc.boolean(),
      }),
    async check({ host, line, inside }, context) {
      const { connection } = await context.openPlain();
      // Inside TLS commands of SMTP alone are unknown, and a bare STARTTLS comes too late (section 12.3).
      const within = /^(?:EHLO|HELO)/.test(line) ? line : 'EHLO suite.example';
      const session = inside ? (await secured(context, connection)).connection : connection;
      if (!inside) await context.ask(session, starttls(host));
      await asks(context, session, 'DMTP-078', inside ? within : line, [554]);
      // SMTP does not know MODE.
      const mode = await context.ask(session, 'MODE');
      context.require('DMTP-078', succeeded(mode), 'MODE to be carried out, the session being one of DMTP', mode);
      if (inside) return;
      const again = await context.ask(session, starttls(hostOf(context.profile)));
      context.require('DMTP-078', succeeded(again), 'STARTTLS to be carried out afterwards', again);
    },
  }),
];
