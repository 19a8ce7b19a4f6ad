/** Atoms, numbers, strings, lists, NIL and names in UTF-8 (sections 3.1 and 5.2 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { asks, refused, requireStatus, shown } from '../dmap/answers.js';
import { mailboxCase } from '../dmap/dmap-case.js';
import { append, fetchedItems, freshName, mustDo, select } from '../dmap/session.js';

/** Names with letters that ASCII lacks, in Unicode's composed form, so that no server has a reason to change them. */
const foreignNames = fc.stringMatching(/^[äöüßéçñřżαβγжиטやま界😀]{1,6}$/u).map((name) => name.normalize('NFC'));

const text = (octets: string): string => Buffer.from(octets, 'utf8').toString('latin1');

const strings: readonly Case[] = [
  mailboxCase({
    id: 'dmap-server/forms/atoms',
    title: 'An atom is one or more characters that are not special.',
    decides: ['DMAP-111'],
    given: () => fc.stringMatching(/^[!#$&',.:;<=>?@^_`|}~A-Za-z0-9[-]{1,40}$/).map((atom) => `${freshName()}${atom}`),
    async check({ connection }, context, atom) {
      // There is no such mailbox: NO tells that the name was read.
      await asks(context, connection, 'DMAP-111', `STATUS ${atom} (MESSAGES)`, ['NO']);
      for (const special of ['{', '%', '*', '"', '\\', '(', '\x7f', '\x01']) {
        await asks(context, connection, 'DMAP-111', `STATUS ${atom}${special}x (MESSAGES)`, ['BAD']);
      }
    },
  }),
  mailboxCase({
    id: 'dmap-server/forms/name-as-atom-or-string',
    title: 'The name of a mailbox may be written as an atom, a quoted string or a literal.',
    decides: ['DMAP-110'],
    async check({ connection, mailbox }, context) {
      const results = [
        await connection.command(`SELECT ${mailbox}`),
        await connection.command(`SELECT "${mailbox}"`),
        await connection.command('SELECT ', { literal: mailbox }),
      ];
      const taken = results.every(({ status }) => status === 'OK');
      context.took('DMAP-110', taken, results.map(({ status }) => status).join(', '));
    },
  }),
  mailboxCase({
    id: 'dmap-server/forms/quoted-strings-have-seven-bits',
    title: 'A quoted string of a server has no character above 7 bits; one of a client is taken as UTF-8 or refused.',
    decides: ['DMAP-117'],
    given: () => foreignNames,
    async check({ connection, mailbox }, context, last) {
      const name = `${mailbox}/${last}`;
      await mustDo(connection, 'CREATE ', { literal: name });
      for (const result of [
        await mustDo(connection, `LIST ${mailbox}/*`),
        await mustDo(connection, 'STATUS ', { literal: name }, ' (MESSAGES)'),
      ]) {
        const wrong = result.data.find((answer) => /[\x80-\xff]/.test(answer.text));
        context.require('DMAP-117', wrong === undefined, 'a name above 7 bits in a literal', () => shown(result));
      }
      const { status } = await connection.command(`STATUS "${text(name)}" (MESSAGES)`);
      context.require('DMAP-117', status !== null, 'an answer', 'none');
      context.follows('dmap-quoted-utf-8', `${status}`);
    },
  }),
  mailboxCase({
    id: 'dmap-server/forms/names-in-utf-8',
    title: 'The names of mailboxes are UTF-8: LIST gives the octets with which one was made.',
    decides: ['DMAP-126'],
    given: () => foreignNames,
    async check({ connection, mailbox }, context, last) {
      const name = `${mailbox}/${last}`;
      requireStatus(
        context,
        'DMAP-126',
        await connection.command('CREATE ', { literal: name }),
        ['OK'],
        `CREATE ${name}`,
      );
      const result = await mustDo(connection, `LIST ${mailbox}/*`);
      const names = untagged(result, 'list').map((list) => list.mailbox);
      context.require('DMAP-126', names.includes(name), name, () => shown(result));
    },
  }),
];

const numbersAndLists: readonly Case[] = [
  mailboxCase({
    id: 'dmap-server/forms/numbers',
    title: 'A number is one or more digits and stands for its value, up to 32 bits.',
    decides: ['DMAP-112'],
    given: () => fc.oneof(fc.constantFrom(0, 1, 4_294_967_295), fc.integer({ min: 0, max: 4_294_967_295 })),
    async check({ connection, mailbox }, context, number) {
      await append(connection, mailbox, plainMessage.octets);
      await select(connection, mailbox);
      const size = plainMessage.octets.length;
      for (const [value, larger] of [
        [number, size > number],
        [size, false],
        [size - 1, true],
      ] as const) {
        const result = await asks(context, connection, 'DMAP-112', `SEARCH LARGER ${value}`, ['OK']);
        const found = untagged(result, 'search').flatMap(({ numbers }) => numbers);
        context.require('DMAP-112', found.length > 0 === larger, `${larger ? 'the' : 'no'} message`, () =>
          shown(result),
        );
      }
      for (const none of ['4294967296', '99999999999999999999', '-1', '1x', '1.5', '']) {
        await asks(context, connection, 'DMAP-112', `SEARCH LARGER ${none}`, ['BAD']);
      }
      context.follows('dmap-leading-zeros', `${(await connection.command('SEARCH LARGER 007')).status}`);
    },
  }),
  mailboxCase({
    id: 'dmap-server/forms/one-item-or-a-list',
    title: 'FETCH takes one item as an atom, or a list of items in parentheses.',
    decides: ['DMAP-315'],
    async check({ connection, mailbox }, context) {
      await append(connection, mailbox, plainMessage.octets);
      await select(connection, mailbox);
      for (const what of ['FLAGS', '(FLAGS)', '(FLAGS UID)', '(UID SIZE FLAGS)']) {
        const result = await asks(context, connection, 'DMAP-315', `FETCH 1 ${what}`, ['OK']);
        context.require('DMAP-315', fetchedItems(result, 'FLAGS').has(1), 'the flags', () => shown(result));
      }
      for (const what of ['FLAGS UID', '()', '(FLAGS', 'FLAGS)']) {
        await asks(context, connection, 'DMAP-315', `FETCH 1 ${what}`, refused);
      }
    },
  }),
  mailboxCase({
    id: 'dmap-server/forms/lists-nest',
    title: 'The items of a list have one space between them, and lists nest.',
    decides: ['DMAP-121'],
    async check({ connection, mailbox }, context) {
      const status = await asks(context, connection, 'DMAP-121', `STATUS ${mailbox} (UIDNEXT MESSAGES UIDVALIDITY)`, [
        'OK',
      ]);
      const values = untagged(status, 'mailbox-status').flatMap((one) => one.values);
      context.require('DMAP-121', values.length === 3, 'three values', () => shown(status));
      await asks(context, connection, 'DMAP-121', `LIST ${mailbox} RETURN (STATUS (MESSAGES UIDNEXT))`, ['OK']);
      await asks(context, connection, 'DMAP-121', `STATUS ${mailbox} (UIDNEXT  MESSAGES)`, ['BAD']);
      await append(connection, mailbox, plainMessage.octets);
      await select(connection, mailbox);
      await asks(context, connection, 'DMAP-121', 'SEARCH (ALL (SMALLER 4294967295 (UNSEEN)))', ['OK']);
    },
  }),
  mailboxCase({
    id: 'dmap-server/forms/empty-list',
    title: 'The empty list is written as two parentheses.',
    decides: ['DMAP-122'],
    async check({ connection, mailbox }, context) {
      const message = { literal: plainMessage.octets, binary: true };
      const appended = await connection.command(`APPEND ${mailbox} () `, message);
      requireStatus(context, 'DMAP-122', appended, ['OK'], 'APPEND with an empty list of flags');
      await select(connection, mailbox);
      await asks(context, connection, 'DMAP-122', 'STORE 1 FLAGS ()', ['OK']);
      const result = await mustDo(connection, 'FETCH 1 FLAGS');
      const line = result.data.find((answer) => / FETCH /.test(answer.text))?.text ?? '';
      context.require('DMAP-122', /FLAGS \(\)/i.test(line), 'FLAGS () of a message without flags', () => shown(result));
    },
  }),
];

const nil: readonly Case[] = [
  mailboxCase({
    id: 'dmap-server/forms/nil-is-nothing',
    title: 'NIL says that a string is not there; it is not the empty string.',
    decides: ['DMAP-123'],
    async check({ connection, mailbox }, context) {
      await append(connection, mailbox, plainMessage.octets);
      await select(connection, mailbox);
      const before = await asks(context, connection, 'DMAP-123', 'FETCH 1 META', ['OK']);
      const value = fetchedItems(before, 'META').get(1)?.value;
      context.require('DMAP-123', value === null, 'NIL for what was never written', () => shown(before));
      const written = await connection.command('STORE 1 META ""');
      context.follows('dmap-meta-writing', `${written.status}`);
      const missing = fetchedItems(await mustDo(connection, 'FETCH 1 BODY.PEEK[199.9]'), 'BODY').get(1)?.value;
      context.follows('dmap-missing-chunk', missing === null ? 'NIL' : 'a string');
      if (written.status !== 'OK') return;
      const after = await mustDo(connection, 'FETCH 1 META');
      const empty = fetchedItems(after, 'META').get(1)?.value;
      context.require('DMAP-123', empty?.length === 0, 'the empty string after it was written', () => shown(after));
    },
  }),
  mailboxCase({
    id: 'dmap-server/forms/mailbox-called-nil',
    title: 'NIL in the place of a name is the name: a mailbox can be called so.',
    decides: ['DMAP-124'],
    async check({ connection, mailbox }, context) {
      // There may be one from before; then NO tells that the name was read.
      const made = await asks(context, connection, 'DMAP-124', 'CREATE NIL', ['OK', 'NO']);
      if (made.status === 'NO') context.note('CREATE NIL was refused');
      const { status } = await asks(context, connection, 'DMAP-124', 'STATUS NIL (MESSAGES)', ['OK', 'NO']);
      context.require('DMAP-124', made.status === 'NO' || status === 'OK', 'the mailbox NIL', `${status}`);
      if (made.status === 'OK') {
        const listed = untagged(await mustDo(connection, 'LIST NIL'), 'list').map((list) => list.mailbox);
        context.require('DMAP-124', listed.includes('NIL'), 'NIL in the list', listed.join(', '));
        await asks(context, connection, 'DMAP-124', 'DELETE NIL', ['OK']);
      }
      await asks(context, connection, 'DMAP-124', `RENAME ${mailbox}-missing NIL`, ['NO']);
    },
  }),
];

export const cases: readonly Case[] = [...strings, ...numbersAndLists, ...nil];
