/** A mailbox of somebody who submits, and the INBOX of the one who is sent to. */
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection, DmapResult } from '../../target/dmap-connection.js';
import type { DmapSubmission } from '../../target/profile.js';
import type { Case } from '../case.js';
import { requireStatus, type Status } from '../dmap/answers.js';
import { type DmapCase, dmapCase } from '../dmap/dmap-case.js';
import { accountNamed, Letterbox } from '../dmap/letterbox.js';
import { flagsNow, flagText } from '../dmap/messages.js';
import { append, inMailbox, mustDo, type Room, select } from '../dmap/session.js';
import { type Draft, submissionOf } from './letters.js';

export interface Mailroom extends Room {
  readonly submission: DmapSubmission;
  /** Appends a message, which is the `n`th then; `\SubmitPending` alone when no flags are given. */
  place(draft: Draft, flags?: readonly string[]): Promise<void>;
  /**
   * The messages with the mark of a draft that came to INBOX since the case began: waits for so many of them, and then
   * shortly for one too many.
   */
  arrived(draft: Draft, expected: number): Promise<readonly Uint8Array[]>;
}

interface MailroomCase<Input> extends Omit<DmapCase<Input>, 'check'> {
  readonly check: (room: Mailroom, context: CaseContext, input: Input) => Promise<void>;
}

/** Each run waits for mail; more than a few seldom show more. */
const usualMost = 3;

export function mailroomCase<Input = null>({ needs = [], check, ...facts }: MailroomCase<Input>): Case {
  return dmapCase<Input>({
    ...(facts.given === undefined ? {} : { mostRuns: usualMost }),
    ...facts,
    needs: ['dmap-accounts', 'dmap-submission', ...needs],
    check: async (context, input) => await inMailroom(context, async (room) => await check(room, context, input)),
  });
}

/** What came is removed afterwards, and the mailbox too. */
async function inMailroom(context: CaseContext, use: (room: Mailroom) => Promise<void>): Promise<void> {
  const submission = submissionOf(context);
  await inMailbox(
    context,
    async (room) => {
      const { connection, mailbox } = room;
      await select(connection, mailbox);
      const letterbox = await Letterbox.open(context, accountNamed(context, submission.recipient.name));
      try {
        await use({
          ...room,
          submission,
          place: async ({ octets }, flags = ['\\SubmitPending']) => {
            await append(connection, mailbox, octets, flags);
            // Tells that it is there.
            await mustDo(connection, 'NOOP');
          },
          arrived: async ({ mark }, expected) => await letterbox.arrived(mark, expected),
        });
      } finally {
        await letterbox.close();
      }
    },
    accountNamed(context, submission.author.name),
  );
}

/** A SUBMIT, and how it has to end. */
export async function submits(
  context: CaseContext,
  connection: DmapConnection,
  requirement: string,
  command: string,
  allowed: readonly Status[],
): Promise<DmapResult> {
  const result = await connection.command(command);
  requireStatus(context, requirement, result, allowed, JSON.stringify(command));
  return result;
}

/** What a message has now, for a session that selected the mailbox. */
export async function requireFlags(
  context: CaseContext,
  { connection }: Pick<Room, 'connection'>,
  requirement: string,
  number: number,
  expected: readonly string[],
  when: string,
): Promise<void> {
  const now = await flagsNow(connection, number);
  context.require(requirement, now === flagText(expected), `${flagText(expected)} on message ${number} ${when}`, now);
}

/** How often a message came. */
export async function requireArrivals(
  context: CaseContext,
  { arrived }: Mailroom,
  requirement: string,
  draft: Draft,
  expected: number,
  what: string,
): Promise<readonly Uint8Array[]> {
  const came = await arrived(draft, expected);
  const often = expected === 0 ? 'never' : expected === 1 ? 'once' : `${expected} times`;
  context.require(
    requirement,
    came.length === expected,
    `${what} reaches its recipient ${often}`,
    `${came.length} times`,
  );
  return came;
}

/** Whether a refusal has this code, without an argument (DMAP-I-89). */
export const hasCode = ({ code }: DmapResult, word: string): boolean =>
  code?.name === 'OTHER' && code.word.toUpperCase() === word && code.text === null;
