/** Mail that the cases write, right or wrong in one place, and its way to the target. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expectFate, type Fate } from '../../model/dmtp-mail.js';
import { buildMessage, type MessageInput, type Ways } from '../../model/message-builder.js';
import { splitMessage } from '../../model/message-tables.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmtpConnection, PeerReply } from '../../target/dmtp-connection.js';
import type { MailParty, MailProfile, TargetProfile } from '../../target/profile.js';
import { mailInput } from '../../target/sample-mail.js';
import { requireCalm, requireCode, step } from './answers.js';
import { mail, ownDomain, ownFingerprint, rcpt, sender } from './lines.js';

/** What becomes of the letter that is right. */
export interface LetterWishes {
  readonly recipient?: MailParty;
  readonly input?: (right: MessageInput) => Partial<MessageInput>;
  readonly ways?: Partial<Ways>;
}

/** Cases that need mail have it. */
export function mailOf({ mail: known }: TargetProfile): MailProfile {
  if (known === undefined) throw new Error('the case needs mail');
  return known;
}

/** A seed of a letter: the same one gives the same octets. */
export const seeds: fc.Arbitrary<string> = fc.nat(99_999).map((number) => `letter ${number}`);

/** A seed that no letter had: a target that knows messages again knows none of it. */
export const freshSeed = (): string => `letter ${randomBytes(12).toString('hex')}`;

/** The octets of a letter to the first recipient, unless another is wished. */
export function letter(profile: TargetProfile, seed: string, wishes: LetterWishes = {}): Uint8Array {
  const { recipient, input, ways = {} } = wishes;
  const right = mailInput(mailOf(profile), { seed, ...(recipient === undefined ? {} : { recipient }) });
  return buildMessage({ ...right, ...input?.(right) }, ways);
}

/** The message and its line end in one piece. */
export const withEnd = (message: Uint8Array): Uint8Array => Buffer.concat([message, Buffer.from('\r\n')]);

/** Where an octet is changed: places are taken modulo what there is. */
export interface Damage {
  /** 0: the header of the message. */
  readonly chunk: number;
  readonly octet: number;
  readonly bit: number;
}

export const damages: fc.Arbitrary<Damage> = fc.record({ chunk: fc.nat(99), octet: fc.nat(9999), bit: fc.nat(7) });

const headerOctets = 6;

/**
 * Turns one bit of a message over, in its header or a chunk. The slots of the last chunk are left alone: no signature covers
 * them, and most are for others than the destination.
 */
export function damaged(message: Uint8Array, { chunk, octet, bit }: Damage): Uint8Array {
  const { chunks } = splitMessage('dime-2015', message);
  const parts = [
    { start: 0, length: headerOctets },
    ...chunks.map(({ offset, octets, slots }, index) => {
      const outside = index === chunks.length - 1 ? slots.reduce((sum, slot) => sum + slot.length, 0) : 0;
      return { start: offset, length: octets.length - outside };
    }),
  ];
  const { start, length } = parts[chunk % parts.length] ?? { start: 0, length: headerOctets };
  const at = start + (octet % length);
  return message.map((value, index) => (index === at ? value ^ (1 << bit) : value));
}

export interface Transaction {
  /** Of MAIL; the origin's when not given. */
  readonly from?: string;
  readonly fingerprint?: string;
  /** SIZE; the length of the message when not given. */
  readonly size?: number;
}

/** MAIL, RCPT and DATA: the message is awaited. */
export async function begin(
  context: CaseContext,
  connection: DmtpConnection,
  { size = 100, ...from }: Transaction,
): Promise<void> {
  const { profile } = context;
  await step(context, connection, mail({ ...sender(profile), ...from, size }));
  await step(context, connection, rcpt(ownDomain(profile), ownFingerprint(profile)));
  await step(context, connection, 'DATA [none]', 3);
}

/** A whole transaction. The answer to the message may wait for what has to be asked elsewhere. */
export async function deliver(
  context: CaseContext,
  connection: DmtpConnection,
  message: Uint8Array,
  transaction: Transaction = {},
): Promise<PeerReply> {
  await begin(context, connection, { size: message.length, ...transaction });
  await connection.send(withEnd(message));
  return await connection.reply(3 * context.profile.limits.replyMs);
}

/** Requires what the model expects, in one line, with nothing behind it. */
export async function requireFate(
  context: CaseContext,
  connection: DmtpConnection,
  fate: Fate,
  reply: PeerReply,
  what: string,
): Promise<void> {
  const numberedCodes = context.profile.readings.includes('numbered-codes');
  const { requirement, codes } = expectFate(fate, { numberedCodes });
  requireCode(context, requirement, reply, codes, what);
  context.require(requirement, reply.lines.length === 1, 'one line', reply);
  await requireCalm(context, connection, requirement);
}
