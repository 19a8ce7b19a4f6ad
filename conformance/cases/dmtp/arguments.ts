/** Arguments, right and wrong: domains, addresses, fingerprints, the parameters of MAIL. */
import fc from 'fast-check';
import { diagnoseCommand } from '../../../grammar/dmtp.js';
import { dmtpLeaves } from '../../../grammar/leaves.js';
import { nearMissOf } from '../../../grammar/mutate.js';
import { Unreachable } from '../../runner/outcome.js';
import { type Case, defineCase } from '../case.js';
import { afterMail, afterRcpt, asks, requireCode, step, succeeded } from './answers.js';
import {
  aFingerprint,
  domains,
  ehlo,
  fingerprints,
  foreignToDomains,
  mail,
  origin,
  ownDomain,
  rcpt,
  recased,
} from './lines.js';

/** A domain with one octet in it that belongs in none. */
const spoiltDomains = fc
  .tuple(domains, foreignToDomains, fc.nat(30))
  .map(
    ([domain, octet, place]) => domain.slice(0, place % domain.length) + octet + domain.slice(place % domain.length),
  );

const atoms = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}$/);

const wrongAddresses = fc.oneof(
  domains.map((domain) => `@${domain}`),
  atoms.map((atom) => `${atom}@`),
  fc.tuple(atoms, atoms, domains).map(([a, b, domain]) => `${a}@${b}@${domain}`),
  fc.tuple(atoms, domains).map(([atom, domain]) => `.${atom}@${domain}`),
  fc.tuple(atoms, domains).map(([atom, domain]) => `${atom}.@${domain}`),
  fc.tuple(atoms, atoms, domains).map(([a, b, domain]) => `${a}..${b}@${domain}`),
  fc.tuple(atoms, atoms, domains).map(([a, b, domain]) => `${a} ${b}@${domain}`),
  fc.tuple(atoms, spoiltDomains).map(([atom, domain]) => `${atom}@${domain}`),
);

const rightAddresses = fc
  .tuple(fc.array(atoms, { minLength: 1, maxLength: 3 }), domains)
  .map(([local, domain]) => `${local.join('.')}@${domain}`);

/** Right lines with one thing wrong in the arguments, which stay known as the command that they were. */
const argumentErrors = fc
  .constantFrom('Mail', 'Rcpt', 'Vrfy')
  .chain((rule) =>
    nearMissOf('dmtp', 'PositionalLine', { leaves: dmtpLeaves, keepLineEnd: true }).filter(({ text }) => {
      const { verb, breach } = diagnoseCommand(text);
      // A first argument `name=` makes it a line of the named dialect, where 500 is right too (section 12.6).
      const named = /^[ \t]*[A-Z]+[ \t]+[A-Z]+[ \t]*=/i.test(text);
      // Nothing says whether a bare CR is text that may stand in brackets.
      const bareReturn = /\r(?!\n)/.test(text);
      if (named || bareReturn || text.length > 512) return false;
      return verb === rule.toUpperCase() && breach !== 'unknown' && breach !== 'smtp';
    }),
  )
  .map(({ text }) => text);

/** What people get wrong most: brackets. Chance alone would seldom come to one of these. */
const usualErrors = [
  `VRFY <suite.example> [${aFingerprint}`,
  `VRFY <suite.example> ${aFingerprint}`,
  `VRFY suite.example [${aFingerprint}]`,
  'VRFY <suite.example>',
  'SGNT <suite.example',
  'SGNT suite.example',
];

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp/arguments/near-misses-are-refused',
    title: 'A known command with one thing wrong in its arguments is answered with 501.',
    class: 'dmtp-server',
    decides: ['DMTP-022'],
    needs: ['dmtp'],
    given: () => fc.record({ nearMiss: argumentErrors, usual: fc.constantFrom(...usualErrors) }),
    async check({ nearMiss, usual }, context) {
      const connection = /^RCPT/i.test(nearMiss) ? await afterMail(context) : await context.greeted();
      context.covered('command', nearMiss);
      await connection.send(nearMiss);
      requireCode(context, 'DMTP-022', await connection.reply(), [501], nearMiss);
      await asks(context, connection, 'DMTP-022', usual, [501]);
    },
  }),
  defineCase({
    id: 'dmtp/arguments/characters-of-a-domain',
    title: 'A domain with another character than letters, digits, dot and hyphen is answered with 501.',
    class: 'dmtp-server',
    decides: ['DMTP-082'],
    needs: ['dmtp'],
    given: () =>
      fc.record({ right: domains, wrong: spoiltDomains, in: fc.constantFrom('EHLO', 'MAIL', 'RCPT', 'SGNT') }),
    async check({ right, wrong, in: verb }, context) {
      const connection = verb === 'RCPT' ? await afterMail(context) : await context.greeted();
      // An at sign makes the name of SGNT an address, which is a matter of its own.
      const name = verb === 'SGNT' ? wrong.replaceAll('@', '_') : wrong;
      const line = (domain: string): string =>
        ({ EHLO: `EHLO <${domain}>`, MAIL: mail({ from: domain }), RCPT: rcpt(domain), SGNT: `SGNT <${domain}>` })[
          verb
        ];
      await asks(context, connection, 'DMTP-082', line(name), [501]);
      const reply = await context.ask(connection, line(right));
      context.require('DMTP-082', reply.code !== 501, 'another code than 501 for a right domain', reply);
    },
  }),
  defineCase({
    id: 'dmtp/arguments/form-of-an-address',
    title: 'An address that breaks the rule of local parts, or has nothing after the at sign, is answered with 501.',
    class: 'dmtp-server',
    decides: ['DMTP-083'],
    needs: ['dmtp'],
    given: () => fc.record({ right: rightAddresses, wrong: wrongAddresses, verify: fc.boolean() }),
    async check({ right, wrong, verify }, context) {
      const { connection } = await context.open();
      const line = (name: string): string => (verify ? `VRFY <${name}> [${aFingerprint}]` : `SGNT <${name}>`);
      await asks(context, connection, 'DMTP-083', line(wrong), [501]);
      const reply = await context.ask(connection, line(right));
      context.require(
        'DMTP-083',
        reply.code !== 501 && reply.code !== 500,
        'another code than 501 for a right address',
        reply,
      );
    },
  }),
  defineCase({
    id: 'dmtp/mail/takes-its-parameters',
    title: 'MAIL takes SIZE with RETURN=FULL, DISPLAY or HEADER and DATA=7BIT or 8BIT.',
    class: 'dmtp-server',
    decides: ['DMTP-050'],
    needs: ['dmtp'],
    given: () =>
      fc.record({
        size: fc.integer({ min: 1, max: 5000 }),
        bounce: fc.constantFrom('', 'RETURN=FULL', 'RETURN=DISPLAY', 'RETURN=HEADER'),
        data: fc.constantFrom('', 'DATA=7BIT', 'DATA=8BIT'),
      }),
    async check({ size, bounce, data }, context) {
      const connection = await context.greeted();
      const more = [bounce, data].filter((word) => word !== '').join(' ');
      const reply = await context.ask(connection, mail({ size, more }));
      context.require('DMTP-050', succeeded(reply), 'MAIL to be accepted', reply);
    },
  }),
  defineCase({
    id: 'dmtp/mail/parameters-in-any-order-and-case',
    title: 'MAIL takes its parameters in any order, keys and words in any letter case.',
    class: 'dmtp-server',
    decides: ['DMTP-094'],
    needs: ['dmtp'],
    given: () =>
      fc
        .shuffledSubarray(['SIZE=100', 'RETURN=DISPLAY', 'DATA=8BIT'], { minLength: 3 })
        .chain((words) => fc.tuple(...words.map(recased))),
    async check(words, context) {
      const connection = await context.greeted();
      const line = `MAIL FROM: <${origin}> [${aFingerprint}] ${words.join(' ')}`;
      const reply = await context.ask(connection, line);
      context.require('DMTP-094', succeeded(reply), `${JSON.stringify(line)} to be accepted`, reply);
    },
  }),
  defineCase({
    id: 'dmtp/mail/needs-fingerprint-and-size',
    title: 'MAIL without a fingerprint, or in the positional dialect without SIZE, is answered with 501.',
    class: 'dmtp-server',
    decides: ['DMTP-091'],
    needs: ['dmtp'],
    given: () =>
      fc
        .tuple(domains, fingerprints)
        .chain(([from, fp]) =>
          fc.constantFrom(
            `MAIL FROM: <${from}> SIZE=100`,
            `MAIL FROM: <${from}> [] SIZE=100`,
            `MAIL FROM: <${from}> [${fp}]`,
            `MAIL FROM: <${from}>`,
            `MAIL FROM: <${from}> [${fp}] RETURN=FULL`,
          ),
        ),
    async check(line, context) {
      const connection = await context.greeted();
      await asks(context, connection, 'DMTP-091', line, [501]);
      const next = await context.ask(connection, rcpt(ownDomain(context.profile)));
      context.require('DMTP-091', !succeeded(next), 'no transaction after the refusal', next);
      const right = await context.ask(connection, mail());
      context.require('DMTP-091', right.code !== 501, 'MAIL with both to be read', right);
    },
  }),
  defineCase({
    id: 'dmtp/mail/size-is-a-number-within-the-limit',
    title: 'A SIZE that is no decimal number is answered with 501, one over the limit with 552.',
    class: 'dmtp-server',
    decides: ['DMTP-092'],
    needs: ['dmtp'],
    given: () =>
      fc.record({
        wrong: fc.constantFrom('x', '1x', '0x10', '-1', '+1', '1.5', '1e3', '', '9'.repeat(3).concat('k')),
        over: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 })),
      }),
    async check({ wrong, over }, context) {
      const { connection } = await context.open();
      const hello = await step(context, connection, ehlo);
      await asks(context, connection, 'DMTP-092', mail({ size: wrong }), [501]);
      const told = hello.lines.map(({ text }) => /^SIZE (\d+)$/i.exec(text)?.[1]).find((limit) => limit !== undefined);
      const limit = told === undefined ? context.profile.limits.messageOctets : Number(told);
      if (limit === null) throw new Unreachable('EHLO tells no SIZE and the target file no limits.messageOctets');
      await asks(context, connection, 'DMTP-092', mail({ size: limit + over }), [552]);
      const within = await context.ask(connection, mail({ size: limit }));
      context.require('DMTP-092', succeeded(within), `SIZE=${limit}, the limit itself, to be accepted`, within);
    },
  }),
  defineCase({
    id: 'dmtp/mail/unknown-parameters-are-refused',
    title: 'Unknown parameters of MAIL, and unknown words in RETURN and DATA, are answered with 501.',
    class: 'dmtp-server',
    decides: ['DMTP-093'],
    needs: ['dmtp'],
    given: () =>
      fc.oneof(
        fc.constantFrom('RETURN=ALL', 'RETURN=', 'RETURN=FULLX', 'DATA=9BIT', 'DATA=', 'DATA=8BITMIME'),
        fc.stringMatching(/^[A-Z]{2,8}=[A-Z0-9]{1,6}$/).filter((word) => !/^(?:SIZE|RETURN|DATA)=/.test(word)),
      ),
    async check(word, context) {
      const connection = await context.greeted();
      await asks(context, connection, 'DMTP-093', mail({ more: word }), [501]);
      const right = await context.ask(connection, mail({ more: 'RETURN=FULL DATA=8BIT' }));
      context.require('DMTP-093', right.code !== 501, 'known words to be accepted', right);
    },
  }),
  defineCase({
    id: 'dmtp/rcpt/needs-a-fingerprint',
    title: 'RCPT without a fingerprint is answered with 501.',
    class: 'dmtp-server',
    decides: ['DMTP-096'],
    needs: ['dmtp'],
    given: () => fc.constantFrom('', ' []', ' [', ' ]', ' <fingerprint>'),
    async check(tail, context) {
      const domain = ownDomain(context.profile);
      const connection = await afterMail(context);
      await asks(context, connection, 'DMTP-096', `RCPT TO: <${domain}>${tail}`, [501]);
      const right = await context.ask(connection, rcpt(domain));
      context.require('DMTP-096', succeeded(right), 'RCPT with a fingerprint to be accepted', right);
    },
  }),
  defineCase({
    id: 'dmtp/arguments/nothing-behind-rcpt-and-data',
    title: 'Text behind the arguments of RCPT and DATA is answered with 501.',
    class: 'dmtp-server',
    decides: ['DMTP-097'],
    needs: ['dmtp'],
    given: () => fc.record({ tail: fc.stringMatching(/^[!-~]{1,20}$/), data: fc.boolean(), fp: fingerprints }),
    async check({ tail, data, fp }, context) {
      const domain = ownDomain(context.profile);
      const connection = data ? await afterRcpt(context) : await afterMail(context);
      await asks(context, connection, 'DMTP-097', data ? `DATA [${fp}] ${tail}` : `${rcpt(domain, fp)} ${tail}`, [501]);
      const right = await context.ask(connection, data ? `DATA [${fp}]` : rcpt(domain, fp));
      context.require('DMTP-097', right.code === (data ? 354 : 250), 'the same without the text to be accepted', right);
    },
  }),
  defineCase({
    id: 'dmtp/arguments/nothing-behind-the-others',
    title: 'Text behind the arguments of EHLO, SGNT, HIST, VRFY and STATS is answered with 501.',
    class: 'dmtp-server',
    decides: ['DMTP-098'],
    needs: ['dmtp'],
    timesRuns: 3,
    given: ({ disabled }) =>
      fc.record({
        line: fc.constantFrom(
          ...[
            ehlo,
            `SGNT <suite.example> [${aFingerprint}]`,
            `HIST <nobody@suite.example> [${aFingerprint}] [${aFingerprint}]`,
            `VRFY <suite.example> [${aFingerprint}]`,
            ...(disabled.includes('STATS') ? [] : ['STATS [nonce]']),
          ],
        ),
        tail: fc.stringMatching(/^[a-z0-9]{1,12}$/),
      }),
    async check({ line, tail }, context) {
      const { connection } = await context.open();
      const right = await context.ask(connection, line);
      const codes = /^STATS/.test(line) && (right.code === 500 || right.code === 502) ? [500, 501, 502] : [501];
      await asks(context, connection, 'DMTP-098', `${line} ${tail}`, codes);
      context.require('DMTP-098', right.code !== 501, 'the same without the text to be read', right);
    },
  }),
];
