/** Several sessions on one mailbox: generated interleavings, after which every session's view is the mailbox. */
import fc from 'fast-check';
import { MailboxModel, type ModelMessage, type Way } from '../../model/dmap-contents.js';
import { plainMessage } from '../../model/dmap-message.js';
import { believedFlags, ClientView } from '../../model/dmap-view.js';
import type { CaseContext } from '../../runner/context.js';
import { type DmapConnection, type DmapResult, untagged } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { mailboxCase } from '../dmap/dmap-case.js';
import { bare, put } from '../dmap/messages.js';
import { loggedIn, mustDo, type Room, select } from '../dmap/session.js';

const sessions = 3;

interface Step {
  readonly by: number;
  readonly kind: 'append' | 'store' | 'expunge' | 'noop' | 'search';
  readonly pick: number;
  readonly number: boolean;
  readonly way: Way;
  readonly flags: readonly string[];
}

const steps: fc.Arbitrary<Step> = fc.record({
  by: fc.nat(sessions - 1),
  kind: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('append' as const, 'noop' as const) },
    { weight: 4, arbitrary: fc.constant('store' as const) },
    { weight: 3, arbitrary: fc.constantFrom('expunge' as const, 'search' as const) },
  ),
  pick: fc.nat(20),
  number: fc.boolean(),
  way: fc.constantFrom<Way>('+FLAGS', '+FLAGS', '-FLAGS', 'FLAGS'),
  flags: fc.constantFrom(['\\Deleted'], ['\\Deleted', '\\Seen'], ['\\Flagged'], ['\\Seen']),
});

/** By what every change and every kind of news comes once, wherever the steps have led. */
const tour: readonly Step[] = [
  { by: 0, kind: 'append', pick: 0, number: false, way: 'FLAGS', flags: [] },
  { by: 1, kind: 'append', pick: 0, number: false, way: 'FLAGS', flags: [] },
  { by: 1, kind: 'noop', pick: 0, number: false, way: 'FLAGS', flags: [] },
  { by: 0, kind: 'append', pick: 0, number: false, way: 'FLAGS', flags: [] },
  { by: 2, kind: 'store', pick: 0, number: false, way: 'FLAGS', flags: ['\\Deleted'] },
  { by: 1, kind: 'expunge', pick: 0, number: false, way: 'FLAGS', flags: [] },
  { by: 0, kind: 'search', pick: 0, number: true, way: 'FLAGS', flags: [] },
  { by: 0, kind: 'store', pick: 0, number: false, way: 'FLAGS', flags: ['\\Flagged'] },
];

interface Watcher {
  readonly connection: DmapConnection;
  readonly view: ClientView;
}

class Stage {
  readonly #model = new MailboxModel();
  readonly #uids = new Map<ModelMessage, number>();
  readonly #watchers: Watcher[] = [];

  constructor(
    private readonly context: CaseContext,
    private readonly room: Room,
  ) {}

  async open(): Promise<void> {
    await select(this.room.connection, this.room.mailbox);
    for (let turn = 0; turn < sessions; turn++) {
      const connection = await loggedIn(this.context, this.room.account);
      const { exists } = await select(connection, this.room.mailbox);
      this.#watchers.push({ connection, view: new ClientView(exists ?? 0) });
    }
  }

  close(): void {
    for (const { connection } of this.#watchers) connection.close();
  }

  async perform(step: Step): Promise<void> {
    const watcher = this.#watchers[step.by % sessions];
    if (watcher === undefined) return;
    switch (step.kind) {
      case 'append':
        await this.#append(watcher);
        return;
      case 'store':
        await this.#store(watcher, step);
        return;
      case 'expunge':
        await this.#say(watcher, 'EXPUNGE');
        this.#model.expunge();
        return;
      case 'search':
        await this.#say(watcher, 'SEARCH ALL');
        return;
      case 'noop':
        await this.#say(watcher, 'NOOP');
    }
  }

  /** Everybody asks for the news; then every view has to be the mailbox. */
  async compare(): Promise<void> {
    const { messages } = this.#model;
    for (const [at, watcher] of this.#watchers.entries()) {
      await this.#say(watcher, 'NOOP');
      await this.#say(watcher, 'NOOP');
      const believed = watcher.view.messages;
      const gone = believed.find(({ uid }) => uid !== null && !messages.some((each) => this.#uids.get(each) === uid));
      const who = `session ${at + 1}`;
      this.context.require('DMAP-393', gone === undefined, `EXPUNGE of UID ${String(gone?.uid)}`, `none in ${who}`);
      const count = believed.length;
      const expected = `${messages.length} messages in ${who}`;
      this.context.require('DMAP-392', count >= messages.length, expected, `${count}`);
      this.context.require('DMAP-393', count === messages.length, expected, `${count}`);
      for (const [place, message] of messages.entries()) {
        const flags = believed[place]?.flags ?? null;
        const expected = believedFlags(message.flags);
        const right = flags === null || flags === expected;
        this.context.require(
          'DMAP-393',
          right,
          `(${expected}) on message ${place + 1} in ${who}`,
          `(${String(flags)})`,
        );
      }
    }
  }

  async #append(watcher: Watcher): Promise<void> {
    this.#heard(watcher, await put(watcher.connection, this.room.mailbox, bare(plainMessage)), 'APPEND');
    this.#model.append(0, []);
    const { connection } = this.room;
    await mustDo(connection, 'NOOP');
    const found = untagged(await mustDo(connection, 'UID SEARCH UID *'), 'search').flatMap(({ numbers }) => numbers);
    const message = this.#model.messages.at(-1);
    if (message !== undefined) this.#uids.set(message, found.at(-1) ?? 0);
  }

  async #store(watcher: Watcher, { pick, number, way, flags }: Step): Promise<void> {
    const { messages } = this.#model;
    const message = messages[pick % Math.max(1, messages.length)];
    const uid = message === undefined ? undefined : this.#uids.get(message);
    if (message === undefined || uid === undefined) return;
    // A session learns which UID is which by asking, as a client does.
    await this.#say(watcher, 'NOOP');
    if (watcher.view.messages.length > 0) await this.#say(watcher, 'FETCH 1:* (UID FLAGS)');
    const place = watcher.view.placeOf(uid);
    const target = number && place > 0 ? `STORE ${place}` : `UID STORE ${uid}`;
    await this.#say(watcher, `${target} ${way} (${flags.join(' ')})`);
    this.#model.store(message, way, flags);
  }

  async #say(watcher: Watcher, command: string): Promise<void> {
    const { connection } = watcher;
    while (connection.unread !== '') this.#heard(watcher, { data: [await connection.response()] }, null);
    this.#heard(watcher, await mustDo(connection, command), command);
  }

  /** @param command null: no command was in progress */
  #heard({ view }: Watcher, { data }: Pick<DmapResult, 'data'>, command: string | null): void {
    const closed = command === null || /^(?:FETCH|STORE|SEARCH) /.test(command);
    for (const { response } of data) {
      const early = closed && response?.kind === 'expunge';
      const where = command ?? 'no command';
      this.context.require('DMAP-143', !early, `no EXPUNGE in ${where}`, 'an EXPUNGE');
      const wrong = view.take(response);
      if (wrong !== null) this.context.require(wrong.requirement, false, wrong.expected, wrong.got);
      else if (response?.kind === 'exists') this.context.require('DMAP-139', true, 'no fewer messages', '');
    }
  }
}

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'dmap-sync/model/several-sessions',
    title: 'However three sessions change one mailbox, each is told what leads it to the same view.',
    decides: ['DMAP-393', 'DMAP-392', 'DMAP-139', 'DMAP-143'],
    touches: ['DMAP-066'],
    mostRuns: 8,
    given: () => fc.array(steps, { minLength: 1, maxLength: 12, size: 'max' }),
    async check(room, context, sequence) {
      const stage = new Stage(context, room);
      try {
        await stage.open();
        for (const step of [...tour, ...sequence]) await stage.perform(step);
        await stage.compare();
      } finally {
        stage.close();
      }
    },
  }),
];
