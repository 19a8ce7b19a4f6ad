/** Delivery options of SUBMIT (DMAP-I-87 to DMAP-I-89). */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { DmapSubmissionOptions, TargetProfile } from '../../target/profile.js';
import type { Case } from '../case.js';
import { shown } from '../dmap/messages.js';
import { draft } from './letters.js';
import { hasCode, mailroomCase, requireArrivals, requireFlags, submits } from './mailroom.js';

const pending = '\\SubmitPending';
const submitted = '\\Submitted';

/** A name that nobody announces, and what may follow. */
const unknown: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom('', ' "value"', ' (ONE TWO)', ' (ONE (TWO "three"))'))
  .map(([number, values]) => `XSUITE${number.toString(16).toUpperCase()}${values}`);

const optionsOf = ({ dmap }: TargetProfile): DmapSubmissionOptions =>
  dmap?.submission?.options ?? { honoured: [], denied: [], misused: [] };

const nameOf = (option: string): string => option.split(' ', 1)[0]?.toUpperCase() ?? '';

/** Right uses of announced options with one that is denied among them, each name once. */
function lists(profile: TargetProfile): fc.Arbitrary<string> {
  const { honoured, denied } = optionsOf(profile);
  const all = denied.flatMap((one) => [
    one,
    ...honoured
      .filter((other) => nameOf(other) !== nameOf(one))
      .flatMap((other) => [`${one} ${other}`, `${other} ${one}`]),
  ]);
  return fc.constantFrom(...all);
}

export const cases: readonly Case[] = [
  mailroomCase({
    id: 'dmap-submission/options/unknown-are-bad',
    title: 'SUBMIT with an option that was not announced, or is used wrongly, gives BAD and changes nothing.',
    decides: ['DMAP-369'],
    given: (profile) => {
      const { honoured, misused } = optionsOf(profile);
      const wrong = [...misused, ...honoured.map((option) => `${option} XSUITE${randomBytes(3).toString('hex')}`)];
      return wrong.length === 0 ? unknown : fc.oneof(unknown, fc.constantFrom(...wrong));
    },
    mostRuns: 6,
    async check(room, context, options) {
      const one = draft(room.submission);
      await room.place(one);
      await submits(context, room.connection, 'DMAP-369', `SUBMIT 1 (${options})`, ['BAD']);
      await requireFlags(context, room, 'DMAP-369', 1, [pending], 'as before');
      await requireArrivals(context, room, 'DMAP-369', one, 0, 'a message with a wrong option');
    },
  }),
  mailroomCase({
    id: 'dmap-submission/options/all-are-followed',
    title: 'Options that the server honours let the message go, alone and together; one that it denies does not.',
    decides: ['DMAP-368'],
    needs: ['dmap-options'],
    given: (profile) =>
      fc.record({ honoured: fc.constantFrom(...optionsOf(profile).honoured), denied: lists(profile) }),
    async check(room, context, { honoured, denied }) {
      const { connection, submission } = room;
      const [refused, sent] = [draft(submission), draft(submission)];
      await room.place(refused);
      await room.place(sent);
      await submits(context, connection, 'DMAP-368', `SUBMIT 1 (${denied})`, ['NO']);
      await submits(context, connection, 'DMAP-368', `SUBMIT 2 (${honoured})`, ['OK']);
      await requireFlags(context, room, 'DMAP-368', 2, [submitted], 'after an option that is honoured');
      await requireArrivals(context, room, 'DMAP-368', sent, 1, 'a message with an option that is honoured');
    },
  }),
  mailroomCase({
    id: 'dmap-submission/options/denied-are-told',
    title: 'An option that is denied gives POLICYDENIED; the message is not sent and keeps its flags.',
    decides: ['DMAP-370', 'DMAP-371', 'DMAP-372'],
    needs: ['dmap-options'],
    given: (profile) => fc.record({ options: lists(profile), flags: fc.subarray(['\\Seen', '\\Draft']) }),
    async check(room, context, { options, flags }) {
      const one = draft(room.submission);
      await room.place(one, [...flags, pending]);
      const result = await submits(context, room.connection, 'DMAP-370', `SUBMIT 1 (${options})`, ['NO']);
      context.require('DMAP-370', hasCode(result, 'POLICYDENIED'), 'the code POLICYDENIED', () => shown(result));
      await requireArrivals(context, room, 'DMAP-371', one, 0, 'a message whose option was denied');
      await requireFlags(context, room, 'DMAP-372', 1, [...flags, pending], 'as before');
    },
  }),
];
