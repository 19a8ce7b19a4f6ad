/** Limits of patience: with wrong commands, and with silence. */
import fc from 'fast-check';
import { PeerGone, PeerSilent, Unreachable } from '../../runner/outcome.js';
import type { DmtpConnection } from '../../target/dmtp-connection.js';
import { type Case, defineCase } from '../case.js';
import { awaitingMessage } from '../dmtp/answers.js';

/** More wrong commands than any server should bear. */
const mostViolations = 1000;
const together = 50;
/** A peer that takes longer than this for all of them delays its answers. */
const longestMs = 15_000;

/**
 * Sends wrong lines until the peer ends the connection or enough are sent.
 *
 * @returns whether they were all answered, or none; a peer between the two is still at it
 */
async function tryPatience(connection: DmtpConnection, line: string): Promise<'all' | 'none' | 'some'> {
  let answered = 0;
  const until = performance.now() + longestMs;
  try {
    for (let sent = 0; sent < mostViolations; sent += together) {
      connection.sendRaw(Buffer.from(line.repeat(together)));
      for (let count = 0; count < together; count++) {
        if (performance.now() > until) return 'some';
        await connection.reply();
        answered += 1;
      }
    }
  } catch (error) {
    if (!(error instanceof PeerSilent || error instanceof PeerGone)) throw error;
    if (error instanceof PeerSilent && answered === 0) {
      connection.sendRaw(Buffer.from(line.repeat(mostViolations - together)));
      return 'none';
    }
    return 'some';
  }
  return 'all';
}

export const cases: readonly Case[] = [
  defineCase({
    id: 'robustness/limits/violations',
    title: 'A peer that sends nothing but wrong commands or empty lines is disconnected.',
    class: 'robustness',
    decides: ['DMTP-069'],
    needs: ['dmtp'],
    mostRuns: 2,
    given: () => fc.constantFrom('WRONG\r\n', '\r\n'),
    async check(line, context) {
      const { connection } = await context.open();
      connection.note(`up to ${mostViolations} wrong commands, ${together} at a time`);
      const answered = await tryPatience(connection, line);
      const ended = connection.ended ?? (await connection.end());
      // Section 12.1, rule 8: each answer may be delayed.
      if (ended === null && answered === 'some')
        throw new Unreachable('the answers to wrong commands take too long to wait for');
      context.require(
        'DMTP-069',
        ended !== null,
        `the end of the connection within ${mostViolations} wrong commands`,
        'it stays open',
      );
    },
  }),
  defineCase({
    id: 'robustness/limits/idle',
    title: 'A connection that is silent for too long, also in the middle of a message, gets 421 and is closed.',
    class: 'robustness',
    decides: ['DMTP-070'],
    needs: ['dmtp', 'idle-limit'],
    mostRuns: 1,
    given: () => fc.constant(['session', 'message'] as const),
    async check(states, context) {
      const { idleMs, replyMs } = context.profile.limits;
      await Promise.all(
        states.map(async (state) => {
          const connection = state === 'session' ? await context.greeted() : await awaitingMessage(context, 100);
          const reply = await connection.reply((idleMs ?? 0) * 2 + replyMs);
          context.require('DMTP-070', reply.code === 421, `421 in a silent ${state}`, reply);
          const ended = await connection.end();
          context.require(
            'DMTP-070',
            ended === 'closed',
            'the connection to be closed after 421',
            String(ended ?? 'it stays open'),
          );
        }),
      );
    },
  }),
];
