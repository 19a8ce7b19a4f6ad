/** A connection from TLS to its end (sections 1.2 to 1.4 of the DMAP digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { PeerGone, PeerSilent } from '../../runner/outcome.js';
import type { DmapConnection } from '../../target/dmap-connection.js';
import { logIn } from '../../target/dmap-login.js';
import { HandshakeRefused } from '../../target/tls-connect.js';
import type { Case } from '../case.js';
import { asks, refused, requireStatus, shown } from '../dmap/answers.js';
import { dmapCase, greetedCase, mailboxCase } from '../dmap/dmap-case.js';
import { accountOf, endpointOf, greeted, mustDo } from '../dmap/session.js';

/** Milliseconds in which a server that speaks too early has spoken, on a loaded machine too. */
const watchMs = 250;

/** Octets that came and are no TLS alert, which a server may well send. */
const spoken = ({ unread }: DmapConnection): string => (unread.startsWith('\x15') ? '' : unread);

/** @throws Breach of `requirement` for anything but a greeting */
async function greetingOf(context: CaseContext, requirement: string): Promise<'OK' | 'PREAUTH' | 'BYE'> {
  const { greeting } = await context.openDmap();
  const [, word = ''] = /^\* (OK|PREAUTH|BYE) /i.exec(greeting.text) ?? [];
  context.require(requirement, word !== '', 'a greeting with OK, PREAUTH or BYE', JSON.stringify(greeting.raw));
  return word.toUpperCase() as 'OK' | 'PREAUTH' | 'BYE';
}

const tls: readonly Case[] = [
  dmapCase({
    id: 'dmap-server/connection/clear-text-gets-nothing',
    title: 'Clear text is answered with nothing.',
    decides: ['DMAP-003'],
    given: () => fc.constantFrom('a NOOP\r\n', 'a CAPABILITY\r\n', 'a LOGOUT\r\n', '\r\n', 'a STARTTLS\r\n'),
    mostRuns: 3,
    async check(context, line) {
      const connection = await context.plainDmap();
      await connection.send(line);
      await connection.silent();
      context.require('DMAP-003', spoken(connection) === '', 'no octets of DMAP', () =>
        JSON.stringify(connection.unread.slice(0, 200)),
      );
    },
  }),
  dmapCase({
    id: 'dmap-server/connection/tls-at-once',
    title: 'TLS begins with the first octet, and not behind a line of clear text.',
    decides: ['DMAP-010'],
    async check(context) {
      try {
        await context.secureDmap();
      } catch (error) {
        if (!(error instanceof HandshakeRefused)) throw error;
        context.require('DMAP-010', false, 'a handshake as soon as the connection stands', error.message);
      }
      const connection = await context.plainDmap();
      await connection.send('a STARTTLS\r\n');
      // The first octets of a handshake: what takes them behind clear text did not begin with TLS.
      await connection.send(clientHello);
      await connection.silent();
      context.require('DMAP-010', !connection.unread.includes('\x16\x03'), 'no handshake behind clear text', 'one');
    },
  }),
  dmapCase({
    id: 'dmap-server/connection/no-greeting-before-tls',
    title: 'Nothing is sent before TLS is established.',
    decides: ['DMAP-011'],
    async check(context) {
      const connection = await context.plainDmap();
      await connection.silent(watchMs);
      context.require('DMAP-011', connection.received === 0, 'no octet before the handshake', () =>
        JSON.stringify(connection.unread.slice(0, 200)),
      );
    },
  }),
  dmapCase({
    id: 'dmap-server/connection/greeting-first',
    title: 'After TLS the server speaks first, and what it says first is a greeting.',
    decides: ['DMAP-012'],
    async check(context) {
      await greetingOf(context, 'DMAP-012');
    },
  }),
];

/** A ClientHello without extensions, which any server answers in TLS: with its own hello or an alert. */
const clientHello = Buffer.from(`160301002d010000290303${'5a'.repeat(32)}000002c02f0100`, 'hex');

const openings: readonly Case[] = [
  dmapCase({
    id: 'dmap-server/connection/greeting-tells-the-state',
    title: 'OK in the greeting leads to the state before the login, PREAUTH to the one after it, BYE to the end.',
    decides: ['DMAP-094'],
    async check(context) {
      const { connection, greeting } = await context.openDmap();
      if (/^\* BYE/i.test(greeting.text)) {
        context.require('DMAP-094', (await connection.end()) !== null, 'the end after BYE', 'it stays open');
      } else {
        const allowed = /^\* PREAUTH/i.test(greeting.text) ? (['OK'] as const) : refused;
        await asks(context, connection, 'DMAP-094', 'LIST *', allowed);
      }
    },
  }),
  dmapCase({
    id: 'dmap-server/connection/one-state-from-the-greeting-on',
    title: 'The state that the greeting told stands until a command changes it.',
    decides: ['DMAP-091'],
    async check(context) {
      const { connection, greeting } = await context.openDmap();
      if (/^\* BYE/i.test(greeting.text)) {
        context.require('DMAP-091', (await connection.end()) !== null, 'the end after BYE', 'it stays open');
        return;
      }
      const allowed = /^\* PREAUTH/i.test(greeting.text) ? (['OK'] as const) : refused;
      for (const command of ['NOOP', 'CAPABILITY', 'WRONG', 'NOOP']) {
        await connection.command(command);
        await asks(context, connection, 'DMAP-091', 'STATUS INBOX (MESSAGES)', allowed);
      }
    },
  }),
  greetedCase({
    id: 'dmap-server/connection/begins-without-a-user',
    title: 'A connection starts without authentication, unless the greeting is PREAUTH.',
    decides: ['DMAP-098'],
    mostRuns: 12,
    given: () => fc.constantFrom('SELECT INBOX', 'LIST *', 'LISTKEYS', 'STATUS INBOX (MESSAGES)', 'CREATE x'),
    async check(connection, context, line) {
      await asks(context, connection, 'DMAP-098', line, refused);
    },
  }),
  dmapCase({
    id: 'dmap-server/connection/ok-asks-for-a-login',
    title: 'After a greeting with OK a client can and has to authenticate.',
    decides: ['DMAP-410'],
    async check(context) {
      const { connection, greeting } = await context.openDmap();
      if (!/^\* OK/i.test(greeting.text)) return;
      await asks(context, connection, 'DMAP-410', 'SELECT INBOX', refused);
      await logIn(connection, accountOf(context));
      await asks(context, connection, 'DMAP-410', 'SELECT INBOX', ['OK']);
    },
  }),
  dmapCase({
    id: 'dmap-server/connection/greeting-may-hold-capabilities',
    title: 'The greeting may hold a CAPABILITY code.',
    decides: ['DMAP-399'],
    async check(context) {
      const { greeting } = await context.openDmap();
      const has = /^\* (?:OK|PREAUTH) \[CAPABILITY /i.test(greeting.text);
      context.took('DMAP-399', has, JSON.stringify(greeting.text.trimEnd()));
      context.follows('dmap-greeting-capability', has ? 'the greeting holds a CAPABILITY code' : 'no code');
    },
  }),
];

const logout: readonly Case[] = [
  mailboxCase({
    id: 'dmap-server/logout/bye-then-ok',
    title: 'LOGOUT is answered with an untagged BYE, then the tagged OK, and nothing more.',
    decides: ['DMAP-168'],
    given: () => fc.constantFrom('not authenticated', 'authenticated', 'selected'),
    mostRuns: 4,
    async check({ mailbox }, context, state) {
      const connection = await greeted(context);
      if (state !== 'not authenticated') await logIn(connection, accountOf(context));
      if (state === 'selected') await mustDo(connection, `SELECT ${mailbox}`);
      const result = await connection.command('LOGOUT');
      const byes = result.data.filter(({ text }) => /^\* BYE /i.test(text));
      context.require('DMAP-168', byes.length === 1 && result.status === 'OK', 'one BYE, then OK', () => shown(result));
      await connection.end();
      context.require('DMAP-168', connection.unread === '', 'nothing behind the OK', () => connection.unread);
    },
  }),
  greetedCase({
    id: 'dmap-server/logout/bye-and-ok-before-the-end',
    title: 'The BYE and the tagged OK of LOGOUT come before the connection ends.',
    decides: ['DMAP-103'],
    async check(connection, context) {
      await connection.send('bye LOGOUT\r\n');
      const answers: string[] = [];
      try {
        while (answers.length < 10) answers.push((await connection.response()).text);
      } catch (error) {
        if (!(error instanceof PeerGone || error instanceof PeerSilent)) throw error;
      }
      const complete = answers.some((text) => /^\* BYE /i.test(text)) && answers.some((text) => /^bye OK /.test(text));
      context.require('DMAP-103', complete, 'BYE and OK before the end', JSON.stringify(answers));
    },
  }),
  greetedCase({
    id: 'dmap-server/logout/ends',
    title: 'The server closes after LOGOUT, as the client does, and carries out nothing any more.',
    decides: ['DMAP-095'],
    async check(connection, context) {
      await connection.send('bye LOGOUT\r\nlate NOOP\r\n');
      const ended = await connection.end();
      context.require('DMAP-095', ended !== null, 'the end of the connection', 'it stays open');
      context.require(
        'DMAP-095',
        !/^late /m.test(connection.unread),
        'no answer after LOGOUT',
        () => connection.unread,
      );
    },
  }),
  greetedCase({
    id: 'dmap-server/logout/arguments',
    title: 'LOGOUT with arguments gets BAD and the connection stands.',
    decides: ['DMAP-169'],
    given: () => fc.constantFrom('LOGOUT now', 'LOGOUT ""', 'LOGOUT ()', 'LOGOUT 1'),
    mostRuns: 3,
    async check(connection, context, line) {
      await asks(context, connection, 'DMAP-169', line, ['BAD']);
      await asks(context, connection, 'DMAP-169', 'NOOP', ['OK']);
    },
  }),
];

const silence: readonly Case[] = [
  dmapCase({
    id: 'dmap-server/silence/bye-before-the-end',
    title: 'A connection is not closed for silence without an untagged BYE that says why.',
    decides: ['DMAP-105'],
    needs: ['dmap-idle-limit'],
    async check(context) {
      const connection = await greeted(context);
      await connection.end(longEnough(context));
      context.require(
        'DMAP-105',
        /^\* BYE (?:\[[^\]]*\] )?[^\r\n]+\r\n/im.test(connection.unread),
        'BYE with a text',
        () => JSON.stringify(connection.unread),
      );
    },
  }),
  dmapCase({
    id: 'dmap-server/silence/closed-at-once',
    title: 'The connection is closed at once after a BYE for silence.',
    decides: ['DMAP-417'],
    needs: ['dmap-idle-limit'],
    async check(context) {
      const connection = await greeted(context);
      await connection.response(longEnough(context));
      context.require('DMAP-417', (await connection.end()) !== null, 'the end at once after BYE', 'it stays open');
    },
  }),
  dmapCase({
    id: 'dmap-server/silence/not-soon-after-the-login',
    title: 'A silent client that has logged in is not sent away after a short time: the limit is 30 minutes or more.',
    decides: ['DMAP-146'],
    async check(context) {
      const connection = await greeted(context);
      await logIn(connection, accountOf(context));
      await connection.silent((endpointOf(context).idleMs ?? 2000) + 1000);
      requireStatus(context, 'DMAP-146', await stillThere(context, connection, 'DMAP-146'), ['OK'], 'NOOP');
    },
  }),
  dmapCase({
    id: 'dmap-server/silence/commands-start-the-timer-anew',
    title: 'A client that gives a command now and then is not sent away, whatever the command.',
    decides: ['DMAP-147'],
    needs: ['dmap-idle-limit'],
    async check(context) {
      const connection = await greeted(context);
      const pause = (endpointOf(context).idleMs ?? 0) * 0.6;
      for (const command of ['NOOP', 'CAPABILITY', 'WRONG', 'NOOP']) {
        const result = await stillThere(context, connection, 'DMAP-147', command);
        requireStatus(context, 'DMAP-147', result, command === 'WRONG' ? refused : ['OK'], command);
        await connection.silent(pause);
      }
    },
  }),
];

const longEnough = (context: CaseContext): number =>
  (endpointOf(context).idleMs ?? 0) * 2 + context.profile.limits.replyMs;

/** @throws Breach when the server has ended the connection */
async function stillThere(
  context: CaseContext,
  connection: DmapConnection,
  requirement: string,
  command = 'NOOP',
): ReturnType<DmapConnection['command']> {
  context.require(
    requirement,
    connection.ended === null,
    'an open connection',
    () => `${connection.unread} and the end`,
  );
  return await connection.command(command);
}

export const cases: readonly Case[] = [...tls, ...openings, ...logout, ...silence];
