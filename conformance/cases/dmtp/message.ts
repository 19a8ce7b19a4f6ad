/** DATA and the message: go-ahead, length, one answer when its fate is decided, and what stays afterwards. */
import fc from 'fast-check';
import type { TargetProfile } from '../../target/profile.js';
import { type Case, defineCase } from '../case.js';
import {
  afterMail,
  afterRcpt,
  asks,
  awaitingMessage,
  requireCalm,
  requireCode,
  step,
  succeeded,
  textOf,
} from './answers.js';
import { fingerprints, mail, ownDomain, ownFingerprint, rcpt, sender } from './lines.js';

/** Octets that begin with no magic number, some full of line ends and commands. */
const noMessages: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 400 }),
    fc
      .array(fc.constantFrom('QUIT\r\n', 'RSET\n', '.\r\n', '\r\n.\r\n', 'WRONG\r\n', '\n'), {
        minLength: 1,
        maxLength: 20,
      })
      .map((lines) => Buffer.from(lines.join(''), 'latin1')),
  )
  .filter((octets) => octets[0] !== 0x07);

const goAhead = /^CONTINUE +\[[!-~]+\]/i;
const stored = /^OK +\[([!-Z\\^-~]+)\]$/i;

function messages({ messages }: TargetProfile): fc.Arbitrary<Uint8Array> {
  if (messages === null) throw new Error('the case needs a message');
  return messages;
}

/** The message and its line end in one piece. */
const withEnd = (message: Uint8Array, end = '\r\n'): Uint8Array => Buffer.concat([message, Buffer.from(end, 'latin1')]);

const isStored =
  (profile: TargetProfile) =>
  (code: number | null): boolean =>
    profile.readings.includes('numbered-codes') ? code === 254 || code === 255 || code === 250 : code === 250;

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/data/go-ahead-with-a-hash',
    title: 'DATA is answered with 354, CONTINUE and a hash in square brackets.',
    class: 'dmtp-server',
    decides: ['DMTP-052'],
    needs: ['dmtp'],
    given: () => fingerprints,
    async check(hash, context) {
      const connection = await afterRcpt(context);
      const reply = await asks(context, connection, 'DMTP-052', `DATA [${hash}]`, [354]);
      const numbered = context.profile.readings.includes('numbered-codes');
      context.require('DMTP-052', numbered || goAhead.test(textOf(reply)), 'CONTINUE [hash]', reply);
    },
  }),
  defineCase({
    id: 'dmtp/data/repeats-the-commit-hash',
    title: 'The hash in the 354 is the one that DATA gave.',
    class: 'dmtp-server',
    decides: ['DMTP-104'],
    needs: ['dmtp'],
    given: () => fc.oneof(fingerprints, fc.stringMatching(/^[A-Za-z0-9]{1,20}$/)),
    async check(hash, context) {
      const connection = await afterRcpt(context);
      const reply = await step(context, connection, `DATA [${hash}]`, 3);
      // The reading numbered-codes fixes the text of the 354, without a hash of the client's.
      const fixed = context.profile.readings.includes('numbered-codes');
      context.require('DMTP-104', fixed || textOf(reply).includes(`[${hash}]`), `[${hash}]`, reply);
    },
  }),
  defineCase({
    id: 'dmtp/data/without-argument',
    title: 'DATA without an argument is answered with 354 or 501.',
    class: 'dmtp-server',
    decides: ['DMTP-052'],
    needs: ['dmtp'],
    mostRuns: 2,
    given: () => fc.constant('DATA'),
    async check(line, context) {
      const connection = await afterRcpt(context);
      const reply = await asks(context, connection, 'DMTP-052', line, [354, 501]);
      const free = reply.code === 501 || context.profile.readings.includes('numbered-codes');
      context.require('DMTP-052', free || goAhead.test(textOf(reply)), 'CONTINUE [hash]', reply);
      context.follows('data-without-argument', reply.code === 354 ? 'accepted' : 'refused');
    },
  }),
  defineCase({
    id: 'dmtp/message/length-of-size-or-own-header',
    title: 'The message has SIZE octets and a line end after them; without SIZE its own header tells the length.',
    class: 'dmtp-server',
    decides: ['DMTP-054'],
    needs: ['dmtp', 'message'],
    given: (profile) =>
      fc.record({ message: messages(profile), sized: fc.boolean(), end: fc.constantFrom('\r\n', '\n') }),
    async check({ message, sized, end }, context) {
      const domain = ownDomain(context.profile);
      const own = ownFingerprint(context.profile);
      const { from, fingerprint } = sender(context.profile);
      const connection = await context.greeted();
      await step(
        context,
        connection,
        sized ? mail({ from, fingerprint, size: message.length }) : `MAIL FROM=<${from}> FINGERPRINT=[${fingerprint}]`,
      );
      await step(context, connection, sized ? rcpt(domain, own) : `RCPT TO=<${domain}> FINGERPRINT=[${own}]`);
      // Without its argument DATA may be refused in the positional dialect (section 12.6).
      await step(context, connection, sized ? 'DATA [none]' : 'DATA', 3);
      await connection.send(withEnd(message, end));
      const reply = await connection.reply();
      context.require('DMTP-054', succeeded(reply), 'the message to be taken', reply);
      await requireCalm(context, connection, 'DMTP-054');
    },
  }),
  defineCase({
    id: 'dmtp/message/stored-with-a-transaction-id',
    title: 'A stored message is answered with a 2xx code, OK and a transaction id in square brackets.',
    class: 'dmtp-server',
    decides: ['DMTP-055'],
    needs: ['dmtp', 'message'],
    given: messages,
    async check(message, context) {
      const connection = await awaitingMessage(context, message.length);
      await connection.send(withEnd(message));
      const reply = await connection.reply();
      const numbered = context.profile.readings.includes('numbered-codes');
      context.require('DMTP-055', isStored(context.profile)(reply.code), 'a 2xx code', reply);
      context.require(
        'DMTP-055',
        stored.test(textOf(reply)) || (numbered && /^(?:ACCEPTED|DUPLICATE)=[!-~]+$/.test(textOf(reply))),
        'OK [transaction id]',
        reply,
      );
    },
  }),
  defineCase({
    id: 'dmtp/message/ids-of-their-own',
    title: 'Each accepted message gets a transaction id of its own, also when the same message comes again.',
    class: 'dmtp-server',
    decides: ['DMTP-105'],
    needs: ['dmtp', 'message'],
    mostRuns: 12,
    given: (profile) => fc.record({ message: messages(profile), sameConnection: fc.boolean() }),
    async check({ message, sameConnection }, context) {
      const ids: string[] = [];
      let connection = await context.greeted();
      for (let count = 0; count < 2; count++) {
        if (count === 1 && !sameConnection) connection = await context.greeted();
        await step(context, connection, mail({ size: message.length, ...sender(context.profile) }));
        await step(context, connection, rcpt(ownDomain(context.profile), ownFingerprint(context.profile)));
        await step(context, connection, 'DATA [none]', 3);
        await connection.send(withEnd(message));
        const reply = await connection.reply();
        context.require('DMTP-105', succeeded(reply), 'the message to be accepted', reply);
        ids.push(stored.exec(textOf(reply))?.[1] ?? textOf(reply));
      }
      const numbered = context.profile.readings.includes('numbered-codes');
      context.require('DMTP-105', numbered || ids[0] !== ids[1], 'two transaction ids', ids.join(' and '));
    },
  }),
  defineCase({
    id: 'dmtp/message/one-answer-when-its-fate-is-decided',
    title: 'The message is answered once, and not before its last octet and the line end are there.',
    class: 'dmtp-server',
    decides: ['DMTP-099'],
    needs: ['dmtp'],
    mostRuns: 12,
    given: (profile) => fc.oneof(noMessages, ...(profile.messages === null ? [] : [profile.messages])),
    async check(message, context) {
      const connection = await awaitingMessage(context, message.length);
      await connection.send(message.subarray(0, -1));
      context.require(
        'DMTP-099',
        await connection.silent(),
        'no answer before the last octet',
        () => connection.unread,
      );
      await connection.send(withEnd(message.subarray(-1)));
      const reply = await connection.reply();
      context.require('DMTP-099', reply.lines.length === 1, 'one line', reply);
      await requireCalm(context, connection, 'DMTP-099');
      context.require('DMTP-099', await connection.silent(), 'nothing more', () => connection.unread);
    },
  }),
  defineCase({
    id: 'dmtp/message/rest-of-the-line-is-no-command',
    title: 'What stands between the end of the message and the next LF is not taken for a command.',
    class: 'dmtp-server',
    decides: ['DMTP-100'],
    needs: ['dmtp'],
    given: () =>
      fc.record({
        message: noMessages,
        rest: fc.constantFrom('QUIT\r\n', 'WRONG\r\n', 'NOOP\n', 'RSET', 'EHLO <suite.example>\r\n'),
      }),
    async check({ message, rest }, context) {
      const connection = await awaitingMessage(context, message.length);
      await connection.send(withEnd(message, rest.endsWith('\n') ? rest : `${rest}\r\n`));
      const reply = await connection.reply();
      context.require('DMTP-100', reply.code !== 221, 'the answer to the message', reply);
      await requireCalm(context, connection, 'DMTP-100');
      context.require(
        'DMTP-100',
        await connection.silent(),
        'no answer to what stood behind the message',
        () => connection.unread,
      );
    },
  }),
  defineCase({
    id: 'dmtp/message/what-is-none-is-refused',
    title: 'Octets that are no D/MIME message are answered with 554.',
    class: 'dmtp-server',
    decides: ['DMTP-101'],
    needs: ['dmtp'],
    given: () => noMessages,
    async check(octets, context) {
      const connection = await awaitingMessage(context, octets.length);
      await connection.send(withEnd(octets));
      const right = context.profile.readings.includes('numbered-codes') ? [554, 451] : [554];
      requireCode(context, 'DMTP-101', await connection.reply(), right, `${octets.length} octets that are no message`);
    },
  }),
  defineCase({
    id: 'dmtp/message/ends-the-transaction',
    title: 'The answer to the message ends the transaction and leaves the greeting.',
    class: 'dmtp-server',
    decides: ['DMTP-103'],
    needs: ['dmtp'],
    given: (profile) => fc.oneof(noMessages, ...(profile.messages === null ? [] : [profile.messages])),
    async check(message, context) {
      const connection = await awaitingMessage(context, message.length);
      await connection.send(withEnd(message));
      await connection.reply();
      for (const line of ['DATA [none]', rcpt(ownDomain(context.profile))]) {
        await asks(context, connection, 'DMTP-103', line, [503]);
      }
      const reply = await context.ask(connection, mail());
      context.require('DMTP-103', succeeded(reply), 'MAIL to be in sequence without another EHLO', reply);
    },
  }),
  defineCase({
    id: 'dmtp/rcpt/domain-that-is-not-served',
    title: 'A recipient at a domain that is not served is answered with 551, at RCPT or after the message.',
    class: 'dmtp-server',
    decides: ['DMTP-102'],
    needs: ['dmtp'],
    mostRuns: 10,
    given: ({ foreignDomain, messages }) =>
      fc.record({
        domain: fc.constantFrom(foreignDomain, `a.${foreignDomain}`),
        // One that would be stored for its own domain, where one is known, so that nothing else is wrong with it.
        message: messages ?? fc.constant(null),
      }),
    async check({ domain, message }, context) {
      const octets = message ?? Buffer.from('octets');
      const connection = await afterMail(context, octets.length);
      const numbered = context.profile.readings.includes('numbered-codes') ? [510] : [];
      const reply = await asks(context, connection, 'DMTP-102', rcpt(domain), [551, 250, ...numbered]);
      context.follows('relay-refusal', reply.code === 250 ? 'after the message' : 'at RCPT');
      if (reply.code !== 250) return;
      await step(context, connection, 'DATA [none]', 3);
      await connection.send(withEnd(octets));
      const codes = [551, ...(message === null ? [554] : []), ...numbered];
      requireCode(context, 'DMTP-102', await connection.reply(), codes, 'the message');
    },
  }),
];
