/** What is said before TLS: nothing that needs it, one mode, and whole sessions against the model. */
import fc from 'fast-check';
import {
  expectPlainAnswer,
  type PlainCommand,
  plainCommands,
  plainRequirements,
} from '../../model/dmtp-plain-session.js';
import { expectAnswer, type ModelCommand, modelRequirements, type SessionState } from '../../model/dmtp-session.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase, nothing } from '../case.js';
import { asks, refused, succeeded, textOf } from '../dmtp/answers.js';
import { ehlo, mail } from '../dmtp/lines.js';
import { lineOf } from '../dmtp/session-model.js';
import { commandsInTls, hostOf, secured, starttls } from './plain.js';

const inTls = fc.array(
  fc.constantFrom<ModelCommand>(
    'ehlo',
    'mail',
    'rcpt',
    'noop',
    'rset',
    'mode',
    'signet',
    'starttls',
    'ehlo-without-brackets',
  ),
  { minLength: 1, maxLength: 8 },
);

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp-dual-mode/before-tls/nothing-carried-out',
    title: 'No command that needs TLS is carried out without it, and none of them has an effect afterwards.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-074'],
    needs: ['dmtp', 'plain'],
    given: (profile) => fc.shuffledSubarray(commandsInTls(profile), { minLength: 1 }),
    async check(lines, context) {
      const { connection } = await context.openPlain();
      for (const line of lines) {
        const reply = await context.ask(connection, line);
        context.require('DMTP-074', refused(reply), `a refusal of ${JSON.stringify(line)} without TLS`, reply);
      }
      const { connection: inside } = await secured(context, connection);
      const early = await context.ask(inside, mail());
      context.require('DMTP-074', early.code === 503, '503 to MAIL inside TLS, where nobody said EHLO', early);
      const hello = await context.ask(inside, ehlo);
      context.require('DMTP-074', succeeded(hello), 'EHLO to be carried out inside TLS', hello);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/before-tls/needs-starttls-first',
    title: 'Commands that need TLS are answered with 503 without it, and MODE and QUIT are carried out.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-075'],
    needs: ['dmtp', 'plain'],
    given: (profile) => fc.shuffledSubarray(commandsInTls(profile), { minLength: 1 }),
    async check(lines, context) {
      const { connection } = await context.openPlain();
      for (const line of lines) await asks(context, connection, 'DMTP-075', line, [503]);
      const mode = await context.ask(connection, 'MODE');
      context.require('DMTP-075', succeeded(mode), 'MODE to be carried out', mode);
      const quit = await context.ask(connection, 'QUIT');
      context.require('DMTP-075', quit.code === 221, '221 in answer to QUIT', quit);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/mode/one-word-before-starttls',
    title: 'MODE before STARTTLS on a port in dual mode names one mode, or both.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-124'],
    needs: ['dmtp', 'plain-smtp'],
    mostRuns: 2,
    given: nothing,
    async check(_, context) {
      const { connection } = await context.openPlain();
      const reply = await context.ask(connection, 'MODE');
      const words = /^OK +(ESMTP|ESMTP +DMTPv1)$/i.exec(textOf(reply))?.[1];
      context.require('DMTP-124', succeeded(reply) && words !== undefined, 'OK ESMTP, or OK ESMTP DMTPv1', reply);
      context.follows('dual-mode-words', words?.includes(' ') === true ? 'both' : 'one');
      const { connection: inside } = await secured(context, connection);
      const after = await context.ask(inside, 'MODE');
      context.require('DMTP-124', /^OK +DMTPv1$/i.test(textOf(after)), 'OK DMTPv1 inside TLS', after);
    },
  }),
  defineCase({
    id: 'dmtp-dual-mode/session/follows-the-state-table',
    title: 'Before and after STARTTLS each command is answered as the state table says, whatever came before.',
    class: 'dmtp-dual-mode',
    decides: ['DMTP-075'],
    touches: [...plainRequirements, ...modelRequirements],
    needs: ['dmtp', 'plain'],
    given: () =>
      fc.record({
        before: fc.array(fc.constantFrom(...plainCommands), { minLength: 1, maxLength: 12 }),
        inside: inTls,
      }),
    async check({ before, inside }, context) {
      const { connection } = await context.openPlain();
      const { profile } = context;
      const numberedCodes = profile.readings.includes('numbered-codes');
      const smtp = profile.plain?.smtp === true;
      let established = false;
      for (const command of before) {
        // The SMTP service would have the connection for good.
        if (command === 'smtp' && smtp && !established) continue;
        const line = plainLine(command, context);
        const reply = await context.ask(connection, line);
        const { requirement, codes } = expectPlainAnswer(command, { numberedCodes });
        const right = reply.code !== null && codes.includes(reply.code);
        context.require(requirement, right, `${codes.join(' or ')} in answer to ${JSON.stringify(line)}`, reply);
        established ||= command === 'starttls elsewhere';
      }
      const { connection: secure } = await secured(context, connection);
      let state: SessionState = 'secured';
      for (const command of inside) {
        const reply = await context.ask(secure, lineOf(command, context));
        const right = expectAnswer(state, command, { numberedCodes, disabled: profile.disabled });
        const fits = reply.code !== null && right.accepts(reply.code);
        context.require(right.requirement, fits, `${right.expected} in answer to ${command} inside TLS`, reply);
        if (reply.code !== null) state = right.next(reply.code);
      }
      // The shortest walk decides something too.
      const { connection: other } = await context.openPlain();
      await asks(context, other, 'DMTP-075', ehlo, [503]);
    },
  }),
];

function plainLine(command: PlainCommand, { profile }: CaseContext): string {
  switch (command) {
    case 'mode':
      return 'MODE';
    case 'unknown':
      return 'WRONG';
    case 'greeting':
      return ehlo;
    case 'mail':
      return mail();
    case 'mail refused':
      return 'MAIL FROM: nobody';
    case 'signet':
      return commandsInTls(profile).find((line) => line.startsWith('SGNT')) ?? 'SGNT <suite.example>';
    case 'noop':
      return 'NOOP';
    case 'starttls malformed':
      return `STARTTLS <${hostOf(profile)}`;
    case 'starttls elsewhere':
      return starttls(`dx.${profile.foreignDomain}`);
    case 'smtp':
      return 'EHLO suite.example';
  }
}
