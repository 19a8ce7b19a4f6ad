/** Command lines: tags, spaces, letter case, and what is not a command (sections 5.2 and 6.2 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { asks, refused, requireStatus, shown } from '../dmap/answers.js';
import { greetedCase, mailboxCase } from '../dmap/dmap-case.js';
import { append, mustDo } from '../dmap/session.js';

const tags = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9]{1,12}$/),
  fc.stringMatching(/^[A-Za-z0-9!#$&',.:;<=>?@^_`|}~/[\]-]{1,64}$/),
);

/** Commands in which arguments lack, or are too many. */
const wrongArguments = [
  'NOOP now',
  'CAPABILITY DMAP',
  'SELECT',
  'SELECT INBOX INBOX',
  'CREATE',
  'RENAME INBOX',
  'STATUS INBOX',
  'STATUS (MESSAGES)',
  'LIST',
  'LISTKEYS all',
  'GETKEY',
  'SUBSCRIBE a b',
  'STATUSINBOX (MESSAGES)',
] as const;

/** Nearly right, by what else a reader could take for right. */
const inexact = [
  'STATUS INBOX MESSAGES',
  'STATUS INBOX (MESSAGES',
  'STATUS INBOX (MESSAGES))',
  'STATUS INBOX ()',
  'STATUS INBOX (NONSENSE)',
  'SELECT "INBOX',
  'SELECT INBOX"',
  'SELECT (INBOX)',
  'GETKEY k NEITHER',
  'LIST * RETURN STATUS',
  'CREATE a%{b',
  'SELECT "IN\\BOX"',
] as const;

const caseOf = (word: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) => [...word].map((one, at) => (upper[at] === true ? one.toUpperCase() : one.toLowerCase())).join(''));

export const cases: readonly Case[] = [
  greetedCase({
    id: 'dmap-server/lines/tag-comes-back',
    title: 'A completion carries the tag of its command, octet for octet.',
    decides: ['DMAP-030'],
    given: () => fc.uniqueArray(tags, { minLength: 1, maxLength: 6, size: 'max' }),
    async check(connection, context, given) {
      for (const tag of given) {
        // Not by the reader of results, to which another tag is no completion.
        await connection.send(`${tag} NOOP\r\n`);
        const { text } = await connection.response();
        context.require('DMAP-030', text.startsWith(`${tag} `), `the tag ${tag}`, JSON.stringify(text));
      }
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/wrong-arguments',
    title: 'A command with missing or extra arguments is a syntax error.',
    decides: ['DMAP-019'],
    mostRuns: 12,
    given: () => fc.constantFrom(...wrongArguments),
    async check({ connection }, context, line) {
      await asks(context, connection, 'DMAP-019', line, ['BAD']);
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/one-space-between-items',
    title: 'Exactly one space stands between two items: more of them, none behind the last, and a tab are not taken.',
    decides: ['DMAP-453'],
    given: () =>
      fc.record({
        at: fc.nat(4),
        space: fc.constantFrom('  ', '\t', ' \t', '   '),
      }),
    async check({ connection }, context, { at, space }) {
      // Space 4 stands behind the last item, where none is due.
      const line = ['STATUS', 'INBOX', '(MESSAGES', 'UIDNEXT)', '']
        .map((part, index) => `${part}${index === at && index < 3 ? space : index < 3 ? ' ' : ''}`)
        .join('');
      const spoilt = at >= 3 ? `${line}${space}` : line;
      await asks(context, connection, 'DMAP-453', spoilt, ['BAD']);
      await asks(context, connection, 'DMAP-453', 'STATUS INBOX (MESSAGES UIDNEXT)', ['OK']);
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/exact-syntax',
    title: 'A command that is only nearly right is refused.',
    decides: ['DMAP-032'],
    mostRuns: 1,
    given: () => fc.constant(inexact),
    async check({ connection }, context, lines) {
      for (const line of lines) await asks(context, connection, 'DMAP-032', line, refused);
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/syntax-errors-get-bad',
    title: 'A command with a syntax error, an unknown one among them, gets a tagged BAD.',
    decides: ['DMAP-033'],
    given: () =>
      fc.oneof(
        fc.constantFrom('WRONG', 'LSUB "" *', 'STATUS', 'SELECT (', 'LIST ((', 'CREATE "x', 'NOOP()', 'RENAME a'),
        fc
          .stringMatching(/^[A-WYZ]{9,12}$/)
          .filter((word) => !/^(?:CAPABILITY|SUBSCRIBE|UNSUBSCRIBE|LISTSIGNETS)/.test(word)),
      ),
    async check({ connection }, context, line) {
      await asks(context, connection, 'DMAP-033', line, ['BAD']);
    },
  }),
  greetedCase({
    id: 'dmap-server/lines/without-a-tag',
    title: 'A line without a tag gets no OK; an untagged BAD belongs to no command, and the next one is answered.',
    decides: ['DMAP-413'],
    given: () => fc.constantFrom('\r\n', '+ NOOP\r\n', '(NOOP)\r\n', ' NOOP\r\n', '* NOOP\r\n'),
    async check(connection, context, line) {
      await connection.send(line);
      await connection.silent();
      const said = connection.unread;
      connection.forget();
      context.require(
        'DMAP-413',
        said === '' || /^(?:\* (?:BAD|BYE)|[^ *]+ BAD)[ \r]/i.test(said),
        'an untagged BAD',
        JSON.stringify(said),
      );
      const how = said === '' ? 'passed over' : (/^(?:\* BAD|\* BYE|[^ ]+ BAD)/i.exec(said)?.[0] ?? '');
      context.follows('dmap-line-without-tag', how.startsWith('*') || said === '' ? how : 'a tagged BAD');
      if (/^\* BYE/im.test(said)) return;
      requireStatus(context, 'DMAP-413', await connection.command('NOOP'), ['OK'], 'the command behind it');
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/keywords-in-any-case',
    title: 'Keywords are taken in any letter case.',
    decides: ['DMAP-452'],
    mostRuns: 12,
    given: () =>
      fc.tuple(
        ...['STATUS', 'MESSAGES', 'UIDNEXT', 'LIST', 'RETURN', 'SELECT', 'FETCH', 'FLAGS', 'UID', 'SEARCH', 'NOT'].map(
          caseOf,
        ),
        caseOf('SEEN'),
      ),
    async check({ connection, mailbox }, context, words) {
      const [status, messages, next, list, back, select, fetch, flags, uid, search, not, seen] = words;
      await append(connection, mailbox, plainMessage.octets);
      const lines = [
        `${status} ${mailbox} (${messages} ${next})`,
        `${list} ${mailbox} ${back} (${status} (${messages}))`,
        `${select} ${mailbox}`,
        `${fetch} 1 (${flags} ${uid})`,
        `${uid} ${search} ${not} ${seen}`,
      ];
      for (const line of lines) await asks(context, connection, 'DMAP-452', line, ['OK']);
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/experimental-commands',
    title: 'An unknown command with X is refused, and what comes untagged with the answer is known or begins with X.',
    decides: ['DMAP-382'],
    given: () => fc.stringMatching(/^X[A-Z]{6,12}( [a-z]{1,5})?$/),
    mostRuns: 4,
    async check({ connection }, context, line) {
      const result = await asks(context, connection, 'DMAP-382', line, refused);
      context.follows('dmap-unknown-x-command', `${result.status}`);
      const foreign = untagged(result, 'unknown').find(
        ({ octets }) => !/^X/i.test(Buffer.from(octets).toString('latin1')),
      );
      context.require('DMAP-382', foreign === undefined, 'only responses that are known or begin with X', () =>
        shown(result),
      );
    },
  }),
  mailboxCase({
    id: 'dmap-server/lines/noop',
    title: 'NOOP always succeeds and changes nothing; with arguments it gets BAD.',
    decides: ['DMAP-165'],
    given: () => fc.constantFrom('NOOP 1', 'NOOP ""', 'NOOP NOOP'),
    mostRuns: 3,
    async check({ connection, mailbox }, context, line) {
      await asks(context, connection, 'DMAP-165', line, ['BAD']);
      await asks(context, connection, 'DMAP-165', 'NOOP', ['OK']);
      await append(connection, mailbox, plainMessage.octets);
      await mustDo(connection, `SELECT ${mailbox}`);
      const before = await mustDo(connection, 'FETCH 1 (UID FLAGS)');
      await asks(context, connection, 'DMAP-165', 'NOOP', ['OK']);
      const after = await mustDo(connection, 'FETCH 1 (UID FLAGS)');
      const same = before.data.map(({ raw }) => raw).join('') === after.data.map(({ raw }) => raw).join('');
      context.require('DMAP-165', same, 'the same message after NOOP', () => shown(after));
    },
  }),
  greetedCase({
    id: 'dmap-server/lines/capability-with-arguments',
    title: 'CAPABILITY with arguments gets BAD.',
    decides: ['DMAP-164'],
    given: () => fc.constantFrom('CAPABILITY 1', 'CAPABILITY ()', 'CAPABILITY DMAP=TRUSTFUL'),
    mostRuns: 3,
    async check(connection, context, line) {
      const result = await asks(context, connection, 'DMAP-164', line, ['BAD']);
      context.require('DMAP-164', untagged(result, 'capability').length === 0, 'no listing', () => shown(result));
    },
  }),
];
