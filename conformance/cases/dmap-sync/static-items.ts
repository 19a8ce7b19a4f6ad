/** What never changes of a message, what may, and MODSEQ (sections 3.2, 3.6 and 5.5 of the DMAP digest). */
import fc from 'fast-check';
import { namedChunks } from '../../model/dmap-chunks.js';
import { plainMessage } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import { bare, flagText, inFilled, letters, put, shown, valuesOf } from '../dmap/messages.js';
import { loggedIn, mustDo, select } from '../dmap/session.js';
import { remove } from './uids.js';

const mostOf63Bits = 9_223_372_036_854_775_807n;

/** The static items of one message, as one text to compare. */
async function staticItems(connection: DmapConnection, uid: number, sections: readonly string[]): Promise<string> {
  const bodies = sections.map((section) => `BODY.PEEK[${section}]`).join(' ');
  const result = await mustDo(connection, `UID FETCH ${uid} (INTERNALDATE SIZE UID BODYSTRUCTURE ${bodies})`);
  return untagged(result, 'fetch')
    .flatMap(({ items }) => items)
    .filter(({ item }) => item !== 'FLAGS' && item !== 'MODSEQ')
    .map((value) => JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? [...each] : each)))
    .sort()
    .join('\n');
}

const staysCase = (requirement: string, id: string, title: string, session: 'same' | 'another'): Case =>
  dmapCase({
    id: `dmap-sync/items/${id}`,
    title,
    decides: [requirement],
    mostRuns: 5,
    given: () => letters(1, 2),
    async check(context, messages) {
      const unmarked = messages.map(({ sealed, date }) => ({ sealed, date, flags: [] }));
      await inFilled(
        context,
        [bare(plainMessage), ...unmarked],
        async ({ connection, account, mailbox, messages: known }) => {
          const message = known[1];
          if (message === undefined) return;
          const sections = ['', ...namedChunks(message.sealed).map(({ section }) => section)];
          const before = await staticItems(connection, message.uid, sections);
          await mustDo(connection, 'STORE 2 FLAGS (\\Flagged \\Draft)');
          await connection.command('FETCH 2 BODY[]');
          await connection.command('STORE 2 META ', { literal: 'state', binary: true });
          await put(connection, mailbox, bare(plainMessage));
          await remove(connection, [1]);
          const reader = session === 'same' ? connection : await loggedIn(context, account);
          if (session === 'another') await select(reader, mailbox);
          const now = await staticItems(reader, message.uid, sections);
          context.require(requirement, now === before, before.slice(0, 300), now.slice(0, 300));
        },
      );
    },
  });

/** @throws a breach of the requirement when there is none */
async function modseqOf(
  context: CaseContext,
  requirement: string,
  connection: DmapConnection,
  number: number,
): Promise<bigint> {
  const result = await connection.command(`FETCH ${number} MODSEQ`);
  const modseq = valuesOf(result, number, 'MODSEQ')[0]?.modseq;
  context.require(requirement, modseq !== undefined, `MODSEQ of message ${number}`, () => shown(result));
  context.follows('dmap-modseq-form', /MODSEQ \(/i.test(result.raw) ? 'in parentheses' : 'a bare number');
  return modseq ?? 0n;
}

export const cases: readonly Case[] = [
  staysCase(
    'DMAP-061',
    'one-message-for-ever',
    'Under its UID a message has the same date, size, structure and texts in every session.',
    'another',
  ),
  staysCase('DMAP-316', 'static-ones-stay', 'Static items stay, whatever is done to message and mailbox.', 'same'),
  dmapCase({
    id: 'dmap-sync/items/dynamic-ones-change',
    title: 'Flags change by STORE, of this session and of others.',
    decides: ['DMAP-317'],
    mostRuns: 3,
    given: () => letters(1, 2),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, account, mailbox }) => {
        const other = await loggedIn(context, account);
        await select(other, mailbox);
        for (const [writer, flags] of [
          [connection, ['\\Draft']],
          [other, ['\\Flagged', '\\Seen']],
        ] as const) {
          await writer.command(`STORE 1 FLAGS (${flags.join(' ')})`);
          const result = await connection.command('FETCH 1 FLAGS');
          const now = flagText(valuesOf(result, 1, 'FLAGS').at(-1)?.flags);
          context.took('DMAP-317', now === flagText(flags), `FLAGS ${now} after ${flagText(flags)} was stored`);
        }
        other.close();
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/modseq/of-63-bits',
    title: 'MODSEQ is a positive number of at most 63 bits.',
    decides: ['DMAP-088'],
    mostRuns: 3,
    given: () => letters(1, 3),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection }) => {
        const result = await connection.command('FETCH 1:* MODSEQ');
        const told = [...result.raw.matchAll(/MODSEQ \(?(\d+)\)?/gi)].map(([, digits]) => BigInt(digits ?? 0));
        const right = told.length >= messages.length && told.every((each) => each > 0n && each <= mostOf63Bits);
        context.require('DMAP-088', right, 'numbers from 1 to 2^63 - 1', () => shown(result));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/modseq/grows-with-the-flags',
    title: 'MODSEQ grows at every change of the flags, above all values of the mailbox.',
    decides: ['DMAP-089'],
    given: () =>
      fc.record({
        messages: letters(2, 3),
        changes: fc.array(fc.constantFrom('+FLAGS.SILENT', '-FLAGS', 'FLAGS'), { minLength: 1, maxLength: 4 }),
      }),
    async check(context, { messages, changes }) {
      const unmarked = messages.map(({ sealed }) => bare(sealed));
      await inFilled(context, unmarked, async ({ connection, messages: known }) => {
        let highest = 0n;
        for (const { number } of known) {
          const modseq = await modseqOf(context, 'DMAP-089', connection, number);
          if (modseq > highest) highest = modseq;
        }
        for (const [turn, way] of changes.entries()) {
          // Each time the flags become other ones.
          await mustDo(connection, `STORE 1 FLAGS.SILENT (${turn % 2 === 0 ? '\\Seen' : '\\Seen \\Draft'})`);
          const first = await modseqOf(context, 'DMAP-089', connection, 1);
          context.require('DMAP-089', first > highest, `above ${highest}`, String(first));
          await mustDo(connection, `STORE 1 ${way} (${way === '-FLAGS' ? '\\Seen' : '\\Flagged \\Answered'})`);
          const second = await modseqOf(context, 'DMAP-089', connection, 1);
          context.require('DMAP-089', second > first, `above ${first} after ${way}`, String(second));
          highest = second;
        }
        await connection.command('FETCH 2 BODY[]');
        const read = await modseqOf(context, 'DMAP-089', connection, 2);
        context.require('DMAP-089', read > highest, `above ${highest} after \\Seen was set by reading`, String(read));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/modseq/changes-with-flags-and-meta',
    title: 'MODSEQ is another number when flags or META changed, and the same when nothing did.',
    decides: ['DMAP-334'],
    mostRuns: 4,
    given: () => fc.record({ messages: letters(1, 2), meta: fc.boolean() }),
    async check(context, { messages, meta }) {
      const unmarked = messages.map(({ sealed }) => bare(sealed));
      await inFilled(context, unmarked, async ({ connection }) => {
        const first = await modseqOf(context, 'DMAP-334', connection, 1);
        await connection.command('FETCH 1 BODY.PEEK[]');
        const read = await modseqOf(context, 'DMAP-334', connection, 1);
        context.require('DMAP-334', read === first, `${first} after nothing changed`, String(read));
        const change = meta ? 'STORE 1 META ' : 'STORE 1 FLAGS ';
        const changed = await connection.command(
          change,
          ...(meta ? [{ literal: 'state', binary: true }] : ['(\\Draft)']),
        );
        if (meta) context.follows('dmap-meta-writing', changed.status === 'OK' ? 'STORE writes META' : 'not written');
        if (changed.status !== 'OK') return;
        const second = await modseqOf(context, 'DMAP-334', connection, 1);
        context.require('DMAP-334', second !== first, `another number than ${first}`, String(second));
      });
    },
  }),
];
