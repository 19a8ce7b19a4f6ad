/** UIDs of mailboxes whose names go to others (sections 3.2 and 5.5 of the DMAP digest). */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { mailboxCase } from '../dmap/dmap-case.js';
import { bare, bodyOf, letters, put, shown, uidsByNumber } from '../dmap/messages.js';
import { mustDo, select } from '../dmap/session.js';
import { remove } from './uids.js';

/** How a name gets to another mailbox. */
type Way = 'delete' | 'rename away' | 'rename another';

/** What one mailbox of the name had. */
interface Incarnation {
  readonly uidValidity: number;
  /** 0 when it had none. */
  readonly highestUid: number;
}

/** Puts messages in it, takes some away, and tells what it had. The mailbox is selected. */
async function used(connection: DmapConnection, mailbox: string, count: number): Promise<Incarnation> {
  for (let at = 0; at < count; at++) await put(connection, mailbox, bare(plainMessage));
  const { uidValidity } = await select(connection, mailbox);
  const uids = count === 0 ? [] : [...(await uidsByNumber(connection)).values()];
  // The highest goes, so that a server that looks at what is there forgets it.
  if (count > 0) await remove(connection, [count]);
  return { uidValidity: uidValidity ?? 0, highestUid: Math.max(0, ...uids) };
}

async function giveAway(connection: DmapConnection, mailbox: string, way: Way, turn: number): Promise<void> {
  await connection.command('CLOSE');
  if (way === 'delete') await mustDo(connection, `DELETE ${mailbox}`);
  else await mustDo(connection, `RENAME ${mailbox} ${mailbox}-away${turn}`);
  if (way === 'rename another') {
    await mustDo(connection, `CREATE ${mailbox}-other${turn}`);
    await mustDo(connection, `RENAME ${mailbox}-other${turn} ${mailbox}`);
  } else {
    await mustDo(connection, `CREATE ${mailbox}`);
  }
}

/** Under one UIDVALIDITY no UID comes twice. */
async function judge(
  context: CaseContext,
  requirement: string,
  earlier: readonly Incarnation[],
  connection: DmapConnection,
  mailbox: string,
): Promise<Incarnation> {
  await put(connection, mailbox, bare(plainMessage));
  const { uidValidity, uidNext, result } = await select(connection, mailbox);
  const lowest = Math.min(...(await uidsByNumber(connection)).values());
  const clash = earlier.find((each) => each.uidValidity === uidValidity && each.highestUid >= lowest);
  const expected = `another UIDVALIDITY, or UIDs above ${String(clash?.highestUid)}`;
  const got = `UIDVALIDITY ${String(uidValidity)} and UID ${lowest}, UIDNEXT ${String(uidNext)}`;
  context.require(requirement, clash === undefined, expected, got);
  context.require(requirement, uidValidity !== null, 'a UIDVALIDITY', () => shown(result));
  const last = earlier.at(-1);
  if (last !== undefined && uidValidity !== null) {
    context.follows('dmap-recreated-uids', uidValidity === last.uidValidity ? 'higher UIDs' : 'another UIDVALIDITY');
    const greater = earlier.every((each) => uidValidity > each.uidValidity);
    if (uidValidity !== last.uidValidity) {
      context.follows('dmap-uidvalidity-order', greater ? 'greater than all before' : 'another value');
    }
  }
  return { uidValidity: uidValidity ?? 0, highestUid: lowest };
}

const reuse = (requirement: string, id: string, title: string, ways: readonly Way[]): Case =>
  mailboxCase({
    id: `dmap-sync/reuse/${id}`,
    title,
    decides: [requirement],
    mostRuns: 5,
    given: () =>
      fc.record({
        count: fc.integer({ min: 1, max: 3 }),
        turns: fc.array(fc.constantFrom(...ways), { minLength: 1, maxLength: 2 }),
      }),
    async check({ connection, mailbox }, context, { count, turns }) {
      const earlier: Incarnation[] = [];
      for (const [turn, way] of turns.entries()) {
        earlier.push(await used(connection, mailbox, count));
        await giveAway(connection, mailbox, way, turn);
        earlier.push(await judge(context, requirement, earlier, connection, mailbox));
      }
    },
  });

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'dmap-sync/reuse/one-pair-one-message',
    title: 'A UIDVALIDITY with a UID names one message, whatever becomes of mailboxes of the name.',
    decides: ['DMAP-042'],
    mostRuns: 5,
    given: () =>
      fc.record({
        steps: fc.array(fc.constantFrom('append', 'remove', 'delete', 'rename away', 'rename another'), {
          minLength: 2,
          maxLength: 6,
        }),
        pool: letters(8, 8, 0),
      }),
    async check({ connection, mailbox }, context, { steps, pool }) {
      const texts = new Map<string, string>();
      for (const [turn, step] of ['append', ...steps, 'delete', 'append'].entries()) {
        const letter = pool[turn % pool.length];
        await select(connection, mailbox);
        if (step === 'append' && letter !== undefined) await put(connection, mailbox, bare(letter.sealed));
        else if (step === 'remove') await removeLast(connection);
        else if (step !== 'append') await giveAway(connection, mailbox, step as Way, turn);
        const { uidValidity, exists } = await select(connection, mailbox);
        if (exists === null || exists === 0) continue;
        const result = await mustDo(connection, 'FETCH 1:* (UID BODY.PEEK[])');
        for (const [number, uid] of await uidsByNumber(connection)) {
          const pair = `${String(uidValidity)}, ${uid}`;
          const text = Buffer.from(bodyOf(result, number, '') ?? []).toString('hex');
          const known = texts.get(pair) ?? text;
          texts.set(pair, known);
          context.require('DMAP-042', known === text, `the message of before under ${pair}`, `${text.slice(0, 60)}...`);
        }
      }
    },
  }),
  reuse('DMAP-058', 'name-of-another', 'A name that goes to another mailbox brings no UID again.', ['rename another']),
  reuse('DMAP-060', 'not-constant', 'UIDVALIDITY is not constant where UIDs come again.', ['delete', 'rename away']),
  reuse('DMAP-225', 'made-anew', 'A mailbox made anew has higher UIDs or another UIDVALIDITY.', ['delete']),
  reuse('DMAP-232', 'after-delete', 'After DELETE no UID of the mailbox comes again under its UIDVALIDITY.', [
    'delete',
  ]),
  reuse('DMAP-237', 'after-rename', 'After RENAME no UID of the old name comes again under its UIDVALIDITY.', [
    'rename away',
  ]),
];

async function removeLast(connection: DmapConnection): Promise<void> {
  const removed = await connection.command('STORE * +FLAGS.SILENT (\\Deleted)');
  if (removed.status === 'OK') await mustDo(connection, 'EXPUNGE');
}
