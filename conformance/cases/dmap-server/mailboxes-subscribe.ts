/** SUBSCRIBE, UNSUBSCRIBE and LIST (SUBSCRIBED) (sections 2.4 and 5.6 of the DMAP digest). */
import type { DmapConnection } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { mustDo, type Room } from '../dmap/session.js';
import { ending, levels, list, listed, mailboxCase, named, shown } from './mailboxes-case.js';

/** The names below `mailbox`, and itself, that are subscribed. @throws Unreachable when LIST is refused */
async function subscribed(connection: DmapConnection, mailbox: string): Promise<string[]> {
  return [...listed(await mustDo(connection, `LIST (SUBSCRIBED) ${mailbox}*`)).keys()].sort();
}

/** Ends the subscription, which is the account's own and would outlive the mailbox. */
async function subscribing(room: Room, name: string, use: () => Promise<void>): Promise<void> {
  try {
    await use();
  } finally {
    // After a connection that was lost the name stays.
    if (room.connection.ended === null) await room.connection.command('UNSUBSCRIBE ', named(name)).catch(() => null);
  }
}

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'subscribe/adds-and-removes',
    title: 'SUBSCRIBE adds a name to those of LIST (SUBSCRIBED), UNSUBSCRIBE takes it off, and others stay.',
    decides: ['DMAP-240', 'DMAP-243'],
    given: levels,
    mostRuns: 6,
    async check(room, level, context) {
      const { connection, mailbox } = room;
      const name = `${mailbox}/${level}`;
      await mustDo(connection, 'CREATE ', named(name));
      await subscribing(room, mailbox, async () => {
        await mustDo(connection, `SUBSCRIBE ${mailbox}`);
        const added = await connection.command('SUBSCRIBE ', named(name));
        context.require('DMAP-240', added.status === 'OK', 'OK to SUBSCRIBE of a mailbox', ending(added));
        const both = await subscribed(connection, mailbox);
        const right = both.join('\n') === [mailbox, name].join('\n');
        context.require('DMAP-240', right, shown([mailbox, name]), shown(both));
        const removed = await connection.command('UNSUBSCRIBE ', named(name));
        context.require('DMAP-243', removed.status === 'OK', 'OK to UNSUBSCRIBE', ending(removed));
        const one = await subscribed(connection, mailbox);
        context.require('DMAP-243', one.join() === mailbox, shown([mailbox]), shown(one));
      });
    },
  }),

  mailboxCase({
    id: 'subscribe/again',
    title: 'SUBSCRIBE and UNSUBSCRIBE that change nothing give OK or NO, and change nothing.',
    decides: ['DMAP-240', 'DMAP-244'],
    async check(room, _, context) {
      const { connection, mailbox } = room;
      await subscribing(room, mailbox, async () => {
        await mustDo(connection, `SUBSCRIBE ${mailbox}`);
        const again = await connection.command(`SUBSCRIBE ${mailbox}`);
        context.require('DMAP-240', again.status !== 'BAD', 'OK or NO to a second SUBSCRIBE', ending(again));
        const once = await subscribed(connection, mailbox);
        context.require('DMAP-240', once.join() === mailbox, 'the name once', shown(once));
        await mustDo(connection, `UNSUBSCRIBE ${mailbox}`);
        const off = await connection.command(`UNSUBSCRIBE ${mailbox}`);
        context.took('DMAP-244', off.status === 'OK', 'UNSUBSCRIBE of a name that is not subscribed');
        context.require('DMAP-244', off.status !== 'BAD', 'OK or NO to a second UNSUBSCRIBE', ending(off));
        context.follows('dmap-repeated-subscription', `${again.status} to SUBSCRIBE, ${off.status} to UNSUBSCRIBE`);
      });
    },
  }),

  mailboxCase({
    id: 'subscribe/missing',
    title: 'SUBSCRIBE of a name without a mailbox gives OK, and it is listed then, or NO.',
    decides: ['DMAP-241', 'DMAP-240'],
    async check(room, _, context) {
      const { connection, mailbox } = room;
      const name = `${mailbox}/none`;
      await subscribing(room, name, async () => {
        const result = await connection.command(`SUBSCRIBE ${name}`);
        context.took('DMAP-241', result.status === 'NO', 'SUBSCRIBE of a name without a mailbox');
        context.follows('dmap-subscribe-missing', `${result.status}`);
        context.require('DMAP-241', result.status !== 'BAD', 'OK or NO', ending(result));
        const names = await subscribed(connection, mailbox);
        const right = names.includes(name) === (result.status === 'OK');
        context.require('DMAP-240', right, `${name} listed after OK alone`, `${result.status}, and ${shown(names)}`);
      });
    },
  }),

  mailboxCase({
    id: 'subscribe/outlives-the-mailbox',
    title: 'A subscription stays when its mailbox is deleted or renamed.',
    decides: ['DMAP-242'],
    over: ['DELETE', 'RENAME'],
    async check(room, command, context) {
      const { connection, mailbox } = room;
      const name = `${mailbox}/gone`;
      await mustDo(connection, `CREATE ${name}`);
      await subscribing(room, name, async () => {
        await mustDo(connection, `SUBSCRIBE ${name}`);
        await mustDo(connection, `${command} ${name}${command === 'RENAME' ? ` ${mailbox}/new` : ''}`);
        const names = await subscribed(connection, mailbox);
        context.require('DMAP-242', names.includes(name), `${name} subscribed after ${command}`, shown(names));
      });
    },
  }),

  mailboxCase({
    id: 'subscribe/list-adds-no-levels',
    title: 'LIST (SUBSCRIBED) shows the subscribed names that match, and with a final % no levels above them.',
    decides: ['DMAP-240'],
    async check(room, _, context) {
      const { connection, mailbox } = room;
      const name = `${mailbox}/level/below`;
      await mustDo(connection, `CREATE ${name}`);
      await subscribing(room, name, async () => {
        await mustDo(connection, `SUBSCRIBE ${name}`);
        const level = [...listed(await list(connection, `${mailbox}/%`, { options: '(SUBSCRIBED) ' })).keys()];
        context.require('DMAP-240', level.length === 0, 'nothing', shown(level));
        const deep = [...listed(await list(connection, `${mailbox}/%/%`, { options: '(SUBSCRIBED) ' })).keys()];
        context.require('DMAP-240', deep.join() === name, shown([name]), shown(deep));
      });
    },
  }),
];
