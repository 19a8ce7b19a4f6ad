/** Whole sessions against the model: generated sequences of commands, legal and illegal, one by one or pipelined. */
import fc from 'fast-check';
import { expectAnswer, type ModelCommand, modelRequirements, type SessionState } from '../../model/dmtp-session.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmtpConnection, PeerReply } from '../../target/dmtp-connection.js';
import { type Case, defineCase } from '../case.js';
import { aFingerprint, ehlo, mail, ownDomain, rcpt } from './lines.js';

/** Octets that are no message; as many as MAIL says. */
const noMessage = 'no message, and RSET\r\nQUIT\r\n in it';

/** Wrong commands in a row may end a session by right (DMTP-069), so a sequence has few of them. */
const mostUnknown = 3;

const commands: fc.Arbitrary<ModelCommand> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<ModelCommand>('ehlo', 'mail', 'rcpt', 'data') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<ModelCommand>('noop', 'rset', 'mode', 'stats', 'signet', 'verify', 'helo', 'starttls'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<ModelCommand>(
      'unknown',
      'ehlo-without-brackets',
      'ehlo-without-domain',
      'mail-without-size',
      'rcpt-without-fingerprint',
      'rcpt-elsewhere',
    ),
  },
);

/** A right path to each state, so that illegal commands are tried from all of them. */
const paths = fc.constantFrom<ModelCommand[]>([], ['ehlo'], ['ehlo', 'mail'], ['ehlo', 'mail', 'rcpt']);

/** Mostly single commands; a transaction now and then, so that its states are come to again. */
const steps: fc.Arbitrary<ModelCommand[]> = fc.oneof(
  { weight: 6, arbitrary: commands.map((command) => [command]) },
  { weight: 1, arbitrary: fc.constant<ModelCommand[]>(['ehlo', 'mail', 'rcpt']) },
);

const sequences: fc.Arbitrary<ModelCommand[]> = fc
  .tuple(paths, fc.array(steps, { minLength: 1, maxLength: 24, size: 'max' }))
  .map(([path, tail]) => [...path, ...tail.flat()])
  .filter((all) => all.filter((command) => command === 'unknown' || command === 'helo').length <= mostUnknown);

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/session/follows-the-state-table',
    title: 'In every state each command is answered as the state table says, whatever came before, pipelined or not.',
    class: 'dmtp-server',
    decides: ['DMTP-020'],
    touches: modelRequirements,
    needs: ['dmtp'],
    given: () => fc.record({ commands: sequences, pipelined: fc.boolean() }),
    async check({ commands: sequence, pipelined }, context) {
      const { connection } = await context.open();
      const walk = new Walk(context, connection);
      const batches = pipelined ? untilData(sequence) : sequence.map((command) => [command]);
      for (const batch of batches) {
        for (const command of batch) context.covered('command', `${lineOf(command, context)}\r\n`);
        await connection.send(batch.map((command) => `${lineOf(command, context)}\r\n`).join(''));
        for (const command of batch) walk.judge(command, await connection.reply());
        if (walk.state === 'message') {
          await connection.send(`${noMessage}\r\n`);
          walk.judge('octets', await connection.reply());
        }
      }
      // After a message the transaction is gone and the greeting is not (DMTP-103): asked at the end of each session.
      await walk.requireEnded();
      // A line that every state answers alike, so that the shortest walk decides something too.
      await connection.send(`${lineOf('ehlo-without-brackets', context)}\r\n`);
      walk.judge('ehlo-without-brackets', await connection.reply());
    },
  }),
];

/** DATA ends a batch: what follows depends on its answer. */
function untilData(sequence: readonly ModelCommand[]): ModelCommand[][] {
  const batches: ModelCommand[][] = [[]];
  for (const command of sequence) {
    batches.at(-1)?.push(command);
    if (command === 'data') batches.push([]);
  }
  return batches.filter((batch) => batch.length > 0);
}

class Walk {
  state: SessionState = 'secured';
  #messages = 0;

  constructor(
    private readonly context: CaseContext,
    private readonly connection: DmtpConnection,
  ) {}

  judge(command: ModelCommand, reply: PeerReply): void {
    const { profile } = this.context;
    const {
      requirement,
      accepts,
      expected: right,
      next,
    } = expectAnswer(this.state, command, {
      numberedCodes: profile.readings.includes('numbered-codes'),
      disabled: profile.disabled,
    });
    this.context.covered('reply', reply.raw);
    const expected = `${right} in answer to ${command} in the state ${this.state}`;
    const { code } = reply;
    this.context.require(requirement, code !== null && accepts(code), expected, reply);
    if (command === 'octets') this.#messages += 1;
    if (code !== null) this.state = next(code);
  }

  async requireEnded(): Promise<void> {
    if (this.#messages === 0 || this.state !== 'greeted') return;
    const reply = await this.context.ask(this.connection, 'DATA [none]');
    this.context.require('DMTP-103', reply.code === 503, '503 to DATA, the transaction being over', reply);
  }
}

/** What a command of the model is on the wire. */
export function lineOf(command: ModelCommand, { profile }: CaseContext): string {
  switch (command) {
    case 'ehlo':
      return ehlo;
    case 'ehlo-without-brackets':
      return 'EHLO suite.example';
    case 'ehlo-without-domain':
      return 'EHLO <_>';
    case 'helo':
      return 'HELO <suite.example>';
    case 'mail':
      return mail({ size: noMessage.length });
    case 'mail-without-size':
      return `MAIL FROM: <origin.example> [${aFingerprint}]`;
    case 'rcpt':
      return rcpt(ownDomain(profile));
    case 'rcpt-without-fingerprint':
      return `RCPT TO: <${ownDomain(profile)}>`;
    case 'rcpt-elsewhere':
      return rcpt(profile.foreignDomain);
    case 'data':
      return 'DATA [none]';
    case 'octets':
      return '';
    case 'noop':
      return 'NOOP';
    case 'rset':
      return 'RSET';
    case 'mode':
      return 'MODE';
    case 'stats':
      return 'STATS';
    case 'signet':
      return `SGNT <nobody@${profile.foreignDomain}>`;
    case 'verify':
      return `VRFY <nobody@${profile.foreignDomain}> [${aFingerprint}]`;
    case 'starttls':
      return `STARTTLS <dx.${ownDomain(profile)}> MODE=DMTPv1`;
    case 'unknown':
      return 'WRONG';
  }
}
