/** RENAME of INBOX (sections 2.4 and 5.6 of the DMAP digest). It empties INBOX, so it is done alone and undone. */
import { plainMessage } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmapResult } from '../../target/dmap-connection.js';
import type { DmapAccount } from '../../target/profile.js';
import type { Case } from '../case.js';
import { append, freshName, loggedIn, mustDo, select, selectedBy } from '../dmap/session.js';
import { ending, isThere, mailboxCase, messagesIn } from './mailboxes-case.js';

/** Brings the messages back, on a connection of its own: the case may have ended within a command. */
async function restore(context: CaseContext, account: DmapAccount, below: string, moved: string | null): Promise<void> {
  const connection = await loggedIn(context, account);
  if (moved !== null && (await select(connection, moved)).exists !== 0) await mustDo(connection, 'COPY 1:* INBOX');
  await connection.command(`DELETE ${below}`);
}

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'rename/inbox',
    title: 'RENAME of INBOX moves its messages into a new mailbox; INBOX stays, empty, with its inferiors.',
    decides: ['DMAP-238', 'DMAP-239'],
    alone: true,
    async check({ connection, account, mailbox }, _, context) {
      const below = `INBOX/${freshName()}`;
      const moved = `${mailbox}/moved`;
      await mustDo(connection, `CREATE ${below}`);
      let result: DmapResult | null = null;
      let bare = false;
      try {
        await append(connection, below, plainMessage.octets);
        // Something has to move; the account's own messages will do.
        bare = selectedBy(await mustDo(connection, 'EXAMINE INBOX')).exists === 0;
        if (bare) await append(connection, 'INBOX', plainMessage.octets, ['\\Flagged']);
        const before = selectedBy(await mustDo(connection, 'EXAMINE INBOX'));
        await mustDo(connection, `EXAMINE ${mailbox}`);
        result = await connection.command(`RENAME INBOX ${moved}`);
        context.require('DMAP-238', result.status === 'OK', 'OK to RENAME of INBOX', ending(result));
        const there = await messagesIn(connection, moved);
        context.require('DMAP-238', there === before.exists, `${before.exists} messages in ${moved}`, `${there}`);
        const examined = await connection.command('EXAMINE INBOX');
        context.require('DMAP-238', examined.status === 'OK', 'INBOX in its place', ending(examined));
        const after = selectedBy(examined);
        context.require('DMAP-238', after.exists === 0, 'an empty INBOX', `${after.exists} messages`);
        const uids = (at: typeof after): string => `UIDVALIDITY ${at.uidValidity}, UIDNEXT ${at.uidNext}`;
        context.require('DMAP-238', uids(after) === uids(before), `${uids(before)} as before`, uids(after));
        const inferior = await messagesIn(connection, below);
        context.require('DMAP-239', inferior === 1, `${below} with its message`, `${inferior ?? 'it is not there'}`);
        const along = await isThere(connection, below.replace('INBOX', moved));
        context.require('DMAP-239', !along, `no inferior of ${moved}`, 'there is one');
      } finally {
        if (result?.status === 'NO' && bare) context.note('a message of the suite is left in INBOX');
        const moves = result?.status === 'OK' && !bare ? moved : null;
        await restore(context, account, below, moves).catch((error) =>
          context.note(`INBOX is not as before: ${error}`),
        );
      }
    },
  }),

  mailboxCase({
    id: 'rename/inbox-refused',
    title: 'RENAME of INBOX onto a mailbox that exists gives NO and moves nothing.',
    decides: ['DMAP-234'],
    alone: true,
    async check({ connection, mailbox }, _, context) {
      const { exists } = selectedBy(await mustDo(connection, 'EXAMINE INBOX'));
      const result = await connection.command(`RENAME INBOX ${mailbox}`);
      context.require('DMAP-234', result.status === 'NO', 'NO', ending(result));
      const after = selectedBy(await mustDo(connection, 'EXAMINE INBOX')).exists;
      context.require('DMAP-234', after === exists, `${exists} messages in INBOX`, `${after}`);
      const count = await messagesIn(connection, mailbox);
      context.require('DMAP-234', count === 0, 'nothing in the other mailbox', `${count} messages`);
    },
  }),
];
