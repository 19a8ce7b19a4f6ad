/** DELETE (sections 2.4 and 5.6 of the DMAP digest). */
import { plainMessage } from '../../model/dmap-message.js';
import { Unsupported } from '../../runner/outcome.js';
import type { Case } from '../case.js';
import { append, loggedIn, mustDo } from '../dmap/session.js';
import {
  ending,
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

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'delete/removes-the-mailbox',
    title: 'DELETE with OK has removed the mailbox with its messages, for every session.',
    decides: ['DMAP-226', 'DMAP-231'],
    given: levels,
    async check({ connection, account, mailbox }, level, context) {
      const name = `${mailbox}/${level}`;
      await mustDo(connection, 'CREATE ', named(name));
      await append(connection, mailbox, plainMessage.octets);
      await mustDo(connection, 'APPEND ', named(name), ' ', { literal: plainMessage.octets, binary: true });
      const result = await connection.command('DELETE ', named(name));
      context.require('DMAP-226', result.status === 'OK', 'OK to DELETE of a mailbox', ending(result));
      context.require(
        'DMAP-226',
        !(await isThere(connection, name)),
        `no ${JSON.stringify(name)} in LIST`,
        'it is there',
      );
      const second = await loggedIn(context, account);
      const selected = await second.command('SELECT ', named(name));
      context.require('DMAP-226', refused(selected), 'no SELECT in another session', ending(selected));
      await mustDo(connection, 'CREATE ', named(name));
      const count = await messagesIn(connection, name);
      context.require('DMAP-231', count === 0, 'an empty mailbox when it is made anew', `${count} messages`);
      const others = await messagesIn(connection, mailbox);
      context.require('DMAP-231', others === 1, 'the messages of other mailboxes as before', `${others} messages`);
    },
  }),

  mailboxCase({
    id: 'delete/refuses',
    title: 'DELETE of INBOX, in any letter case, and of a name that does not exist gives NO.',
    decides: ['DMAP-227'],
    over: ['INBOX', 'inbox', 'InBox', null],
    // A server that deletes INBOX would take it from all others.
    alone: true,
    async check({ connection, mailbox }, inbox, context) {
      const name = inbox ?? `${mailbox}/none`;
      const result = await connection.command(`DELETE ${name}`);
      context.require('DMAP-227', result.status === 'NO', `NO to DELETE of ${name}`, ending(result));
      if (inbox === null) return;
      const kept = await connection.command('EXAMINE INBOX');
      context.require('DMAP-227', kept.status === 'OK', 'INBOX as before', ending(kept));
    },
  }),

  mailboxCase({
    id: 'delete/leaves-inferiors',
    title: 'DELETE of a mailbox with inferiors leaves those, and of the name a level at most.',
    decides: ['DMAP-228', 'DMAP-230'],
    async check({ connection, mailbox }, _, context) {
      const name = `${mailbox}/above`;
      const below = [`${name}/one`, `${name}/one/two`];
      await mustDo(connection, `CREATE ${name}`);
      for (const each of below) await mustDo(connection, `CREATE ${each}`);
      await append(connection, name, plainMessage.octets);
      await append(connection, `${name}/one`, plainMessage.octets);
      const result = await connection.command(`DELETE ${name}`);
      context.took('DMAP-230', result.status === 'OK', 'DELETE of a mailbox with inferiors');
      context.require('DMAP-230', result.status !== 'BAD', 'OK or NO to DELETE', ending(result));
      const names = listed(await mustDo(connection, `LIST ${mailbox}/*`));
      const lost = below.filter((each) => !isMailbox(names.get(each)));
      context.require('DMAP-228', lost.length === 0, `${shown(below)} in LIST`, `without ${shown(lost)}`);
      const inner = await messagesIn(connection, `${name}/one`);
      context.require('DMAP-228', inner === 1, 'the messages of the inferior as before', `${inner} messages`);
      if (result.status !== 'OK') return;

      const fate = names.get(name);
      context.follows('dmap-deleted-superior', fate === undefined ? 'goes' : 'stays as \\Noselect');
      context.require('DMAP-230', !isMailbox(fate), 'a \\Noselect name, or none', shown(fate ?? []));
      const selected = await connection.command(`SELECT ${name}`);
      context.require('DMAP-230', refused(selected), 'no SELECT of it', ending(selected));
      const level = listed(await list(connection, `${mailbox}/%`)).get(name);
      const isLevel = level?.has('\\noselect') === true;
      context.require('DMAP-230', isLevel, 'a \\Noselect level for a final %', level ? shown(level) : 'not listed');
    },
  }),

  mailboxCase({
    id: 'delete/empties-superiors',
    title: 'DELETE of a mailbox with inferiors removes its messages, and DELETE of the level that stays gives NO.',
    decides: ['DMAP-229', 'DMAP-231'],
    async check({ connection, mailbox }, _, context) {
      const name = `${mailbox}/above`;
      await mustDo(connection, `CREATE ${name}`);
      await mustDo(connection, `CREATE ${name}/one`);
      await append(connection, name, plainMessage.octets);
      await append(connection, `${name}/one`, plainMessage.octets);
      const result = await connection.command(`DELETE ${name}`);
      if (result.status === 'NO') throw new Unsupported('mailboxes with inferiors are not deleted there');
      const again = await connection.command(`DELETE ${name}`);
      context.require('DMAP-229', again.status === 'NO', 'NO to a second DELETE', ending(again));
      const still = await messagesIn(connection, `${name}/one`);
      context.require('DMAP-229', still === 1, 'the inferior as before', `${still} messages`);
      const anew = await connection.command(`CREATE ${name}`);
      const count = anew.status === 'OK' ? await messagesIn(connection, name) : 0;
      context.require('DMAP-231', count === 0, 'no message in the name when it is made a mailbox again', `${count}`);
    },
  }),

  mailboxCase({
    id: 'delete/the-selected-one',
    title: 'DELETE of the selected mailbox gives OK and ends the selection, or it gives NO.',
    decides: ['DMAP-226'],
    async check({ connection, mailbox }, _, context) {
      const name = `${mailbox}/here`;
      await mustDo(connection, `CREATE ${name}`);
      await append(connection, name, plainMessage.octets);
      await mustDo(connection, `SELECT ${name}`);
      const result = await connection.command(`DELETE ${name}`);
      context.follows('dmap-deleted-selection', `${result.status}`);
      context.require('DMAP-226', result.status !== 'BAD', 'OK or NO', ending(result));
      const there = await isThere(connection, name);
      context.require('DMAP-226', there === (result.status === 'NO'), 'the mailbox gone after OK alone', `${there}`);
    },
  }),
];
