/** A client that was away: what it kept, with what it is told when it comes back, is the mailbox. */
import fc from 'fast-check';
import { plainMessage } from '../../model/dmap-message.js';
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { dmapCase } from '../dmap/dmap-case.js';
import {
  bodyOf,
  type Filled,
  flagsOf,
  flagText,
  inFilled,
  type Letter,
  letters,
  put,
  same,
  shown,
} from '../dmap/messages.js';
import { loggedIn, mustDo, type Selected, select } from '../dmap/session.js';
import { remove } from './uids.js';

/** What the client keeps of a message. */
interface Kept {
  readonly octets: Uint8Array;
  readonly flags: string;
}

type Change = { readonly kind: 'append' | 'remove' | 'flag' | 'anew'; readonly pick: number };

const changes: fc.Arbitrary<Change> = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('append' as const, 'remove' as const, 'flag' as const) },
    { weight: 1, arbitrary: fc.constant('anew' as const) },
  ),
  pick: fc.nat(20),
});

/** Messages by UID, as they are now. */
async function read(connection: DmapConnection, set = '1:*'): Promise<Map<number, Kept>> {
  const result = await mustDo(connection, `UID FETCH ${set} (UID FLAGS BODY.PEEK[])`);
  const found = new Map<number, Kept>();
  for (const { number, items } of untagged(result, 'fetch')) {
    const uid = items.find((item) => item.item === 'UID');
    const octets = bodyOf(result, number, '');
    if (uid?.item === 'UID' && octets != null) {
      found.set(uid.uid, { octets, flags: flagText(flagsOf(result, number)) });
    }
  }
  return found;
}

/** Another session, while the client is away. Gives the messages that are there in the end. */
async function meanwhile(
  context: CaseContext,
  { account, mailbox }: Filled,
  steps: readonly Change[],
  texts: readonly Letter[],
): Promise<Uint8Array[]> {
  const other = await loggedIn(context, account);
  const { exists } = await select(other, mailbox);
  let held = [...(exists === 0 ? [] : (await read(other)).values())].map(({ octets }) => octets);
  for (const { kind, pick } of steps) {
    const place = (pick % Math.max(1, held.length)) + 1;
    if (kind === 'append') {
      const letter = texts[pick % texts.length] ?? { sealed: plainMessage, flags: [], date: null };
      await put(other, mailbox, { ...letter, flags: [] });
      await mustDo(other, 'NOOP');
      held.push(letter.sealed.octets);
    } else if (kind === 'anew') {
      await mustDo(other, 'CLOSE');
      await mustDo(other, `DELETE ${mailbox}`);
      await mustDo(other, `CREATE ${mailbox}`);
      await select(other, mailbox);
      held = [];
    } else if (held.length > 0 && kind === 'remove') {
      await remove(other, [place]);
      held.splice(place - 1, 1);
    } else if (held.length > 0) {
      await mustDo(other, `STORE ${place} +FLAGS.SILENT (\\Answered)`);
    }
  }
  other.close();
  return held;
}

/** What a client does that comes back: it drops all under another UIDVALIDITY, else asks what is new and what is left. */
async function synchronise(
  connection: DmapConnection,
  kept: ReadonlyMap<number, Kept>,
  before: Selected,
  now: Selected,
): Promise<Map<number, Kept>> {
  if (now.exists === 0) return new Map();
  if (now.uidValidity !== before.uidValidity) return await read(connection);
  const left = await mustDo(connection, 'UID FETCH 1:* FLAGS');
  const view = new Map<number, Kept>();
  for (const { number, items } of untagged(left, 'fetch')) {
    const uid = items.find((item) => item.item === 'UID');
    const known = uid?.item === 'UID' ? kept.get(uid.uid) : undefined;
    if (uid?.item === 'UID' && known !== undefined)
      view.set(uid.uid, { ...known, flags: flagText(flagsOf(left, number)) });
  }
  for (const [uid, message] of await read(connection, `${before.uidNext ?? 1}:*`)) view.set(uid, message);
  return view;
}

export const cases: readonly Case[] = [
  dmapCase({
    id: 'dmap-sync/model/offline-client',
    title: 'A client that was away has the whole mailbox from what it kept, what is left and what came after UIDNEXT.',
    decides: ['DMAP-048', 'DMAP-052', 'DMAP-047'],
    mostRuns: 8,
    given: () =>
      fc.record({
        messages: letters(1, 3, 0),
        texts: letters(2, 2, 0),
        steps: fc.array(changes, { maxLength: 6, size: 'max' }),
      }),
    async check(context, { messages, texts, steps }) {
      const unmarked = messages.map((letter) => ({
        ...letter,
        flags: letter.flags.filter((flag) => flag !== '\\Deleted'),
      }));
      await inFilled(context, unmarked, async (filled) => {
        const { connection, mailbox, selected, account } = filled;
        const kept = await read(connection);
        await mustDo(connection, 'CLOSE');
        const held = await meanwhile(context, filled, [...steps, { kind: 'append', pick: 0 }], texts);
        const back = await loggedIn(context, account);
        const now = await select(back, mailbox);
        const view = await synchronise(back, kept, selected, now);
        const result = await mustDo(back, 'UID FETCH 1:* (UID FLAGS BODY.PEEK[])');
        const truth = await read(back);
        back.close();
        const anew = now.uidValidity !== selected.uidValidity;
        const fresh = [...truth.keys()].filter((uid) => !kept.has(uid));
        const low = anew ? undefined : fresh.find((uid) => uid < (selected.uidNext ?? 0));
        context.require('DMAP-052', low === undefined, `new UIDs from ${String(selected.uidNext)} on`, String(low));
        const wrong = [...kept].find(
          ([uid, { octets }]) => !anew && truth.has(uid) && !same(truth.get(uid)?.octets, octets),
        );
        context.require(
          'DMAP-047',
          wrong === undefined,
          'another UIDVALIDITY, or the same message',
          `UID ${String(wrong?.[0])}`,
        );
        const text = (all: readonly Uint8Array[]): string =>
          all.map((octets) => Buffer.from(octets).toString('hex')).join();
        const seen = [...view].sort(([one], [other]) => one - other).map(([, { octets }]) => octets);
        context.require('DMAP-048', text(seen) === text(held), `${held.length} messages, as they are`, () =>
          shown(result),
        );
        const flags = [...truth].every(([uid, message]) => view.get(uid)?.flags === message.flags);
        context.require('DMAP-048', flags, 'the flags as they are', () => shown(result));
      });
    },
  }),
];
