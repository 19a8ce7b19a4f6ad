/** FLAGS and PERMANENTFLAGS of a mailbox (sections 2.13, 5.5 and 5.8 of the DMAP digest). */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import type { DmapConnection } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { append, mustDo, type Selected, select, selectedBy } from '../dmap/session.js';
import { ending, flagSet, flagsOfAll, mailboxCase, sameSet, shown } from './mailboxes-case.js';

const systemFlags = ['Seen', 'Answered', 'Forwarded', 'Flagged', 'Deleted', 'Draft', 'Submitted', 'SubmitPending'];
/** Those that no submission hangs on. */
const ordinary = ['\\Seen', '\\Answered', '\\Forwarded', '\\Flagged', '\\Deleted', '\\Draft'];

const freshKeyword = (): string => `suite${randomBytes(4).toString('hex')}`;

const settable = ({ permanentFlags }: Selected): ReadonlySet<string> => flagSet(permanentFlags ?? []);

/** The flags of message 1 in a selection of its own. */
async function later(connection: DmapConnection, mailbox: string): Promise<ReadonlySet<string>> {
  await select(connection, mailbox);
  return (await flagsOfAll(connection)).get(1) ?? new Set();
}

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'flags/at-every-selection',
    title: 'FLAGS comes at every selection, with all eight system flags and the keywords in use.',
    decides: ['DMAP-430', 'DMAP-071', 'DMAP-070'],
    over: ['SELECT', 'EXAMINE'],
    async check({ connection, mailbox }, command, context) {
      const keyword = freshKeyword();
      await append(connection, mailbox, plainMessage.octets, [keyword]);
      await select(connection, mailbox);
      const inUse = (await flagsOfAll(connection)).get(1)?.has(keyword) === true;
      const { flags } = selectedBy(await mustDo(connection, `${command} ${mailbox}`));
      context.require('DMAP-430', flags !== null, `FLAGS at ${command}`, 'none');
      const there = flagSet(flags ?? []);
      const bare = systemFlags.filter((name) => there.has(name.toLowerCase()));
      context.require('DMAP-070', bare.length === 0, 'a backslash in front of the system flags', shown(bare));
      const missing = systemFlags.filter((name) => !there.has(`\\${name.toLowerCase()}`));
      context.require('DMAP-071', missing.length === 0, 'all eight system flags in FLAGS', `without ${shown(missing)}`);
      const complete = !inUse || there.has(keyword);
      context.require('DMAP-430', complete, `the keyword ${keyword} of a message in FLAGS`, shown(there));
    },
  }),

  mailboxCase({
    id: 'flags/set-and-cleared',
    title: 'Setting a flag adds it to those of the message, and clearing it takes it away.',
    decides: ['DMAP-069'],
    given: fc.array(
      fc.record({
        add: fc.boolean(),
        flags: fc.uniqueArray(fc.constantFrom(...ordinary), { minLength: 1, maxLength: 3 }),
      }),
      {
        minLength: 2,
        maxLength: 5,
      },
    ),
    async check({ connection, mailbox }, changes, context) {
      await append(connection, mailbox, plainMessage.octets);
      await select(connection, mailbox);
      const expected = new Set<string>();
      for (const { add, flags } of changes) {
        for (const flag of flagSet(flags)) add ? expected.add(flag) : expected.delete(flag);
        const change = `STORE 1 ${add ? '+' : '-'}FLAGS (${flags.join(' ')})`;
        await mustDo(connection, change);
        const found = (await flagsOfAll(connection)).get(1) ?? new Set();
        context.require('DMAP-069', sameSet(found, expected), `${shown(expected)} after ${change}`, shown(found));
      }
      const bare = await connection.command('STORE 1 +FLAGS \\Seen');
      context.follows('dmap-bare-flags', bare.status === 'OK' ? 'taken' : `${bare.status}`);
    },
  }),

  mailboxCase({
    id: 'flags/new-keywords',
    title: 'A keyword that is new can be stored when, and only when, PERMANENTFLAGS says so.',
    decides: ['DMAP-076', 'DMAP-402'],
    async check({ connection, mailbox }, _, context) {
      const keyword = freshKeyword();
      await append(connection, mailbox, plainMessage.octets);
      const open = settable(await select(connection, mailbox)).has('\\*');
      const stored = await connection.command(`STORE 1 +FLAGS (${keyword})`);
      const kept = (await later(connection, mailbox)).has(keyword);
      context.require('DMAP-402', !open || kept, 'a new keyword kept, as \\* promises', `${ending(stored)}, not kept`);
      context.require('DMAP-076', open || !kept, '\\* in PERMANENTFLAGS, since new keywords are kept', 'none');
      context.took('DMAP-076', open, 'PERMANENTFLAGS with \\*');
    },
  }),

  mailboxCase({
    id: 'flags/no-keywords-with-backslash',
    title: 'A flag with a backslash that is no system flag does not become a keyword.',
    decides: ['DMAP-075'],
    async check({ connection, mailbox }, _, context) {
      const flag = `\\${freshKeyword()}`;
      await append(connection, mailbox, plainMessage.octets);
      await select(connection, mailbox);
      const stored = await connection.command(`STORE 1 +FLAGS (${flag})`);
      context.follows('dmap-flags-outside', stored.status === 'OK' ? 'not kept' : 'refused');
      const kept = (await later(connection, mailbox)).has(flag);
      context.require('DMAP-075', !kept, `no flag ${flag} in a later selection`, `${ending(stored)}, and it is there`);
    },
  }),

  mailboxCase({
    id: 'flags/outside-permanent',
    title: 'Flags that PERMANENTFLAGS leaves out are not stored for good, and do no harm to a STORE.',
    decides: ['DMAP-400', 'DMAP-401'],
    over: ['SELECT', 'EXAMINE'],
    async check({ connection, mailbox }, command, context) {
      await append(connection, mailbox, plainMessage.octets);
      const selection = selectedBy(await mustDo(connection, `${command} ${mailbox}`));
      const permanent = settable(selection);
      const inside = ordinary.filter((flag) => permanent.has(flag.toLowerCase()));
      const outside = ordinary.filter((flag) => !permanent.has(flag.toLowerCase()));
      if (!permanent.has('\\*')) outside.push(freshKeyword());
      const stored = await connection.command(`STORE 1 +FLAGS (${[...outside, ...inside].join(' ')})`);
      // In a mailbox that is read-only all of it is refused (DMAP-I-80).
      const taken = command === 'EXAMINE' || stored.status === 'OK';
      context.require('DMAP-401', taken, `OK to STORE with ${shown(outside)} outside PERMANENTFLAGS`, ending(stored));
      const kept = await later(connection, mailbox);
      const wrong = outside.filter((flag) => kept.has(flag.toLowerCase()));
      context.require('DMAP-400', wrong.length === 0, `${shown(outside)} not set in a later selection`, shown(kept));
      const lost = inside.filter((flag) => command === 'SELECT' && !kept.has(flag.toLowerCase()));
      context.require('DMAP-401', lost.length === 0, `${shown(inside)} set all the same`, shown(kept));
    },
  }),
];
