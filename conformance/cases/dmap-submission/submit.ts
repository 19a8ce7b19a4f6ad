/** SUBMIT of messages that are right (sections 2.7 and 3.9 of the DMAP digest). */
import fc from 'fast-check';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { bodyOf, flagsOf, flagText, same, shown } from '../dmap/messages.js';
import { mustDo } from '../dmap/session.js';
import { draft, kept } from './letters.js';
import { mailroomCase, requireArrivals, requireFlags, submits } from './mailroom.js';

const otherFlags = ['\\Seen', '\\Answered', '\\Forwarded', '\\Flagged', '\\Draft'];
const pending = '\\SubmitPending';
const submitted = '\\Submitted';

export const cases: readonly Case[] = [
  mailroomCase({
    id: 'dmap-submission/submit/sends-the-numbered-one',
    title: 'SUBMIT sends the message with that number, and no other, and tells its new flags.',
    decides: ['DMAP-353', 'DMAP-362', 'DMAP-363', 'DMAP-364'],
    given: () =>
      fc.record({
        count: fc.integer({ min: 2, max: 3 }),
        which: fc.nat(2),
        flags: fc.subarray(otherFlags),
        word: fc.constantFrom('SUBMIT', 'submit', 'Submit'),
      }),
    async check(room, context, { count, which, flags, word }) {
      const { connection, submission } = room;
      const drafts = Array.from({ length: count }, () => draft(submission));
      for (const each of drafts) await room.place(each, [...flags, pending]);
      const number = (which % count) + 1;
      const result = await submits(context, connection, 'DMAP-353', `${word} ${number}`, ['OK']);
      const now = await mustDo(connection, `FETCH ${number} (UID FLAGS)`);
      const names = flagText(flagsOf(now, number));
      context.require('DMAP-362', names.includes(submitted.toLowerCase()), `${submitted} after SUBMIT`, names);
      context.require('DMAP-363', !names.includes(pending.toLowerCase()), `no ${pending} after SUBMIT`, names);
      const [uid] = untagged(now, 'fetch').flatMap(({ items }) => items.filter(({ item }) => item === 'UID'));
      const told = untagged(result, 'fetch').find((fetched) => fetched.number === number);
      context.require(
        'DMAP-364',
        uid?.item === 'UID' && told?.items.some((item) => item.item === 'UID' && item.uid === uid.uid) === true,
        `FETCH ${number} with its UID in answer to SUBMIT`,
        () => shown(result),
      );
      const toldFlags = flagText(flagsOf(result, number));
      context.require('DMAP-364', toldFlags === names, `FETCH ${number} with ${names}`, () => shown(result));
      for (const [at, each] of drafts.entries()) {
        const isSent = at + 1 === number;
        const what = isSent ? 'the submitted message' : 'a message that nobody submitted';
        const [came] = await requireArrivals(context, room, 'DMAP-353', each, isSent ? 1 : 0, what);
        if (!isSent) await requireFlags(context, room, 'DMAP-353', at + 1, [...flags, pending], 'of another number');
        if (came === undefined) continue;
        const whole = kept(came) === kept(each.octets);
        context.require(
          'DMAP-353',
          whole,
          "the author's chunks arrive as they were",
          `${came.length} octets of others`,
        );
      }
    },
  }),
  mailroomCase({
    id: 'dmap-submission/submit/by-uid',
    title: 'UID SUBMIT sends the message with that UID, where it is taken.',
    decides: ['DMAP-353'],
    async check(room, context) {
      const { connection, submission } = room;
      const [other, one] = [draft(submission), draft(submission)];
      // Removed, so that numbers and UIDs differ.
      await room.place(other, ['\\Deleted']);
      await mustDo(connection, 'EXPUNGE');
      await room.place(one);
      const [uid] = untagged(await mustDo(connection, 'UID SEARCH ALL'), 'search').flatMap(({ numbers }) => numbers);
      const result = await submits(context, connection, 'DMAP-353', `UID SUBMIT ${uid}`, ['OK', 'BAD']);
      context.follows('dmap-uid-submit', result.status === 'OK' ? 'taken' : 'refused');
      await requireArrivals(context, room, 'DMAP-353', one, result.status === 'OK' ? 1 : 0, 'the message');
      const missing = await submits(context, connection, 'DMAP-353', 'UID SUBMIT 4000000000', ['NO', 'BAD']);
      context.require('DMAP-353', untagged(missing, 'fetch').length === 0, 'no FETCH for no message', () =>
        shown(missing),
      );
    },
  }),
  mailroomCase({
    id: 'dmap-submission/submit/on-one-connection',
    title: 'Mail is read, appended and submitted on one connection.',
    decides: ['DMAP-007'],
    async check(room, context) {
      const { connection, submission } = room;
      const one = draft(submission);
      await room.place(one, []);
      const read = async (): Promise<void> => {
        const result = await connection.command('FETCH 1 BODY.PEEK[]');
        const whole = same(bodyOf(result, 1, ''), one.octets);
        context.require('DMAP-007', whole, 'the message as it was appended', () => shown(result));
      };
      await read();
      await mustDo(connection, `STORE 1 +FLAGS (${pending})`);
      await submits(context, connection, 'DMAP-007', 'SUBMIT 1', ['OK']);
      // It stays where it is (DMAP-I-90).
      await read();
      await requireArrivals(context, room, 'DMAP-007', one, 1, 'the message');
    },
  }),
  mailroomCase({
    id: 'dmap-submission/submit/not-by-append',
    title: 'APPEND submits nothing, whatever flags it gives.',
    decides: ['DMAP-275'],
    given: () =>
      fc
        .tuple(fc.constantFrom([], [pending], [submitted], [pending, submitted]), fc.subarray(otherFlags))
        .map((all) => all.flat()),
    async check(room, context, flags) {
      const one = draft(room.submission);
      await room.place(one, flags);
      await requireArrivals(context, room, 'DMAP-275', one, 0, `a message appended with ${flagText(flags)}`);
      await requireFlags(context, room, 'DMAP-275', 1, flags, 'after APPEND');
    },
  }),
];
