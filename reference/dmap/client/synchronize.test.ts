/** A client that was away: what it learns, what becomes of what it did offline, and what it does when it cannot go on. */
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailStore } from '../../account/mail-store.js';
import { createMemoryMailStore } from '../../account/memory-mail-store.js';
import type { DmapEndpointOptions } from '../endpoint.js';
import { morning } from '../session.test-support.js';
import type { DmapClient, DmapClientOptions } from './dmap-client.js';
import type { MailboxCache, OfflineAction, SyncRequest, SyncResult } from './sync-types.js';
import { alice, makeWorld, preauth, type World } from './world.test-support.js';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterEach(async () => {
  await world.close();
});

/** A store with a mailbox Work of three messages, and a server over it; `heard` are the client's command words. */
interface Office {
  readonly store: MailStore;
  readonly heard: string[];
  connect(options?: Partial<DmapClientOptions>): Promise<DmapClient>;
}

async function office(options: { readonly extensions?: readonly ('CONDSTORE' | 'UIDPLUS')[] } = {}): Promise<Office> {
  const { extensions = ['CONDSTORE', 'UIDPLUS'] } = options;
  const store = createMemoryMailStore({ now: () => 1_700_000_000 });
  store.createAccount({ name: alice, mode: 'TRUSTFUL' });
  store.createMailbox(alice, 'Work');
  for (const text of ['one', 'two', 'three']) put(store, text);
  const heard: string[] = [];
  const hooks: NonNullable<DmapEndpointOptions['hooks']> = {
    sessionOptions: (right) => ({
      ...right,
      extensions,
      greeting: { kind: 'preauth', username: alice },
    }),
    session: (session) => ({
      ...session,
      start: () => session.start(),
      receive: (octets) => {
        const words = Buffer.from(octets)
          .toString('latin1')
          .matchAll(/^c\d+ ((?:UID )?[A-Z]+)/gm);
        heard.push(...[...words].map(([, word]) => word ?? ''));
        return session.receive(octets);
      },
      more: () => session.more(),
      submitted: (outcome) => session.submitted(outcome),
      found: (signet) => session.found(signet),
      checked: (username) => session.checked(username),
      resume: () => session.resume(),
      refresh: () => session.refresh(),
      expire: () => session.expire(),
      shutdown: () => session.shutdown(),
      end: () => session.end(),
      get awaiting() {
        return session.awaiting;
      },
      get authenticated() {
        return session.authenticated;
      },
    }),
  };
  const server = await world.start({ store, samples: false, hooks });
  return { store, heard, connect: async (options) => await world.connect(server, options) };
}

function mailboxOf(store: MailStore, name = 'Work'): number {
  const listing = store.mailbox(alice, name);
  if (listing === null) throw new Error(`there is no mailbox ${name}`);
  return listing.id;
}

function put(store: MailStore, text: string, flags: readonly string[] = [], name = 'Work'): number {
  const sink = store.append(mailboxOf(store, name), { flags, internalDate: morning });
  sink.write(Buffer.from(text));
  return sink.commit().uid;
}

const request = (more: Partial<SyncRequest> = {}): SyncRequest => ({
  mailbox: 'Work',
  cache: null,
  want: [null],
  meta: false,
  actions: [],
  ...more,
});

/** The cache as texts: UID, flags, body. */
function texts(cache: MailboxCache | null): string[] {
  return (cache?.messages ?? []).map(({ uid, flags, parts }) => {
    const body = Buffer.from(parts.find(({ section }) => section === null)?.octets ?? []).toString();
    return [uid, ...[...flags].sort(), body].join(' ');
  });
}

/** The same of what the store has. */
function kept(store: MailStore, name = 'Work'): string[] {
  const id = mailboxOf(store, name);
  return [...store.uids(id)].map((uid) => {
    const reader = store.open(id, uid);
    const body = Buffer.from(reader?.read(0, 1_000) ?? []).toString();
    reader?.close();
    return [uid, ...[...(store.summary(id, uid)?.flags ?? [])].sort(), body].join(' ');
  });
}

async function firstVisit({ connect }: Office, more: Partial<SyncRequest> = {}): Promise<MailboxCache> {
  const client = await connect();
  const { cache } = await client.synchronize(request(more));
  await client.logout();
  if (cache === null) throw new Error('nothing was read');
  return cache;
}

describe('what is read', () => {
  it('at the first time is everything, and nothing is marked as seen', async () => {
    const { store, connect } = await office();
    const result = await (await connect()).synchronize(request());
    expect(result).toMatchObject({ complete: true, failure: null, reset: 'no-cache', added: [1, 2, 3] });
    expect(texts(result.cache)).toEqual(['1 one', '2 two', '3 three']);
    expect(result.cache?.messages[0]).toMatchObject({ size: 3, date: morning, chunks: [], modseq: expect.any(BigInt) });
    expect(kept(store)).toEqual(texts(result.cache));
  });

  it('of an unchanged mailbox costs one command', async () => {
    const place = await office();
    const cache = await firstVisit(place);
    place.heard.length = 0;
    const result = await (await place.connect()).synchronize(request({ cache }));
    expect([result.complete, result.added, result.changed, result.gone]).toEqual([true, [], [], []]);
    expect(result.cache).toEqual(cache);
    expect(place.heard).toEqual(['EXAMINE']);
  });

  it('of a mailbox that wants more than the cache has is what is lacking', async () => {
    const place = await office();
    const cache = await firstVisit(place, { want: [] });
    const result = await (await place.connect()).synchronize(request({ cache }));
    expect(texts(result.cache)).toEqual(kept(place.store));
  });

  it('more than the client takes at once is read in several visits', async () => {
    const place = await office();
    put(place.store, 'a long one');
    let result: SyncResult | null = null;
    for (const [complete, parts] of [
      [false, 3],
      [true, 4],
    ]) {
      const client = await place.connect({ limits: { synchronizedOctets: 12 } });
      result = await client.synchronize(request({ cache: result?.cache ?? null }));
      expect([result.complete, result.cache?.messages.filter((each) => each.parts.length > 0).length]).toEqual([
        complete,
        parts,
      ]);
    }
  });

  it.each([[['CONDSTORE', 'UIDPLUS'] as const], [[]]])(
    'after changes by others is the mailbox as it is (%j)',
    async (extensions) => {
      const place = await office({ extensions });
      const cache = await firstVisit(place);
      const id = mailboxOf(place.store);
      place.store.storeFlags(id, [3], { how: 'add', flags: ['\\Flagged'] });
      place.store.storeFlags(id, [2], { how: 'add', flags: ['\\Deleted'] });
      place.store.expunge(id);
      put(place.store, 'four');
      const result = await (await place.connect()).synchronize(request({ cache }));
      expect(result).toMatchObject({ complete: true, reset: null, added: [4], changed: [3], gone: [2] });
      expect(texts(result.cache)).toEqual(kept(place.store));
    },
  );

  it.each([[['CONDSTORE'] as const], [[]]])(
    'has the encrypted blocks when they are wanted (%j)',
    async (extensions) => {
      const place = await office({ extensions });
      const cache = await firstVisit(place, { meta: true });
      expect(cache.messages.map(({ meta }) => meta)).toEqual([null, null, null]);
      place.store.storeMeta(mailboxOf(place.store), [2], Buffer.from('sealed'));
      const result = await (await place.connect()).synchronize(request({ cache, meta: true }));
      expect(result.changed).toEqual([2]);
      expect(Buffer.from(result.cache?.messages[1]?.meta ?? []).toString()).toBe('sealed');
    },
  );

  it('under another UIDVALIDITY is everything anew, and offline work by UID is stale', async () => {
    const place = await office();
    const cache = await firstVisit(place);
    place.store.deleteMailbox(alice, 'Work');
    place.store.createMailbox(alice, 'Work');
    put(place.store, 'another');
    const actions: OfflineAction[] = [
      { id: 'a', kind: 'flags', uid: 1, add: ['\\Seen'], remove: [] },
      { id: 'b', kind: 'append', message: Buffer.from('mine'), flags: [], date: null },
    ];
    const result = await (await place.connect()).synchronize(request({ cache, actions }));
    expect(result).toMatchObject({ complete: true, reset: 'uid-validity', added: [1, 2], gone: [1, 2, 3] });
    expect(result.actions.map(({ state }) => state)).toEqual(['stale', 'done']);
    expect(texts(result.cache)).toEqual(['1 another', '2 mine']);
  });
});

describe('what was done offline', () => {
  const visit = async (place: Office, cache: MailboxCache, ...actions: OfflineAction[]): Promise<SyncResult> => {
    const client = await place.connect();
    const result = await client.synchronize(request({ cache, actions }));
    await client.logout();
    return result;
  };

  it('is done, and done again it changes nothing', async () => {
    const place = await office();
    const cache = await firstVisit(place);
    place.store.createMailbox(alice, 'Done');
    const actions: OfflineAction[] = [
      { id: 'flags', kind: 'flags', uid: 1, add: ['\\Seen', '$Mine'], remove: ['\\Flagged'] },
      { id: 'append', kind: 'append', message: Buffer.from('fresh'), flags: ['\\Draft'], date: morning },
      { id: 'move', kind: 'move', uid: 2, to: 'Done', create: false, attempted: false },
      { id: 'delete', kind: 'delete', uid: 3 },
    ];
    const first = await visit(place, cache, ...actions);
    expect(first.failure).toBeNull();
    expect(first.actions.map(({ id, state, uid }) => [id, state, uid])).toEqual([
      ['flags', 'done', null],
      ['append', 'done', 4],
      ['move', 'done', 1],
      ['delete', 'done', null],
    ]);
    expect(texts(first.cache)).toEqual(['1 $Mine \\Seen one', '4 \\Draft fresh']);
    expect(texts(first.cache)).toEqual(kept(place.store));
    expect(kept(place.store, 'Done')).toEqual(['1 two']);

    // As after a crash that lost the results, and with them the new cache.
    const second = await visit(place, cache, ...actions);
    expect(second.actions.map(({ state }) => state)).toEqual(['already', 'already', 'gone', 'already']);
    expect(second.cache?.messages).toEqual(first.cache?.messages);
    expect(kept(place.store, 'Done')).toEqual(['1 two']);
  });

  it('a move that was copied and not removed is not copied again', async () => {
    const place = await office();
    const cache = await firstVisit(place);
    place.store.createMailbox(alice, 'Done');
    put(place.store, 'ten', [], 'Done');
    place.store.copy(mailboxOf(place.store), [2], mailboxOf(place.store, 'Done'));
    const move = { id: 'm', kind: 'move', uid: 2, to: 'Done', create: false, attempted: true } as const;
    const { actions, gone } = await visit(place, cache, move);
    expect([actions[0]?.state, actions[0]?.uid, gone]).toEqual(['done', 2, [2]]);
    expect(kept(place.store, 'Done')).toEqual(['1 ten', '2 two']);
  });

  it('without UIDPLUS a moved message stays, marked', async () => {
    const place = await office({ extensions: ['CONDSTORE'] });
    const cache = await firstVisit(place);
    const move = { id: 'm', kind: 'move', uid: 2, to: 'Done', create: true, attempted: false } as const;
    const { actions, cache: now } = await visit(place, cache, move);
    expect(actions[0]).toMatchObject({ state: 'done', detail: expect.stringContaining('stays until') });
    expect(texts(now)).toContain('2 \\Deleted two');
    expect(kept(place.store, 'Done')).toEqual(['1 two']);
  });

  it('is told of conflicts: a message that is gone, and a change that somebody else had taken back', async () => {
    const place = await office();
    place.store.storeFlags(mailboxOf(place.store), [1], { how: 'add', flags: ['\\Flagged'] });
    const cache = await firstVisit(place);
    place.store.storeFlags(mailboxOf(place.store), [1], { how: 'remove', flags: ['\\Flagged'] });
    place.store.expunge(mailboxOf(place.store));
    place.store.storeFlags(mailboxOf(place.store), [3], { how: 'add', flags: ['\\Deleted'] });
    place.store.expunge(mailboxOf(place.store));
    const result = await visit(
      place,
      cache,
      { id: 'kept', kind: 'flags', uid: 1, add: ['\\Flagged'], remove: [] },
      { id: 'gone', kind: 'flags', uid: 3, add: ['\\Seen'], remove: [] },
    );
    expect(result.actions).toMatchObject([
      { id: 'kept', state: 'done', overrode: ['\\Flagged'] },
      { id: 'gone', state: 'gone', detail: 'the message is no longer there' },
    ]);
    expect(texts(result.cache)).toEqual(['1 \\Flagged one', '2 two']);
  });

  it('is refused by a server that says so, with its words', async () => {
    const place = await office();
    const cache = await firstVisit(place);
    const move = { id: 'm', kind: 'move', uid: 1, to: 'Nowhere', create: false, attempted: false } as const;
    const { actions } = await visit(place, cache, move, { id: 's', kind: 'submit', uid: 1 });
    expect(actions).toMatchObject([
      { state: 'refused', code: 'TRYCREATE', detail: expect.stringMatching(/^NO /) },
      { state: 'refused', detail: expect.stringMatching(/^NO /) },
    ]);
    expect(kept(place.store)[0]).toBe('1 one');
  });

  it('comes to what the server has, whatever both sides did', async () => {
    const uid = fc.integer({ min: 1, max: 5 });
    const flag = fc.constantFrom('\\Seen', '\\Flagged', '$A');
    const flags = fc.uniqueArray(flag, { maxLength: 2 });
    const offline = fc.oneof(
      fc.record({ kind: fc.constant('flags' as const), uid, add: flags, remove: flags }),
      fc.record({ kind: fc.constant('delete' as const), uid }),
      fc.record({ kind: fc.constant('append' as const), text: fc.constantFrom('x', 'yy', 'four') }),
    );
    const online = fc.oneof(
      fc.record({
        kind: fc.constant('store' as const),
        uid,
        flags,
        how: fc.constantFrom('add' as const, 'remove' as const),
      }),
      fc.record({ kind: fc.constant('expunge' as const), uid }),
      fc.record({ kind: fc.constant('append' as const), text: fc.constantFrom('four', 'five') }),
    );
    const condstore = fc.constantFrom<readonly 'CONDSTORE'[]>(['CONDSTORE'], []);
    await fc.assert(
      fc.asyncProperty(
        fc.array(offline, { maxLength: 4 }),
        fc.array(online, { maxLength: 4 }),
        condstore,
        async (mine, theirs, some) => {
          const place = await office({ extensions: [...some, 'UIDPLUS'] });
          const cache = await firstVisit(place);
          const id = mailboxOf(place.store);
          for (const each of theirs) {
            if (each.kind === 'append') put(place.store, each.text);
            if (each.kind === 'store') place.store.storeFlags(id, [each.uid], { how: each.how, flags: each.flags });
            if (each.kind !== 'expunge') continue;
            place.store.storeFlags(id, [each.uid], { how: 'add', flags: ['\\Deleted'] });
            place.store.expunge(id);
          }
          const actions = mine.map((each, at): OfflineAction => {
            if (each.kind !== 'append') return { id: String(at), ...each };
            return { id: String(at), kind: 'append', message: Buffer.from(each.text), flags: [], date: null };
          });
          const result = await visit(place, cache, ...actions);
          expect(result.failure).toBeNull();
          expect(texts(result.cache)).toEqual(kept(place.store));
          const again = await visit(place, result.cache ?? cache);
          expect([again.added, again.changed, again.gone]).toEqual([[], [], []]);
          await world.close();
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('a server that is no good', () => {
  const selection = '* 2 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 9] .\r\n';
  const cache: MailboxCache = {
    uidValidity: 7,
    uidNext: 9,
    highestModseq: null,
    messages: [1, 2].map((uid) => ({ uid, flags: [], modseq: null, size: 3, date: null, chunks: [], parts: [] })),
  };

  it.each<[string, string]>([
    ['leaves a message out', '* 1 FETCH (UID 1 FLAGS ())\r\n'],
    ['gives one UID to two messages', '* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 1 FLAGS ())\r\n'],
    ['lets UIDs go down', '* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 4 FLAGS ())\r\n'],
  ])('that %s spoils no cache', async (_, told) => {
    const server = await world.script(
      (line, tag) => `${/EXAMINE/.test(line) ? selection : /FETCH/.test(line) ? told : ''}${tag} OK .\r\n`,
    );
    const result = await (await world.connect(server)).synchronize(request({ cache, want: [] }));
    expect(result).toMatchObject({ complete: false, gone: [], cache });
    expect(result.failure).toBe(
      'the mailbox has 2 messages, and the server does not tell as many UIDs in ascending order',
    );
  });

  it.each([
    ['* 2 EXISTS', 9, 5, ['EXAMINE']],
    ['* 2 EXISTS', 9, 6, ['EXAMINE', 'SEARCH']],
    ['* 2 EXISTS', 10, 5, ['EXAMINE', 'SEARCH']],
    ['* 1 EXISTS', 9, 5, ['EXAMINE', 'SEARCH']],
    ['* 2 EXISTS', 9, 4, ['EXAMINE', 'FETCH']],
  ])(
    'is asked when its numbers are not those of the cache: %s, UIDNEXT %d, MODSEQ %d',
    async (exists, next, modseq, words) => {
      const numbers = `${exists}\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT ${next}] .\r\n* OK [HIGHESTMODSEQ ${modseq}] .\r\n`;
      const answer = (line: string, tag: string): string | null =>
        /EXAMINE/.test(line) ? `${numbers}${tag} OK .\r\n` : null;
      const server = await world.script(answer, '* PREAUTH [CAPABILITY DMAP CONDSTORE] .\r\n');
      const client = await world.connect(server);
      await client.synchronize(request({ cache: { ...cache, highestModseq: 5n }, want: [] }));
      expect(server.lines.map((line) => /(EXAMINE|SEARCH|FETCH)/.exec(line)?.[0])).toEqual(words);
    },
  );

  it('that gives UIDs anew is one without a past', async () => {
    const server = await world.script(
      (line, tag) =>
        `${/EXAMINE/.test(line) ? '* 0 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 1] .\r\n' : ''}${tag} OK .\r\n`,
    );
    const result = await (await world.connect(server)).synchronize(request({ cache, want: [] }));
    expect(result).toMatchObject({ complete: true, reset: 'uid-next', gone: [1, 2] });
  });

  it('without UIDVALIDITY cannot be synchronised with (DMAP-207)', async () => {
    const server = await world.script((_, tag) => `* 2 EXISTS\r\n${tag} OK .\r\n`);
    const result = await (await world.connect(server)).synchronize(request({ cache }));
    expect(result).toMatchObject({ complete: false, cache, failure: expect.stringContaining('it has no UIDs') });
    expect(server.lines).toHaveLength(1);
  });

  it('that goes away leaves what was done, what may have been, and what was not', async () => {
    const told = '* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS ())\r\n';
    const answer = (line: string, tag: string): string | null => {
      if (/STORE 2/.test(line)) return null;
      return `${/SELECT/.test(line) ? selection : /FETCH/.test(line) ? told : ''}${tag} OK .\r\n`;
    };
    const client = await world.connect(await world.script(answer));
    const actions = [1, 2, 1].map(
      (uid, at): OfflineAction => ({ id: `a${at}`, kind: 'flags', uid, add: ['\\Seen'], remove: [] }),
    );
    const result = await client.synchronize(request({ cache, want: [], actions }));
    expect(result.actions.map(({ state }) => state)).toEqual(['done', 'unknown', 'pending']);
    expect(result).toMatchObject({ complete: false, failure: expect.stringContaining('the connection ended') });
    expect(client.over).toMatchObject({ code: 'closed' });
  });

  it('that lets nobody in is told by an error, as nothing was begun', async () => {
    const client = await world.connect(
      await world.script((_, tag) => `${tag} OK .\r\n`, '* OK [CAPABILITY DMAP] .\r\n'),
    );
    await expect(client.synchronize(request())).rejects.toMatchObject({ code: 'wrong-state' });
  });
});

it('submits a draft once, however often it is asked to', async () => {
  const server = await world.start(preauth);
  const actions: OfflineAction[] = [{ id: 's', kind: 'submit', uid: 1 }];
  const states: unknown[] = [];
  for (const _ of [1, 2]) {
    const client = await world.connect(server);
    const result = await client.synchronize(request({ mailbox: 'Drafts', want: [], actions }));
    states.push(result.actions[0]?.state);
  }
  expect(states).toEqual(['done', 'already']);
});
