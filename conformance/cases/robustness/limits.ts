/** Limits of patience: with wrong commands, and with silence. */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { awaitingMessage } from '../dmtp/answers.js';

/** More wrong commands than any server should bear. */
const mostViolations = 1000;

export const cases: readonly Case[] = [
  defineCase({
    id: 'robustness/limits/violations',
    title: 'A peer that sends nothing but wrong commands or empty lines is disconnected with a last word.',
    class: 'robustness',
    decides: ['DMTP-069'],
    needs: ['dmtp'],
    mostRuns: 2,
    given: () => fc.constantFrom('WRONG\r\n', '\r\n'),
    async check(line, context) {
      const { connection } = await context.open();
      connection.note(`up to ${mostViolations} wrong commands, ten at a time`);
      let count = 0;
      while (count < mostViolations && connection.ended === null) {
        connection.sendRaw(Buffer.from(line.repeat(10)));
        count += 10;
        await connection.silent(30);
        connection.forget();
      }
      const ended = connection.ended ?? (await connection.end(500));
      context.require('DMTP-069', ended !== null, `the end of the connection within ${mostViolations} wrong commands`, 'it stays open');
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
          context.require('DMTP-070', ended === 'closed', 'the connection to be closed after 421', String(ended ?? 'it stays open'));
        }),
      );
    },
  }),
];
