/** A mailbox of somebody who submits, and the INBOX of the one who is sent to. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { DmapAccount, DmapSubmission } from '../../target/profile.js';
import type { Case } from '../case.js';
import { requireStatus, type Status } from '../dmap/answers.js';
import { type DmapCase, dmapCase } from '../dmap/dmap-case.js';
import { bodyOf, flagsNow, flagText } from '../dmap/messages.js';
import { append, endpointOf, inMailbox, loggedIn, mustDo, type Room, select } from '../dmap/session.js';
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
/** How long one message too many is waited for. */
const settleMs = 40;
const pollMs = 20;

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

function accountNamed(context: CaseContext, name: string): DmapAccount {
  const account = endpointOf(context).accounts.find(({ username }) => username.toLowerCase() === name);
  if (account === undefined) throw new Error(`there is no account ${name}`);
  return account;
}

/** The INBOX of the recipient, watched. */
class Letterbox {
  readonly #seen = new Map<number, Uint8Array>();

  private constructor(
    private readonly connection: DmapConnection,
    private readonly firstUid: number,
    private readonly patienceMs: number,
  ) {}

  static async open(context: CaseContext, account: DmapAccount): Promise<Letterbox> {
    const connection = await loggedIn(context, account);
    const { uidNext } = await select(connection, 'INBOX');
    return new Letterbox(connection, uidNext ?? 1, context.profile.limits.replyMs);
  }

  async arrived(mark: Uint8Array, expected: number): Promise<readonly Uint8Array[]> {
    const end = performance.now() + this.patienceMs;
    while ((await this.#marked(mark)).length < expected && performance.now() < end) await wait(pollMs);
    await wait(settleMs);
    return await this.#marked(mark);
  }

  async #marked(mark: Uint8Array): Promise<Uint8Array[]> {
    await mustDo(this.connection, 'NOOP');
    const listed = await mustDo(this.connection, `UID SEARCH UID ${this.firstUid}:*`);
    const uids = untagged(listed, 'search').flatMap(({ numbers }) => numbers);
    for (const uid of uids) {
      if (uid >= this.firstUid && !this.#seen.has(uid)) this.#seen.set(uid, await this.#read(uid));
    }
    return [...this.#seen.values()].filter((octets) => Buffer.from(octets).includes(Buffer.from(mark)));
  }

  async #read(uid: number): Promise<Uint8Array> {
    const result = await mustDo(this.connection, `UID FETCH ${uid} BODY.PEEK[]`);
    const number = untagged(result, 'fetch')[0]?.number ?? 0;
    return bodyOf(result, number, '') ?? new Uint8Array();
  }

  /** Best effort: a server without UID EXPUNGE keeps them. */
  async close(): Promise<void> {
    const uids = [...this.#seen.keys()].join(',');
    try {
      if (uids !== '') {
        await this.connection.command(`UID STORE ${uids} +FLAGS.SILENT (\\Deleted)`);
        await this.connection.command(`UID EXPUNGE ${uids}`);
      }
    } finally {
      this.connection.close();
    }
  }
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
