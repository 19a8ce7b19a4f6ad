/** RENAME, INBOX apart (sections 2.4 and 5.6 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import type { Case } from '../case.js';
import { append, mustDo } from '../dmap/session.js';
import { ending, isMailbox, isThere, levels, listed, mailboxCase, messagesIn, named, shown } from './mailboxes-case.js';

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'rename/gives-another-name',
    title: 'RENAME gives a mailbox with its messages another name, and the old one is gone.',
    decides: ['DMAP-233'],
    given: fc.record({ from: levels, to: levels }).filter(({ from, to }) => from !== to),
    async check({ connection, mailbox }, { from, to }, context) {
      const [old, fresh] = [`${mailbox}/${from}`, `${mailbox}/${to}`];
      await mustDo(connection, 'CREATE ', named(old));
      await mustDo(connection, 'APPEND ', named(old), ' ', { literal: plainMessage.octets, binary: true });
      const result = await connection.command('RENAME ', named(old), ' ', named(fresh));
      context.require('DMAP-233', result.status === 'OK', 'OK to RENAME', ending(result));
      const names = listed(await mustDo(connection, `LIST ${mailbox}/*`));
      const right = isMailbox(names.get(fresh)) && !names.has(old);
      context.require('DMAP-233', right, `${JSON.stringify(fresh)} in the place of the old name`, shown(names.keys()));
      const count = await messagesIn(connection, fresh);
      context.require('DMAP-233', count === 1, 'its message under the new name', `${count} messages`);
    },
  }),

  mailboxCase({
    id: 'rename/refuses',
    title: 'RENAME of a missing mailbox, or onto one that exists, INBOX among them, gives NO and changes nothing.',
    decides: ['DMAP-234'],
    over: ['missing', 'exists', 'itself', 'inbox', 'InBox'],
    async check({ connection, mailbox }, kind, context) {
      const [source, target] = [`${mailbox}/source`, `${mailbox}/target`];
      await mustDo(connection, `CREATE ${target}`);
      await append(connection, target, plainMessage.octets);
      if (kind !== 'missing') await mustDo(connection, `CREATE ${source}`);
      const to = { missing: `${mailbox}/fresh`, exists: target, itself: source, inbox: 'inbox', InBox: 'InBox' }[kind];
      const result = await connection.command(`RENAME ${source} ${to}`);
      context.require('DMAP-234', result.status === 'NO', `NO to RENAME to ${to}`, ending(result));
      const names = [...listed(await mustDo(connection, `LIST ${mailbox}/*`)).keys()].sort();
      const expected = kind === 'missing' ? [target] : [source, target];
      context.require('DMAP-234', names.join() === expected.join(), shown(expected), shown(names));
      const count = await messagesIn(connection, target);
      context.require('DMAP-234', count === 1, 'the message of the target as before', `${count} messages`);
    },
  }),

  mailboxCase({
    id: 'rename/takes-inferiors-along',
    title: 'RENAME renames the inferiors of a mailbox too, and nothing that only begins like it.',
    decides: ['DMAP-235'],
    given: fc.uniqueArray(fc.constantFrom('x', 'y', 'x/deep', 'y/deep/deeper', 'old'), { minLength: 1, maxLength: 4 }),
    async check({ connection, mailbox }, below, context) {
      const [old, fresh, beside] = [`${mailbox}/old`, `${mailbox}/new`, `${mailbox}/older`];
      await mustDo(connection, `CREATE ${old}`);
      await mustDo(connection, `CREATE ${beside}/x`);
      for (const each of below) await connection.command(`CREATE ${old}/${each}`);
      await mustDo(connection, `RENAME ${old} ${fresh}`);
      const names = listed(await mustDo(connection, `LIST ${mailbox}/*`));
      const left = [...names.keys()].filter((name) => name === old || name.startsWith(`${old}/`));
      context.require('DMAP-235', left.length === 0, `nothing at ${old} any more`, shown(left));
      const missing = below.map((each) => `${fresh}/${each}`).filter((name) => !isMailbox(names.get(name)));
      context.require('DMAP-235', missing.length === 0, `the inferiors at ${fresh}`, `without ${shown(missing)}`);
      context.require('DMAP-235', names.has(`${beside}/x`), `${beside}/x as before`, shown(names.keys()));
    },
  }),

  mailboxCase({
    id: 'rename/makes-superiors',
    title: 'RENAME to a name some levels down makes the levels above it.',
    decides: ['DMAP-236'],
    given: fc.array(levels, { minLength: 1, maxLength: 3 }),
    async check({ connection, mailbox }, path, context) {
      await mustDo(connection, `CREATE ${mailbox}/source`);
      const levelsAbove = path.map((_, at) => [mailbox, 'up', ...path.slice(0, at)].join('/'));
      await mustDo(connection, `RENAME ${mailbox}/source `, named([mailbox, 'up', ...path].join('/')));
      const names = listed(await mustDo(connection, `LIST ${mailbox}/*`));
      const missing = levelsAbove.filter((superior) => !names.has(superior));
      context.require('DMAP-236', missing.length === 0, `${shown(levelsAbove)} in LIST`, `without ${shown(missing)}`);
    },
  }),

  mailboxCase({
    id: 'rename/below-itself',
    title: 'RENAME of a mailbox to a name below itself does no harm to it.',
    decides: ['DMAP-233'],
    async check({ connection, mailbox }, _, context) {
      const name = `${mailbox}/round`;
      await mustDo(connection, `CREATE ${name}`);
      await append(connection, name, plainMessage.octets);
      const result = await connection.command(`RENAME ${name} ${name}/below`);
      const moved = result.status === 'OK';
      const [gone, kept] = moved ? [name, `${name}/below`] : [`${name}/below`, name];
      const count = await messagesIn(connection, kept);
      context.require('DMAP-233', count === 1, `the message in ${kept} after ${result.status}`, `${count} messages`);
      const stays = await isThere(connection, gone);
      context.require('DMAP-233', moved || !stays, `no ${gone} after ${result.status}`, 'it is there');
    },
  }),
];
