/** Any run of calls does to both stores what it does to the simplest model of one, over any restarts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber } from './mail-date.js';
import { MailModel } from './mail-model.test-support.js';
import { type MailboxEvent, type MailboxId, type MailStore, MailStoreError } from './mail-store.js';
import { clock, date, kinds, octetsOf, put, type TriedStore, user } from './mail-store.test-support.js';

const names = fc.constantFrom('INBOX', 'inbox', 'a', 'b', 'a/b', 'a/b/c', 'b/a', 'c/', 'a//b', '', 'inbox/x', 'a\n');
const usualNames = fc.constantFrom('INBOX', 'Inbox', 'INBOX', 'a', 'a/b');
const uid = fc.integer({ min: 1, max: 5 });
const uids = fc.array(uid, { maxLength: 4, size: 'max' });
const flags = fc.subarray(['\\Seen', '\\Deleted', '\\SubmitPending', '\\Submitted', '$One', 'two']);
const since = fc.option(fc.bigInt({ min: 0n, max: 9n }), { nil: undefined });
const how = fc.constantFrom('set' as const, 'add' as const, 'remove' as const);
const texts = fc.string({ maxLength: 3 });

type Step = readonly [model: (model: MailModel) => unknown, store: (tried: Run) => unknown];

interface Run {
  store: MailStore;
  readonly tried: TriedStore;
}

const settled = (outcome: { changed: unknown; same: unknown; modified: unknown }) => ({ ...outcome });

const step: fc.Arbitrary<{ readonly told: string; readonly step: Step }> = fc.oneof(
  {
    arbitrary: named('create', fc.tuple(names), ([name]) => [
      (model) => model.create(name),
      ({ store }) => void store.createMailbox(user, name),
    ]),
    weight: 3,
  },
  named('delete', fc.tuple(names), ([name]) => [
    (model) => model.delete(name),
    ({ store }) => store.deleteMailbox(user, name),
  ]),
  named('rename', fc.tuple(names, names), ([from, to]) => [
    (model) => model.rename(from, to),
    ({ store }) => store.renameMailbox(user, from, to),
  ]),
  named('subscribe', fc.tuple(names), ([name]) => [
    (model) => model.subscribe(name),
    ({ store }) => store.subscribe(user, name),
  ]),
  named('unsubscribe', fc.tuple(names), ([name]) => [
    (model) => model.unsubscribe(name),
    ({ store }) => store.unsubscribe(user, name),
  ]),
  {
    arbitrary: named('append', fc.tuple(usualNames, texts, flags), ([name, text, some]) => [
      (model) => model.append(name, text, some, dayNumber(date)),
      ({ store }) => put(store, found(store, name), text, some),
    ]),
    weight: 6,
  },
  {
    arbitrary: named('store', fc.tuple(usualNames, uids, how, flags, since), ([name, some, what, which, limit]) => [
      (model) => model.storeFlags(name, some, what, which, limit),
      ({ store }) => {
        const change = { how: what, flags: which, ...(limit === undefined ? {} : { unchangedSince: limit }) };
        return settled(store.storeFlags(found(store, name), some, change));
      },
    ]),
    weight: 4,
  },
  {
    arbitrary: named('meta', fc.tuple(usualNames, uids, fc.option(texts), since), ([name, some, meta, limit]) => [
      (model) => model.storeMeta(name, some, meta, limit),
      ({ store }) => store.storeMeta(found(store, name), some, meta === null ? null : Buffer.from(meta), limit),
    ]),
    weight: 2,
  },
  {
    arbitrary: named('copy', fc.tuple(usualNames, uids, usualNames), ([from, some, to]) => [
      (model) => model.copy(from, some, to),
      ({ store }) => {
        const { sourceUids, targetUids } = store.copy(found(store, from), some, found(store, to));
        return { sourceUids, targetUids };
      },
    ]),
    weight: 3,
  },
  {
    arbitrary: named('expunge', fc.tuple(usualNames, fc.option(uids, { nil: undefined })), ([name, some]) => [
      (model) => model.expunge(name, some),
      ({ store }) => store.expunge(found(store, name), some),
    ]),
    weight: 3,
  },
  named('submit', fc.tuple(usualNames, uid), ([name, which]) => [
    (model) => model.submit(name, which),
    ({ store }) => store.startSubmission(found(store, name), which),
  ]),
  named('submitted', fc.tuple(usualNames, uid, fc.boolean()), ([name, which, success]) => [
    (model) => model.submitted(name, which, success),
    ({ store }) => store.endSubmission(found(store, name), which, success),
  ]),
  named('restart', fc.tuple(), () => [
    () => undefined,
    (run) => {
      run.store = run.tried.restart();
    },
  ]),
);

describe.each(Object.entries(kinds))('a mail store in %s', (kind, open) => {
  it('does what the model does', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (steps) => {
        const tried = open();
        const run: Run = { store: tried.store, tried };
        try {
          run.store.createAccount({ name: user, mode: 'CAUTIOUS' });
          const model = new MailModel(clock() - 1);
          const followers = new Followers();
          for (const {
            step: [inModel, inStore],
          } of steps) {
            const before = run.store;
            followers.follow(run.store);
            const expected = outcome(() => inModel(model));
            expect(outcome(() => inStore(run))).toEqual(expected);
            if (run.store === before) followers.check(run.store);
            else followers.forget();
          }
          expect(seen(run.store)).toEqual(modelled(model));
        } finally {
          tried.end();
        }
      }),
      { numRuns: kind === 'memory' ? 100 : 12 },
    );
  });
});

function named<Values>(
  what: string,
  values: fc.Arbitrary<Values>,
  build: (values: Values) => Step,
): fc.Arbitrary<{ readonly told: string; readonly step: Step }> {
  return values.map((some) => ({ told: `${what} ${fc.stringify(some)}`, step: build(some) }));
}

/** Its id, or the error that a session gives for a name of none. */
function found(store: MailStore, name: string): MailboxId {
  const mailbox = store.mailbox(user, name);
  if (mailbox === null) throw new MailStoreError('nonexistent', name);
  return mailbox.id;
}

function outcome(work: () => unknown): unknown {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof MailStoreError) return { refused: error.code };
    throw error;
  }
}

/** Sessions that know a mailbox only from the feed, each from when it could first be selected. */
class Followers {
  readonly #known = new Map<MailboxId, { uids: number[]; flags: Map<number, unknown> }>();

  follow(store: MailStore): void {
    for (const { id, selectable } of store.mailboxes(user)) {
      if (!selectable || this.#known.has(id)) continue;
      const known = { uids: [...store.uids(id)], flags: new Map<number, unknown>() };
      for (const each of known.uids) known.flags.set(each, store.summary(id, each)?.modseq);
      this.#known.set(id, known);
      store.watch(id, (event) => this.#hear(store, id, event));
    }
  }

  forget(): void {
    this.#known.clear();
  }

  check(store: MailStore): void {
    const there = store.mailboxes(user).filter(({ selectable }) => selectable);
    for (const { id } of there) {
      const known = this.#known.get(id);
      if (known === undefined) continue;
      expect(known.uids).toEqual([...store.uids(id)]);
      expect(known.uids.map((each) => known.flags.get(each))).toEqual(
        known.uids.map((each) => store.summary(id, each)?.modseq),
      );
    }
    const ids = new Set(there.map(({ id }) => id));
    expect([...this.#known.keys()].filter((id) => !ids.has(id))).toEqual([]);
  }

  #hear(store: MailStore, id: MailboxId, event: MailboxEvent): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    if (event.kind === 'appended') known.uids.push(...event.uids);
    if (event.kind === 'appended' || event.kind === 'changed') {
      for (const each of event.uids) known.flags.set(each, store.summary(id, each)?.modseq);
    }
    if (event.kind === 'expunged') known.uids = known.uids.filter((each) => !event.uids.includes(each));
    if (event.kind === 'deleted') this.#known.delete(id);
  }
}

/** Everything that can be seen of a store, in the words of the model. */
function seen(store: MailStore): unknown {
  const mailboxes = store.mailboxes(user).map(({ id, name, selectable }) => {
    if (!selectable) return { name, selectable };
    const { highestModseq, uidNext, uidValidity, ...counts } = store.status(id);
    const messages = [...store.uids(id)].map((each) => {
      const summary = store.summary(id, each);
      const meta = store.meta(id, each);
      return {
        uid: each,
        flags: [...(summary?.flags ?? [])].sort(),
        modseq: summary?.modseq,
        meta: meta === null ? null : Buffer.from(meta).toString(),
        hasMeta: summary?.hasMeta,
        date: summary?.internalDate,
        text: octetsOf(store, id, each).toString(),
      };
    });
    const { messages: count, unseen, deleted, octets } = counts;
    const removed = store.expungedSince(id, 3n);
    return { name, selectable, uidValidity, uidNext, highestModseq, count, unseen, deleted, octets, messages, removed };
  });
  const listed = store.mailboxes(user).filter(({ hasChildren }) => hasChildren);
  return { mailboxes, parents: listed.map(({ name }) => name), subscriptions: store.subscriptions(user) };
}

function modelled(model: MailModel): unknown {
  const sorted = [...model.mailboxes].sort((a, b) => order(a.name, b.name));
  const mailboxes = sorted.map(({ name, selectable, uidValidity, uidNext, modseq, messages, removed }) => {
    if (!selectable) return { name, selectable };
    const gone = removed.filter((each) => each.modseq > 3n).map((each) => each.uid);
    return {
      name,
      selectable,
      uidValidity,
      uidNext,
      highestModseq: modseq,
      count: messages.length,
      unseen: messages.filter((message) => !message.flags.includes('\\Seen')).length,
      deleted: messages.filter((message) => message.flags.includes('\\Deleted')).length,
      octets: messages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
      messages: messages.map(({ uid: each, flags: some, modseq: last, meta, text }) => ({
        uid: each,
        flags: [...some].sort(),
        modseq: last,
        meta,
        hasMeta: meta !== null,
        date,
        text,
      })),
      removed: { uids: gone.sort((a, b) => a - b), complete: true },
    };
  });
  const isParent = ({ name }: { name: string }) =>
    sorted.some((other) => other.name.startsWith(`${name}/`) || (name === 'INBOX' && /^inbox\//i.test(other.name)));
  const subscriptions = [...model.subscriptions].sort(order);
  return { mailboxes, parents: sorted.filter(isParent).map(({ name }) => name), subscriptions };
}

function order(a: string, b: string): number {
  if (a === 'INBOX' || b === 'INBOX') return Number(b === 'INBOX') - Number(a === 'INBOX');
  return a < b ? -1 : 1;
}
