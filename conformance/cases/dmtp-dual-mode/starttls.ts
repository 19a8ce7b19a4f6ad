/** The plain port and the way into TLS: greeting, STARTTLS, what was injected before, handshakes that fail. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import type { DmtpConnection, PeerReply } from '../../target/dmtp-connection.js';
import { type Case, defineCase, nothing } from '../case.js';
import { asks, requireCalm, requireCode, step, succeeded, textOf } from '../dmtp/answers.js';
import { aFingerprint, ehlo, mail, ownDomain, rcpt, recased } from '../dmtp/lines.js';
import { hostOf, starttls, unknownHosts } from './plain.js';

/** Together with STARTTLS far below what one segment holds, so that all of it comes before the answer can be sent. */
const injections = fc
  .array(
    fc.constantFrom(
      'NOOP',
      'MODE',
      'QUIT',
      'WRONG',
      ehlo,
      mail(),
      'HELP',
      'RSET',
      'SGNT <suite.example>',
      '\0\x16\x03',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain((lines) => fc.constantFrom(lines.map((line) => `${line}\r\n`).join(''), lines.join('\r\n')));

/** Longer than the head of a TLS record, and none. */
const noHandshakes = fc.oneof(
  fc.constantFrom(
    `${ehlo}\r\n`,
    'NOOP\r\nQUIT\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    '\x15\x03\x01\x00\x02\x02\x28',
    '\0'.repeat(64),
  ),
  fc
    .uint8Array({ minLength: 16, maxLength: 200 })
    .filter(([first]) => first !== 0x16)
    .map((octets) => Buffer.from(octets).toString('latin1')),
);

const insideTls = /^OK +DMTPv1$/i;

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp-dual-mode/banner/plain-first-and-tls-after-starttls',
    title: 'A plain port, where it is offered, greets in plain text with the word DMTPv1 and leads into TLS.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-002'],
    needs: ['dmtp', 'plain'],
    mostRuns: 2,
    given: nothing,
    async check(_, context) {
      const { connection, banner } = await context.openPlain();
      const greets = banner.code === 220 && textOf(banner).split(' ').slice(1).includes('DMTPv1');
      const reply = await context.ask(connection, starttls(hostOf(context.profile)));
      if (!greets || !succeeded(reply)) {
        context.took('DMTP-002', false, `greeted with ${JSON.stringify(banner.raw)}, STARTTLS with ${reply.code}`);
        return;
      }
      const inside = await context.startTls(connection);
      const first = await inside.reply();
      context.took('DMTP-002', succeeded(first), `after STARTTLS ${first.code}`);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/banner/both-words',
    title: 'The greeting of a port in dual mode has both words, ESMTP and DMTPv1.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-073'],
    needs: ['dmtp', 'plain-smtp'],
    mostRuns: 2,
    given: nothing,
    async check(_, context) {
      const { banner } = await context.openPlain();
      const words = textOf(banner).split(' ').slice(1);
      const both = words.includes('ESMTP') && words.includes('DMTPv1');
      context.require('DMTP-073', banner.code === 220 && both, '220, a host name, ESMTP and DMTPv1', banner);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/starttls/ok-dmtpv1-first-inside-tls',
    title: 'STARTTLS is answered in the clear with 2xx, and a 2xx code with OK DMTPv1 is the first thing inside TLS.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-065'],
    needs: ['dmtp', 'plain'],
    given: (profile) =>
      fc.record({
        host: fc.oneof(fc.constant(hostOf(profile)), recased(hostOf(profile))),
        mode: fc.oneof(fc.constantFrom('DMTPv1', 'DMTP', ''), recased('DMTPv1')),
        named: fc.boolean(),
      }),
    async check({ host, mode, named }, context) {
      const { connection } = await context.openPlain();
      const word = mode === '' ? '' : ` MODE=${mode}`;
      let reply = named ? await context.ask(connection, `STARTTLS HOST=<${host}>${word}`) : null;
      // The named dialect need not be known (DMTP-045).
      if (reply === null || reply.code === 500 || reply.code === 501) {
        reply = await context.ask(connection, starttls(host, word));
      }
      const codes = reply.lines.every(({ code }) => code !== null && code >= 200 && code <= 299);
      context.require('DMTP-065', codes, `2xx in answer to STARTTLS for ${host}`, reply);
      context.follows('lines-before-handshake', String(reply.lines.length));
      const inside = await context.startTls(connection);
      const first = await inside.reply();
      const right = succeeded(first) && first.lines.length === 1 && insideTls.test(textOf(first));
      context.require('DMTP-065', right, 'a 2xx code and OK DMTPv1 first inside TLS', first);
      // No second greeting: what comes next is the answer to what is asked next.
      const next = await context.ask(inside, ehlo);
      context.require('DMTP-065', next.code === 250, 'the answer to EHLO next', next);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/starttls/injected-text-thrown-away',
    title: 'Plain text that comes behind STARTTLS, before the handshake, is thrown away.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-071'],
    needs: ['dmtp', 'plain'],
    given: () => fc.record({ injected: injections, before: fc.constantFrom('', 'MODE\r\n') }),
    async check({ injected, before }, context) {
      const { connection } = await context.openPlain();
      const text = `${before}${starttls(hostOf(context.profile))}\r\n${injected}`;
      // In one segment, whatever the delivery of this run: what comes after the go-ahead would belong to the handshake.
      connection.note(`in one piece: ${JSON.stringify(text)}`);
      connection.sendRaw(Buffer.from(text, 'latin1'));
      if (before !== '') await connection.reply();
      const reply = await connection.reply();
      if (!succeeded(reply)) throw new Unreachable('STARTTLS was refused, so this could not be tried');
      context.require('DMTP-071', connection.unread === '', 'nothing in the clear after the go-ahead', () =>
        JSON.stringify(connection.unread),
      );
      const inside = await context.startTls(connection);
      const first = await inside.reply();
      context.require('DMTP-071', insideTls.test(textOf(first)), 'OK DMTPv1 first inside TLS', first);
      await requireUntouched(context, inside);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/starttls/unknown-host',
    title: 'STARTTLS for a host that the server has no certificate for is answered with 554, and the session goes on.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-080'],
    needs: ['dmtp', 'plain'],
    given: unknownHosts,
    async check(host, context) {
      const { connection } = await context.openPlain();
      await asks(context, connection, 'DMTP-080', starttls(host), [554]);
      const reply = await context.ask(connection, starttls(hostOf(context.profile)));
      context.require('DMTP-080', succeeded(reply), 'STARTTLS for a known host to be accepted afterwards', reply);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/starttls/malformed',
    title: 'STARTTLS with malformed brackets, or a host that is no domain, is answered with 501.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-081'],
    needs: ['dmtp', 'plain'],
    given: (profile) => {
      const host = hostOf(profile);
      return fc.constantFrom(
        ...[
          `<${host}`,
          `${host}>`,
          host,
          '<>',
          `[${host}]`,
          `<${host.replace('.', '_')}>`,
          `<a@${host}>`,
          `< ${host}>`,
        ],
      );
    },
    async check(argument, context) {
      const { connection } = await context.openPlain();
      await asks(context, connection, 'DMTP-081', `STARTTLS ${argument} MODE=DMTPv1`, [501]);
      const reply = await context.ask(connection, starttls(hostOf(context.profile)));
      context.require('DMTP-081', succeeded(reply), 'STARTTLS with a right host to be accepted afterwards', reply);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/starttls/nothing-behind-its-arguments',
    title: 'Text behind the arguments of STARTTLS is answered with 501.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-098'],
    needs: ['dmtp', 'plain'],
    given: () => fc.record({ tail: fc.stringMatching(/^[a-z0-9]{1,12}$/), mode: fc.constantFrom('', ' MODE=DMTPv1') }),
    async check({ tail, mode }, context) {
      const { connection } = await context.openPlain();
      const line = starttls(hostOf(context.profile), mode);
      await asks(context, connection, 'DMTP-098', `${line} ${tail}`, [501]);
      const right = await context.ask(connection, line);
      context.require('DMTP-098', succeeded(right), 'the same without the text to be accepted', right);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/starttls/codes',
    title: 'STARTTLS is answered with 220, with 250 inside TLS, and with 554 when it asks for SMTP.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-020'],
    needs: ['dmtp', 'plain'],
    given: () => fc.constantFrom('', ' MODE=DMTPv1', ' MODE=SMTP', ' MODE=ESMTP'),
    async check(mode, context) {
      const { connection } = await context.openPlain();
      const line = starttls(hostOf(context.profile), mode);
      if (mode.endsWith('SMTP')) {
        await asks(context, connection, 'DMTP-020', line, [554]);
        return;
      }
      await asks(context, connection, 'DMTP-020', line, [220]);
      const inside = await context.startTls(connection);
      requireCode(context, 'DMTP-020', await inside.reply(), [250], 'the handshake after STARTTLS');
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/starttls/handshake-fails',
    title: 'When the handshake after STARTTLS fails, the connection is closed without a reply.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-121'],
    needs: ['dmtp', 'plain'],
    given: () => noHandshakes,
    async check(junk, context) {
      const { connection } = await context.openPlain();
      await step(context, connection, starttls(hostOf(context.profile)));
      await connection.send(Buffer.from(junk, 'latin1'));
      const { replyMs, connectMs } = context.profile.limits;
      // Something comes, or the end does; an alert of TLS is no reply.
      await connection.silent(connectMs);
      const said = (): boolean => /(?:^|\n)\d{3}[ -]/.test(connection.unread);
      const shown = (): string => JSON.stringify(connection.unread);
      context.require('DMTP-121', !said(), 'no reply in the clear', shown);
      const ended = await connection.end(replyMs);
      context.require('DMTP-121', ended !== null, 'the end of the connection', 'it stays open');
      context.require('DMTP-121', !said(), 'no reply in the clear', shown);
    },
  }),
];

/** What was injected left neither an answer nor a greeting nor a transaction. */
async function requireUntouched(context: CaseContext, inside: DmtpConnection): Promise<void> {
  const early = await context.ask(inside, mail({ fingerprint: aFingerprint }));
  context.require('DMTP-071', early.code === 503, '503 to MAIL, nobody having said EHLO inside TLS', early);
  await requireCalm(context, inside, 'DMTP-071');
  const hello: PeerReply = await context.ask(inside, ehlo);
  context.require('DMTP-071', hello.code === 250, 'the answer to EHLO', hello);
  const late = await context.ask(inside, rcpt(ownDomain(context.profile)));
  context.require('DMTP-071', late.code === 503, '503 to RCPT, nobody having said MAIL inside TLS', late);
}
