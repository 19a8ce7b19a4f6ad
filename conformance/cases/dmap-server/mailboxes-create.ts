/** CREATE and the names of mailboxes (sections 2.4 and 5.6 of the DMAP digest). */
import fc from 'fast-check';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { mustDo, selectedBy } from '../dmap/session.js';
import {
  ending,
  everything,
  isMailbox,
  isThere,
  levels,
  list,
  listed,
  mailboxCase,
  messagesIn,
  named,
  refused,
  shown,
} from './mailboxes-case.js';

const inboxes = fc
  .array(fc.boolean(), { minLength: 5, maxLength: 5 })
  .map((upper) => [...'inbox'].map((letter, at) => (upper[at] === true ? letter.toUpperCase() : letter)).join(''));

/** Names that are none, below a mailbox; a NUL cannot be sent in a name (DMAP-I-18). */
const invalid = [
  '//b',
  '/a//b',
  '/a\tb',
  '/a\r\nb',
  '/\u007f',
  '/a\u0085b',
  '/\u0001',
  '/end\u009f',
  '/\u001b[31m',
] as const;

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'create/makes-the-mailbox',
    title: 'CREATE makes an empty mailbox of any name in UTF-8, which LIST and STATUS give as it was written.',
    decides: ['DMAP-219'],
    given: levels,
    mostRuns: 8,
    async check({ connection, mailbox }, level, context) {
      const name = `${mailbox}/${level}`;
      const result = await connection.command('CREATE ', named(name));
      const refusable = `OK to CREATE of ${JSON.stringify(name)}`;
      context.require('DMAP-219', result.status === 'OK', refusable, ending(result));
      const names = listed(await mustDo(connection, `LIST ${mailbox}/*`));
      context.require('DMAP-219', isMailbox(names.get(name)), `${JSON.stringify(name)} in LIST`, shown(names.keys()));
      const count = await messagesIn(connection, name);
      context.require('DMAP-219', count === 0, 'STATUS of an empty mailbox of this name', `${count} messages`);
    },
  }),

  mailboxCase({
    id: 'create/refuses-what-exists',
    title: 'CREATE of INBOX in any letter case, and of a name that exists, gives NO and changes nothing.',
    decides: ['DMAP-220', 'DMAP-221'],
    over: [null, 'INBOX', 'inbox', 'InBoX'],
    async check({ connection, mailbox }, inbox, context) {
      const before = selectedBy(await mustDo(connection, `EXAMINE ${inbox ?? mailbox}`));
      const result = await connection.command(`CREATE ${inbox ?? mailbox}`);
      context.require('DMAP-220', result.status !== 'OK', 'no OK, as the mailbox exists', ending(result));
      context.require('DMAP-221', result.status === 'NO', 'a tagged NO', ending(result));
      const after = selectedBy(await mustDo(connection, `EXAMINE ${inbox ?? mailbox}`));
      const same = before.uidValidity === after.uidValidity;
      context.require('DMAP-220', same, `UIDVALIDITY ${before.uidValidity} as before`, `${after.uidValidity}`);
    },
  }),

  mailboxCase({
    id: 'create/refuses-invalid-names',
    title: 'CREATE of a name with an empty level or with control characters gives NO, and no such name comes to be.',
    decides: ['DMAP-131', 'DMAP-221'],
    over: invalid,
    async check({ connection, mailbox }, end, context) {
      const result = await connection.command('CREATE ', named(mailbox + end));
      const what = `CREATE of ${JSON.stringify(mailbox + end)}`;
      context.require('DMAP-131', result.status !== 'OK', `no OK to ${what}`, ending(result));
      context.require('DMAP-221', result.status === 'NO', `NO to ${what}`, ending(result));
      const names = [...listed(await mustDo(connection, `LIST ${mailbox}*`)).keys()];
      const strange = names.filter((name) => /\p{Cc}/u.test(name) || name.split('/').includes(''));
      context.require('DMAP-131', strange.length === 0, 'no such name in LIST', shown(strange));
    },
  }),

  mailboxCase({
    id: 'create/refuses-what-is-no-name',
    title: 'CREATE of the empty name gives NO, and of octets that are no UTF-8 NO or BAD.',
    decides: ['DMAP-221', 'DMAP-131'],
    over: [true, false],
    async check({ connection, mailbox }, empty, context) {
      const octets = empty ? new Uint8Array(0) : Buffer.from(`${mailbox}/\xfc`, 'latin1');
      const result = await connection.command('CREATE ', { literal: octets });
      context.require('DMAP-131', result.status !== 'OK', 'no OK', ending(result));
      if (!empty) context.follows('dmap-invalid-names', `${result.status} to a name that is no UTF-8`);
      const right = result.status === 'NO' || (!empty && result.status === 'BAD');
      context.require('DMAP-221', right, empty ? 'NO' : 'NO or BAD', ending(result));
    },
  }),

  mailboxCase({
    id: 'create/wildcards',
    title: 'A name with % or * is made and then is a name like any other, or it is refused with NO.',
    decides: ['DMAP-132'],
    over: ['%', '*', 'a%b', '*b', '100%'],
    async check({ connection, mailbox }, level, context) {
      const name = `${mailbox}/${level}`;
      const result = await connection.command('CREATE ', named(name));
      const made = result.status === 'OK';
      context.took('DMAP-132', made, `CREATE of ${JSON.stringify(level)}`);
      context.follows('dmap-wildcards-in-names', made ? 'taken' : `${result.status}`);
      context.require('DMAP-132', made || result.status === 'NO', 'OK or NO to CREATE', ending(result));
      const selected = await connection.command('SELECT ', named(name));
      const right = made ? selected.status === 'OK' : refused(selected);
      context.require('DMAP-132', right, made ? 'OK to SELECT of the name that was made' : 'NO', ending(selected));
    },
  }),

  mailboxCase({
    id: 'create/slash-at-the-end',
    title: 'CREATE takes a slash at the end of a name, and makes the name without it.',
    decides: ['DMAP-222', 'DMAP-223'],
    given: levels,
    async check({ connection, mailbox }, level, context) {
      const name = `${mailbox}/${level}`;
      const result = await connection.command('CREATE ', named(`${name}/`));
      context.require('DMAP-222', result.status === 'OK', 'OK to a name with a slash at its end', ending(result));
      const names = [...listed(await mustDo(connection, `LIST ${mailbox}/*`)).keys()];
      const ends = names.filter((each) => each.endsWith('/'));
      context.require('DMAP-223', ends.length === 0, 'no name with a slash at its end', shown(ends));
      context.require('DMAP-222', names.includes(name), `${JSON.stringify(name)} in LIST`, shown(names));
    },
  }),

  mailboxCase({
    id: 'create/makes-superiors',
    title: 'CREATE of a name some levels down makes the levels above it.',
    decides: ['DMAP-224'],
    given: fc.array(levels, { minLength: 2, maxLength: 4 }),
    async check({ connection, mailbox }, path, context) {
      const name = [mailbox, ...path].join('/');
      await mustDo(connection, 'CREATE ', named(name));
      const names = listed(await mustDo(connection, `LIST ${mailbox}/*`));
      const above = path.slice(1).map((_, at) => [mailbox, ...path.slice(0, at + 1)].join('/'));
      const missing = above.filter((superior) => !names.has(superior));
      context.require('DMAP-224', missing.length === 0, `${shown(above)} in LIST`, `without ${shown(missing)}`);
    },
  }),

  mailboxCase({
    id: 'names/inbox',
    title: 'INBOX in any letter case is one and the same mailbox, and only as a whole name.',
    decides: ['DMAP-127'],
    given: inboxes,
    async check({ connection, mailbox }, inbox, context) {
      const right = selectedBy(await mustDo(connection, 'EXAMINE INBOX'));
      const result = await connection.command(`EXAMINE ${inbox}`);
      const { uidValidity } = selectedBy(result);
      const same = result.status === 'OK' && uidValidity === right.uidValidity;
      context.require('DMAP-127', same, `INBOX, UIDVALIDITY ${right.uidValidity}, as ${inbox}`, everything(result));
      const below = await connection.command(`EXAMINE ${mailbox}/${inbox}`);
      context.require('DMAP-127', refused(below), `no mailbox ${mailbox}/${inbox}`, ending(below));
      const status = await mustDo(connection, `STATUS ${inbox} (UIDVALIDITY)`);
      const names = untagged(status, 'mailbox-status').map((response) => response.mailbox);
      context.require(
        'DMAP-127',
        names.every((name) => name === 'INBOX'),
        'the name INBOX',
        shown(names),
      );
    },
  }),

  mailboxCase({
    id: 'names/levels',
    title: 'The slash, and no other character, parts the levels of a name, and they stand from left to right.',
    decides: ['DMAP-133', 'DMAP-134'],
    over: ['.', '\\', ':', '|', '>', '~'],
    async check({ connection, mailbox }, other, context) {
      const deep = `${mailbox}/one/two`;
      const flat = `${mailbox}/left${other}right`;
      await mustDo(connection, 'CREATE ', named(deep));
      await mustDo(connection, 'CREATE ', named(flat));
      const all = await mustDo(connection, `LIST ${mailbox}/*`);
      const names = [...listed(all).keys()];
      const wellOrdered = names.includes(deep) && names.includes(flat);
      context.require('DMAP-134', wellOrdered, `${shown([deep, flat])} as they were made`, shown(names));
      const delimiters = untagged(all, 'list').map(({ mailbox: name, delimiter }) => ({ name, delimiter }));
      const parted = delimiters.every(
        ({ name, delimiter }) => delimiter === '/' || (delimiter === null && name === flat),
      );
      context.follows('dmap-list-delimiter', delimiters.some(({ delimiter }) => delimiter === null) ? 'NIL' : 'slash');
      context.require('DMAP-134', parted, 'the delimiter "/"', everything(all));

      const oneLevel = [...listed(await list(connection, `${mailbox}/%`)).keys()];
      const asLevels = oneLevel.includes(flat) && !oneLevel.includes(deep) && !oneLevel.includes(`${mailbox}/left`);
      context.require('DMAP-133', asLevels, `${flat} as one level, and ${deep} as two`, shown(oneLevel));
      const refusedSuperior = !(await isThere(connection, `${mailbox}/left`));
      context.require('DMAP-133', refusedSuperior, `no mailbox ${mailbox}/left`, 'there is one');
    },
  }),
];
