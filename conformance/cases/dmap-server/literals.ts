/** Literals and continuation requests (sections 5.2 and 6.7 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage, sealedMessages } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection } from '../../target/dmap-connection.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { asks, requireStatus, shown } from '../dmap/answers.js';
import { greetedCase, mailboxCase } from '../dmap/dmap-case.js';
import { append, fetchedItems, mustDo, select } from '../dmap/session.js';

/** Commands up to a literal that may come, and what ends them. */
const opened = (mailbox: string): readonly (readonly [before: string, after: string])[] => [
  ['SELECT ', ''],
  ['STATUS ', ' (MESSAGES)'],
  ['LIST ', ''],
  ['SUBSCRIBE ', ''],
  ['CREATE ', ''],
  [`RENAME ${mailbox} `, ''],
  ['GETKEY ', ' PUBLIC'],
  ['GETSIGNET ', ''],
];

/** Commands that are wrong before their literal. */
const wrongOpenings = ['WRONG {4}', 'SELECT  {4}', 'NOOP {4}', 'STATUS INBOX {4}', 'SELECT (x {4}', 'SELECT INBOX {4}'];

/** Sends a command up to a literal header and gives the first answer. */
async function announce(connection: DmapConnection, line: string): Promise<{ tag: string; text: string }> {
  const tag = connection.nextTag();
  await connection.send(`${tag} ${line}\r\n`);
  return { tag, text: (await connection.response()).text };
}

function requireContinuation(context: CaseContext, row: string, right: RegExp, text: string): void {
  context.require(row, right.test(text), 'a continuation request', JSON.stringify(text));
}

/** The literal of a command that stands open. */
async function finish(connection: DmapConnection, tag: string, octets: string, after: string): Promise<void> {
  await connection.send(`${octets}${after}\r\n`);
  await connection.result(tag);
}

interface Continuation {
  readonly name: string;
  readonly title: string;
  readonly row: string;
  readonly right: RegExp;
}

const forms: readonly Continuation[] = [
  {
    name: 'asked-for-at-once',
    title: 'A continuation request comes as soon as a command announced a literal.',
    row: 'DMAP-020',
    right: /^\+/,
  },
  {
    name: 'begin-with-plus',
    title: 'A continuation request begins with a plus sign and a space.',
    row: 'DMAP-021',
    right: /^\+ /,
  },
  {
    name: 'hold-a-text',
    title: 'Behind the plus sign of a continuation request stands a line of text.',
    row: 'DMAP-446',
    right: /^\+ [^\r\n]+\r\n$/,
  },
  {
    name: 'for-every-command',
    title: 'Continuation requests serve the literals of every command.',
    row: 'DMAP-447',
    right: /^\+/,
  },
];

const continuations: readonly Case[] = [
  ...forms.map(({ name, title, row, right }) =>
    mailboxCase<number>({
      id: `dmap-server/literals/${name}`,
      title,
      decides: [row],
      given: () => fc.nat(opened('').length - 1),
      async check({ connection, mailbox }, context, at) {
        const [before, after] = opened(mailbox)[at] ?? ['SELECT ', ''];
        const name = `${mailbox}/x`;
        const { tag, text } = await announce(connection, `${before}{${name.length}}`);
        requireContinuation(context, row, right, text);
        await finish(connection, tag, name, after);
        await connection.command(`UNSUBSCRIBE ${name}`);
      },
    }),
  ),
  mailboxCase({
    id: 'dmap-server/literals/refused-when-wrong-already',
    title: 'A command that is in error already gets a tagged BAD in place of the continuation request.',
    decides: ['DMAP-022'],
    mostRuns: 12,
    given: () => fc.constantFrom(...wrongOpenings, 'FETCH {4}', 'AUTHENTICATE {6}'),
    async check({ connection, mailbox }, context, line) {
      const { tag, text } = await announce(connection, line);
      context.require(
        'DMAP-022',
        text.startsWith(`${tag} BAD `),
        `a tagged BAD in answer to ${line}`,
        JSON.stringify(text),
      );
      // The client sends no more of it.
      await asks(context, connection, 'DMAP-022', 'NOOP', ['OK']);
      const large = await announce(connection, `APPEND ${mailbox} {4294967295}`);
      const how = /^[^ ]+ (NO|BAD) /.exec(large.text)?.[1];
      context.follows('dmap-oversized-literal', how ?? 'a continuation request');
      if (how === undefined) connection.destroy();
      else await asks(context, connection, 'DMAP-022', 'NOOP', ['OK']);
    },
  }),
  greetedCase({
    id: 'dmap-server/literals/right-so-far',
    title: 'A continuation request says that the command is right so far: one in the wrong state gets none.',
    decides: ['DMAP-394'],
    given: () => fc.constantFrom('SELECT {5}', 'CREATE {5}', 'STATUS {5}', 'APPEND INBOX {5}', 'DELETE {5}'),
    mostRuns: 5,
    async check(connection, context, line) {
      const { tag, text } = await announce(connection, line);
      const refusal = new RegExp(`^${tag} (?:NO|BAD) `).test(text);
      context.require('DMAP-394', refusal, `a refusal of ${line} before the login`, JSON.stringify(text));
    },
  }),
];

const octets: readonly Case[] = [
  mailboxCase({
    id: 'dmap-server/literals/octets-are-no-commands',
    title: 'Octets of a literal are never read as commands.',
    decides: ['DMAP-015'],
    given: () => fc.constantFrom('z LOGOUT\r\n', 'z NOOP\r\n', '\r\nz NOOP\r\nz CAPABILITY\r\n', '{3}\r\nz NOOP\r\n'),
    async check({ connection, mailbox }, context, inner) {
      const message = Buffer.concat([plainMessage.octets, Buffer.from(inner)]);
      const result = await connection.command(`APPEND ${mailbox} `, { literal: message, binary: true });
      const foreign = result.data.find(({ text }) => /^(?:z |\* BYE|\* CAPABILITY)/.test(text));
      context.require('DMAP-015', foreign === undefined, 'no answer to what stands in a literal', () => shown(result));
      const next = await connection.command('NOOP');
      const late = next.data.find(({ text }) => /^(?:z |\* BYE|\* CAPABILITY)/.test(text));
      context.require('DMAP-015', next.status === 'OK' && late === undefined, 'OK to the next command', () =>
        shown(next),
      );
    },
  }),
  mailboxCase({
    id: 'dmap-server/literals/exactly-so-many-octets',
    title:
      'A literal is exactly as many octets as its count says, CR and LF among them, and they come back as they were.',
    decides: ['DMAP-114'],
    given: () => sealedMessages(),
    async check({ connection, mailbox }, context, { octets: message }) {
      const result = await connection.command(`APPEND ${mailbox} `, { literal: withLines(message), binary: true });
      requireStatus(context, 'DMAP-114', result, ['OK'], 'APPEND');
      await requireSame(context, 'DMAP-114', connection, mailbox, withLines(message));
      const unoffered = await connection.command(`APPEND ${mailbox} `, { literal: 'a\0b', binary: false });
      context.follows('dmap-nul-in-literal', `${unoffered.status}`);
    },
  }),
  mailboxCase({
    id: 'dmap-server/literals/octets-of-any-value',
    title: 'Octets of any value are taken and given as they are, in a literal for binary data.',
    decides: ['DMAP-120'],
    given: () => sealedMessages(400),
    async check({ connection, mailbox }, context, { octets: message }) {
      const result = await connection.command(`APPEND ${mailbox} `, { literal: withAll(message), binary: true });
      requireStatus(context, 'DMAP-120', result, ['OK'], 'APPEND with octets of all values');
      await requireSame(context, 'DMAP-120', connection, mailbox, withAll(message));
    },
  }),
  mailboxCase({
    id: 'dmap-server/literals/sent-at-once',
    title: 'A server sends the octets of a literal at once behind its count.',
    decides: ['DMAP-115'],
    given: () => sealedMessages(),
    mostRuns: 4,
    async check({ connection, mailbox }, context, { octets: message }) {
      await append(connection, mailbox, message);
      await select(connection, mailbox);
      const result = await asks(context, connection, 'DMAP-115', 'FETCH 1 BODY.PEEK[]', ['OK']);
      const [answer] = result.data.filter(({ literals }) => literals.length > 0);
      context.require('DMAP-115', answer?.malformed === null, 'the whole message as a literal', () => shown(result));
    },
  }),
];

/** Behind the last chunk nothing is looked at by a mail server that cannot open it. */
const withLines = (message: Uint8Array): Buffer => Buffer.concat([message, Buffer.from('\r\n\r\n.\n\r')]);
const withAll = (message: Uint8Array): Buffer =>
  Buffer.concat([message, Uint8Array.from({ length: 256 }, (_, octet) => octet)]);

async function requireSame(
  context: CaseContext,
  row: string,
  connection: DmapConnection,
  mailbox: string,
  message: Uint8Array,
): Promise<void> {
  await mustDo(connection, `SELECT ${mailbox}`);
  const result = await mustDo(connection, 'FETCH 1 BODY.PEEK[]');
  const value = fetchedItems(result, 'BODY').get(1)?.value;
  context.require(row, value != null && Buffer.from(message).equals(value), 'the octets that were appended', () =>
    shown(result),
  );
}

/** A name in both spellings, and what the two have to have in common. */
const strings: readonly Case[] = [
  mailboxCase({
    id: 'dmap-server/literals/mean-the-same-as-quoted',
    title: 'A quoted string and a literal with the same octets mean the same.',
    decides: ['DMAP-113'],
    given: () =>
      fc.stringMatching(/^[a-zA-Z0-9 ()'"\\.{-]{1,20}$/).filter((name) => name.trim() === name && name !== ''),
    async check({ connection, mailbox }, context, last) {
      const name = `${mailbox}/${last}`;
      const quoted = `"${name.replace(/["\\]/g, '\\$&')}"`;
      requireStatus(
        context,
        'DMAP-113',
        await connection.command('CREATE ', { literal: name }),
        ['OK'],
        `CREATE ${name}`,
      );
      await asks(context, connection, 'DMAP-113', `STATUS ${quoted} (MESSAGES)`, ['OK']);
      await asks(context, connection, 'DMAP-113', `DELETE ${quoted}`, ['OK']);
      const gone = await connection.command('STATUS ', { literal: name }, ' (MESSAGES)');
      requireStatus(context, 'DMAP-113', gone, ['NO'], 'STATUS of the name after DELETE');
    },
  }),
  mailboxCase({
    id: 'dmap-server/literals/empty-string',
    title: 'Two double quotes and a literal of no octets are the same empty string.',
    decides: ['DMAP-118'],
    given: () =>
      fc.constantFrom<readonly [string, string]>(
        ['LIST ', ''],
        ['STATUS ', ' (MESSAGES)'],
        ['SELECT ', ''],
        ['CREATE ', ''],
      ),
    mostRuns: 5,
    async check({ connection }, context, [before, after]) {
      const quoted = await connection.command(`${before}""${after}`);
      const literal = await connection.command(before, { literal: '' }, after);
      const same =
        quoted.status === literal.status && untagged(quoted, 'list').length === untagged(literal, 'list').length;
      context.require('DMAP-118', same, `the same as to ${before}""${after}: ${shown(quoted)}`, () => shown(literal));
    },
  }),
];

export const cases: readonly Case[] = [...continuations, ...octets, ...strings];
