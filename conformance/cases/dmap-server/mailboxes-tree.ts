/** A tree of mailboxes through any sequence of changes, against the model of one (section 5.6 of the DMAP digest). */
import fc from 'fast-check';
import { MailboxTree, type TreeChange } from '../../model/dmap-mailboxes.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection, DmapResult } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { mustDo } from '../dmap/session.js';
import { ending, isMailbox, listed, mailboxCase, named, shown } from './mailboxes-case.js';

/** Few, so that changes meet each other. */
const names = fc.constantFrom('a', 'b', 'a/x', 'a/x/ü', 'b/x', 'b/y y', 'ä');

const changes: fc.Arbitrary<TreeChange> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ command: fc.constant('CREATE' as const), name: names }) },
  { weight: 3, arbitrary: fc.record({ command: fc.constant('RENAME' as const), name: names, to: names }) },
  { weight: 2, arbitrary: fc.record({ command: fc.constant('DELETE' as const), name: names }) },
  {
    weight: 2,
    arbitrary: fc.record({ command: fc.constantFrom('SUBSCRIBE' as const, 'UNSUBSCRIBE' as const), name: names }),
  },
);

/** A mailbox that changes can take from the subscriptions. */
const beginning: readonly TreeChange[] = [
  { command: 'CREATE', name: 'a' },
  { command: 'SUBSCRIBE', name: 'a' },
];

/** By the change: which requirement an OK that is wrong breaks, a NO that is wrong, and a listing that is. */
const breaks = {
  CREATE: { ok: 'DMAP-220', no: 'DMAP-219', tree: 'DMAP-219' },
  DELETE: { ok: 'DMAP-227', no: 'DMAP-226', tree: 'DMAP-226' },
  RENAME: { ok: 'DMAP-234', no: 'DMAP-233', tree: 'DMAP-233' },
  SUBSCRIBE: { ok: 'DMAP-240', no: 'DMAP-240', tree: 'DMAP-240' },
  UNSUBSCRIBE: { ok: 'DMAP-243', no: 'DMAP-243', tree: 'DMAP-243' },
} as const;

async function carryOut(connection: DmapConnection, change: TreeChange): Promise<DmapResult> {
  const target = change.command === 'RENAME' ? [' ', named(change.to)] : [];
  return await connection.command(`${change.command} `, named(change.name), ...target);
}

/** Compares the names, then the subscriptions, with what the tree says. */
async function compare(
  context: CaseContext,
  connection: DmapConnection,
  root: string,
  tree: MailboxTree,
  change: TreeChange,
): Promise<void> {
  const found = listed(await mustDo(connection, `LIST ${root}/*`));
  const wrong = tree.compare(new Map([...found].map(([name, attributes]) => [name, isMailbox(attributes)])));
  const after = JSON.stringify(change);
  context.require(breaks[change.command].tree, wrong === null, `the right tree after ${after}`, wrong ?? '');
  const subscribed = [...listed(await mustDo(connection, `LIST (SUBSCRIBED) ${root}/*`)).keys()].sort();
  const expected = [...tree.subscribed].sort();
  const bySubscription = change.command === 'SUBSCRIBE' || change.command === 'UNSUBSCRIBE';
  const requirement = bySubscription ? breaks[change.command].tree : 'DMAP-242';
  const same = subscribed.join('\n') === expected.join('\n');
  context.require(requirement, same, `${shown(expected)} subscribed after ${after}`, shown(subscribed));
}

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'tree/any-sequence',
    title: 'Whatever is created, deleted, renamed and subscribed: answers and listings are those of a tree of names.',
    decides: ['DMAP-219', 'DMAP-242'],
    touches: ['DMAP-220', 'DMAP-226', 'DMAP-227', 'DMAP-233', 'DMAP-234', 'DMAP-240', 'DMAP-243'],
    given: fc.array(changes, { minLength: 8, maxLength: 16 }).map((rest) => [...beginning, ...rest]),
    mostRuns: 8,
    async check({ connection, mailbox: root }, sequence, context) {
      const tree = new MailboxTree(root);
      const within = (name: string): string => `${root}/${name}`;
      try {
        for (const one of sequence) {
          const change: TreeChange =
            one.command === 'RENAME'
              ? { ...one, name: within(one.name), to: within(one.to) }
              : { ...one, name: within(one.name) };
          if (!tree.isPlain(change)) continue;
          const right = tree.answers(change);
          const result = await carryOut(connection, change);
          const requirement = breaks[change.command][result.status === 'OK' ? 'ok' : 'no'];
          const allowed = right.some((answer) => answer === result.status);
          context.require(requirement, allowed, `${right.join(' or ')} to ${JSON.stringify(change)}`, ending(result));
          if (result.status === 'OK') tree.apply(change);
          await compare(context, connection, root, tree, change);
        }
      } finally {
        if (connection.ended === null && connection.unread === '') {
          for (const name of tree.subscribed) await connection.command('UNSUBSCRIBE ', named(name)).catch(() => null);
        }
      }
    },
  }),
];
