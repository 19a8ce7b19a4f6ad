/** Sequence numbers (section 3.2 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import { untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { answered, bare, bodyOf, hex, inFilled, letters, put, same, shown, uidsByNumber } from '../dmap/messages.js';
import { mustDo, select } from '../dmap/session.js';

export const cases: readonly Case[] = [
  dmapCase({
    id: 'dmap-sync/numbers/from-one-to-the-count',
    title: 'Each number from 1 to EXISTS is a message, and no other number is.',
    decides: ['DMAP-063'],
    given: () => letters(1, 4),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, selected }) => {
        const count = messages.length;
        context.require('DMAP-063', selected.exists === count, `${count} EXISTS`, () => shown(selected.result));
        const result = await connection.command('UID FETCH 1:* FLAGS');
        const numbers = untagged(result, 'fetch').map(({ number }) => number);
        const expected = messages.map((_, at) => at + 1).join();
        const got = numbers.sort((one, other) => one - other).join();
        context.require('DMAP-063', got === expected, `the numbers ${expected}`, () => shown(result));
        const beyond = await connection.command(`FETCH ${count + 1} FLAGS`);
        answered(context, 'DMAP-063', beyond, 'refusal', `FETCH ${count + 1} FLAGS`);
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/numbers/in-the-order-of-uids',
    title: 'Sequence numbers ascend in the order of the UIDs, also after some messages went.',
    decides: ['DMAP-064'],
    given: () => fc.record({ messages: letters(3, 5), gone: fc.integer({ min: 1, max: 3 }) }),
    async check(context, { messages, gone }) {
      const unmarked = messages.map((letter) => bare(letter.sealed));
      await inFilled(context, unmarked, async ({ connection, mailbox }) => {
        await mustDo(connection, `COPY 1 ${mailbox}`);
        await mustDo(connection, `STORE ${gone} +FLAGS.SILENT (\\Deleted)`);
        await mustDo(connection, 'EXPUNGE');
        await mustDo(connection, 'NOOP');
        const uids = [...(await uidsByNumber(connection))].sort(([one], [other]) => one - other);
        const right = uids.length === messages.length && uids.every(([, uid], at) => uid > (uids[at - 1]?.[1] ?? 0));
        context.require('DMAP-064', right, `${messages.length} UIDs that ascend`, JSON.stringify(uids));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/numbers/new-ones-are-last',
    title: 'A new message gets the number after the last one.',
    decides: ['DMAP-065'],
    given: () => fc.record({ messages: letters(0, 3), added: letters(1, 2) }),
    async check(context, { messages, added }) {
      await inFilled(context, messages, async ({ connection, mailbox }) => {
        for (const [at, letter] of added.entries()) {
          await put(connection, mailbox, letter);
          await mustDo(connection, 'NOOP');
          const number = messages.length + at + 1;
          const result = await connection.command(`FETCH ${number} BODY.PEEK[]`);
          const right = same(bodyOf(result, number, ''), letter.sealed.octets);
          context.require('DMAP-065', right, `message ${number}: ${hex(letter.sealed.octets)}`, () => shown(result));
        }
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/numbers/go-down-after-expunge',
    title: 'Each EXPUNGE names the number at its moment; later numbers and the count go down by one.',
    decides: ['DMAP-066'],
    given: () =>
      fc.record({ messages: letters(3, 6), gone: fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1, maxLength: 5 }) }),
    async check(context, { messages, gone }) {
      const unmarked = messages.map((letter) => bare(letter.sealed));
      await inFilled(context, unmarked, async ({ connection, mailbox }) => {
        const marked = gone.filter((at) => at < messages.length);
        if (marked.length > 0) {
          const set = marked.map((at) => at + 1).join();
          await mustDo(connection, `STORE ${set} +FLAGS.SILENT (\\Deleted)`);
        }
        const result = await connection.command('EXPUNGE');
        answered(context, 'DMAP-066', result, 'OK', 'EXPUNGE');
        const view = unmarked.map((_, at) => at);
        for (const { number } of untagged(result, 'expunge')) view.splice(number - 1, 1);
        const left = unmarked.map((_, at) => at).filter((at) => !marked.includes(at));
        const places = (all: readonly number[]): string => `messages ${all.map((at) => at + 1).join()}`;
        context.require('DMAP-066', view.join() === left.join(), `${places(left)} left`, () => shown(result));
        const now = await mustDo(connection, left.length === 0 ? 'NOOP' : 'FETCH 1:* BODY.PEEK[]');
        for (const [at, place] of left.entries()) {
          const octets = unmarked[place]?.sealed.octets ?? new Uint8Array();
          context.require('DMAP-066', same(bodyOf(now, at + 1, ''), octets), hex(octets), () => shown(now));
        }
        await put(connection, mailbox, bare(plainMessage));
        const { exists } = await select(connection, mailbox);
        context.require('DMAP-066', exists === left.length + 1, `${left.length + 1} EXISTS`, String(exists));
      });
    },
  }),
];
