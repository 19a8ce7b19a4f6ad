/** One session on one mailbox: every command on messages, mixed, against the model. */
import fc from 'fast-check';
import { MailboxModel, type Way } from '../../model/dmap-contents.js';
import { believedFlags, ClientView } from '../../model/dmap-view.js';
import type { CaseContext } from '../../runner/context.js';
import type { DmapConnection, DmapResult } from '../../target/dmap-connection.js';
import type { Case } from '../case.js';
import { mailboxCase } from '../dmap/dmap-case.js';
import { bodyOf, type Letter, letters, put, same, shown, valuesOf } from '../dmap/messages.js';
import { mustDo, select } from '../dmap/session.js';

const flagLists = fc.subarray(['\\Seen', '\\Flagged', '\\Deleted'], { minLength: 1 });

type Command =
  | { readonly kind: 'append'; readonly text: number; readonly flags: readonly string[] }
  | { readonly kind: 'store'; readonly pick: number; readonly way: Way; readonly flags: readonly string[] }
  | { readonly kind: 'copy' | 'read' | 'peek'; readonly pick: number }
  | { readonly kind: 'expunge' | 'noop' | 'close' | 'reselect' };

const kinds = <Kind extends string>(...names: readonly Kind[]): fc.Arbitrary<Kind> => fc.constantFrom(...names);

const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: kinds('append'), text: fc.nat(2), flags: flagLists }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kinds('store'),
      pick: fc.nat(20),
      way: kinds<Way>('FLAGS', '+FLAGS', '-FLAGS'),
      flags: flagLists,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kinds('copy', 'read', 'peek'), pick: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: kinds('expunge', 'noop', 'close', 'reselect') }) },
);

class Driver {
  readonly #model = new MailboxModel();
  #view = new ClientView(0);

  constructor(
    private readonly context: CaseContext,
    private readonly connection: DmapConnection,
    private readonly mailbox: string,
    private readonly texts: readonly Letter[],
  ) {}

  async perform(command: Command): Promise<void> {
    const { length } = this.#model.messages;
    const place = 'pick' in command && length > 0 ? (command.pick % length) + 1 : 0;
    if ('pick' in command && place === 0) return;
    switch (command.kind) {
      case 'append': {
        const letter = this.texts[command.text % this.texts.length] as Letter;
        this.#heard(await put(this.connection, this.mailbox, { ...letter, flags: command.flags, date: null }));
        this.#model.append(command.text % this.texts.length, command.flags);
        return;
      }
      case 'store':
        await this.#say(`STORE ${place} ${command.way} (${command.flags.join(' ')})`);
        this.#model.store(this.#model.messages[place - 1], command.way, command.flags);
        return;
      case 'copy':
        await this.#say(`COPY ${place} ${this.mailbox}`);
        this.#model.copy(place);
        return;
      case 'read':
      case 'peek':
        await this.#read(place, command.kind === 'peek');
        return;
      case 'expunge':
        await this.#say('EXPUNGE');
        this.#model.expunge();
        return;
      case 'noop':
        await this.#say('NOOP');
        return;
      case 'close':
        await this.#say('CLOSE');
        this.#model.expunge();
        await this.open();
        return;
      case 'reselect':
        await this.open();
    }
  }

  /** Selects the mailbox: what is told has to be what is there. */
  async open(): Promise<void> {
    const { exists, result } = await select(this.connection, this.mailbox);
    const { length } = this.#model.messages;
    this.context.require('DMAP-063', exists === length, `${length} EXISTS`, () => shown(result));
    this.#view = new ClientView(exists ?? 0);
  }

  /** Looks at everything. */
  async compare(): Promise<void> {
    await this.#say('NOOP');
    const { messages } = this.#model;
    const { length } = this.#view.messages;
    this.context.require('DMAP-063', length === messages.length, `${messages.length} messages`, String(length));
    if (messages.length === 0) return;
    const result = await this.#say('FETCH 1:* (UID FLAGS BODY.PEEK[])');
    for (const [at, { text, flags }] of messages.entries()) {
      const octets = this.texts[text]?.sealed.octets ?? new Uint8Array();
      const right = same(bodyOf(result, at + 1, ''), octets);
      this.context.require('DMAP-065', right, `text ${text} as message ${at + 1}`, () => shown(result));
      const now = believedFlags(valuesOf(result, at + 1, 'FLAGS').at(-1)?.flags ?? ['not told']);
      const expected = believedFlags(flags);
      this.context.require('DMAP-340', now === expected, `(${expected}) on message ${at + 1}`, `(${now})`);
    }
  }

  async #read(place: number, peek: boolean): Promise<void> {
    const message = this.#model.messages[place - 1];
    const result = await this.#say(`FETCH ${place} BODY${peek ? '.PEEK' : ''}[]`);
    const octets = this.texts[message?.text ?? 0]?.sealed.octets ?? new Uint8Array();
    const right = same(bodyOf(result, place, ''), octets);
    this.context.require('DMAP-065', right, `text ${String(message?.text)} as message ${place}`, () => shown(result));
    if (!peek) message?.flags.add('\\seen');
  }

  async #say(command: string): Promise<DmapResult> {
    return this.#heard(await mustDo(this.connection, command));
  }

  #heard(result: DmapResult): DmapResult {
    for (const { response } of result.data) {
      const wrong = this.#view.take(response);
      if (wrong !== null) this.context.require(wrong.requirement, false, wrong.expected, wrong.got);
    }
    return result;
  }
}

export const cases: readonly Case[] = [
  mailboxCase({
    id: 'dmap-sync/model/one-session',
    title: 'After any commands of one session the mailbox holds what the model says, in its order.',
    decides: ['DMAP-063', 'DMAP-065'],
    touches: ['DMAP-066', 'DMAP-139', 'DMAP-340', 'DMAP-392'],
    mostRuns: 12,
    given: () =>
      fc.record({
        texts: letters(3, 3, 0),
        sequence: fc.array(commands, { minLength: 1, maxLength: 14, size: 'max' }),
      }),
    async check({ connection, mailbox }, context, { texts, sequence }) {
      const driver = new Driver(context, connection, mailbox, texts);
      await driver.open();
      for (const command of sequence) await driver.perform(command);
      await driver.perform({ kind: 'append', text: 0, flags: [] });
      await driver.compare();
      await driver.open();
      await driver.compare();
    },
  }),
];
