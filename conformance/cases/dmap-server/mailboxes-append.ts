/** APPEND (sections 2.4 and 5.7 of the DMAP digest). */
import fc from 'fast-check';
import { secondsOf } from '../../../grammar/dmap-dates.js';
import { plainMessage, sealedMessage, sealedMessages } from '../../model/dmap-message.js';
import type { CommandPiece, DmapConnection } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { append, fetchedItems, loggedIn, mustDo, select } from '../dmap/session.js';
import {
  codeWord,
  ending,
  flagSet,
  flagsOfAll,
  mailboxCase,
  messagesIn,
  refused,
  sameSet,
  shown,
} from './mailboxes-case.js';

const settable = ['\\Seen', '\\Answered', '\\Forwarded', '\\Flagged', '\\Deleted', '\\Draft'];
/** Clocks of two machines differ by less. */
const clockSlackSeconds = 600;

const message: CommandPiece = { literal: plainMessage.octets, binary: true };

/** What somebody who reads headers would take for one. */
const datedMessage = sealedMessage([
  { type: 2, payload: Buffer.from('Date: Mon, 01 Jan 2001 12:00:00 +0000\r\n') },
  { type: 33, payload: Buffer.from('Date: Mon, 01 Jan 2001 12:00:00 +0000\r\nSubject: old\r\n\r\n') },
  { type: 67, payload: new Uint8Array(40).fill(67) },
]);

interface WrittenDate {
  readonly text: string;
  readonly seconds: number;
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const dates: fc.Arbitrary<WrittenDate> = fc
  .record({
    at: fc.integer({ min: 100_000_000, max: 2_000_000_000 }),
    east: fc.constantFrom(0, 60, -300, 330, 765, -720),
    padding: fc.constantFrom(' ', '0'),
  })
  .map(({ at, east, padding }) => {
    const local = new Date((at + east * 60) * 1000);
    const two = (number: number, fill = '0'): string => String(number).padStart(2, fill);
    const day = `${two(local.getUTCDate(), padding)}-${monthNames[local.getUTCMonth()]}-${local.getUTCFullYear()}`;
    const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}${two(Math.abs(east) % 60)}`;
    return { text: `"${day} ${local.toISOString().slice(11, 19)} ${zone}"`, seconds: at };
  });

/** The moment of the internal date of the last message. */
async function internalDate(connection: DmapConnection, mailbox: string): Promise<number | null> {
  const { exists } = await select(connection, mailbox);
  const item = fetchedItems(await mustDo(connection, `FETCH ${exists} INTERNALDATE`), 'INTERNALDATE').get(exists ?? 0);
  return item === undefined ? null : secondsOf(item.date);
}

const now = (): number => Math.floor(Date.now() / 1000);

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'append/at-the-end',
    title: 'APPEND adds the octets, binary ones too, as a new message behind all others, and SIZE is their number.',
    decides: ['DMAP-261', 'DMAP-263', 'DMAP-086'],
    given: fc.array(fc.noShrink(sealedMessages()), { minLength: 1, maxLength: 3 }),
    async check({ connection, mailbox }, messages, context) {
      const before = await select(connection, mailbox);
      for (const { octets } of messages) {
        const result = await connection.command(`APPEND ${mailbox} `, { literal: octets, binary: true });
        context.require('DMAP-263', result.status === 'OK', 'OK to a message with binary data', ending(result));
      }
      const { exists } = await select(connection, mailbox);
      const count = messages.length;
      context.require('DMAP-261', exists === count, `${count} messages`, `${exists}`);
      const fetched = await mustDo(connection, 'FETCH 1:* (UID SIZE BODY.PEEK[])');
      const bodies = fetchedItems(fetched, 'BODY');
      const sizes = fetchedItems(fetched, 'SIZE');
      const uids = [...fetchedItems(fetched, 'UID').entries()].sort(([a], [b]) => a - b).map(([, { uid }]) => uid);
      const ascending = uids.every((uid, at) => uid > (at === 0 ? 0 : (uids[at - 1] ?? 0)));
      context.require('DMAP-261', ascending, 'UIDs that ascend in the order of arrival', uids.join(' '));
      const fresh = uids.every((uid) => uid >= (before.uidNext ?? 0));
      context.require('DMAP-261', fresh, `UIDs from ${before.uidNext} on`, uids.join(' '));
      for (const [at, { octets }] of messages.entries()) {
        const found = bodies.get(at + 1)?.value ?? new Uint8Array(0);
        const elsewhere = messages.some((other) => Buffer.compare(other.octets, found) === 0);
        const same = Buffer.compare(found, octets) === 0;
        const requirement = elsewhere ? 'DMAP-261' : 'DMAP-263';
        context.require(requirement, same, `message ${at + 1} octet for octet`, `${found.length} octets, not the same`);
        const size = sizes.get(at + 1)?.size;
        context.require('DMAP-086', size === octets.length, `SIZE ${octets.length}`, `${size}`);
      }
    },
  }),

  mailboxCase({
    id: 'append/flags',
    title: 'A message has the flags that APPEND gave it, and none when it gave none.',
    decides: ['DMAP-264', 'DMAP-265'],
    given: fc.array(fc.subarray(settable, { minLength: 1 }), { minLength: 1, maxLength: 3 }),
    async check({ connection, mailbox }, lists, context) {
      const all = [[], ...lists];
      for (const flags of all) await append(connection, mailbox, plainMessage.octets, flags);
      // The empty list is a list as well.
      await mustDo(connection, `APPEND ${mailbox} () `, message);
      await select(connection, mailbox);
      const found = await flagsOfAll(connection);
      for (const [at, flags] of [...all, []].entries()) {
        const has = found.get(at + 1) ?? new Set<string>();
        const requirement = flags.length === 0 ? 'DMAP-265' : 'DMAP-264';
        context.require(requirement, sameSet(has, flagSet(flags)), `the flags ${shown(flags)}`, shown(has));
      }
    },
  }),

  mailboxCase({
    id: 'append/date',
    title: 'The date that APPEND gives becomes the internal date.',
    decides: ['DMAP-266'],
    given: dates,
    mostRuns: 6,
    async check({ connection, mailbox }, { text, seconds }, context) {
      await mustDo(connection, `APPEND ${mailbox} ${text} `, message);
      const found = await internalDate(connection, mailbox);
      const said = found === null ? 'none' : new Date(found * 1000).toISOString();
      context.require('DMAP-266', found === seconds, `the moment of ${text}`, said);
    },
  }),

  mailboxCase({
    id: 'append/no-date',
    title: 'Without a date in APPEND the internal date is the time of the APPEND, whatever the message says.',
    decides: ['DMAP-267'],
    async check({ connection, mailbox }, _, context) {
      await mustDo(connection, `APPEND ${mailbox} (\\Seen) `, message);
      const found = await internalDate(connection, mailbox);
      const near = found !== null && Math.abs(found - now()) < clockSlackSeconds;
      context.require('DMAP-267', near, `about ${now()} seconds since 1970`, `${found}`);
    },
  }),

  mailboxCase({
    id: 'append/date-or-time',
    title: 'Each message has the date that its own APPEND gave, or else the time of that APPEND.',
    decides: ['DMAP-084'],
    given: fc.array(dates, { minLength: 1, maxLength: 2 }).map((some) => some.flatMap((date) => [date, null])),
    mostRuns: 2,
    async check({ connection, mailbox }, given, context) {
      for (const date of given) {
        await mustDo(connection, `APPEND ${mailbox} ${date === null ? '' : `${date.text} `}`, message);
        const found = await internalDate(connection, mailbox);
        const slack = date === null ? clockSlackSeconds : 1;
        const right = found !== null && Math.abs(found - (date?.seconds ?? now())) < slack;
        context.require(
          'DMAP-084',
          right,
          date === null ? 'the present time' : date.text,
          `${found} seconds since 1970`,
        );
      }
    },
  }),

  mailboxCase({
    id: 'append/date-of-a-header',
    title: 'The internal date is the time of arrival, not a date that stands in the message.',
    decides: ['DMAP-081'],
    async check({ connection, mailbox }, _, context) {
      await append(connection, mailbox, datedMessage.octets);
      const found = await internalDate(connection, mailbox);
      const near = found !== null && Math.abs(found - now()) < clockSlackSeconds;
      context.require('DMAP-081', near, `about ${now()} seconds since 1970`, `${found}`);
    },
  }),

  mailboxCase({
    id: 'append/failed-leaves-nothing',
    title: 'An APPEND that fails adds no message, and no part of one.',
    decides: ['DMAP-268', 'DMAP-404'],
    over: ['empty', 'wrong day', 'quoted', 'garbage behind', 'second literal', 'no hour'],
    async check({ connection, mailbox }, kind, context) {
      await append(connection, mailbox, plainMessage.octets);
      const pieces: Record<typeof kind, readonly CommandPiece[]> = {
        empty: [{ literal: new Uint8Array(0) }],
        'wrong day': ['"30-Feb-2024 10:00:00 +0000" ', message],
        'no hour': ['"28-Feb-2024 25:00:00 +0000" ', message],
        quoted: ['"a message"'],
        'garbage behind': [message, ' more'],
        'second literal': [message, ' ', message],
      };
      const result = await connection.command(`APPEND ${mailbox} `, ...pieces[kind]);
      if (kind === 'empty') context.follows('dmap-empty-message', `${result.status}`);
      if (kind === 'wrong day') context.follows('dmap-wrong-day', `${result.status}`);
      const right = refused(result) || kind === 'empty';
      context.require('DMAP-268', right, `NO or BAD to APPEND (${kind})`, ending(result));
      const count = await messagesIn(connection, mailbox);
      const expected = result.status === 'OK' ? 2 : 1;
      context.require('DMAP-268', count === expected, `${expected} messages after ${result.status}`, `${count}`);
      const other = codeWord(result) !== 'TRYCREATE';
      context.require('DMAP-404', other, 'no TRYCREATE, as the mailbox is there', ending(result));
    },
  }),

  mailboxCase({
    id: 'append/broken-off',
    title: 'A message whose connection ends before its last octet is not added.',
    decides: ['DMAP-268'],
    async check({ connection, account, mailbox }, _, context) {
      const second = await loggedIn(context, account);
      await second.send(`x APPEND ${mailbox} ~{${plainMessage.octets.length}}\r\n`);
      await second.response();
      await second.send(plainMessage.octets.subarray(0, -1));
      second.close();
      const count = await messagesIn(connection, mailbox);
      context.require('DMAP-268', count === 0, 'no message', `${count}`);
    },
  }),

  mailboxCase({
    id: 'append/missing-mailbox',
    title: 'APPEND to a mailbox that does not exist gives NO with TRYCREATE in front, and does not create it.',
    decides: ['DMAP-269', 'DMAP-270', 'DMAP-271'],
    over: ['none', 'none/below', '%'],
    async check({ connection, mailbox }, end, context) {
      const name = `${mailbox}/${end}`;
      const result = await connection.command('APPEND ', { literal: name }, ' ', message);
      context.require('DMAP-269', result.status !== 'OK', 'an error', ending(result));
      const right = result.status === 'NO' && codeWord(result) === 'TRYCREATE';
      // A server may not make names with wildcards at all.
      context.require('DMAP-271', right || end === '%', 'NO with [TRYCREATE] in front of its text', ending(result));
      const made = await messagesIn(connection, name);
      context.require('DMAP-270', made === null, `no mailbox ${name}`, `one with ${made} messages`);
    },
  }),

  mailboxCase({
    id: 'append/trycreate-alone',
    title: 'TRYCREATE comes for APPEND and COPY to a missing mailbox, and for nothing else.',
    decides: ['DMAP-404'],
    over: ['SELECT', 'EXAMINE', 'DELETE', 'STATUS', 'RENAME', 'CREATE', 'COPY'],
    async check({ connection, mailbox }, command, context) {
      const none = `${mailbox}/none`;
      await append(connection, mailbox, plainMessage.octets);
      if (command === 'COPY') await select(connection, mailbox);
      const ends: Record<typeof command, string> = {
        SELECT: none,
        EXAMINE: none,
        DELETE: none,
        STATUS: `${none} (MESSAGES)`,
        RENAME: `${none} ${mailbox}/new`,
        CREATE: mailbox,
        COPY: `1 ${none}`,
      };
      const result = await connection.command(`${command} ${ends[command]}`);
      const right = (codeWord(result) === 'TRYCREATE') === (command === 'COPY');
      const expected = `${command === 'COPY' ? '' : 'no '}TRYCREATE in the answer to ${command}`;
      context.require('DMAP-404', right, expected, ending(result));
    },
  }),
];
