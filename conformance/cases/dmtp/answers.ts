/** What the DMTP cases say about replies, and the steps that lead to where a case begins. */
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import type { DmtpConnection, PeerReply } from '../../target/dmtp-connection.js';
import { mail, ownDomain, ownFingerprint, rcpt, sender } from './lines.js';

export const succeeded = ({ code }: PeerReply): boolean => code !== null && code >= 200 && code <= 299;
export const refused = ({ code }: PeerReply): boolean => code !== null && code >= 400 && code <= 599;

/** Text of the last line. */
export const textOf = ({ lines }: PeerReply): string => lines.at(-1)?.text ?? '';

/** Requires one of the codes. */
export function requireCode(
  context: CaseContext,
  requirement: string,
  reply: PeerReply,
  codes: readonly number[],
  to: string,
): void {
  context.require(
    requirement,
    reply.code !== null && codes.includes(reply.code),
    `${codes.join(' or ')} in answer to ${JSON.stringify(to)}`,
    reply,
  );
}

/** Sends a line and requires one of the codes. */
export async function asks(
  context: CaseContext,
  connection: DmtpConnection,
  requirement: string,
  line: string,
  codes: readonly number[],
): Promise<PeerReply> {
  const reply = await context.ask(connection, line);
  requireCode(context, requirement, reply, codes, line);
  return reply;
}

/**
 * A step on the way to what the case is about.
 *
 * @throws Unreachable when it is not answered with a code of the class, since another case is about that
 */
export async function step(
  context: CaseContext,
  connection: DmtpConnection,
  line: string,
  codeClass: 2 | 3 = 2,
): Promise<PeerReply> {
  const reply = await context.ask(connection, line);
  if (reply.code === null || Math.floor(reply.code / 100) !== codeClass) {
    throw new Unreachable(
      `${JSON.stringify(line)} was refused, so this could not be tried: ${JSON.stringify(reply.raw)}`,
    );
  }
  return reply;
}

/** EHLO and MAIL. */
export async function afterMail(context: CaseContext, size = 100): Promise<DmtpConnection> {
  const connection = await context.greeted();
  await step(context, connection, mail({ size, ...sender(context.profile) }));
  return connection;
}

/** EHLO, MAIL and RCPT. */
export async function afterRcpt(context: CaseContext, size = 100): Promise<DmtpConnection> {
  const connection = await afterMail(context, size);
  await step(context, connection, rcpt(ownDomain(context.profile), ownFingerprint(context.profile)));
  return connection;
}

/** EHLO, MAIL, RCPT and DATA: the message is awaited. */
export async function awaitingMessage(context: CaseContext, size: number): Promise<DmtpConnection> {
  const connection = await afterRcpt(context, size);
  await step(context, connection, 'DATA [none]', 3);
  return connection;
}

/** Requires that a NOOP is answered now, with nothing before its answer: nothing unasked is under way. */
export async function requireCalm(
  context: CaseContext,
  connection: DmtpConnection,
  requirement: string,
): Promise<void> {
  const reply = await context.ask(connection, 'NOOP');
  context.require(requirement, reply.code === 250, 'the answer to NOOP and nothing before it', reply);
}
