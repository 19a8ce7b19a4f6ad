/** The flags that keep two clients from sending one message (section 3.9 of the DMAP digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection, DmapResult } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { requireStatus } from '../dmap/answers.js';
import { flagsOf, flagText, shown } from '../dmap/messages.js';
import { loggedIn, mustDo, select } from '../dmap/session.js';
import { draft } from './letters.js';
import { hasCode, type Mailroom, mailroomCase, requireArrivals, requireFlags, submits } from './mailroom.js';

const pending = '\\SubmitPending';
const submitted = '\\Submitted';

/** Another session of the same user on the same mailbox. */
async function another(context: CaseContext, { account, mailbox }: Mailroom): Promise<DmapConnection> {
  const connection = await loggedIn(context, account);
  await select(connection, mailbox);
  return connection;
}

/** Results of one command that all these sessions send at once. */
async function together(sessions: readonly DmapConnection[], command: string): Promise<DmapResult[]> {
  return await Promise.all(sessions.map(async (session) => await session.command(command)));
}

/** The flags of message 1 again and again, until `done`. */
async function watched(watcher: DmapConnection, done: Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  let over = false;
  const end = done.then(() => {
    over = true;
  });
  // Bounded by the answer to SUBMIT, which comes or is given up.
  do {
    const result = await mustDo(watcher, 'FETCH 1 FLAGS');
    seen.push(flagText(flagsOf(result, 1)));
  } while (!over);
  await end;
  return seen;
}

const has = (flags: string, name: string): boolean => flags.includes(name.toLowerCase());

export const cases: readonly Case[] = [
  mailroomCase({
    id: 'dmap-submission/race/one-of-many-wins',
    title: 'Of sessions that submit a message at once one succeeds, and the message is sent once.',
    decides: ['DMAP-073', 'DMAP-356'],
    given: () => fc.integer({ min: 2, max: 3 }),
    async check(room, context, count) {
      const sessions = [room.connection];
      while (sessions.length < count) sessions.push(await another(context, room));
      const one = draft(room.submission);
      await room.place(one);
      for (const session of sessions) await mustDo(session, 'NOOP');
      const results = await together(sessions, 'SUBMIT 1');
      const won = results.filter(({ status }) => status === 'OK');
      const text = (): string => results.map(shown).join(' ');
      context.require('DMAP-073', won.length === 1, 'OK to one SUBMIT', text);
      const lost = results.filter((result) => result.status === 'NO' && hasCode(result, 'SUBMISSIONRACE'));
      context.require('DMAP-356', lost.length === count - 1, 'SUBMISSIONRACE to the others', text);
      const late = await together(sessions, 'SUBMIT 1');
      context.require(
        'DMAP-356',
        late.every(({ status }) => status === 'NO'),
        'NO to all that come later',
        () => late.map(shown).join(' '),
      );
      await requireArrivals(context, room, 'DMAP-356', one, 1, 'a message that several submit');
      await requireFlags(context, room, 'DMAP-356', 1, [submitted], 'when all is over');
    },
  }),
  mailroomCase({
    id: 'dmap-submission/race/no-step-between',
    title: 'A session that looks at a message on its way never sees it without either flag.',
    decides: ['DMAP-074'],
    async check(room, context) {
      const watcher = await another(context, room);
      await room.place(draft(room.submission));
      await mustDo(watcher, 'NOOP');
      const submitting = room.connection.command('SUBMIT 1');
      const seen = await watched(watcher, submitting);
      requireStatus(context, 'DMAP-074', await submitting, ['OK'], 'SUBMIT 1');
      for (const flags of seen) {
        const either = has(flags, pending) || has(flags, submitted);
        context.require('DMAP-074', either, `${pending} or ${submitted} at each moment`, () => seen.join(' '));
      }
      await requireFlags(context, { connection: watcher }, 'DMAP-074', 1, [submitted], 'for the other session');
    },
  }),
  mailroomCase({
    id: 'dmap-submission/race/adds-its-flag-alone',
    title: 'Flags that somebody else sets while a message is submitted stay.',
    decides: ['DMAP-359'],
    given: () => fc.subarray(['\\Seen', '\\Flagged', '\\Answered', 'suite-keyword'], { minLength: 1 }),
    async check(room, context, flags) {
      const other = await another(context, room);
      const one = draft(room.submission);
      await room.place(one, ['\\Draft', pending]);
      await mustDo(other, 'NOOP');
      const [result, stored] = await Promise.all([
        room.connection.command('SUBMIT 1'),
        other.command(`STORE 1 +FLAGS.SILENT (${flags.join(' ')})`),
      ]);
      requireStatus(context, 'DMAP-359', result, ['OK'], 'SUBMIT 1');
      requireStatus(context, 'DMAP-359', stored, ['OK'], 'STORE beside SUBMIT');
      await requireFlags(context, room, 'DMAP-359', 1, ['\\Draft', submitted, ...flags], 'when both are done');
    },
  }),
  mailroomCase({
    id: 'dmap-submission/race/needs-pending-alone',
    title: 'SUBMIT of a message that is not pending, or is taken already, gives SUBMISSIONRACE and changes nothing.',
    decides: ['DMAP-358'],
    given: () =>
      fc.record({
        flags: fc.constantFrom([], [submitted], [pending, submitted]),
        others: fc.subarray(['\\Seen', '\\Draft', '\\Flagged']),
      }),
    async check(room, context, { flags, others }) {
      const { connection, submission } = room;
      const one = draft(submission);
      await room.place(one, [...flags, ...others]);
      const race = async (command: string): Promise<void> => {
        const result = await submits(context, connection, 'DMAP-358', command, ['NO']);
        context.require('DMAP-358', hasCode(result, 'SUBMISSIONRACE'), `SUBMISSIONRACE to ${command}`, () =>
          shown(result),
        );
        await requireFlags(context, room, 'DMAP-358', 1, [...flags, ...others], `as before ${command}`);
      };
      await race('SUBMIT 1');
      // The race comes before what options ask for, and their syntax before the race (DMAP-I-89).
      for (const option of submission.options.denied) await race(`SUBMIT 1 (${option})`);
      await submits(context, connection, 'DMAP-358', 'SUBMIT 1 (XSUITEUNKNOWN)', ['BAD']);
      await requireArrivals(context, room, 'DMAP-358', one, 0, 'a message that was not pending');
    },
  }),
];
