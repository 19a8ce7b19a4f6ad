/** The order of MAIL, RCPT and DATA. */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { afterMail, afterRcpt, asks, step, succeeded } from './answers.js';
import { domains, ehlo, fingerprints, mail, ownDomain, rcpt } from './lines.js';

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/sequence/before-ehlo',
    title: 'MAIL, RCPT and DATA before EHLO are answered with 503.',
    class: 'dmtp-server',
    decides: ['DMTP-086'],
    needs: ['dmtp'],
    given: (profile) =>
      fc
        .tuple(fingerprints, domains)
        .chain(([fp, from]) =>
          fc.constantFrom(mail({ from, fingerprint: fp }), rcpt(ownDomain(profile), fp), `DATA [${fp}]`),
        ),
    async check(line, context) {
      const { connection } = await context.open();
      await asks(context, connection, 'DMTP-086', line, [503]);
      const after = await step(context, connection, ehlo);
      context.require('DMTP-086', succeeded(after), 'EHLO to be accepted afterwards', after);
      const next = await context.ask(connection, mail());
      context.require('DMTP-086', next.code !== 503, 'MAIL to be in sequence after EHLO', next);
    },
  }),
  defineCase({
    id: 'dmtp/sequence/before-mail',
    title: 'RCPT and DATA before MAIL are answered with 503.',
    class: 'dmtp-server',
    decides: ['DMTP-087'],
    needs: ['dmtp'],
    given: (profile) =>
      fingerprints.chain((fp) => fc.constantFrom(rcpt(ownDomain(profile), fp), `DATA [${fp}]`, 'DATA')),
    async check(line, context) {
      const connection = await context.greeted();
      await asks(context, connection, 'DMTP-087', line, [503]);
      await step(context, connection, mail());
      const next = await context.ask(connection, rcpt(ownDomain(context.profile)));
      context.require('DMTP-087', next.code !== 503, 'RCPT to be in sequence after MAIL', next);
    },
  }),
  defineCase({
    id: 'dmtp/sequence/data-before-rcpt',
    title: 'DATA before RCPT is answered with 503.',
    class: 'dmtp-server',
    decides: ['DMTP-088'],
    needs: ['dmtp'],
    given: () => fingerprints,
    async check(fp, context) {
      const connection = await afterMail(context);
      const reply = await asks(context, connection, 'DMTP-088', `DATA [${fp}]`, [503, 354]);
      context.follows('data-without-recipient', reply.code === 503 ? 'refused' : 'accepted');
    },
  }),
  defineCase({
    id: 'dmtp/sequence/wrong-order',
    title: 'A command out of sequence is answered with 503 and leaves the state as it was.',
    class: 'dmtp-server',
    decides: ['DMTP-024'],
    needs: ['dmtp'],
    given: () => fc.shuffledSubarray(['mail', 'rcpt', 'data'] as const, { minLength: 1, maxLength: 3 }),
    async check(order, context) {
      const domain = ownDomain(context.profile);
      const { connection } = await context.open();
      const lines = { mail: mail(), rcpt: rcpt(domain), data: 'DATA [none]' };
      for (const name of order) await asks(context, connection, 'DMTP-024', lines[name], [503]);
      await step(context, connection, ehlo);
      for (const name of order) {
        if (name !== 'mail') await asks(context, connection, 'DMTP-024', lines[name], [503]);
      }
      const reply = await context.ask(connection, mail());
      context.require('DMTP-024', reply.code !== 503, 'MAIL to be in sequence after EHLO', reply);
    },
  }),
  defineCase({
    id: 'dmtp/sequence/second-mail-starts-anew',
    title: 'A second MAIL replaces the transaction.',
    class: 'dmtp-server',
    decides: ['DMTP-095'],
    needs: ['dmtp'],
    given: () => fc.boolean(),
    async check(withRecipient, context) {
      const domain = ownDomain(context.profile);
      const connection = withRecipient ? await afterRcpt(context) : await afterMail(context);
      const again = await context.ask(connection, mail({ from: 'second.example', size: 7 }));
      context.require('DMTP-095', succeeded(again), 'the second MAIL to be accepted', again);
      const early = await context.ask(connection, 'DATA [none]');
      // A server that takes DATA without a recipient has said so in its own case; here it must not have kept the old one.
      context.require(
        'DMTP-095',
        early.code === 503 || (!withRecipient && early.code === 354),
        'the recipient to be gone',
        early,
      );
      if (early.code === 354) return;
      const next = await context.ask(connection, rcpt(domain));
      context.require('DMTP-095', succeeded(next), 'RCPT to be in sequence', next);
      await step(context, connection, 'DATA [none]', 3);
      // Seven octets and a line end are the whole message only under the SIZE of the second MAIL.
      await connection.send('1234567\r\n');
      const last = await connection.reply();
      context.require(
        'DMTP-095',
        last.code !== null && last.code !== 421,
        'the message to end after the SIZE of the second MAIL',
        last,
      );
    },
  }),
];
