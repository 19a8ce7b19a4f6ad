/** What a peer may do to a server: the server may refuse it, and has to go on serving the others. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { PeerGone, PeerSilent, Unreachable } from '../../runner/outcome.js';
import { type Case, defineCase, nothing } from '../case.js';
import { mail, ownDomain, rcpt } from '../dmtp/lines.js';

/** Silent connections at once: more than the usual limits of one address would be an attack on a server of others. */
const crowd = 100;
const mebibyte = 1024 * 1024;
/** Of 2000 commands each, with replies of some 200 octets to each command. */
const unreadPieces = 40;

/** Another client is served now: a new connection, greeted, answered. */
async function requireService(context: CaseContext, requirement: string, during: string): Promise<void> {
  const began = performance.now();
  let outcome: string;
  try {
    const { connection, banner } = await context.open();
    const reply = await context.ask(connection, 'EHLO <suite.example>');
    outcome = banner.code === 220 && reply.code === 250 ? '' : reply.raw;
    connection.close();
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof PeerSilent || error instanceof PeerGone)) throw error;
    outcome = error.message;
  }
  const ms = Math.round(performance.now() - began);
  context.require(requirement, outcome === '', `another client to be served ${during}`, `${outcome} (after ${ms} ms)`);
}

/** Sends until the peer ends the connection, does not read any more, or everything is sent. */
async function flood(context: CaseContext, octets: number, piece: Uint8Array): Promise<void> {
  const { connection } = await context.open();
  connection.note(`${octets} octets follow`);
  for (let sent = 0; sent < octets && connection.ended === null; sent += piece.length) {
    if (!connection.sendRaw(piece)) {
      const room = await Promise.race([connection.room(), connection.end(500).then(() => false)]);
      if (!room) break;
    }
  }
}

export const cases: readonly Case[] = [
  defineCase({
    id: 'robustness/octets/random-inside-tls',
    title: 'Random octets inside TLS do not end the service for others.',
    class: 'robustness',
    decides: ['ROB-001'],
    needs: ['dmtp'],
    given: () => fc.uint8Array({ minLength: 1, maxLength: 4000 }),
    async check(octets, context) {
      const { connection } = await context.open();
      await connection.send(octets);
      await requireService(context, 'ROB-001', 'while a peer sends random octets');
    },
  }),
  defineCase({
    id: 'robustness/lines/endless',
    title: 'A line that does not end does not end the service for others.',
    class: 'robustness',
    decides: ['ROB-002'],
    needs: ['dmtp'],
    mostRuns: 2,
    alone: true,
    given: () => fc.constantFrom(0x41, 0x20),
    async check(octet, context) {
      const flooding = flood(context, 2 * mebibyte, Buffer.alloc(16 * 1024, octet));
      await requireService(context, 'ROB-002', 'while a peer sends an endless line');
      await flooding;
      await requireService(context, 'ROB-002', 'after an endless line');
    },
  }),
  defineCase({
    id: 'robustness/connections/silent-crowd',
    title: `${crowd} silent connections do not keep another client out.`,
    class: 'robustness',
    decides: ['ROB-003'],
    needs: ['dmtp'],
    mostRuns: 1,
    alone: true,
    given: nothing,
    async check(_, context) {
      const silent = await Promise.all(Array.from({ length: crowd }, () => context.plain()));
      try {
        await requireService(context, 'ROB-003', `beside ${crowd} silent connections`);
      } finally {
        for (const connection of silent) connection.destroy();
      }
      await requireService(context, 'ROB-003', 'after they are gone');
    },
  }),
  defineCase({
    id: 'robustness/connections/reset-in-mid-message',
    title: 'A connection that breaks off in the middle of a message leaves the server serving.',
    class: 'robustness',
    decides: ['ROB-004'],
    needs: ['dmtp'],
    mostRuns: 20,
    given: () =>
      fc.record({ size: fc.integer({ min: 2, max: 3000 }), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    async check({ size, part }, context) {
      const connection = await context.greeted();
      await context.ask(connection, mail({ size }));
      await context.ask(connection, rcpt(ownDomain(context.profile)));
      await context.ask(connection, 'DATA [none]');
      await connection.send(new Uint8Array(Math.floor((size - 1) * part)));
      connection.destroy();
      await requireService(context, 'ROB-004', 'after a connection broke off');
    },
  }),
  defineCase({
    id: 'robustness/tls/junk-and-broken-handshakes',
    title: 'Junk instead of a handshake, and handshakes that break off, leave the server serving.',
    class: 'robustness',
    decides: ['ROB-005'],
    needs: ['dmtp'],
    given: () =>
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.constantFrom(
            Buffer.from('EHLO <suite.example>\r\n'),
            Buffer.from('GET / HTTP/1.1\r\n\r\n'),
            // The head of a handshake record that promises 16 KiB and ends here.
            Buffer.from('160301400001003ffc0303', 'hex'),
            Buffer.from('15030100020228', 'hex'),
          ),
        },
        { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 600 }) },
      ),
    async check(octets, context) {
      const connection = await context.plain();
      await connection.send(octets);
      try {
        await requireService(context, 'ROB-005', 'beside a broken handshake');
      } finally {
        connection.destroy();
      }
    },
  }),
  defineCase({
    id: 'robustness/lines/nul-and-high-octets',
    title: 'A name, keyword or domain with NUL or an octet above 127 is answered with a 5xx code.',
    class: 'robustness',
    decides: ['ROB-006'],
    needs: ['dmtp'],
    given: () =>
      fc.record({
        octet: fc.oneof(fc.constant(0), fc.integer({ min: 128, max: 255 })).map((code) => String.fromCharCode(code)),
        line: fc.constantFrom(
          'RSE{}T',
          'EHLO <suite{}.example>',
          'SGNT <suite.exa{}mple>',
          '{}',
          'MAIL FROM: <a{}.example> [x] SIZE=1',
        ),
      }),
    async check({ octet, line }, context) {
      const connection = await context.greeted();
      const reply = await context.ask(connection, line.replace('{}', octet));
      context.require('ROB-006', reply.code !== null && reply.code >= 500 && reply.code <= 599, 'a 5xx code', reply);
    },
  }),
  defineCase({
    id: 'robustness/arguments/size-with-many-digits',
    title: 'A SIZE with very many digits is answered with a 5xx code.',
    class: 'robustness',
    decides: ['ROB-007'],
    needs: ['dmtp'],
    given: () =>
      fc.tuple(fc.constantFrom('9', '1', '18446744073709551616', '4294967297'), fc.integer({ min: 1, max: 300 })),
    async check([digits, count], context) {
      const connection = await context.greeted();
      // At least 20 digits: more than 64 bits hold.
      const size = digits.repeat(Math.max(count, Math.ceil(20 / digits.length))).slice(0, 320);
      const reply = await context.ask(connection, mail({ size }));
      context.require('ROB-007', reply.code !== null && reply.code >= 500 && reply.code <= 599, 'a 5xx code', reply);
    },
  }),
  defineCase({
    id: 'robustness/pipelining/burst',
    title: 'A burst of pipelined commands is answered completely.',
    class: 'robustness',
    decides: ['ROB-008'],
    needs: ['dmtp'],
    mostRuns: 4,
    given: () => fc.integer({ min: 100, max: 1000 }),
    async check(count, context) {
      const { connection } = await context.open();
      await connection.send('NOOP\r\n'.repeat(count));
      const replies = await connection.replies(count);
      context.require(
        'ROB-008',
        replies.every(({ code }) => code === 250),
        `250 ${count} times`,
        () => replies.map(({ code }) => code).join(),
      );
      context.require('ROB-008', await connection.silent(), 'nothing more', () => connection.unread);
    },
  }),
  defineCase({
    id: 'robustness/delivery/octet-by-octet',
    title: 'Commands that come one octet at a time are answered.',
    class: 'robustness',
    decides: ['ROB-009'],
    needs: ['dmtp'],
    mostRuns: 6,
    given: () => fc.constantFrom('NOOP\r\n', 'EHLO <suite.example>\r\nNOOP\n', `SGNT <suite.example>\r\nMODE\r\n`),
    async check(text, context) {
      const { connection } = await context.open();
      for (const octet of text) await connection.send(octet);
      const replies = await connection.replies(text.split('\n').length - 1);
      context.require(
        'ROB-009',
        replies.every(({ code }) => code !== null && code !== 500),
        'an answer to each command',
        () => replies.map(({ raw }) => raw).join(''),
      );
    },
  }),
  defineCase({
    id: 'robustness/connections/reads-no-replies',
    title: 'A peer that reads no replies does not hinder others.',
    class: 'robustness',
    decides: ['ROB-010'],
    needs: ['dmtp'],
    mostRuns: 1,
    alone: true,
    given: nothing,
    async check(_, context) {
      const { connection } = await context.open();
      connection.pause();
      connection.note('from here on no reply is read');
      const piece = Buffer.from('HELP\r\n'.repeat(2000));
      // The kernels on the way hold some megabytes: only what exceeds them is left to the server.
      for (let count = 0; count < unreadPieces && connection.ended === null; count++) {
        if (connection.sendRaw(piece)) continue;
        const room = await Promise.race([connection.room(), connection.end(500).then(() => false)]);
        // It does not read any more, or has ended the connection: both are right.
        if (!room) break;
      }
      try {
        await requireService(context, 'ROB-010', 'beside a peer that reads nothing');
      } finally {
        connection.destroy();
      }
      await requireService(context, 'ROB-010', 'after it is gone');
    },
  }),
];
