/** STATUS (sections 2.4 and 5.6 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { append, mustDo, select } from '../dmap/session.js';
import { ending, everything, flagsOfAll, levels, mailboxCase, named, shown } from './mailboxes-case.js';

const items = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN'] as const;

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'status/names-the-mailbox',
    title: 'STATUS brings one untagged STATUS with the name of the mailbox and each item that was asked for.',
    decides: ['DMAP-254', 'DMAP-429'],
    given: fc.record({ level: levels, asked: fc.shuffledSubarray([...items], { minLength: 1 }) }),
    mostRuns: 8,
    async check({ connection, mailbox }, { level, asked }, context) {
      const name = `${mailbox}/${level}`;
      await mustDo(connection, 'CREATE ', named(name));
      const result = await connection.command('STATUS ', named(name), ` (${asked.join(' ')})`);
      const responses = untagged(result, 'mailbox-status');
      const one = result.status === 'OK' && responses.length === 1;
      context.require('DMAP-254', one, 'one untagged STATUS and OK', everything(result));
      const [response] = responses;
      const told = response?.mailbox ?? '';
      context.require('DMAP-429', told === name, `the name ${JSON.stringify(name)}`, JSON.stringify(told));
      const names = (response?.values ?? []).map((value) => value.name);
      const right = names.toSorted().join() === asked.toSorted().join();
      context.require('DMAP-429', right, `the items ${shown(asked)}, each once`, shown(names));
    },
  }),

  mailboxCase({
    id: 'status/counts',
    title: 'STATUS tells the number of messages, of those without \\Seen, UIDNEXT and UIDVALIDITY, as SELECT does.',
    decides: ['DMAP-259'],
    given: fc.array(fc.constantFrom('', '\\Seen', '\\Flagged', '\\Deleted'), { maxLength: 5 }),
    async check({ connection, mailbox }, messages, context) {
      for (const flag of messages) {
        await append(connection, mailbox, plainMessage.octets, flag === '' ? [] : [flag]);
      }
      const result = await mustDo(connection, `STATUS ${mailbox} (${items.join(' ')})`);
      const [response] = untagged(result, 'mailbox-status');
      const told = new Map((response?.values ?? []).map(({ name, value }) => [name, Number(value)]));
      const { exists, uidNext, uidValidity } = await select(connection, mailbox);
      const unseen = messages.filter((flag) => flag !== '\\Seen').length;
      const expected = { MESSAGES: messages.length, UNSEEN: unseen, UIDNEXT: uidNext, UIDVALIDITY: uidValidity };
      for (const [name, value] of Object.entries(expected)) {
        context.require('DMAP-259', told.get(name) === value, `${name} ${value}`, everything(result));
      }
      context.require('DMAP-259', exists === messages.length, `EXISTS ${messages.length} too`, `${exists}`);
    },
  }),

  mailboxCase({
    id: 'status/changes-nothing',
    title: 'STATUS of another mailbox, or of the selected one, changes neither the selection nor any message.',
    decides: ['DMAP-255'],
    over: [true, false],
    async check({ connection, mailbox }, own, context) {
      const other = `${mailbox}/other`;
      await mustDo(connection, `CREATE ${other}`);
      for (const name of [mailbox, mailbox, other]) await append(connection, name, plainMessage.octets);
      await select(connection, mailbox);
      const asked = own ? mailbox : other;
      await mustDo(connection, `STATUS ${asked} (${items.join(' ')})`);
      const fetched = await connection.command('FETCH 1:2 FLAGS');
      const selected = fetched.status === 'OK' && untagged(fetched, 'fetch').length === 2;
      context.require('DMAP-255', selected, 'the mailbox selected as before', everything(fetched));
      const stored = await connection.command('STORE 1 +FLAGS (\\Answered)');
      context.require('DMAP-255', stored.status === 'OK', 'OK to STORE as before', ending(stored));
      await select(connection, asked);
      const seen = [...(await flagsOfAll(connection)).values()].filter((flags) => flags.has('\\seen'));
      context.require('DMAP-255', seen.length === 0, 'no message that has become \\Seen', `${seen.length} of them`);
    },
  }),

  mailboxCase({
    id: 'status/refuses-what-has-none',
    title: 'STATUS of a name without a mailbox gives NO, and % and * stand for themselves in it.',
    decides: ['DMAP-260', 'DMAP-256'],
    over: ['none', 'level', '%', '*', 'on%', 'o*'],
    async check({ connection, mailbox }, kind, context) {
      await mustDo(connection, `CREATE ${mailbox}/one`);
      await mustDo(connection, `CREATE ${mailbox}/level/below`);
      await connection.command(`DELETE ${mailbox}/level`);
      const result = await connection.command('STATUS ', named(`${mailbox}/${kind}`), ' (MESSAGES)');
      const requirement = /[%*]/.test(kind) ? 'DMAP-256' : 'DMAP-260';
      const silent = untagged(result, 'mailbox-status').length === 0;
      const right = result.status === 'NO' && silent;
      context.require(requirement, right, `NO to STATUS of ${kind}, and no STATUS`, everything(result));
    },
  }),
];
