/** UIDs, UIDNEXT and UIDVALIDITY of one mailbox (section 3.2 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import { type DmapConnection, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase, mailboxCase } from '../dmap/dmap-case.js';
import { answered, bare, bodyOf, hex, inFilled, letters, put, same, shown, uidsByNumber } from '../dmap/messages.js';
import { loggedIn, mustDo, select } from '../dmap/session.js';

const mostOf32Bits = 4_294_967_295;

const is32Bits = (number: number | null): boolean => number !== null && number >= 1 && number <= mostOf32Bits;

/** Removes the messages with these numbers. */
export async function remove(connection: DmapConnection, numbers: readonly number[]): Promise<void> {
  if (numbers.length > 0) await mustDo(connection, `STORE ${numbers.join(',')} +FLAGS.SILENT (\\Deleted)`);
  await mustDo(connection, 'EXPUNGE');
}

export async function statusOf(
  connection: DmapConnection,
  mailbox: string,
): Promise<{ readonly uidNext: number; readonly uidValidity: number }> {
  const [status] = untagged(await mustDo(connection, `STATUS ${mailbox} (UIDNEXT UIDVALIDITY)`), 'mailbox-status');
  const value = (name: string): number => Number(status?.values.find((each) => each.name === name)?.value ?? 0);
  return { uidNext: value('UIDNEXT'), uidValidity: value('UIDVALIDITY') };
}

/** Messages without flags: EXPUNGE takes those only that a case gives `\Deleted`. */
const plain = (least: number, most: number): fc.Arbitrary<ReturnType<typeof bare>[]> =>
  letters(least, most).map((all) => all.map(({ sealed }) => bare(sealed)));

export const cases: readonly Case[] = [
  dmapCase({
    id: 'dmap-sync/uids/either-address',
    title: 'A message is found by its UID and by its sequence number, and it is the same one.',
    decides: ['DMAP-040'],
    given: () => plain(1, 3),
    async check(context, messages) {
      await inFilled(context, messages, async ({ connection, messages: known }) => {
        for (const { number, uid, sealed } of known) {
          for (const command of [`FETCH ${number} BODY.PEEK[]`, `UID FETCH ${uid} BODY.PEEK[]`]) {
            const result = await connection.command(command);
            const value = bodyOf(result, number, '');
            context.require('DMAP-040', same(value, sealed.octets), hex(sealed.octets), () => shown(result));
          }
        }
      });
    },
  }),
  mailboxCase({
    id: 'dmap-sync/uids/of-32-bits',
    title: 'UIDs are numbers from 1 to 4,294,967,295.',
    decides: ['DMAP-041'],
    mostRuns: 2,
    given: () => plain(1, 3),
    async check({ connection, mailbox }, context, messages) {
      for (const letter of messages) await put(connection, mailbox, letter);
      await select(connection, mailbox);
      const result = await connection.command('FETCH 1:* UID');
      answered(context, 'DMAP-041', result, 'OK', 'FETCH 1:* UID');
      const told = [...result.raw.matchAll(/UID (\d+)/gi)].map(([, digits]) => Number(digits));
      const right = told.length === messages.length && told.every(is32Bits);
      context.require('DMAP-041', right, `${messages.length} UIDs of 32 bits, none 0`, () => shown(result));
    },
  }),
  dmapCase({
    id: 'dmap-sync/uids/higher-than-all-before',
    title: 'A message that is added gets a higher UID than all that were added before, removed ones too.',
    decides: ['DMAP-043'],
    given: () => fc.record({ messages: plain(2, 3), more: plain(1, 2), all: fc.boolean() }),
    async check(context, { messages, more, all }) {
      await inFilled(context, messages, async ({ connection, mailbox, messages: known }) => {
        const highest = Math.max(...known.map(({ uid }) => uid));
        await remove(connection, all ? known.map(({ number }) => number) : [known.length]);
        const left = all ? 0 : known.length - 1;
        for (const letter of more) await put(connection, mailbox, letter);
        await mustDo(connection, 'NOOP');
        const uids = await uidsByNumber(connection);
        const added = [...uids].filter(([number]) => number > left).map(([, uid]) => uid);
        const right = added.length === more.length && added.every((uid, at) => uid > (added[at - 1] ?? highest));
        context.require('DMAP-043', right, `UIDs above ${highest} that ascend`, added.join());
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uids/stay-during-a-session',
    title: 'No command changes the UID of a message in the session.',
    decides: ['DMAP-045'],
    given: () => fc.record({ messages: plain(2, 4), removed: fc.integer({ min: 1, max: 2 }) }),
    async check(context, { messages, removed }) {
      await inFilled(context, messages, async ({ connection, mailbox, messages: known }) => {
        await mustDo(connection, 'STORE 1 +FLAGS (\\Flagged)');
        await mustDo(connection, `COPY 1 ${mailbox}`);
        await put(connection, mailbox, bare(plainMessage));
        await remove(connection, [removed]);
        const left = known.filter(({ number }) => number !== removed);
        const result = await mustDo(connection, 'FETCH 1:* (UID BODY.PEEK[])');
        const uids = await uidsByNumber(connection);
        for (const [at, { uid, sealed }] of left.entries()) {
          const right = uids.get(at + 1) === uid && same(bodyOf(result, at + 1, ''), sealed.octets);
          context.require('DMAP-045', right, `UID ${uid} of the message that is ${at + 1} now`, () => shown(result));
        }
      });
    },
  }),
  ...(
    [
      ['DMAP-046', 'stay-between-sessions', 'Another session finds UIDVALIDITY and the UIDs of this one.'],
      ['DMAP-055', 'kept-over-connections', 'UIDs last over connections, whatever was removed and added in between.'],
    ] as const
  ).map(([requirement, id, title]) =>
    dmapCase({
      id: `dmap-sync/uids/${id}`,
      title,
      decides: [requirement],
      mostRuns: 5,
      given: () => fc.record({ messages: plain(2, 4), removed: fc.integer({ min: 1, max: 2 }) }),
      async check(context, { messages, removed }) {
        await inFilled(context, messages, async ({ connection, account, mailbox, selected, messages: known }) => {
          const between = requirement === 'DMAP-055';
          if (between) {
            await put(connection, mailbox, bare(plainMessage));
            await remove(connection, [removed]);
          }
          const left = known.filter(({ number }) => !between || number !== removed);
          const later = await loggedIn(context, account);
          const { uidValidity } = await select(later, mailbox);
          const uids = await uidsByNumber(later);
          later.close();
          const got = left.map((_, at) => uids.get(at + 1)).join();
          const expected = left.map(({ uid }) => uid).join();
          const right = got === expected && uidValidity === selected.uidValidity;
          const validity = String(selected.uidValidity);
          context.require(requirement, right, `${expected} under ${validity}`, `${got} under ${String(uidValidity)}`);
        });
      },
    }),
  ),
  dmapCase({
    id: 'dmap-sync/uids/a-change-shows',
    title: 'UIDs of another session are the same, or UIDVALIDITY is another one.',
    decides: ['DMAP-047'],
    mostRuns: 4,
    given: () => plain(2, 3),
    async check(context, messages) {
      await inFilled(context, messages, async ({ account, mailbox, selected, messages: known }) => {
        const later = await loggedIn(context, account);
        const { uidValidity } = await select(later, mailbox);
        const uids = [...(await uidsByNumber(later)).values()].join();
        later.close();
        const expected = known.map(({ uid }) => uid).join();
        const right = uids === expected || uidValidity !== selected.uidValidity;
        context.require('DMAP-047', right, `${expected}, or another UIDVALIDITY`, uids);
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uids/resume',
    title: 'A client that comes back finds each message under the UID that it knew.',
    decides: ['DMAP-048'],
    mostRuns: 5,
    given: () => fc.record({ messages: plain(2, 4), removed: fc.integer({ min: 1, max: 2 }) }),
    async check(context, { messages, removed }) {
      await inFilled(context, messages, async ({ connection, account, mailbox, selected, messages: known }) => {
        await remove(connection, [removed]);
        const later = await loggedIn(context, account);
        const { uidValidity } = await select(later, mailbox);
        const kept = uidValidity === selected.uidValidity;
        context.require('DMAP-048', kept, `UIDVALIDITY ${String(selected.uidValidity)}`, String(uidValidity));
        for (const { number, uid, sealed } of known) {
          const result = await later.command(`UID FETCH ${uid} BODY.PEEK[]`);
          const bodies = untagged(result, 'fetch').map((fetched) => bodyOf(result, fetched.number, ''));
          const right = number === removed ? bodies.length === 0 : same(bodies[0], sealed.octets);
          const expected = number === removed ? 'nothing, it was removed' : hex(sealed.octets);
          context.require('DMAP-048', right, `UID ${uid}: ${expected}`, () => shown(result));
        }
        later.close();
      });
    },
  }),
  mailboxCase({
    id: 'dmap-sync/uids/next-and-validity',
    title: 'A mailbox has a UIDNEXT and a UIDVALIDITY of 32 bits, at the selection and in STATUS alike.',
    decides: ['DMAP-049'],
    async check({ connection, mailbox }, context) {
      const status = await statusOf(connection, mailbox);
      const { uidNext, uidValidity, result } = await select(connection, mailbox);
      const right = is32Bits(uidNext) && is32Bits(uidValidity);
      context.require('DMAP-049', right, 'UIDNEXT and UIDVALIDITY', () => shown(result));
      const alike = status.uidNext === uidNext && status.uidValidity === uidValidity;
      context.require('DMAP-049', alike, `${String(uidNext)}, ${String(uidValidity)}`, JSON.stringify(status));
    },
  }),
  dmapCase({
    id: 'dmap-sync/uids/next-stays',
    title: 'UIDNEXT stays while no message is added, whatever else changes.',
    decides: ['DMAP-050'],
    given: () => fc.record({ messages: plain(1, 3), last: fc.boolean() }),
    async check(context, { messages, last }) {
      await inFilled(context, messages, async ({ connection, mailbox, messages: known }) => {
        const before = await statusOf(connection, mailbox);
        await mustDo(connection, 'STORE 1:* +FLAGS (\\Seen)');
        await remove(connection, [last ? known.length : 1]);
        await select(connection, mailbox);
        const now = await statusOf(connection, mailbox);
        context.require('DMAP-050', now.uidNext === before.uidNext, String(before.uidNext), String(now.uidNext));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uids/next-moves',
    title: 'UIDNEXT changes with each message that is added, also when it is removed again.',
    decides: ['DMAP-051'],
    given: () => fc.record({ messages: plain(1, 3), copied: fc.boolean() }),
    async check(context, { messages, copied }) {
      await inFilled(context, messages, async ({ connection, mailbox, messages: known }) => {
        const before = await statusOf(connection, mailbox);
        if (copied) await mustDo(connection, `COPY 1 ${mailbox}`);
        else await put(connection, mailbox, bare(plainMessage));
        const added = await statusOf(connection, mailbox);
        context.require('DMAP-051', added.uidNext > before.uidNext, `above ${before.uidNext}`, String(added.uidNext));
        await mustDo(connection, 'NOOP');
        await remove(connection, [known.length + 1]);
        const now = await statusOf(connection, mailbox);
        context.require('DMAP-051', now.uidNext > before.uidNext, `above ${before.uidNext}`, String(now.uidNext));
      });
    },
  }),
  dmapCase({
    id: 'dmap-sync/uids/next-is-a-lower-bound',
    title: 'Messages that come after UIDNEXT was told have no UID below it.',
    decides: ['DMAP-052'],
    given: () => fc.record({ messages: plain(0, 2), more: plain(1, 3) }),
    async check(context, { messages, more }) {
      await inFilled(context, messages, async ({ connection, mailbox, selected }) => {
        const { uidNext } = selected;
        for (const letter of more) await put(connection, mailbox, letter);
        await mustDo(connection, 'NOOP');
        const added = [...(await uidsByNumber(connection)).values()].slice(messages.length);
        const right = uidNext !== null && added.length === more.length && added.every((uid) => uid >= uidNext);
        context.require('DMAP-052', right, `UIDs from ${String(uidNext)} on`, added.join());
      });
    },
  }),
  ...(['SELECT', 'EXAMINE'] as const).map((word) =>
    mailboxCase({
      id: `dmap-sync/uids/validity-at-${word.toLowerCase()}`,
      title: `${word} tells UIDVALIDITY in a code of an untagged OK.`,
      decides: ['DMAP-054'],
      async check({ connection, mailbox }, context) {
        const result = await connection.command(`${word} ${mailbox}`);
        const right = result.data.some(({ text }) => /^\* OK \[UIDVALIDITY [1-9]\d*\]/i.test(text));
        context.require('DMAP-054', right, '* OK [UIDVALIDITY n]', () => shown(result));
      },
    }),
  ),
  dmapCase({
    id: 'dmap-sync/uids/ascend-strictly',
    title: 'UIDs ascend strictly, whatever is added and removed.',
    decides: ['DMAP-056'],
    given: () =>
      fc.record({
        messages: plain(2, 3),
        steps: fc.array(fc.constantFrom('append', 'copy', 'remove'), { maxLength: 5 }),
      }),
    async check(context, { messages, steps }) {
      await inFilled(context, messages, async ({ connection, mailbox }) => {
        for (const step of [...steps, 'append']) {
          if (step === 'append') await put(connection, mailbox, bare(plainMessage));
          else if (step === 'copy') await connection.command(`COPY 1 ${mailbox}`);
          else await connection.command('STORE 1 +FLAGS.SILENT (\\Deleted)').then(() => remove(connection, []));
          await mustDo(connection, 'NOOP');
          const result = await connection.command('UID FETCH 1:* UID');
          const uids = untagged(result, 'fetch').flatMap(({ number, items }) =>
            items.flatMap((item) => (item.item === 'UID' ? [[number, item.uid] as const] : [])),
          );
          const right = uids
            .sort(([one], [other]) => one - other)
            .every(([, uid], at) => uid > (uids[at - 1]?.[1] ?? 0));
          context.require('DMAP-056', right, 'UIDs that ascend', () => shown(result));
        }
      });
    },
  }),
  ...(['UIDNEXT', 'UIDVALIDITY'] as const).map((code) =>
    mailboxCase({
      id: `dmap-sync/uids/code-${code.toLowerCase()}`,
      title: `The code ${code} carries one decimal number.`,
      decides: ['DMAP-405'],
      async check({ connection, mailbox }, context) {
        const { result } = await select(connection, mailbox);
        const texts = result.data.map(({ text }) => text).filter((text) => text.toUpperCase().includes(`[${code}`));
        const right = texts.length > 0 && texts.every((text) => new RegExp(`\\[${code} \\d{1,10}\\]`, 'i').test(text));
        context.require('DMAP-405', right, `[${code} n]`, () => shown(result));
      },
    }),
  ),
];
