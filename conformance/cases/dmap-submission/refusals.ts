/** What an origin has to look at before it sends a message (sections 2.7 and 5.9 of the DMAP digest). */
import fc from 'fast-check';
import { signingKey } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmapSubmission } from '../../target/profile.js';
import type { Case } from '../case.js';
import { damaged } from '../dmtp/letters.js';
import { type Draft, type DraftWishes, draft, party } from './letters.js';
import { type Mailroom, mailroomCase, requireArrivals, requireFlags, submits } from './mailroom.js';

const pending = '\\SubmitPending';

/** Chunks of the author's own signatures, over the tree and over everything. */
const authorSignatures = [225, 226] as const;

const turned = (octets: Uint8Array): Uint8Array => octets.map((octet, at) => (at === 40 ? octet ^ 1 : octet));

/** Ways to have no valid signature by the present key of the author. */
const signatureFaults: Readonly<Record<string, (submission: DmapSubmission) => Draft>> = {
  ...Object.fromEntries(
    authorSignatures.flatMap((type): [string, (submission: DmapSubmission) => Draft][] => [
      [
        `the signature ${type} is another`,
        (submission) =>
          draft(submission, { ways: { signature: (at, right) => (at === type ? turned(right) : right) } }),
      ],
      [`there is no signature ${type}`, (submission) => draft(submission, { ways: { has: (at) => at !== type } })],
    ]),
  ),
  'a stranger signed': (submission) =>
    draft(submission, { input: () => ({ authorKey: signingKey(new Uint8Array(32).fill(0x5a)) }) }),
  'a chunk was changed after the signature': (submission) => {
    const right = draft(submission);
    return { ...right, octets: damaged(right.octets, { chunk: 5, octet: 40, bit: 3 }) };
  },
};

/** It is refused once it was looked at, and does not go out. */
async function refuses(
  context: CaseContext,
  room: Mailroom,
  requirement: string,
  one: Draft,
  what: string,
): Promise<void> {
  await room.place(one);
  await submits(context, room.connection, requirement, 'SUBMIT 1', ['NO']);
  await requireArrivals(context, room, requirement, one, 0, what);
}

/** Ways to be of another author than the one who submits. */
const authorFaults: Readonly<Record<string, (submission: DmapSubmission) => DraftWishes>> = {
  'the origin chunk names the recipient': ({ recipient }) => ({
    input: ({ parties }) => ({ parties: { ...parties, author: party(recipient) } }),
    from: recipient.name,
  }),
  "the origin chunk has another name, with the author's own signet": ({ recipient }) => ({
    input: ({ parties }) => ({ parties: { ...parties, author: { ...parties.author, name: recipient.name } } }),
  }),
  'the origin chunk names nobody that there is': ({ origin }) => ({
    input: ({ parties }) => ({ parties: { ...parties, author: { ...parties.author, name: `nobody@${origin.name}` } } }),
  }),
};

export const cases: readonly Case[] = [
  mailroomCase({
    id: 'dmap-submission/checks/signature',
    title: 'A message without a valid signature of the author is not submitted.',
    decides: ['DMAP-354'],
    given: () => fc.constantFrom(...Object.keys(signatureFaults)),
    mostRuns: 6,
    async check(room, context, name) {
      const one = signatureFaults[name]?.(room.submission) ?? draft(room.submission);
      await refuses(context, room, 'DMAP-354', one, `a message of which ${name}`);
    },
  }),
  mailroomCase({
    id: 'dmap-submission/checks/earlier-key',
    title: 'A signature by a key that the author has replaced is not valid any more.',
    decides: ['DMAP-354'],
    needs: ['dmap-earlier-key'],
    async check(room, context) {
      const [seed] = room.submission.earlierSeeds;
      const one = draft(room.submission, {
        input: ({ authorKey }) => ({ authorKey: seed === undefined ? authorKey : signingKey(seed()) }),
      });
      await refuses(context, room, 'DMAP-354', one, 'a message signed by an earlier key');
    },
  }),
  mailroomCase({
    id: 'dmap-submission/checks/author',
    title: 'A message whose origin chunk names another author is not submitted.',
    decides: ['DMAP-355'],
    given: () => fc.constantFrom(...Object.keys(authorFaults)),
    async check(room, context, name) {
      const one = draft(room.submission, authorFaults[name]?.(room.submission));
      await refuses(context, room, 'DMAP-355', one, `a message of which ${name}`);
    },
  }),
  mailroomCase({
    id: 'dmap-submission/checks/not-the-from',
    title: 'What the From of the metadata says does not count.',
    decides: ['DMAP-355'],
    async check(room, context) {
      const { connection, submission } = room;
      const one = draft(submission, { from: submission.recipient.name });
      await room.place(one);
      await submits(context, connection, 'DMAP-355', 'SUBMIT 1', ['OK']);
      await requireArrivals(context, room, 'DMAP-355', one, 1, 'a message with another From');
    },
  }),
  mailroomCase({
    id: 'dmap-submission/checks/flags-of-the-refused',
    title: 'A message that could not be submitted is not pending any more, and not submitted; its other flags stay.',
    decides: ['DMAP-365'],
    given: () =>
      fc.record({
        name: fc.constantFrom(...Object.keys(signatureFaults)),
        others: fc.subarray(['\\Seen', '\\Draft', '\\Flagged']),
      }),
    async check(room, context, { name, others }) {
      const { submission } = room;
      await room.place(signatureFaults[name]?.(submission) ?? draft(submission), [...others, pending]);
      await submits(context, room.connection, 'DMAP-365', 'SUBMIT 1', ['NO']);
      await requireFlags(context, room, 'DMAP-365', 1, others, 'after SUBMIT was refused');
    },
  }),
];
